package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

/**
 * The ratios by which LAPACK's testers judge a decomposition, formed in binary64: each is an error in units of what
 * rounding explains, and LAPACK accepts 30.
 */
final class FloatSvdCheck {
    private static final double LIMIT = 10;
    private static final double EPS = Math.ulp(1f);

    private FloatSvdCheck() {
    }

    /** Decomposes A with all that must hold asserted, and returns the singular values. */
    static float[] check(String what, FloatSvd svd, int rows, int cols, float[] a) {
        return check(what, svd, rows, cols, a, 0, Math.max(cols, 1));
    }

    /** The same for a matrix inside an array, nothing of which may change. */
    static float[] check(String what, FloatSvd svd, int rows, int cols, float[] a, int offset, int lda) {
        int k = Math.min(rows, cols);
        float[] before = a.clone();
        svd.factor(rows, cols, a, offset, lda);
        assertArrayEquals(before, a, what + ": the input changed");
        float[] s = svd.singularValues();
        float[] u = new float[rows * k + 1];
        float[] v = new float[cols * k + 1];
        Arrays.fill(u, 7);
        Arrays.fill(v, 7);
        svd.u(u);
        svd.v(v);
        assertEquals(7, u[rows * k], what + ": wrote beyond U");
        assertEquals(7, v[cols * k], what + ": wrote beyond V");
        assertArrayEquals(Arrays.copyOf(u, rows * k), svd.u(), what + ": two ways to U differ");
        assertArrayEquals(Arrays.copyOf(v, cols * k), svd.v(), what + ": two ways to V differ");
        assertFactors(what, rows, cols, a, offset, lda, s, u, v);
        svd.values(rows, cols, a, offset, lda);
        assertArrayEquals(s, svd.singularValues(), what + ": values() and factor() differ");
        return s;
    }

    /** Gives the matrix to a tracker and asserts the same of what it makes of it; returns the singular values. */
    static float[] check(String what, FloatSvdTracker tracker, float[] a) {
        int rows = tracker.rows();
        int cols = tracker.cols();
        int k = Math.min(rows, cols);
        tracker.update(a);
        float[] s = tracker.singularValues();
        float[] u = new float[rows * k];
        float[] v = new float[cols * k];
        tracker.u(u);
        tracker.v(v);
        assertArrayEquals(u, tracker.u(), what + ": two ways to U differ");
        assertArrayEquals(v, tracker.v(), what + ": two ways to V differ");
        assertFactors(what, rows, cols, a, 0, Math.max(cols, 1), s, u, v);
        return s;
    }

    private static void assertFactors(String what, int rows, int cols, float[] a, int offset, int lda, float[] s,
            float[] u, float[] v) {
        int k = Math.min(rows, cols);
        assertEquals(k, s.length, what);
        for (int j = 0; j < k; j++) {
            assertTrue(s[j] >= 0 && (j == 0 || s[j] <= s[j - 1]), what + ": value " + j + " is " + s[j]);
        }
        if (k > 0) {
            residual(what, rows, cols, a, offset, lda, s, u, v);
            orthogonality(what + ", U", rows, k, u, LIMIT);
            orthogonality(what + ", V", cols, k, v, LIMIT);
        }
    }

    /** ||A - U S V^T||_1 / (||A||_1 max(m, n) eps), A and S scaled so that norms stay in range. */
    private static void residual(String what, int rows, int cols, float[] a, int offset, int lda, float[] s, float[] u,
            float[] v) {
        int k = s.length;
        double largest = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                largest = Math.max(largest, Math.abs((double) a[offset + i * lda + j]));
            }
        }
        int exponent = largest == 0 ? 0 : -Math.getExponent(largest);
        double[] us = new double[rows * k];
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < k; p++) {
                us[i * k + p] = u[i * k + p] * Math.scalb((double) s[p], exponent);
            }
        }
        double norm = 0;
        double error = 0;
        for (int j = 0; j < cols; j++) {
            double normOfColumn = 0;
            double errorOfColumn = 0;
            for (int i = 0; i < rows; i++) {
                double element = Math.scalb((double) a[offset + i * lda + j], exponent);
                double difference = element;
                for (int p = 0; p < k; p++) {
                    difference -= us[i * k + p] * v[j * k + p];
                }
                normOfColumn += Math.abs(element);
                errorOfColumn += Math.abs(difference);
            }
            norm = Math.max(norm, normOfColumn);
            error = Math.max(error, errorOfColumn);
        }
        // The second term is what rounding the singular values to denormal numbers explains; else it is nothing.
        double bound = LIMIT * norm * Math.max(rows, cols) * EPS
                + rows * Math.scalb((double) Float.MIN_VALUE, exponent);
        assertTrue(error <= bound, what + ": residual is " + error / (norm * Math.max(rows, cols) * EPS) + " units");
    }

    /** ||I - Q^T Q||_1 / (m eps) for Q of m rows is within a limit. */
    static void orthogonality(String what, int rows, int k, float[] q, double limit) {
        double[] gram = new double[k * k];
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < k; p++) {
                double qip = q[i * k + p];
                for (int r = 0; r < k; r++) {
                    gram[p * k + r] += qip * q[i * k + r];
                }
            }
        }
        double error = 0;
        for (int p = 0; p < k; p++) {
            double errorOfRow = 0;
            for (int r = 0; r < k; r++) {
                errorOfRow += Math.abs((p == r ? 1 : 0) - gram[p * k + r]);
            }
            error = Math.max(error, errorOfRow);
        }
        assertTrue(error <= limit * rows * EPS, what + ": orthogonality is " + error / (rows * EPS) + " units");
    }
}
