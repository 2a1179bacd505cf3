package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

/** Shapes, special matrices, scales and known answers; what must hold for each is in {@link FloatSvdCheck}. */
class FloatSvdTest {
    private static final double EPS = Math.ulp(1f);

    private final SplittableRandom random = new SplittableRandom(20240530);
    private final FloatSvd svd = new FloatSvd();

    @Test
    void allSmallShapes() {
        for (int rows = 0; rows <= 40; rows++) {
            for (int cols = 0; cols <= 40; cols++) {
                FloatSvdCheck.check(rows + " x " + cols, svd, rows, cols,
                        FloatSvdMatrices.uniform(random, rows * cols));
            }
        }
    }

    @Test
    void largerShapesAfterOneAnother() {
        int[][] shapes = {{200, 200}, {64, 64}, {100, 100}, {127, 127}, {128, 129}, {300, 50}, {50, 300}, {513, 3},
                {3, 513}, {1, 700}, {700, 1}, {201, 199}, {5, 5}};
        for (int[] shape : shapes) {
            FloatSvdCheck.check(shape[0] + " x " + shape[1], svd, shape[0], shape[1],
                    FloatSvdMatrices.uniform(random, shape[0] * shape[1]));
        }
    }

    @Test
    void insideALargerArray() {
        for (int[] shape : new int[][]{{20, 20}, {31, 17}, {17, 31}}) {
            int lda = shape[1] + 5;
            float[] a = new float[3 + shape[0] * lda];
            Arrays.fill(a, 0f / 0f);
            float[] dense = FloatSvdMatrices.uniform(random, shape[0] * shape[1]);
            for (int i = 0; i < shape[0]; i++) {
                System.arraycopy(dense, i * shape[1], a, 3 + i * lda, shape[1]);
            }
            float[] s = FloatSvdCheck.check("inside", svd, shape[0], shape[1], a, 3, lda);
            assertArrayEquals(FloatSvdCheck.check("dense", svd, shape[0], shape[1], dense), s);
        }
    }

    @Test
    void zeroAndIdentity() {
        for (int[] shape : new int[][]{{1, 1}, {2, 2}, {7, 7}, {40, 40}, {9, 4}, {4, 9}}) {
            int k = Math.min(shape[0], shape[1]);
            float[] zero = new float[shape[0] * shape[1]];
            assertArrayEquals(new float[k], FloatSvdCheck.check("zero", svd, shape[0], shape[1], zero));
            float[] identity = new float[shape[0] * shape[1]];
            for (int i = 0; i < k; i++) {
                identity[i * shape[1] + i] = -1;
            }
            float[] ones = new float[k];
            Arrays.fill(ones, 1);
            assertArrayEquals(ones, FloatSvdCheck.check("minus identity", svd, shape[0], shape[1], identity));
        }
    }

    @Test
    void prescribedValues() {
        for (int[] shape : new int[][]{{30, 30}, {80, 80}, {60, 20}, {20, 60}}) {
            int k = Math.min(shape[0], shape[1]);
            double[] linear = new double[k];
            double[] geometric = new double[k];
            double[] cluster = new double[k];
            double[] few = new double[k];
            double[] tinyTail = new double[k];
            double[] equal = new double[k];
            for (int j = 0; j < k; j++) {
                linear[j] = k - j;
                geometric[j] = Math.pow(EPS, (double) j / (k - 1));
                cluster[j] = 1 - j * EPS;
                few[j] = j < k / 3 ? 3 : j < 2 * k / 3 ? 2 : 1;
                tinyTail[j] = j < 5 ? 5 - j : EPS * EPS;
                equal[j] = 2;
            }
            for (double[] values : new double[][]{linear, geometric, cluster, few, tinyTail, equal}) {
                prescribed(shape[0], shape[1], values);
            }
        }
    }

