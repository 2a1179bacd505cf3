package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Precision;

/**
 * X = sqrt(A^T A + s^2 I), or sqrt(A A^T + s^2 I), of an A (n x n) that moves a little at a time, in a basis where A is
 * nearly diagonal. A step is Newton's, with the equation X E + E X = R for the correction solved as if X were diagonal:
 *
 * <pre>
 *   R = A^T A + s^2 I - X^2,   X_ij += R_ij / (X_ii + X_jj).
 * </pre>
 *
 * Denominators are sums of roots, not gaps: close singular values do no harm. The error shrinks by about the ratio of the
 * neglected part to the diagonal, and the first X is extrapolated from the last ones, so one step is the rule: two products
 * of n x n matrices, of which symmetry saves a quarter. X is symmetric to the last bit.
 */
final class FloatTrackedRoot {
    /**
     * A last correction, relative to X, with which X is taken: what is left after it is smaller by the ratio above, which
     * is rounding in binary32 and some digits above it in binary64.
     */
    private static final double SMALL = Math.pow(Precision.F32.unitRoundoff(), 0.75);

    /** From this ratio of two corrections on, another basis is cheaper than more steps. */
    private static final double SLOW = 0.5;
    private static final int MOST_STEPS = 12;

    /**
     * The principal root has no eigenvalue below s. An X that is wrong by less than s has none below 0, from where the
     * iteration would find another root; beyond this share of s that is checked.
     */
    private static final double SAFE = 0.5;

    /** Extrapolation through 1, 2, 3 or 4 points, of which as many are used as there are. */
    private static final int[][] WEIGHTS = {{1, 0, 0, 0}, {2, -1, 0, 0}, {3, -3, 1, 0}, {4, -6, 4, -1}};

    private final int n;
    private final boolean ofRows;
    private final double s;
    private final Gemm gemm;
    private float[] x;
    private float[] before;
    private float[] twoBefore;
    private float[] threeBefore;
    private final float[] residual;
    private final float[] diagonal;
    /** ||X||_F after the last step. */
    private double norm;
    /** Roots that are known in this basis, the present one included. */
    private int points;

    /**
     * A root without a value yet: {@link #restart} gives it one.
     *
     * @param ofRows whether it is that of A A^T
     */
    FloatTrackedRoot(int n, double s, boolean ofRows, Gemm gemm) {
        this.n = n;
        this.ofRows = ofRows;
        this.gemm = gemm;
        this.s = s;
        x = new float[n * n];
        before = new float[n * n];
        twoBefore = new float[n * n];
        threeBefore = new float[n * n];
        residual = new float[n * n];
        diagonal = new float[n];
    }

    /** X, row-major n x n; not a copy, and another array after each step. */
    float[] x() {
        return x;
    }

    /** Begins where A is diagonal: X_ii = sqrt(A_ii^2 + s^2). */
    void restart(float[] singularValues) {
        Arrays.fill(x, 0);
        for (int i = 0; i < n; i++) {
            x[i * n + i] = (float) Math.hypot(singularValues[i], s);
        }
        points = 1;
    }

    /**
     * Follows A.
     *
     * @param a row-major n x n
     * @return whether X is the root now; false if the basis does not serve any more
     */
    boolean follow(float[] a) {
        extrapolate();
        double last = Double.POSITIVE_INFINITY;
        double first = 0;
        for (int step = 0; step < MOST_STEPS; step++) {
            double correction = correct(a);
            if (step == 0) {
                first = correction;
            }
            if (correction <= SMALL) {
                return first * norm < SAFE * s || positiveDefinite();
            }
            // The negation refuses what is not a number, too.
            if (!(correction <= SLOW * last)) {
                return false;
            }
            last = correction;
        }
        return false;
    }

    private void extrapolate() {
        int[] weights = WEIGHTS[points - 1];
        float w0 = weights[0];
        float w1 = weights[1];
        float w2 = weights[2];
        float w3 = weights[3];
        float[] next = threeBefore;
        for (int i = 0; i < next.length; i++) {
            next[i] = w0 * x[i] + w1 * before[i] + w2 * twoBefore[i] + w3 * next[i];
        }
        threeBefore = twoBefore;
        twoBefore = before;
        before = x;
        x = next;
        points = Math.min(points + 1, WEIGHTS.length);
    }

    /** Whether X is the principal root: by Cholesky's factorisation, which needs positive pivots. */
    private boolean positiveDefinite() {
        System.arraycopy(x, 0, residual, 0, n * n);
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                float factor = (residual[i * n + k] - FloatVectors.dot(k, residual, i * n, residual, k * n))
                        / residual[k * n + k];
                residual[i * n + k] = factor;
            }
            float pivot = residual[i * n + i] - FloatVectors.sumOfSquares(i, residual, i * n);
            if (!(pivot > 0)) {
                return false;
            }
            residual[i * n + i] = (float) Math.sqrt(pivot);
        }
        return true;
    }

    /** One step. Returns ||E||_F / ||X||_F. */
    private double correct(float[] a) {
        int half = n / 2;
        upperRows(a, 0, half);
        upperRows(a, half, n - half);
        for (int i = 0; i < n; i++) {
            residual[i * n + i] += (float) (s * s);
            diagonal[i] = Math.max(x[i * n + i], Float.MIN_NORMAL);
        }
        for (int i = half; i < n; i++) {
            for (int j = 0; j < half; j++) {
                residual[i * n + j] = residual[j * n + i];
            }
        }
        double corrections = 0;
        double roots = 0;
        for (int i = 0; i < n; i++) {
            float own = diagonal[i];
            for (int j = 0; j < n; j++) {
                residual[i * n + j] /= own + diagonal[j];
            }
            FloatVectors.axpy(n, 1, residual, i * n, x, i * n);
            corrections += FloatVectors.sumOfSquares(n, residual, i * n);
            roots += FloatVectors.sumOfSquares(n, x, i * n);
        }
        norm = Math.sqrt(roots);
        return Math.sqrt(corrections) / norm;
    }

    /** Rows of A^T A - X^2, or of A A^T - X^2, from the column of the first of them on: symmetry has the rest. */
    private void upperRows(float[] a, int first, int rows) {
        int cols = n - first;
        if (ofRows) {
            gemm.sgemm(false, true, rows, cols, n, 1, a, first * n, n, a, first * n, n, 0, residual, first * n + first,
                    n);
        } else {
            gemm.sgemm(true, false, rows, cols, n, 1, a, first, n, a, first, n, 0, residual, first * n + first, n);
        }
        gemm.sgemm(false, false, rows, cols, n, -1, x, first * n, n, x, first, n, 1, residual, first * n + first, n);
    }
}
