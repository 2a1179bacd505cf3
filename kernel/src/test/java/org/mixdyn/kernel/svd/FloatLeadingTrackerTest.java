package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

/** Leading triplets and counts against complete decompositions. */
class FloatLeadingTrackerTest {
    private static final double EPS = Math.ulp(1f);

    private final SplittableRandom random = new SplittableRandom(7);
    private final FloatSvd svd = new FloatSvd();

    /** A low rank that grows out of noise: bounds hold at every step, and the large values become exact. */
    @Test
    void growingLowRank() {
        for (int[] shape : new int[][]{{60, 60}, {70, 40}, {40, 70}}) {
            int rows = shape[0];
            int cols = shape[1];
            int r = 6;
            float[] noise = FloatSvdMatrices.uniform(random, rows * cols);
            float[] c = FloatSvdMatrices.uniform(random, rows * 3);
            float[] d = FloatSvdMatrices.uniform(random, cols * 3);
            FloatLeadingTracker tracker = new FloatLeadingTracker(rows, cols, r, 0, 2, 1);
            float[] values = new float[r];
            float[] bounds = new float[r];
            float[] former = new float[cols * r];
            float[] v = new float[cols * r];
            for (int step = 0; step < 40; step++) {
                float[] a = noise.clone();
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        for (int p = 0; p < 3; p++) {
                            a[i * cols + j] += 0.2f * step * (1 + 0.5f * p) * c[i * 3 + p] * d[j * 3 + p];
                        }
                    }
                }
                tracker.update(a);
                tracker.singularValues(values);
                tracker.bounds(bounds);
                svd.values(rows, cols, a, 0, cols);
                float[] exact = svd.singularValues();
                String what = rows + " x " + cols + ", step " + step;
                for (int i = 0; i < r; i++) {
                    assertTrue(distance(values[i], exact) <= bounds[i] + 30 * EPS * exact[0],
                            what + ": value " + i + " is " + values[i] + " within " + bounds[i]);
                    // Ritz values from a subspace are never above the true ones.
                    assertTrue(values[i] <= exact[i] + 30 * EPS * exact[0], what + ": value " + i);
                }
                residuals(what, rows, cols, r, a, tracker, values, bounds);
                tracker.v(v);
                if (step > 10) {
                    for (int i = 0; i < 3; i++) {
                        assertEquals(exact[i], values[i], 1e-4 * exact[0], what);
                        double product = 0;
                        for (int j = 0; j < cols; j++) {
                            product += (double) v[j * r + i] * former[j * r + i];
                        }
                        assertTrue(product > 0.9, what + ": vector " + i + " has the product " + product);
                    }
                }
                System.arraycopy(v, 0, former, 0, v.length);
            }
            assertTrue(tracker.rounds() <= 30 + 2 * 39 && tracker.updates() == 40);
        }
    }

    /** Rounding errors of a long sum of equal terms hardly cancel. The value is 256 c. */
    @Test
    void boundsHoldForLongSumsOfEqualTerms() {
        int cols = 1 << 16;
        FloatLeadingTracker tracker = new FloatLeadingTracker(1, cols, 1, 1e-3, 1, 1);
        float[] a = new float[cols];
        float[] value = new float[1];
        float[] bound = new float[1];
        for (int i = 0; i < 50; i++) {
            float c = (float) random.nextDouble(1, 2);
            Arrays.fill(a, c);
            tracker.update(a);
            tracker.singularValues(value);
            tracker.bounds(bound);
            double error = Math.abs(value[0] - 256.0 * c);
            assertTrue(error <= bound[0], "c = " + c + ": " + error + " above " + bound[0]);
            assertTrue(bound[0] <= 2 * (8 + 256) * EPS * value[0], bound[0] + " for c = " + c);
        }
    }

    /** The value, the root of 2 times the smallest number, is rounded to that number. */
    @Test
    void boundsHoldWhereTheValueIsRounded() {
        FloatLeadingTracker tracker = new FloatLeadingTracker(1, 2, 1, 0, 3, 1);
        tracker.update(new float[]{Float.MIN_VALUE, Float.MIN_VALUE});
        float[] out = new float[1];
        tracker.singularValues(out);
        assertEquals(Float.MIN_VALUE, out[0]);
        tracker.bounds(out);
        assertTrue(out[0] > 0);
    }

    /** ||A v - s u|| is rounding, ||A^T u - s v|| at most the root of 2 times the bound, and both sets are orthonormal. */
    private static void residuals(String what, int rows, int cols, int r, float[] a, FloatLeadingTracker tracker,
            float[] s, float[] bounds) {
        float[] u = new float[rows * r];
        float[] v = new float[cols * r];
        tracker.u(u);
        tracker.v(v);
        for (int k = 0; k < r; k++) {
            double left = 0;
            double right = 0;
            for (int i = 0; i < rows; i++) {
                double sum = -(double) s[k] * u[i * r + k];
                for (int j = 0; j < cols; j++) {
                    sum += (double) a[i * cols + j] * v[j * r + k];
                }
                left += sum * sum;
            }
            for (int j = 0; j < cols; j++) {
                double sum = -(double) s[k] * v[j * r + k];
                for (int i = 0; i < rows; i++) {
                    sum += (double) a[i * cols + j] * u[i * r + k];
                }
                right += sum * sum;
            }
            assertTrue(Math.sqrt(left) <= 50 * EPS * s[0], what + ": A v - s u is " + Math.sqrt(left));
            assertTrue(Math.sqrt(right / 2) <= bounds[k] + 50 * EPS * s[0], what + ": A^T u - s v");
            for (int l = 0; l <= k; l++) {
                double productU = 0;
                double productV = 0;
                for (int i = 0; i < rows; i++) {
                    productU += (double) u[i * r + k] * u[i * r + l];
                }
                for (int j = 0; j < cols; j++) {
                    productV += (double) v[j * r + k] * v[j * r + l];
                }
                assertEquals(k == l ? 1 : 0, productU, 50 * EPS, what);
                assertEquals(k == l ? 1 : 0, productV, 50 * EPS, what);
            }
        }
    }

    /** Twenty rounds of subspace iteration would leave a bound of 9e-4 at the eighth value already; polynomials do not. */
    @Test
    void firstUpdate() {
        int n = 200;
        int r = 16;
        FloatLeadingTracker tracker = new FloatLeadingTracker(n, n, r, 0, 1, 1);
        float[] a = FloatSvdMatrices.uniform(random, n * n);
        tracker.update(a);
        float[] values = new float[r];
        float[] bounds = new float[r];
        tracker.singularValues(values);
        tracker.bounds(bounds);
        residuals("first", n, n, r, a, tracker, values, bounds);
        for (int i = 0; i < r; i++) {
            assertTrue(bounds[i] < 5e-4 * values[0], "bound " + i + " is " + bounds[i] + " of " + values[0]);
        }
        assertEquals(20, tracker.rounds());
    }

    @Test
    void specialMatrices() {
        for (int r : new int[]{1, 5, 9}) {
            FloatLeadingTracker tracker = new FloatLeadingTracker(9, 9, r, 0, 50, 1);
            float[] s = new float[r];
            tracker.update(new float[81]);
            tracker.singularValues(s);
            for (float value : s) {
                assertEquals(0f, value);
            }
            float[] identity = new float[81];
            for (int i = 0; i < 9; i++) {
                identity[i * 9 + i] = 3;
            }
            tracker.update(identity);
            tracker.singularValues(s);
            for (float value : s) {
                assertEquals(3, value, 20 * EPS);
            }
            float[] tiny = FloatSvdMatrices.uniform(random, 81);
            for (int i = 0; i < 81; i++) {
                tiny[i] *= Float.MIN_NORMAL;
            }
            tracker.update(tiny);
            tracker.singularValues(s);
            svd.values(9, 9, tiny, 0, 9);
            assertEquals(svd.singularValues()[0], s[0], 1e-2 * s[0]);
        }
    }

    /** Elements whose squares overflow or underflow, among them such that the vectors of before do not see. */
    @Test
    void anyMagnitude() {
        int n = 12;
        float[] a = FloatSvdMatrices.uniform(random, n * n);
        float largest = Math.scalb(1f, Float.MAX_EXPONENT - 6);
        float least = Math.scalb(1f, Float.MIN_EXPONENT + 6);
        FloatLeadingTracker tracker = new FloatLeadingTracker(n, n, 3, 0, 60, 1);
        float[] s = new float[3];
        float[] bounds = new float[3];
        for (float scale : new float[]{1, largest, 1, least, 0, 1}) {
            float[] scaled = a.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= scale;
            }
            tracker.update(scaled);
            tracker.singularValues(s);
            tracker.bounds(bounds);
            svd.values(n, n, scaled, 0, n);
            for (int i = 0; i < 3; i++) {
                float exact = svd.singularValues()[i];
                assertEquals(exact, s[i], bounds[i] + 30 * EPS * exact, "scale " + scale + ", value " + i);
                assertTrue(bounds[i] <= 1e-3 * exact || scale == 0, "scale " + scale + ": bound " + bounds[i]);
            }
        }
        float[] oneHuge = a.clone();
        oneHuge[n + 4] = largest;
        tracker.update(oneHuge);
        tracker.singularValues(s);
        assertEquals(largest, s[0], 1e-3f * largest);
    }

    @Test
    void notANumberLeavesTheTrackerAsItWas() {
        float[] a = FloatSvdMatrices.uniform(random, 7 * 5);
        FloatLeadingTracker tracker = new FloatLeadingTracker(7, 5, 2, 0, 40, 1);
        FloatLeadingTracker other = new FloatLeadingTracker(7, 5, 2, 0, 40, 1);
        float[] v = new float[10];
        float[] expected = new float[10];
        for (int step = 0; step < 3; step++) {
            for (float bad : new float[]{0f / 0f, 1f / 0f, -1f / 0f}) {
                float[] broken = a.clone();
                broken[13] = bad;
                var refused = assertThrows(IllegalArgumentException.class, () -> tracker.update(broken));
                assertEquals("a has the element " + bad + " at row 2, column 3; allowed are finite numbers",
                        refused.getMessage());
            }
            a[step] += 0.01f;
            tracker.update(a);
            other.update(a);
            tracker.v(v);
            other.v(expected);
            assertArrayEquals(expected, v);
        }
        assertThrows(IllegalArgumentException.class, () -> tracker.update(new float[34]));
        assertThrows(IllegalArgumentException.class, () -> tracker.v(new float[1]));
    }

    /** No column of V changes its sign, and none turns away. */
    @Test
    void aHundredThousandUpdatesDoNotDrift() {
        int n = 10;
        float[] noise = FloatSvdMatrices.uniform(random, n * n);
        FloatLeadingTracker tracker = new FloatLeadingTracker(n, n, 2, 0, 1, 1);
        float[] s = new float[2];
        float[] bounds = new float[2];
        float[] v = new float[2 * n];
        float[] former = new float[2 * n];
        for (int step = 0; step < 100_000; step++) {
            float[] a = noise.clone();
            float c = (float) Math.cos(0.01 * step);
            float d = (float) Math.sin(0.01 * step);
            for (int j = 0; j < n; j += 2) {
                a[j] += 20 * c;
                a[j + 1] += 20 * d;
                a[n + j] -= 10 * d;
                a[n + j + 1] += 10 * c;
            }
            tracker.update(a);
            tracker.v(v);
            if (step > 0) {
                for (int i = 0; i < 2; i++) {
                    double product = 0;
                    for (int j = 0; j < n; j++) {
                        product += (double) v[j * 2 + i] * former[j * 2 + i];
                    }
                    assertTrue(product > 0.9, "step " + step + ": vector " + i + " has the product " + product);
                }
            }
            if (step % 1000 == 999) {
                tracker.singularValues(s);
                tracker.bounds(bounds);
                residuals("step " + step, n, n, 2, a, tracker, s, bounds);
            }
            System.arraycopy(v, 0, former, 0, v.length);
        }
    }

    @Test
    void refusals() {
        assertThrows(IllegalArgumentException.class, () -> new FloatLeadingTracker(5, 4, 5, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new FloatLeadingTracker(5, 4, 0, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new FloatLeadingTracker(5, 4, 1, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new FloatLeadingTracker(5, 4, 1, 0, 0, 1));
        FloatLeadingTracker tracker = new FloatLeadingTracker(5, 4, 2, 0, 1, 1);
        assertThrows(IllegalStateException.class, () -> tracker.singularValues(new float[2]));
        float[] broken = FloatSvdMatrices.uniform(random, 20);
        broken[3] = 0f / 0f;
        assertThrows(IllegalArgumentException.class, () -> tracker.update(broken));
        assertThrows(IllegalArgumentException.class, () -> new FloatActiveCount(5, 4, 1).above(broken, 1));
        assertThrows(IllegalArgumentException.class,
                () -> new FloatActiveCount(5, 4, 1).above(FloatSvdMatrices.uniform(random, 20), -1));
    }

    /** Wherever a count is given it is right, and between well separated values one is given. */
    @Test
    void counts() {
        for (int[] shape : new int[][]{{50, 50}, {80, 33}, {33, 80}, {1, 7}, {150, 140}}) {
            int rows = shape[0];
            int cols = shape[1];
            FloatActiveCount count = new FloatActiveCount(rows, cols, 1);
            float[] a = FloatSvdMatrices.uniform(random, rows * cols);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    a[i * cols + j] += (float) (3 * Math.sin(i) * Math.cos(2.0 * j));
                }
            }
            svd.values(rows, cols, a, 0, cols);
            float[] s = svd.singularValues();
            int k = s.length;
            for (int i = 0; i < k; i++) {
                int at = count.above(a, s[i]);
                assertTrue(at == FloatActiveCount.UNDECIDED || Math.abs(at - i) <= 1, "at value " + i + ": " + at);
                if (i + 1 < k) {
                    double t = (s[i] + (double) s[i + 1]) / 2;
                    int between = count.above(a, t);
                    assertTrue(between == i + 1 || between == FloatActiveCount.UNDECIDED,
                            "between " + i + " and " + (i + 1) + ": " + between);
                }
            }
            assertEquals(0, count.above(a, 1.01 * s[0]));
            if (k > 2) {
                assertEquals(1, count.above(a, (s[0] + s[1]) / 2));
            }
            assertEquals(0, count.above(new float[rows * cols], 1));
            assertEquals(0, count.above(new float[rows * cols], 0));
            assertEquals(FloatActiveCount.UNDECIDED, count.above(a, 0));
        }
        assertEquals(0, new FloatActiveCount(0, 3, 1).above(new float[0], 1));
    }

    /** Once the wanted triplets are found one round is enough, though the values beyond them are close to each other. */
    @Test
    void roundsEndWhenTheWantedTripletsAreFound() {
        int n = 200;
        float[] a = FloatSvdMatrices.uniform(random, n * n);
        float[] c = FloatSvdMatrices.uniform(random, n * 3);
        float[] d = FloatSvdMatrices.uniform(random, n * 3);
        for (int i = 0; i < n * n; i++) {
            for (int p = 0; p < 3; p++) {
                a[i] += (0.6f + 0.2f * p) * c[i / n * 3 + p] * d[i % n * 3 + p];
            }
        }
        FloatLeadingTracker tracker = new FloatLeadingTracker(n, n, 3, 1e-3, 20, 1);
        tracker.update(a);
        long rounds = tracker.rounds();
        for (int update = 1; update <= 3; update++) {
            tracker.update(a);
            assertEquals(rounds + update, tracker.rounds(), "update " + update);
        }
        float[] values = new float[3];
        float[] bounds = new float[3];
        tracker.singularValues(values);
        tracker.bounds(bounds);
        for (int i = 0; i < 3; i++) {
            assertTrue(bounds[i] <= 1e-3 * values[0], "bound " + i + " is " + bounds[i]);
        }
    }

    /** Of products with the matrix, and of those of the block with itself where it is large. */
    @Test
    void sameBitsOnAnyNumberOfThreads() {
        for (int[] shape : new int[][]{{500, 500, 60}, {300, 520, 7}}) {
            int rows = shape[0];
            int cols = shape[1];
            int r = shape[2];
            FloatLeadingTracker one = new FloatLeadingTracker(rows, cols, r, 0, 2, 1);
            FloatLeadingTracker two = new FloatLeadingTracker(rows, cols, r, 0, 2, 2);
            float[] a = FloatSvdMatrices.uniform(random, rows * cols);
            for (int step = 0; step < 3; step++) {
                a[step] += 3;
                one.update(a);
                two.update(a);
                float[] expected = new float[rows * r];
                float[] actual = new float[rows * r];
                one.u(expected);
                two.u(actual);
                assertArrayEquals(expected, actual);
                one.bounds(expected);
                two.bounds(actual);
                assertArrayEquals(expected, actual);
            }
            FloatActiveCount countOfOne = new FloatActiveCount(rows, cols, 1);
            FloatActiveCount countOfTwo = new FloatActiveCount(rows, cols, 2);
            for (double t = 1; t < 24; t += 0.25) {
                assertEquals(countOfOne.above(a, t), countOfTwo.above(a, t), "above " + t);
            }
        }
    }

    /**
     * t^2 is the first element of the Gram matrix but for a few roundings, or some more: the first pivot is next to nothing, L has
     * elements of the order of its inverse, up to 1 / (8 eps), and what is left of the matrix is rounding. There may be no count,
     * but none may be wrong.
     */
    @Test
    void aFirstPivotNextToNothingGivesNoWrongCount() {
        int given = 0;
        for (int n : new int[]{3, 4, 6, 40}) {
            FloatActiveCount count = new FloatActiveCount(n, n, 1);
            for (int trial = 0; trial < 6000 / n; trial++) {
                float[] a = FloatSvdMatrices.uniform(random, n * n);
                double first = 0;
                for (int i = 0; i < n; i++) {
                    first += (double) a[i * n] * a[i * n];
                }
                double away = 8 * EPS * random.nextDouble(-1, 1) * (1 << trial % 4 * 5);
                double t = Math.sqrt(first * (1 + away));
                svd.values(n, n, a, 0, n);
                int surely = 0;
                int perhaps = 0;
                for (float value : svd.singularValues()) {
                    surely += value > t * (1 + 100 * EPS) ? 1 : 0;
                    perhaps += value > t * (1 - 100 * EPS) ? 1 : 0;
                }
                int above = count.above(a, t);
                given += above == FloatActiveCount.UNDECIDED ? 0 : 1;
                assertTrue(above == FloatActiveCount.UNDECIDED || above >= surely && above <= perhaps,
                        n + " x " + n + ", trial " + trial + ": " + above + " for " + surely);
            }
        }
        assertTrue(given > 0, "no count was given");
    }

    private static double distance(double x, float[] values) {
        double least = Double.POSITIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, Math.abs(x - value));
        }
        return least;
    }
}
