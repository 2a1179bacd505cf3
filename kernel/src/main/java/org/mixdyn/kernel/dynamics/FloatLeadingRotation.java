package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.FloatSvd;

/**
 * Rotations P and Q after which the first r rows and columns of an n x n matrix, whose values stand above all others, are
 * coupled to the others no more, and are diagonal:
 *
 * <pre>
 *   A = [S C; E B],   P^T A Q = [diag 0; 0 B'].
 * </pre>
 *
 * The first r columns of P and Q span the leading singular subspaces [I; F] and [I; K],
 *
 * <pre>
 *   F = (E + B K) (S + C K)^-1,   K = (C^T + B^T F) (S^T + E^T F)^-1,
 * </pre>
 *
 * which is solved by turns: each round shrinks what is left by the square of the gap. Of all rotations onto a subspace
 * Cayley's, (I - W / 2)^-1 (I + W / 2) with W = [0 -H^T; H 0] and F = H (I - H^T H / 4)^-1, moves the other directions least;
 * it takes products with r columns alone. Small values are kept to a rounding of themselves and of what turns into them.
 */
final class FloatLeadingRotation {
    /** Rounds at most. With the smallest gap each gains two bits, and what is left need only be small. */
    private static final int MOST_ROUNDS = 8;

    /** ||F||_F^2 and ||K||_F^2 at most: beyond it A is far from diagonal. */
    private static final double LARGEST_ANGLE = 0.1;

    private final int n;
    private final int stride;
    private final Gemm gemm;
    private final FloatSvd svd;
    private int r;
    /** F and K, then H / 2 of P and of Q, (n - r) x r. */
    private final float[] left;
    private final float[] right;
    private final float[] work;
    private final float[] before;
    /** (I + H^T H / 4)^-1 of P and of Q, r x r. */
    private final double[] leftInverse;
    private final double[] rightInverse;
    /** Singular vectors of the leading block once it is on its own, r x r. */
    private final float[] leftVectors;
    private final float[] rightVectors;
    private final float[] small;
    private final double[] square;
    private final double[] inverse;
    private final double[] spare;

    /**
     * Rotations for matrices of one size.
     *
     * @param most   largest r
     * @param stride distance between rows of A
     */
    FloatLeadingRotation(int n, int most, int stride, Gemm gemm, FloatSvd svd) {
        this.n = n;
        this.stride = stride;
        this.gemm = gemm;
        this.svd = svd;
        left = new float[n * most];
        right = new float[n * most];
        work = new float[n * most];
        before = new float[n * most];
        leftInverse = new double[most * most];
        rightInverse = new double[most * most];
        leftVectors = new float[most * most];
        rightVectors = new float[most * most];
        small = new float[most * most];
        square = new double[most * most];
        inverse = new double[2 * most * most];
        spare = new double[most * most];
    }

