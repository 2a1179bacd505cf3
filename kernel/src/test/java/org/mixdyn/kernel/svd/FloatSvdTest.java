package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Residuals are scaled as LAPACK's testers scale them, where a value below 30 passes. */
class FloatSvdTest {
    private static final double EPSILON = Math.ulp(1f);

    @ParameterizedTest
    @CsvSource({"1,1", "1,7", "7,1", "2,2", "3,5", "5,3", "16,16", "17,31", "31,17", "64,64", "100,40", "40,100",
            "127,127",
            "200,200", "300,50", "50,300"})
    void randomMatrices(int rows, int cols) {
        SplittableRandom random = new SplittableRandom(rows * 1000L + cols);
        float[] a = new float[rows * cols];
        for (int i = 0; i < a.length; i++) {
            a[i] = (float) random.nextGaussian();
        }
        check(rows, cols, a);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 20, 33})
    void specialMatrices(int n) {
        check(n, n, new float[n * n]);
        float[] identity = new float[n * n];
        float[] hilbert = new float[n * n];
        float[] graded = new float[n * n];
        float[] constant = new float[n * n];
        SplittableRandom random = new SplittableRandom(n);
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
            for (int j = 0; j < n; j++) {
                hilbert[i * n + j] = 1f / (i + j + 1);
                graded[i * n + j] = (float) (Math.pow(10, -0.5 * i - 0.5 * j) * random.nextGaussian());
                constant[i * n + j] = 3;
            }
        }
        check(n, n, identity);
        check(n, n, hilbert);
        check(n, n, graded);
        check(n, n, constant);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void extremeScales(int sign) {
        int n = 23;
        SplittableRandom random = new SplittableRandom(5);
        float[] a = new float[n * n];
        float scale = Math.scalb(1f, sign * (Float.MAX_EXPONENT - 12));
        for (int i = 0; i < a.length; i++) {
            a[i] = scale * (float) random.nextGaussian();
        }
        check(n, n, a);
    }

    @Test
    void givenSingularValues() {
        int n = 60;
        double[] expected = new double[n];
        for (int k = 0; k < n; k++) {
            // A cluster, a decay and an exact rank of 50.
            expected[k] = k < 10 ? 5 : k < 50 ? 4.0 / (k - 8) : 0;
        }
        double[] u = orthogonal(n, 1);
        double[] v = orthogonal(n, 2);
        float[] a = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < n; k++) {
                    sum += u[i * n + k] * expected[k] * v[j * n + k];
                }
                a[i * n + j] = (float) sum;
            }
        }
        float[] found = check(n, n, a);
        for (int k = 0; k < n; k++) {
            // Weyl: the rounding of A moves no value by more than its norm.
            assertEquals(expected[k], found[k], 5 * n * EPSILON, "value " + k);
        }
    }

    @Test
    void readsOnlyTheMatrix() {
        int rows = 9;
        int cols = 6;
        int lda = 8;
        int offset = 5;
        float[] embedded = new float[offset + rows * lda + 3];
        java.util.Arrays.fill(embedded, Float.NaN);
        float[] plain = new float[rows * cols];
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                plain[i * cols + j] = (float) random.nextGaussian();
                embedded[offset + i * lda + j] = plain[i * cols + j];
            }
        }
        float[] before = embedded.clone();
        FloatSvd svd = new FloatSvd();
        svd.factor(rows, cols, embedded, offset, lda);
        assertArrayEquals(before, embedded);
        assertArrayEquals(check(rows, cols, plain), svd.singularValues());
    }

    @Test
    void refusesWhatHasNoDecomposition() {
        FloatSvd svd = new FloatSvd();
        assertThrows(IllegalArgumentException.class, () -> svd.factor(1, 2, new float[]{1, Float.NaN}, 0, 2));
        assertThrows(IllegalArgumentException.class,
                () -> svd.values(1, 2, new float[]{1, Float.POSITIVE_INFINITY}, 0, 2));
        assertThrows(IllegalArgumentException.class, () -> svd.values(2, 2, new float[4], 0, 1));
        svd.values(1, 1, new float[]{-2}, 0, 1);
        assertArrayEquals(new float[]{2}, svd.singularValues());
        assertThrows(IllegalStateException.class, () -> svd.u(new float[1]));
        svd.factor(0, 3, new float[0], 0, 3);
        assertEquals(0, svd.singularValues().length);
    }

    private static float[] check(int rows, int cols, float[] a) {
        int r = Math.min(rows, cols);
        FloatSvd svd = new FloatSvd();
        svd.values(rows, cols, a, 0, cols);
        float[] alone = svd.singularValues();
        svd.factor(rows, cols, a, 0, cols);
        float[] s = svd.singularValues();
        assertArrayEquals(alone, s, "values alone differ");
        float[] u = new float[rows * r];
        float[] v = new float[cols * r];
        svd.u(u);
        svd.v(v);
        for (int k = 0; k < r; k++) {
            assertTrue(s[k] >= 0 && (k == 0 || s[k] <= s[k - 1]), "order at " + k);
        }
        double largest = 0;
        double residual = 0;
        for (int j = 0; j < cols; j++) {
            double column = 0;
            double apart = 0;
            for (int i = 0; i < rows; i++) {
                double sum = 0;
                for (int k = 0; k < r; k++) {
                    sum += (double) u[i * r + k] * s[k] * v[j * r + k];
                }
                column += Math.abs((double) a[i * cols + j]);
                apart += Math.abs(a[i * cols + j] - sum);
            }
            largest = Math.max(largest, column);
            residual = Math.max(residual, apart);
        }
        double scaled = largest == 0 ? residual : residual / (largest * Math.max(rows, cols) * EPSILON);
        assertTrue(scaled < 30, "residual " + scaled);
        assertTrue(distanceFromOrthogonal(rows, r, u) / (rows * EPSILON) < 30, "U is not orthogonal");
        assertTrue(distanceFromOrthogonal(cols, r, v) / (cols * EPSILON) < 30, "V is not orthogonal");
        return s;
    }

    private static double distanceFromOrthogonal(int n, int r, float[] q) {
        double largest = 0;
        for (int k = 0; k < r; k++) {
            double column = 0;
            for (int l = 0; l < r; l++) {
                double sum = k == l ? -1 : 0;
                for (int i = 0; i < n; i++) {
                    sum += (double) q[i * r + k] * q[i * r + l];
                }
                column += Math.abs(sum);
            }
            largest = Math.max(largest, column);
        }
        return largest;
    }

    private static double[] orthogonal(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] q = new double[n * n];
        for (int k = 0; k < n; k++) {
            for (int i = 0; i < n; i++) {
                q[i * n + k] = random.nextGaussian();
            }
            for (int pass = 0; pass < 2; pass++) {
                for (int l = 0; l < k; l++) {
                    double dot = 0;
                    for (int i = 0; i < n; i++) {
                        dot += q[i * n + k] * q[i * n + l];
                    }
                    for (int i = 0; i < n; i++) {
                        q[i * n + k] -= dot * q[i * n + l];
                    }
                }
            }
            double square = 0;
            for (int i = 0; i < n; i++) {
                square += q[i * n + k] * q[i * n + k];
            }
            for (int i = 0; i < n; i++) {
                q[i * n + k] /= Math.sqrt(square);
            }
        }
        return q;
    }
}