    @Test
    void lowRankBelowNoise() {
        int n = 60;
        float[] a = new float[n * n];
        float[] c = FloatSvdMatrices.uniform(random, n * 5);
        float[] d = FloatSvdMatrices.uniform(random, n * 5);
        for (double noise : new double[]{0, 1e-3, 1}) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = noise * random.nextDouble(-1, 1);
                    for (int p = 0; p < 5; p++) {
                        sum += c[i * 5 + p] * d[j * 5 + p];
                    }
                    a[i * n + j] = (float) sum;
                }
            }
            float[] s = FloatSvdCheck.check("rank 5 and noise " + noise, svd, n, n, a);
            double tail = 2 * noise * Math.sqrt(n) + 10 * n * EPS * s[0];
            assertTrue(s[5] <= tail, "noise " + noise + ": value 5 is " + s[5] + " above " + tail);
            assertTrue(s[4] > 2, "value 4 is " + s[4]);
        }
    }

    @Test
    void hilbertKahanAndOthersNearSingularity() {
        int n = 50;
        float[] hilbert = new float[n * n];
        float[] kahan = new float[n * n];
        float[] ones = new float[n * n];
        float[] gradedRows = FloatSvdMatrices.uniform(random, n * n);
        float[] gradedBoth = FloatSvdMatrices.uniform(random, n * n);
        float[] nilpotent = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                hilbert[i * n + j] = (float) (1.0 / (i + j + 1));
                double power = Math.pow(0.6, i);
                kahan[i * n + j] = (float) (j < i ? 0 : j == i ? power : -0.8 * power);
                ones[i * n + j] = 1;
                gradedRows[i * n + j] *= (float) Math.pow(10, -0.7 * i);
                gradedBoth[i * n + j] *= (float) Math.pow(10, -0.35 * (2 * n - 2 - i - j));
                nilpotent[i * n + j] = j == i + 1 ? 1 : 0;
            }
        }
        FloatSvdCheck.check("Hilbert", svd, n, n, hilbert);
        FloatSvdCheck.check("Kahan", svd, n, n, kahan);
        float[] ofOnes = FloatSvdCheck.check("ones", svd, n, n, ones);
        assertEquals(n, ofOnes[0], n * EPS * n);
        FloatSvdCheck.check("graded rows", svd, n, n, gradedRows);
        FloatSvdCheck.check("graded rows and columns", svd, n, n, gradedBoth);
        float[] ofNilpotent = FloatSvdCheck.check("nilpotent", svd, n, n, nilpotent);
        assertEquals(1f, ofNilpotent[n - 2]);
        assertEquals(0f, ofNilpotent[n - 1], n * EPS * EPS);
    }

    @Test
    void everyScaleThatNumbersHave() {
        int lowest = Math.getExponent(Float.MIN_VALUE) - 30;
        int highest = Math.getExponent(Float.MAX_VALUE) - 6;
        for (int[] shape : new int[][]{{24, 24}, {30, 11}, {11, 30}}) {
            float[] a = FloatSvdMatrices.uniform(random, shape[0] * shape[1]);
            for (int exponent = lowest; exponent <= highest; exponent += 7) {
                float[] scaled = a.clone();
                for (int i = 0; i < a.length; i++) {
                    scaled[i] = Math.scalb(a[i], exponent);
                }
                FloatSvdCheck.check("2^" + exponent, svd, shape[0], shape[1], scaled);
            }
        }
        float least = Float.MIN_VALUE;
        assertArrayEquals(new float[]{least}, FloatSvdCheck.check("least number", svd, 1, 1, new float[]{-least}));
        float most = Float.MAX_VALUE;
        assertArrayEquals(new float[]{most}, FloatSvdCheck.check("largest number", svd, 1, 1, new float[]{most}));
    }

    @Test
    void allScalesInOneMatrix() {
        int n = 36;
        double range = Math.log10(Float.MAX_VALUE) - 3;
        for (int trial = 0; trial < 20; trial++) {
            float[] dense = FloatSvdMatrices.uniform(random, n * n);
            float[] diagonal = new float[n * n];
            float[] bidiagonal = new float[n * n];
            for (int i = 0; i < n * n; i++) {
                dense[i] *= (float) Math.pow(10, random.nextDouble(-range, range));
            }
            for (int i = 0; i < n; i++) {
                diagonal[i * n + i] = (float) Math.pow(10, range * (2.0 * i / (n - 1) - 1));
                bidiagonal[i * n + i] = trial % 3 == i % 3 ? 0 : dense[i];
                if (i + 1 < n) {
                    bidiagonal[i * n + i + 1] = dense[n + i];
                }
            }
            FloatSvdCheck.check("dense", svd, n, n, dense);
            FloatSvdCheck.check("diagonal", svd, n, n, diagonal);
            FloatSvdCheck.check("bidiagonal", svd, n, n, bidiagonal);
        }
    }

    /** Beside its diagonal the first row has the least numbers there are: a reflector is made of them, and removes them. */
    @Test
    void aRowOfTheLeastNumbers() {
        for (int n : new int[]{3, 40}) {
            float[] a = FloatSvdMatrices.uniform(random, n * n);
            a[0] = 1;
            for (int i = 1; i < n; i++) {
                a[i] = random.nextInt(1, 100) * Float.MIN_VALUE;
                a[i * n] = 0;
            }
            FloatSvdCheck.check("row of least numbers, order " + n, svd, n, n, a);
        }
    }

    /** Many terms that are all alike, one singular value, and nothing but rounding errors in the rest of the matrix. */
    @Test
    void rankOneAndZeroRowsOfLargerOrder() {
        int n = 150;
        float[] ones = new float[n * n];
        Arrays.fill(ones, 1);
        float[] s = FloatSvdCheck.check("ones", svd, n, n, ones);
        assertEquals(n, s[0], n * EPS * n);
        assertEquals(0, s[1], n * EPS * n);
        float[] rows = FloatSvdMatrices.uniform(random, n * n);
        for (int i = 0; i < n; i += 3) {
            Arrays.fill(rows, i * n, (i + 1) * n, 0f);
        }
        s = FloatSvdCheck.check("zero rows", svd, n, n, rows);
        assertEquals(0, s[n - n / 3], n * EPS * s[0]);
        float[] entry = FloatSvdMatrices.uniform(random, n * n);
        entry[7 * n + 3] = 1e20f;
        s = FloatSvdCheck.check("one huge entry", svd, n, n, entry);
        assertEquals(1e20, s[0], 4 * EPS * 1e20);
    }

    /** Where all terms of a sum are alike so are their roundings: these must not grow with the order of the matrix. */
    @Test
    void termsThatAreAlikeDoNotAddUpTheirRoundings() {
        int n = 400;
        float[] ones = new float[n * n];
        Arrays.fill(ones, 1);
        svd.factor(n, n, ones, 0, n);
        float[] q = new float[n * n];
        svd.u(q);
        FloatSvdCheck.orthogonality("U of ones", n, n, q, 4);
        svd.v(q);
        FloatSvdCheck.orthogonality("V of ones", n, n, q, 4);
    }

    @Test
    void sameBitsFromAnyNumberOfThreads() {
        for (int[] shape : new int[][]{{300, 300}, {310, 250}, {190, 200}}) {
            float[] a = FloatSvdMatrices.uniform(random, shape[0] * shape[1]);
            int k = Math.min(shape[0], shape[1]);
            float[] u = new float[shape[0] * k];
            float[] v = new float[shape[1] * k];
            svd.factor(shape[0], shape[1], a, 0, shape[1]);
            svd.u(u);
            svd.v(v);
            for (int threads = 2; threads <= 3; threads++) {
                FloatSvd shared = new FloatSvd(threads);
                shared.factor(shape[0], shape[1], a, 0, shape[1]);
                float[] again = new float[u.length];
                shared.u(again);
                assertArrayEquals(u, again);
                again = new float[v.length];
                shared.v(again);
                assertArrayEquals(v, again);
                assertArrayEquals(svd.singularValues(), shared.singularValues());
            }
        }
    }

    @Test
    void sameBitsFromAnyInstance() {
        float[] a = FloatSvdMatrices.uniform(random, 45 * 30);
        svd.factor(45, 30, a, 0, 30);
        float[] u = new float[45 * 30];
        svd.u(u);
        FloatSvd used = new FloatSvd();
        FloatSvdCheck.check("before", used, 60, 70, FloatSvdMatrices.uniform(random, 60 * 70));
        FloatSvdCheck.check("before", used, 20, 10, FloatSvdMatrices.uniform(random, 20 * 10));
        used.factor(45, 30, a, 0, 30);
        float[] again = new float[45 * 30];
        used.u(again);
        assertArrayEquals(u, again);
        assertArrayEquals(svd.singularValues(), used.singularValues());
    }

    @Test
    void notANumberIsRefusedWithItsPlace() {
        float[] a = FloatSvdMatrices.uniform(random, 20 * 30);
        svd.factor(20, 30, a, 0, 30);
        for (float bad : new float[]{0f / 0f, 1f / 0f, -1f / 0f}) {
            for (int place : new int[]{0, 29, 30, 7 * 30 + 17, 599}) {
                float kept = a[place];
                a[place] = bad;
                IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                        () -> svd.factor(20, 30, a, 0, 30));
                assertEquals("a has the element " + bad + " at row " + place / 30 + ", column " + place % 30
                        + "; allowed are finite numbers", refused.getMessage());
                assertThrows(IllegalArgumentException.class, () -> svd.values(20, 30, a, 0, 30));
                assertThrows(IllegalStateException.class, svd::singularValues);
                a[place] = kept;
            }
        }
    }

    @Test
    void badArgumentsAreNamed() {
        float[] a = new float[100];
        refused("rows is -1", () -> svd.factor(-1, 2, a, 0, 2));
        refused("cols is -1", () -> svd.factor(2, -1, a, 0, 2));
        refused("lda is 3", () -> svd.factor(4, 4, a, 0, 3));
        refused("offset is -1", () -> svd.factor(4, 4, a, -1, 4));
        refused("needs 101 or more", () -> svd.factor(10, 10, a, 1, 10));
        svd.factor(10, 10, a, 0, 10);
        refused("out has 99", () -> svd.u(new float[99]));
        refused("out has 99", () -> svd.v(new float[99]));
        svd.values(10, 10, a, 0, 10);
        assertThrows(IllegalStateException.class, () -> svd.u(a));
        assertThrows(IllegalStateException.class, svd::v);
        assertThrows(IllegalStateException.class, () -> new FloatSvd().singularValues());
    }

    private static void refused(String part, Runnable call) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }

    /** A = P diag(values) Q^T with random orthogonal P and Q, each a product of reflections. */
    private void prescribed(int rows, int cols, double[] values) {
        double[] a = new double[rows * cols];
        for (int j = 0; j < values.length; j++) {
            a[j * cols + j] = values[j];
        }
        for (int reflection = 0; reflection < 4; reflection++) {
            reflect(a, rows, cols, cols, 1);
            reflect(a, cols, rows, 1, cols);
        }
        float[] rounded = new float[rows * cols];
        for (int i = 0; i < a.length; i++) {
            rounded[i] = (float) a[i];
        }
        String what = rows + " x " + cols + " of values " + values[0] + " to " + values[values.length - 1];
        float[] s = FloatSvdCheck.check(what, svd, rows, cols, rounded);
        for (int j = 0; j < values.length; j++) {
            assertEquals(values[j], s[j], 5 * Math.max(rows, cols) * EPS * values[0], what + ", value " + j);
        }
    }

    /** Reflects every column of a matrix of the given strides at one random hyperplane. */
    private void reflect(double[] a, int rows, int cols, int rowStride, int colStride) {
        double[] normal = new double[rows];
        double squares = 0;
        for (int i = 0; i < rows; i++) {
            normal[i] = random.nextDouble(-1, 1);
            squares += normal[i] * normal[i];
        }
        for (int j = 0; j < cols; j++) {
            double product = 0;
            for (int i = 0; i < rows; i++) {
                product += normal[i] * a[i * rowStride + j * colStride];
            }
            for (int i = 0; i < rows; i++) {
                a[i * rowStride + j * colStride] -= 2 * product / squares * normal[i];
            }
        }
    }

    /** The largest value of a matrix of equal elements near the largest number is no number; nothing else suffers. */
    @Test
    void valuesBeyondTheLargestNumberAreInfinite() {
        int n = 5;
        float[] a = new float[n * n];
        Arrays.fill(a, Float.MAX_VALUE);
        svd.factor(n, n, a, 0, n);
        float[] s = svd.singularValues();
        assertEquals(Float.POSITIVE_INFINITY, s[0]);
        FloatSvdTracker tracker = new FloatSvdTracker(n, n, 1);
        tracker.update(a);
        tracker.update(a);
        FloatLeadingTracker leading = new FloatLeadingTracker(n, n, 1, 1e-5, 10, 1);
        leading.update(a);
        float[] largest = new float[1];
        leading.singularValues(largest);
        assertEquals(Float.POSITIVE_INFINITY, largest[0]);
        assertEquals(Float.POSITIVE_INFINITY, tracker.singularValues()[0]);
        for (float[] vectors : new float[][]{svd.u(), svd.v(), tracker.u(), tracker.v()}) {
            for (int i = 0; i < n; i++) {
                assertEquals(1 / Math.sqrt(n), Math.abs(vectors[i * n]), 10 * EPS);
            }
        }
        for (int i = 1; i < n; i++) {
            assertTrue(s[i] <= 10 * EPS * Float.MAX_VALUE, "value " + i + " is " + s[i]);
        }
    }

    @Test
    void evenAMatrixWithoutElementsIsNotNull() {
        assertEquals("a", assertThrows(NullPointerException.class, () -> svd.factor(0, 3, null, 0, 3)).getMessage());
    }
}