    /**
     * Finds P and Q and applies them.
     *
     * @param a       A, row-major with the stride, overwritten with P^T A Q
     * @param leading r
     * @return false if A is too far from diagonal; then A is as it was
     */
    boolean decouple(float[] a, int leading) {
        r = leading;
        int rest = n - r;
        Arrays.fill(right, 0, rest * r, 0);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            System.arraycopy(right, 0, before, 0, rest * r);
            // F = (E + B K) (S + C K)^-1
            for (int j = 0; j < rest; j++) {
                System.arraycopy(a, (r + j) * stride, work, j * r, r);
            }
            gemm.sgemm(false, false, rest, r, rest, 1, a, r * stride + r, stride, right, 0, r, 1, work, 0, r);
            copySquare(a, false);
            gemm.sgemm(false, false, r, r, rest, 1, a, r, stride, right, 0, r, 1, small, 0, r);
            if (!divide(left)) {
                return false;
            }
            // K = (C^T + B^T F) (S^T + E^T F)^-1
            for (int j = 0; j < rest; j++) {
                for (int i = 0; i < r; i++) {
                    work[j * r + i] = a[i * stride + r + j];
                }
            }
            gemm.sgemm(true, false, rest, r, rest, 1, a, r * stride + r, stride, left, 0, r, 1, work, 0, r);
            copySquare(a, true);
            gemm.sgemm(true, false, r, r, rest, 1, a, r * stride, stride, left, 0, r, 1, small, 0, r);
            if (!divide(right)) {
                return false;
            }
            double moved = 0;
            double size = 0;
            for (int i = 0; i < rest * r; i++) {
                double change = (double) right[i] - before[i];
                moved += change * change;
                size += (double) right[i] * right[i];
            }
            if (!(size <= LARGEST_ANGLE)) {
                return false;
            }
            if (moved <= size * Precision.F32.unitRoundoff()) {
                break;
            }
        }
        if (!cayley(left, leftInverse) || !cayley(right, rightInverse)) {
            return false;
        }
        turnRows(a, left, leftInverse);
        turnColumns(a, stride, right, rightInverse);
        svd.factor(r, r, a, 0, stride);
        svd.u(leftVectors);
        svd.v(rightVectors);
        combineRows(a, leftVectors);
        combineColumns(a, stride, rightVectors);
        return true;
    }

    /** X = P^T X Q with the stride of A. */
    void turn(float[] x) {
        turnRows(x, left, leftInverse);
        turnColumns(x, stride, right, rightInverse);
        combineRows(x, leftVectors);
        combineColumns(x, stride, rightVectors);
    }

    /** U = U P and V = V Q, n x n without gaps. */
    void turnBases(float[] u, float[] v) {
        turnColumns(u, n, left, leftInverse);
        combineColumns(u, n, leftVectors);
        turnColumns(v, n, right, rightInverse);
        combineColumns(v, n, rightVectors);
    }

    private void copySquare(float[] a, boolean transposed) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                small[i * r + j] = transposed ? a[j * stride + i] : a[i * stride + j];
            }
        }
    }

    /** into = work small^-1; false if there is no inverse. */
    private boolean divide(float[] into) {
        for (int i = 0; i < r * r; i++) {
            square[i] = small[i];
        }
        if (!invert(square, spare)) {
            return false;
        }
        multiplySmall(n - r, 1, work, spare, into);
        return true;
    }

    /** From F to H / 2 in place, and (I + H^T H / 4)^-1. */
    private boolean cayley(float[] f, double[] result) {
        gemm.sgemm(true, false, r, r, n - r, 1, f, 0, r, f, 0, r, 0, small, 0, r);
        double trace = 0;
        for (int i = 0; i < r; i++) {
            trace += small[i * r + i];
        }
        if (!(trace <= LARGEST_ANGLE)) {
            return false;
        }
        // H = F T with T = I - T F^T F T / 4, which commute: each round gains a factor of F^T F / 2.
        double[] t = result;
        for (int i = 0; i < r * r; i++) {
            t[i] = i % (r + 1) == 0 ? 1 : 0;
        }
        for (int round = 0; round < 12; round++) {
            square(t);
            for (int i = 0; i < r * r; i++) {
                t[i] = (i % (r + 1) == 0 ? 1 : 0) - 0.25 * square[i];
            }
        }
        System.arraycopy(f, 0, work, 0, (n - r) * r);
        multiplySmall(n - r, 1, work, t, f);
        for (int i = 0; i < (n - r) * r; i++) {
            f[i] *= 0.5f;
        }
        // H^T H / 4 = I - T.
        for (int i = 0; i < r * r; i++) {
            square[i] = (i % (r + 1) == 0 ? 2 : 0) - t[i];
        }
        return invert(square, result);
    }

    /** square = T (F^T F) T, F^T F in small. */
    private void square(double[] t) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                double sum = 0;
                for (int k = 0; k < r; k++) {
                    sum += t[i * r + k] * small[k * r + j];
                }
                spare[i * r + j] = sum;
            }
        }
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                double sum = 0;
                for (int k = 0; k < r; k++) {
                    sum += spare[i * r + k] * t[k * r + j];
                }
                square[i * r + j] = sum;
            }
        }
    }

    /** into = x^-1, r x r, by Gauss and Jordan with pivots from the column; x is overwritten. */
    private boolean invert(double[] x, double[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                inverse[i * 2 * r + j] = x[i * r + j];
                inverse[i * 2 * r + r + j] = i == j ? 1 : 0;
            }
        }
        for (int k = 0; k < r; k++) {
            int pivot = k;
            for (int i = k + 1; i < r; i++) {
                if (Math.abs(inverse[i * 2 * r + k]) > Math.abs(inverse[pivot * 2 * r + k])) {
                    pivot = i;
                }
            }
            double value = inverse[pivot * 2 * r + k];
            if (!(Math.abs(value) > 0)) {
                return false;
            }
            for (int j = 0; j < 2 * r; j++) {
                double swap = inverse[pivot * 2 * r + j];
                inverse[pivot * 2 * r + j] = inverse[k * 2 * r + j];
                inverse[k * 2 * r + j] = swap / value;
            }
            for (int i = 0; i < r; i++) {
                double factor = inverse[i * 2 * r + k];
                if (i != k && factor != 0) {
                    for (int j = 0; j < 2 * r; j++) {
                        inverse[i * 2 * r + j] -= factor * inverse[k * 2 * r + j];
                    }
                }
            }
        }
        for (int i = 0; i < r; i++) {
            System.arraycopy(inverse, i * 2 * r + r, into, i * r, r);
        }
        return true;
    }

    /** into = factor X Z of rows x r and r x r. */
    private void multiplySmall(int rows, double factor, float[] x, double[] z, float[] into) {
        for (int i = 0; i < r * r; i++) {
            small[i] = (float) (factor * z[i]);
        }
        gemm.sgemm(false, false, rows, r, r, 1, x, 0, r, small, 0, r, 0, into, 0, r);
    }

    /**
     * X = P^T X: with W = -2 D (X_1 + (H / 2)^T X_2), D = (I + H^T H / 4)^-1, X_1 becomes -W - X_1 and H / 2 W is added to X_2.
     * Factors of 1 in the products, for others have X packed.
     */
    private void turnRows(float[] x, float[] h, double[] d) {
        for (int i = 0; i < r; i++) {
            System.arraycopy(x, i * stride, before, i * n, n);
        }
        gemm.sgemm(true, false, r, n, n - r, 1, h, 0, r, x, r * stride, stride, 1, before, 0, n);
        for (int i = 0; i < r * r; i++) {
            small[i] = (float) (-2 * d[i]);
        }
        gemm.sgemm(false, false, r, n, r, 1, small, 0, r, before, 0, n, 0, work, 0, n);
        gemm.sgemm(false, false, n - r, n, r, 1, h, 0, r, work, 0, n, 1, x, r * stride, stride);
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < n; j++) {
                x[i * stride + j] = -work[i * n + j] - x[i * stride + j];
            }
        }
    }

    /** X = X Q, X having n rows; as {@link #turnRows} on the transpose. */
    private void turnColumns(float[] x, int xStride, float[] h, double[] d) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, i * xStride, before, i * r, r);
        }
        gemm.sgemm(false, false, n, r, n - r, 1, x, r, xStride, h, 0, r, 1, before, 0, r);
        multiplySmall(n, -2, before, d, work);
        gemm.sgemm(false, true, n, n - r, r, 1, work, 0, r, h, 0, r, 1, x, r, xStride);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < r; j++) {
                x[i * xStride + j] = -work[i * r + j] - x[i * xStride + j];
            }
        }
    }

    /** X_1 = Z^T X_1 for the first r rows. */
    private void combineRows(float[] x, float[] z) {
        for (int i = 0; i < r; i++) {
            System.arraycopy(x, i * stride, before, i * n, n);
        }
        gemm.sgemm(true, false, r, n, r, 1, z, 0, r, before, 0, n, 0, x, 0, stride);
    }

    /** X_1 = X_1 Z for the first r columns. */
    private void combineColumns(float[] x, int xStride, float[] z) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, i * xStride, before, i * r, r);
        }
        gemm.sgemm(false, false, n, r, r, 1, before, 0, r, z, 0, r, 0, x, 0, xStride);
    }
}
