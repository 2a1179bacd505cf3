package org.mixdyn.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector loops over stretches of arrays. A stretch x of n elements is given by an array and the index of its first
 * element. Sums are added in an order that depends on n and on the number of lanes alone, so they are the same bits in
 * every run. No method checks its arguments beyond what the array accesses check.
 */
public final class FloatVectors {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();

    /** Elements that {@link #dotFour} needs for its sums. */
    public static final int FOUR_SUMS = 4 * LANES;

    /** For each lane, the one that many lanes further on. */
    private static final VectorShuffle<Float> EIGHT_ON = on(8);
    private static final VectorShuffle<Float> FOUR_ON = on(4);
    private static final VectorShuffle<Float> TWO_ON = on(2);
    private static final VectorShuffle<Float> HALF_ON = on(LANES / 2);

    private FloatVectors() {
    }

    /** sum_i x_i y_i. */
    public static float dot(int n, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, xOffset + i + LANES);
            even = FloatVector.fromArray(SPECIES, y, yOffset + i).fma(x0, even);
            odd = FloatVector.fromArray(SPECIES, y, yOffset + i + LANES).fma(x1, odd);
        }
        for (; i <= n - LANES; i += LANES) {
            even = FloatVector.fromArray(SPECIES, y, yOffset + i).fma(FloatVector.fromArray(SPECIES, x, xOffset + i),
                    even);
        }
        float sum = sum(even.add(odd));
        for (; i < n; i++) {
            sum = Math.fma(x[xOffset + i], y[yOffset + i], sum);
        }
        return sum;
    }

    /**
     * sum_r = sum_i x_i a_ri for r = 0..3: the products of one stretch with four rows of a matrix, x being read once.
     *
     * @param a the first row begins at aOffset, the next ones aStride apart
     * @param sums {@link #FOUR_SUMS} elements, overwritten; the first four are the sums
     */
    public static void dotFour(int n, float[] x, int xOffset, float[] a, int aOffset, int aStride, float[] sums) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector xs = FloatVector.fromArray(SPECIES, x, xOffset + i);
            s0 = FloatVector.fromArray(SPECIES, a, aOffset + i).fma(xs, s0);
            s1 = FloatVector.fromArray(SPECIES, a, a1 + i).fma(xs, s1);
            s2 = FloatVector.fromArray(SPECIES, a, a2 + i).fma(xs, s2);
            s3 = FloatVector.fromArray(SPECIES, a, a3 + i).fma(xs, s3);
        }
        // By way of memory: in registers, four sums were more code than C2 inlined, and the vectors became objects. So
        // they would, in one process of three, if they were stored as they leave the loop: vectors of another length that were
        // stored elsewhere make C2 prepare for both, unless an operation before tells it which these are.
        s0.add(s0.rearrange(HALF_ON)).intoArray(sums, 0);
        s1.add(s1.rearrange(HALF_ON)).intoArray(sums, LANES);
        s2.add(s2.rearrange(HALF_ON)).intoArray(sums, 2 * LANES);
        s3.add(s3.rearrange(HALF_ON)).intoArray(sums, 3 * LANES);
        for (int r = 0; r < 4; r++) {
            float sum = 0;
            for (int lane = 0; lane < LANES / 2; lane++) {
                sum += sums[r * LANES + lane];
            }
            for (int rest = i; rest < n; rest++) {
                sum = Math.fma(x[xOffset + rest], a[aOffset + r * aStride + rest], sum);
            }
            sums[r] = sum;
        }
    }

    /** y_i += alpha x_i. */
    public static void axpy(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xOffset + i).fma(factor, FloatVector.fromArray(SPECIES, y, yOffset + i))
                    .intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    /**
     * a_ri += alphas_r x_i for r = 0..3: multiples of one stretch added to four rows of a matrix, x being read once.
     *
     * @param a the first row begins at aOffset, the next ones aStride apart; modified
     */
    public static void axpyFour(int n, float[] alphas, float[] x, int xOffset, float[] a, int aOffset, int aStride) {
        FloatVector f0 = FloatVector.broadcast(SPECIES, alphas[0]);
        FloatVector f1 = FloatVector.broadcast(SPECIES, alphas[1]);
        FloatVector f2 = FloatVector.broadcast(SPECIES, alphas[2]);
        FloatVector f3 = FloatVector.broadcast(SPECIES, alphas[3]);
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector xs = FloatVector.fromArray(SPECIES, x, xOffset + i);
            xs.fma(f0, FloatVector.fromArray(SPECIES, a, aOffset + i)).intoArray(a, aOffset + i);
            xs.fma(f1, FloatVector.fromArray(SPECIES, a, a1 + i)).intoArray(a, a1 + i);
            xs.fma(f2, FloatVector.fromArray(SPECIES, a, a2 + i)).intoArray(a, a2 + i);
            xs.fma(f3, FloatVector.fromArray(SPECIES, a, a3 + i)).intoArray(a, a3 + i);
        }
        for (; i < n; i++) {
            float xi = x[xOffset + i];
            a[aOffset + i] = Math.fma(alphas[0], xi, a[aOffset + i]);
            a[a1 + i] = Math.fma(alphas[1], xi, a[a1 + i]);
            a[a2 + i] = Math.fma(alphas[2], xi, a[a2 + i]);
            a[a3 + i] = Math.fma(alphas[3], xi, a[a3 + i]);
        }
    }

    /**
     * y_i += sum_r alphas_(first + r) a_ri over r = 0..3, r ascending: multiples of four rows of a matrix added to one
     * stretch, y being read and written once.
     *
     * @param a the first row begins at aOffset, the next ones aStride apart
     */
    public static void addFour(int n, float[] alphas, int first, float[] a, int aOffset, int aStride, float[] y,
            int yOffset) {
        float c0 = alphas[first];
        float c1 = alphas[first + 1];
        float c2 = alphas[first + 2];
        float c3 = alphas[first + 3];
        FloatVector f0 = FloatVector.broadcast(SPECIES, c0);
        FloatVector f1 = FloatVector.broadcast(SPECIES, c1);
        FloatVector f2 = FloatVector.broadcast(SPECIES, c2);
        FloatVector f3 = FloatVector.broadcast(SPECIES, c3);
        int a1 = aOffset + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector sum = FloatVector.fromArray(SPECIES, y, yOffset + i);
            sum = FloatVector.fromArray(SPECIES, a, aOffset + i).fma(f0, sum);
            sum = FloatVector.fromArray(SPECIES, a, a1 + i).fma(f1, sum);
            sum = FloatVector.fromArray(SPECIES, a, a2 + i).fma(f2, sum);
            sum = FloatVector.fromArray(SPECIES, a, a3 + i).fma(f3, sum);
            sum.intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            float sum = Math.fma(a[aOffset + i], c0, y[yOffset + i]);
            sum = Math.fma(a[a1 + i], c1, sum);
            sum = Math.fma(a[a2 + i], c2, sum);
            y[yOffset + i] = Math.fma(a[a3 + i], c3, sum);
        }
    }

    /** y_i = alpha x_i; x and y may be the same stretch. */
    public static void scale(int n, float alpha, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xOffset + i).mul(factor).intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            y[yOffset + i] = alpha * x[xOffset + i];
        }
    }

    /** y_i = x_i, rounded to the precision of y. */
    public static void round(int n, double[] x, int xOffset, float[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = (float) x[xOffset + i];
        }
    }

    /** y_i = x_i, exactly. */
    public static void widen(int n, float[] x, int xOffset, double[] y, int yOffset) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = x[xOffset + i];
        }
    }

    /** y_i = (x_i + y_i) / 2. */
    public static void mean(int n, float[] x, int xOffset, float[] y, int yOffset) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xOffset + i).add(FloatVector.fromArray(SPECIES, y, yOffset + i)).mul(0.5f)
                    .intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            y[yOffset + i] = 0.5f * (x[xOffset + i] + y[yOffset + i]);
        }
    }

    /** sum_i x_i^2, which overflows and underflows where the squares do. */
    public static float sumOfSquares(int n, float[] x, int xOffset) {
        return dot(n, x, xOffset, x, xOffset);
    }

    /** sum_i (x_i - y_i)^2. */
    public static float squaredDistance(int n, float[] x, int xOffset, float[] y, int yOffset) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            FloatVector first = FloatVector.fromArray(SPECIES, x, xOffset + i)
                    .sub(FloatVector.fromArray(SPECIES, y, yOffset + i));
            FloatVector second = FloatVector.fromArray(SPECIES, x, xOffset + i + LANES)
                    .sub(FloatVector.fromArray(SPECIES, y, yOffset + i + LANES));
            even = first.fma(first, even);
            odd = second.fma(second, odd);
        }
        for (; i <= n - LANES; i += LANES) {
            FloatVector first = FloatVector.fromArray(SPECIES, x, xOffset + i)
                    .sub(FloatVector.fromArray(SPECIES, y, yOffset + i));
            even = first.fma(first, even);
        }
        float sum = sum(even.add(odd));
        for (; i < n; i++) {
            float apart = x[xOffset + i] - y[yOffset + i];
            sum = Math.fma(apart, apart, sum);
        }
        return sum;
    }

    /** max_i |x_i|, 0 for n = 0, NaN if some x_i is NaN. */
    public static float maxAbs(int n, float[] x, int xOffset) {
        FloatVector largest = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            largest = FloatVector.fromArray(SPECIES, x, xOffset + i).abs().max(largest);
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        for (; i < n; i++) {
            max = Math.max(max, Math.abs(x[xOffset + i]));
        }
        return max;
    }

    /** (x_i, y_i) &lt;- (a x_i + b y_i, c x_i + d y_i) of two stretches that do not overlap. */
    public static void combine(int n, float a, float b, float c, float d, float[] x, int xOffset, float[] y,
            int yOffset) {
        FloatVector as = FloatVector.broadcast(SPECIES, a);
        FloatVector bs = FloatVector.broadcast(SPECIES, b);
        FloatVector cs = FloatVector.broadcast(SPECIES, c);
        FloatVector ds = FloatVector.broadcast(SPECIES, d);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector xs = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector ys = FloatVector.fromArray(SPECIES, y, yOffset + i);
            xs.fma(as, ys.mul(bs)).intoArray(x, xOffset + i);
            xs.fma(cs, ys.mul(ds)).intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            float xi = x[xOffset + i];
            float yi = y[yOffset + i];
            x[xOffset + i] = Math.fma(xi, a, yi * b);
            y[yOffset + i] = Math.fma(xi, c, yi * d);
        }
    }

    /** The plane rotation (x_i, y_i) &lt;- (c x_i + s y_i, c y_i - s x_i) of two stretches that do not overlap. */
    public static void rotate(int n, float c, float s, float[] x, int xOffset, float[] y, int yOffset) {
        combine(n, c, s, -s, c, x, xOffset, y, yOffset);
    }

    /**
     * The sum of the lanes in an order of our own, halves onto halves: reduceLanes leaves the order of an addition open, and
     * with it the last bits. It is made of methods so short that C2 inlines them even where they are not called often: a vector
     * passed to a method that is not inlined becomes an object.
     */
    public static float sum(FloatVector v) {
        return sumOfTwo(fold(fold(fold(v, 8, EIGHT_ON), 4, FOUR_ON), 2, TWO_ON));
    }

    /** Adds to each lane the one so many lanes further on, if there are at least twice as many. */
    private static FloatVector fold(FloatVector v, int lanes, VectorShuffle<Float> furtherOn) {
        return LANES >= 2 * lanes ? v.add(v.rearrange(furtherOn)) : v;
    }

    private static float sumOfTwo(FloatVector v) {
        return v.lane(0) + v.lane(1);
    }

    private static VectorShuffle<Float> on(int lanes) {
        return VectorShuffle.fromOp(SPECIES, i -> (i + lanes) % LANES);
    }
}
