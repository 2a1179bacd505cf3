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
    private static final int START = FloatSymmetric.START;

    /** Rounds at most. With the smallest gap each gains two bits, and what is left need only be small. */
    private static final int MOST_ROUNDS = 8;

    /** Columns of the narrow operands are a multiple of this. */
    private static final int COLUMNS = 8;

    /** Rounds of the series for H: each gains a factor of 0.05 at least, half of the largest ||F||^2. */
    private static final int SERIES = 12;

    /** ||F||_F^2 and ||K||_F^2 at most: beyond it A is far from diagonal. */
    private static final double LARGEST_ANGLE = 0.1;

    private final int n;
    private final int stride;
    private final Gemm gemm;
    private final FloatSvd svd;
    private int r;
    /** r in whole {@link #COLUMNS}: few shapes of products. What is beyond r is zero. */
    private int cols;
    /** F and K, then H / 2 of P and of Q, n x cols, their first r rows zero. */
    private final float[] left;
    private final float[] right;
    private final float[] work;
    private final float[] before;
    /** (I + H^T H / 4)^-1 of P and of Q, r x r. */
    private final double[] leftInverse;
    private final double[] rightInverse;
    /** Singular vectors of the leading block once it is on its own, cols x cols, the identity beyond r. */
    private final float[] leftVectors;
    private final float[] rightVectors;
    private final float[] small;
    private final double[] gram;
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
        int widest = columns(most);
        left = new float[n * widest];
        right = new float[n * widest];
        work = new float[n * widest];
        before = new float[n * widest];
        leftInverse = new double[most * most];
        rightInverse = new double[most * most];
        leftVectors = new float[widest * widest];
        rightVectors = new float[widest * widest];
        small = new float[widest * widest];
        gram = new double[most * most];
        square = new double[most * most];
        inverse = new double[2 * most * most];
        spare = new double[most * most];
    }

    private int columns(int leading) {
        return Math.min(n, (leading + COLUMNS - 1) / COLUMNS * COLUMNS);
    }

    /**
     * Finds P and Q and applies them.
     *
     * @param a       A, row-major with the stride from {@link FloatSymmetric#START} on, overwritten with P^T A Q
     * @param leading r
     * @return false if A is too far from diagonal; then A is as it was
     */
    boolean decouple(float[] a, int leading) {
        r = leading;
        cols = columns(r);
        Arrays.fill(right, 0, n * cols, 0);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            System.arraycopy(right, 0, before, 0, n * cols);
            gemm.sgemm(false, false, n, cols, n, 1, a, START, stride, right, 0, cols, 0, work, 0, cols);
            addLeading(a, stride, 1);
            if (!divide(left)) {
                return false;
            }
            gemm.sgemm(true, false, n, cols, n, 1, a, START, stride, left, 0, cols, 0, work, 0, cols);
            addLeading(a, 1, stride);
            if (!divide(right)) {
                return false;
            }
            double moved = 0;
            double size = 0;
            for (int i = 0; i < n * cols; i++) {
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
        turnColumns(a, START, stride, right, rightInverse);
        svd.factor(r, r, a, START, stride);
        svd.u(small);
        spread(leftVectors);
        svd.v(small);
        spread(rightVectors);
        combineRows(a, leftVectors);
        combineColumns(a, START, stride, rightVectors);
        return true;
    }

    /** work, n x cols, += the first r columns of a matrix with element (j, i) at j down + i across from the start. */
    private void addLeading(float[] x, int down, int across) {
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < r; i++) {
                work[j * cols + i] += x[START + j * down + i * across];
            }
        }
    }

    /** X = P^T X Q with the stride of A. */
    void turn(float[] x) {
        turnRows(x, left, leftInverse);
        turnColumns(x, START, stride, right, rightInverse);
        combineRows(x, leftVectors);
        combineColumns(x, START, stride, rightVectors);
    }

    /**
     * U = U P and V = V Q.
     *
     * @param start      where their first row begins
     * @param rowsStride distance between their rows
     */
    void turnBases(float[] u, float[] v, int start, int rowsStride) {
        turnColumns(u, start, rowsStride, left, leftInverse);
        combineColumns(u, start, rowsStride, leftVectors);
        turnColumns(v, start, rowsStride, right, rightInverse);
        combineColumns(v, start, rowsStride, rightVectors);
    }

    /** The r x r matrix in small, and the identity beyond it. */
    private void spread(float[] into) {
        for (int i = 0; i < cols; i++) {
            for (int j = 0; j < cols; j++) {
                into[i * cols + j] = i < r && j < r ? small[i * r + j] : i == j ? 1 : 0;
            }
        }
    }

    /** From work, n x cols, to F or K: rows from r on, times the inverse of the first r. False if there is none. */
    private boolean divide(float[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                square[i * r + j] = work[i * cols + j];
            }
        }
        if (!invert(square, spare)) {
            return false;
        }
        multiplySmall(1, work, spare, into);
        Arrays.fill(into, 0, r * cols, 0);
        return true;
    }

    /** From F to H / 2 in place, and (I + H^T H / 4)^-1. */
    private boolean cayley(float[] f, double[] result) {
        gemm.sgemm(true, false, cols, cols, n, 1, f, 0, cols, f, 0, cols, 0, small, 0, cols);
        double trace = 0;
        for (int i = 0; i < r; i++) {
            trace += small[i * cols + i];
            for (int j = 0; j < r; j++) {
                gram[i * r + j] = small[i * cols + j];
            }
        }
        if (!(trace <= LARGEST_ANGLE)) {
            return false;
        }
        // H = F T with T = I - T F^T F T / 4, which commute: each round gains a factor of F^T F / 2.
        double[] t = result;
        for (int i = 0; i < r * r; i++) {
            t[i] = i % (r + 1) == 0 ? 1 : 0;
        }
        for (int round = 0; round < SERIES; round++) {
            multiply(t, gram, spare);
            multiply(spare, t, square);
            for (int i = 0; i < r * r; i++) {
                t[i] = (i % (r + 1) == 0 ? 1 : 0) - 0.25 * square[i];
            }
        }
        System.arraycopy(f, 0, work, 0, n * cols);
        multiplySmall(0.5, work, t, f);
        // H^T H / 4 = I - T.
        for (int i = 0; i < r * r; i++) {
            square[i] = (i % (r + 1) == 0 ? 2 : 0) - t[i];
        }
        return invert(square, result);
    }

    /** into = X Y, r x r. */
    private void multiply(double[] x, double[] y, double[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                double sum = 0;
                for (int k = 0; k < r; k++) {
                    sum += x[i * r + k] * y[k * r + j];
                }
                into[i * r + j] = sum;
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

    /** into = factor X Z of n x cols and r x r, Z being zero beyond that. */
    private void multiplySmall(double factor, float[] x, double[] z, float[] into) {
        toSmall(factor, z);
        gemm.sgemm(false, false, n, cols, cols, 1, x, 0, cols, small, 0, cols, 0, into, 0, cols);
    }

    private void toSmall(double factor, double[] z) {
        for (int i = 0; i < cols; i++) {
            for (int j = 0; j < cols; j++) {
                small[i * cols + j] = i < r && j < r ? (float) (factor * z[i * r + j]) : 0;
            }
        }
    }

    /**
     * X = P^T X: with W = -2 D (X_1 + (H / 2)^T X_2), D = (I + H^T H / 4)^-1, X_1 becomes -W - X_1 and H / 2 W is added to X_2.
     * Factors of 1 in the products, for others have X packed.
     */
    private void turnRows(float[] x, float[] h, double[] d) {
        gemm.sgemm(true, false, cols, n, n, 1, h, 0, cols, x, START, stride, 0, before, 0, n);
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < n; j++) {
                before[i * n + j] += x[START + i * stride + j];
            }
        }
        toSmall(-2, d);
        gemm.sgemm(false, false, cols, n, cols, 1, small, 0, cols, before, 0, n, 0, work, 0, n);
        gemm.sgemm(false, false, n, n, cols, 1, h, 0, cols, work, 0, n, 1, x, START, stride);
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < n; j++) {
                x[START + i * stride + j] = -work[i * n + j] - x[START + i * stride + j];
            }
        }
    }

    /** X = X Q, X having n rows; as {@link #turnRows} on the transpose. */
    private void turnColumns(float[] x, int x0, int xStride, float[] h, double[] d) {
        gemm.sgemm(false, false, n, cols, n, 1, x, x0, xStride, h, 0, cols, 0, before, 0, cols);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < r; j++) {
                before[i * cols + j] += x[x0 + i * xStride + j];
            }
        }
        multiplySmall(-2, before, d, work);
        gemm.sgemm(false, true, n, n, cols, 1, work, 0, cols, h, 0, cols, 1, x, x0, xStride);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < r; j++) {
                x[x0 + i * xStride + j] = -work[i * cols + j] - x[x0 + i * xStride + j];
            }
        }
    }

    /** X_1 = Z^T X_1 for the first rows. */
    private void combineRows(float[] x, float[] z) {
        for (int i = 0; i < cols; i++) {
            System.arraycopy(x, START + i * stride, before, i * n, n);
        }
        gemm.sgemm(true, false, cols, n, cols, 1, z, 0, cols, before, 0, n, 0, x, START, stride);
    }

    /** X_1 = X_1 Z for the first columns. */
    private void combineColumns(float[] x, int x0, int xStride, float[] z) {
        for (int i = 0; i < n; i++) {
            System.arraycopy(x, x0 + i * xStride, before, i * cols, cols);
        }
        gemm.sgemm(false, false, n, cols, cols, 1, before, 0, cols, z, 0, cols, 0, x, x0, xStride);
    }
}
