package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * The r largest singular triplets of a matrix that changes little by little, each with a bound of its error, in
 * O(rows cols r) operations an {@link #update}.
 *
 * <p>
 * An orthonormal block X of right vectors, r and some more, is kept from step to step. A round takes the best triplets that
 * the space of X holds (Rayleigh and Ritz), by a decomposition of the small side of A X, so that A v_i = s_i u_i to rounding;
 * then it forms A^T u_i, which gives both the residual of each triplet and the next X: subspace iteration with A^T A. The
 * first update, which has no good X yet, goes on from each X with a Chebyshev polynomial of A^T A that is small below the
 * square of the least value found (Rutishauser, Simultaneous iteration method for symmetric matrices, 1970).
 *
 * <pre>
 *   |s_i - s| &lt;= ||A^T u_i - s_i v_i|| / sqrt(2)  for some singular value s of A
 * </pre>
 *
 * because (u_i, v_i) / sqrt(2) is an approximate eigenvector of [0 A; A^T 0]. Rounds go on until every wanted triplet is
 * within the tolerance, or as many as allowed have been made; the bounds say what came of it. What no residual can tell is
 * whether a larger value has been missed; {@link FloatActiveCount} can.
 *
 * <p>
 * Signs are continuous from step to step. An instance belongs to one thread at a time; an update allocates nothing, on one
 * thread, once each path has been taken.
 */
public final class FloatLeadingTracker {
    /** Vectors beyond those wanted: convergence goes with the quotient of the values on both sides of the last of them. */
    private static final int GUARDS = 8;

    /** Rounds that the first update may take, which knows nothing. */
    private static final int FIRST_ROUNDS = 20;

    /** Degree of the polynomial between two decompositions of the first update, and how much it may enlarge a vector at most. */
    private static final int DEGREE = 4;
    private static final double GROWTH = Math.sqrt(1 / (double) Math.ulp(1f));

    /** Rounding errors of a product, in ulp, that do not depend on the length of its sums. */
    private static final int ROUNDING = 8;

    /** Multiply-adds of a product of the block with itself below which to wake threads, asleep by then, would take longer. */
    private static final long ALONE = 1 << 21;

    private final int rows;
    private final int cols;
    private final int wanted;
    private final int size;
    private final double tolerance;
    private final int mostRounds;

    /** Part of the largest value by which rounding errors may move another, or its residual. */
    private final float rounding;

    /** Of products with the matrix, and of those of the block with itself. */
    private final Gemm gemm;
    private final Gemm small;
    private final FloatSvd svd = new FloatSvd();
    private final FloatOrthonormalisation orthonormalisation;

    /** A divided by a power of two, where its squares could not be trusted otherwise. */
    private float[] scaled = new float[0];

    /** X, u_i, v_i and A^T u_i, all as rows. */
    private final float[] block;
    private final float[] left;
    private final float[] right;
    private final float[] former;
    private final float[] back;
    private final float[] thin;
    private final float[] turn;
    private final float[] values;
    private final float[] bounds;

    private long updates;
    private long rounds;

    /**
     * A tracker of matrices of one shape.
     *
     * @param rows       rows of A, at least 1
     * @param cols       columns of A, at least 1
     * @param r          triplets, from 1 to min(rows, cols)
     * @param tolerance  that the bounds shall be below, in units of the largest value, at least 0 and below 1; they are never
     *                   below 8 + sqrt(max(rows, cols)) ulp
     * @param mostRounds rounds that an update may take, at least 1; the first one may take more
     * @param threads    that its products use
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public FloatLeadingTracker(int rows, int cols, int r, double tolerance, int mostRounds, int threads) {
        if (rows < 1 || cols < 1) {
            throw new IllegalArgumentException("rows and cols are " + rows + " and " + cols + "; allowed is 1 or more");
        }
        if (r < 1 || r > Math.min(rows, cols)) {
            throw new IllegalArgumentException(
                    "r is " + r + "; allowed is 1 to " + Math.min(rows, cols) + ", the smaller of rows and cols");
        }
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + "; allowed is 0 or more, below 1");
        }
        if (mostRounds < 1) {
            throw new IllegalArgumentException("mostRounds is " + mostRounds + "; allowed is 1 or more");
        }
        this.rows = rows;
        this.cols = cols;
        this.tolerance = tolerance;
        this.mostRounds = mostRounds;
        rounding = (float) (ROUNDING + Math.sqrt(Math.max(rows, cols))) * Math.ulp(1f);
        wanted = r;
        size = Math.min(Math.min(rows, cols), r + GUARDS);
        gemm = Gemm.withThreads(threads);
        small = (long) size * size * cols < ALONE ? Gemm.withThreads(1) : gemm;
        Storage.size(rows, cols);
        int ofCols = Storage.size(size, cols);
        int ofRows = Storage.size(size, rows);
        orthonormalisation = new FloatOrthonormalisation(size, cols, small, svd);
        block = new float[ofCols];
        thin = new float[Math.max(ofRows, ofCols)];
        left = new float[ofRows];
        right = new float[ofCols];
        former = new float[ofCols];
        back = new float[ofCols];
        turn = new float[size * size];
        values = new float[size];
        bounds = new float[size];
    }

    /**
     * The next matrix, row-major without gaps.
     *
     * @param a rows x cols elements; not modified, not kept
     * @throws IllegalArgumentException if a is too short, or if an element is NaN or infinite; the tracker is unchanged then
     */
    public void update(float[] a) {
        if (a.length < rows * cols) {
            throw new IllegalArgumentException("a has " + a.length + " elements; " + rows + " x " + cols + " needs "
                    + rows * cols + " or more");
        }
        if (updates == 0) {
            startAtRandom();
        }
        System.arraycopy(right, 0, former, 0, right.length);
        int exponent = 0;
        if (!iterate(a, true)) {
            System.arraycopy(former, 0, right, 0, right.length);
            exponent = FloatScaling.exponentOf(rows, cols, a, 0, cols);
            scaled = scaled.length == 0 ? new float[rows * cols] : scaled;
            FloatVectors.scale(rows * cols, FloatScaling.factor(exponent), a, 0, scaled, 0);
            iterate(scaled, false);
        }
        if (updates > 0) {
            keepSigns();
        }
        FloatScaling.undo(exponent, size, values);
        FloatScaling.undo(exponent, size, bounds);
        if (exponent < 0) {
            for (int i = 0; i < size; i++) {
                // Among the smallest numbers of all the value has been rounded, and the bound down to zero perhaps.
                bounds[i] = Math.nextUp(bounds[i]);
            }
        }
        updates++;
    }

    /**
     * The rounds of one update.
     *
     * @param checked whether to stop, before anything has been made of it, where a product is NaN or infinite, as all are that an
     *                element of A takes part in which is, or so large or small that its squares could not be trusted
     * @return false if they stopped so
     */
    private boolean iterate(float[] a, boolean checked) {
        int remaining = updates == 0 ? Math.max(FIRST_ROUNDS, mostRounds) : mostRounds;
        while (true) {
            gemm.sgemm(false, true, rows, size, cols, 1, a, 0, cols, block, 0, cols, 0, thin, 0, size);
            if (checked && !isModerate(thin, rows * size)) {
                return false;
            }
            takeBest();
            gemm.sgemm(false, false, size, cols, rows, 1, left, 0, rows, a, 0, cols, 0, back, 0, cols);
            if (checked && !isModerate(back, cols * size)) {
                return false;
            }
            rounds++;
            remaining--;
            boolean enough = converged();
            orthonormalisation.basis(back, block);
            if (enough || remaining == 0) {
                return true;
            }
            if (updates == 0) {
                remaining -= filter(a, Math.min(degree(), remaining - 1));
            }
        }
    }

    /** The largest degree that is allowed. */
    private int degree() {
        double quotient = (double) values[0] / values[size - 1];
        double most = 2 * quotient * quotient - 1;
        return (int) Math.min(DEGREE, inverseCosh(GROWTH) / inverseCosh(most));
    }

    private static double inverseCosh(double x) {
        return Math.log(x + Math.sqrt(x * x - 1));
    }

    /**
     * The rows of X become T_degree(2 A^T A / c - I) of them, T the Chebyshev polynomials and c the square of the least value, and
     * orthonormal again. Each degree costs what a round does, without its decomposition.
     *
     * @return degree
     */
    private int filter(float[] a, int degree) {
        float[] before = back;
        float[] latest = block;
        for (int j = 1; j <= degree; j++) {
            // T_1(x) = x and T_j+1(x) = 2 x T_j(x) - T_j-1(x).
            float factor = (j == 1 ? 2 : 4) / (values[size - 1] * values[size - 1]);
            gemm.sgemm(false, true, rows, size, cols, 1, a, 0, cols, latest, 0, cols, 0, thin, 0, size);
            if (j == 1) {
                System.arraycopy(latest, 0, before, 0, latest.length);
            }
            gemm.sgemm(true, false, size, cols, rows, factor, thin, 0, size, a, 0, cols, -1, before, 0, cols);
            if (j > 1) {
                FloatVectors.axpy(latest.length, -2, latest, 0, before, 0);
            }
            float[] next = before;
            before = latest;
            latest = next;
            rounds++;
        }
        if (degree > 0) {
            orthonormalisation.basis(latest, block);
        }
        return degree;
    }

    private static boolean isModerate(float[] product, int length) {
        float largest = FloatVectors.maxAbs(length, product, 0);
        return Float.isFinite(largest) && Math.abs(Math.getExponent(largest)) <= Float.MAX_EXPONENT / 4;
    }

    /** Any start will do that no matrix is orthogonal to. */
    private void startAtRandom() {
        Xorshift random = new Xorshift(0x2545F4914F6CDD1DL);
        for (int i = 0; i < back.length; i++) {
            back[i] = (random.next() >> 40) * (1f / (1 << 23));
        }
        orthonormalisation.basis(back, block);
    }

    /** The best triplets that the space of X holds, from A X^T. */
    private void takeBest() {
        svd.factor(rows, size, thin, 0, size);
        svd.values(values);
        svd.rows(true, left, rows);
        svd.rows(false, turn, size);
        small.sgemm(false, false, size, cols, size, 1, turn, 0, size, block, 0, cols, 0, right, 0, cols);
    }

    /** Forms the bounds. */
    private boolean converged() {
        boolean all = true;
        for (int i = 0; i < size; i++) {
            System.arraycopy(back, i * cols, thin, 0, cols);
            FloatVectors.axpy(cols, -values[i], right, i * cols, thin, 0);
            float squares = FloatVectors.sumOfSquares(cols, thin, 0);
            bounds[i] = (float) Math.sqrt(squares / 2) + rounding * values[0];
            all &= i >= wanted || bounds[i] <= tolerance * values[0];
        }
        return all;
    }

    private void keepSigns() {
        for (int i = 0; i < size; i++) {
            if (mostAlike(i) < 0) {
                FloatVectors.scale(cols, -1, right, i * cols, right, i * cols);
                FloatVectors.scale(rows, -1, left, i * rows, left, i * rows);
            }
        }
    }

    /** The largest product of a vector with a former one. */
    private float mostAlike(int i) {
        float most = FloatVectors.dot(cols, right, i * cols, former, i * cols);
        // The former ones are orthonormal: beyond the root of a half no other product can be larger.
        for (int j = 0; j < size && Math.abs(most) < 0.71f; j++) {
            float product = FloatVectors.dot(cols, right, i * cols, former, j * cols);
            most = Math.abs(product) > Math.abs(most) ? product : most;
        }
        return most;
    }

    /**
     * Copies the r largest singular values, descending; one beyond the largest number of the precision is infinite, as with
     * {@link FloatSvd}.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void singularValues(float[] out) {
        requireUpdate();
        Storage.requireRoom(out.length, wanted);
        System.arraycopy(values, 0, out, 0, wanted);
    }

    /**
     * Copies the bounds: within bound i of value i there is a singular value of A. Each is that of the residual and, for the
     * rounding errors of sums of n = max(rows, cols) terms, 8 + sqrt(n) ulp of the largest value: they could add up to n ulp
     * only if nearly all of them had one sign.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void bounds(float[] out) {
        requireUpdate();
        Storage.requireRoom(out.length, wanted);
        System.arraycopy(bounds, 0, out, 0, wanted);
    }

    /**
     * Writes the left vectors, rows x r, row-major without gaps; column i belongs to the i-th singular value.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void u(float[] out) {
        write(left, rows, out);
    }

    /**
     * Writes the right vectors, cols x r, row-major without gaps; column i belongs to the i-th singular value.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void v(float[] out) {
        write(right, cols, out);
    }

    private void write(float[] vectors, int length, float[] out) {
        requireUpdate();
        Storage.requireRoom(out.length, (long) length * wanted);
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < wanted; j++) {
                out[i * wanted + j] = vectors[j * length + i];
            }
        }
    }

    private void requireUpdate() {
        if (updates == 0) {
            throw new IllegalStateException("no matrix was given yet; update() comes first");
        }
    }

    /** Updates so far. */
    public long updates() {
        return updates;
    }

    /** Rounds so far; each costs two products with the matrix. */
    public long rounds() {
        return rounds;
    }
}
