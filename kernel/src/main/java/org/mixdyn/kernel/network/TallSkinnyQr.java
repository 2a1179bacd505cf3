package org.mixdyn.kernel.network;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.DoubleVectors;

/**
 * The triangular factor R of a matrix with any number of rows, X = Q R, by Householder reflections in binary64. The matrix
 * comes in panels of rows: each is stacked under the R of the rows before it, [R; panel] = Q' R', with reflections that
 * touch one row of R and the panel (Demmel, Grigori, Hoemmen and Langou, "Communication-optimal parallel and sequential QR
 * and LU factorizations", 2012, section 4.3: a flat tree). So no more than a panel and R are ever held. Columns are worked
 * on in blocks; what is right of a block is updated by matrix products through I - V T V^T (Schreiber and Van Loan, 1989).
 * Q is not kept. 2 w n^2 operations for w rows of n columns.
 */
final class TallSkinnyQr {
    /** Columns of a block. */
    private static final int BLOCK = 32;

    /** A sum of squares below this may have lost some of them to underflow. */
    private static final double LEAST_SQUARES = 0x1p-900;

    private final int n;
    private final Gemm gemm;
    private final double[] r;
    /** The lower parts of a block's reflectors, a row each; the upper part of number j is the unit vector of its column. */
    private final double[] reflectors;
    private final double[] t = new double[BLOCK * BLOCK];
    /** V^T X, for the columns X right of a block. */
    private final double[] inner;
    /** T^T V^T X. */
    private final double[] outer;

    /**
     * No rows yet: R = 0.
     *
     * @param n         columns, at most {@link Sides#MOST}
     * @param panelRows rows that come at once at most
     */
    TallSkinnyQr(int n, int panelRows, int threads) {
        this.n = n;
        gemm = Gemm.withThreads(threads);
        r = new double[n * n];
        reflectors = new double[BLOCK * panelRows];
        inner = new double[BLOCK * n];
        outer = new double[BLOCK * n];
    }

    /**
     * Takes a panel of rows into R.
     *
     * @param panel row-major rows x n, overwritten
     */
    void add(int rows, double[] panel) {
        for (int first = 0; first < n; first += BLOCK) {
            int block = Math.min(BLOCK, n - first);
            factorBlock(rows, panel, first, block);
            int rest = first + block;
            if (rest < n) {
                update(rows, panel, first, block, n - rest);
            }
        }
    }

    private void factorBlock(int rows, double[] panel, int first, int block) {
        for (int h = 0; h < rows; h++) {
            for (int j = 0; j < block; j++) {
                reflectors[j * rows + h] = panel[h * n + first + j];
            }
        }
        Arrays.fill(t, 0);
        for (int j = 0; j < block; j++) {
            int column = first + j;
            double tau = reflect(rows, column, j * rows);
            for (int c = j + 1; c < block; c++) {
                int at = column * n + first + c;
                double along = tau * (r[at] + DoubleVectors.dot(rows, reflectors, j * rows, reflectors, c * rows));
                r[at] -= along;
                DoubleVectors.axpy(rows, -along, reflectors, j * rows, reflectors, c * rows);
            }
            addToT(rows, j, tau);
        }
    }

    /**
     * Makes the reflection that takes (R_cc, x) to (R'_cc, 0); x becomes its lower part. Both are scaled by a power of two, which
     * is exact and leaves the reflection as it is, where the squares of x could not be trusted. Returns tau of I - tau v v^T.
     */
    private double reflect(int rows, int column, int x) {
        int diagonal = column * n + column;
        double squares = DoubleVectors.dot(rows, reflectors, x, reflectors, x);
        if (squares >= LEAST_SQUARES && squares < Double.POSITIVE_INFINITY) {
            return reflect(rows, diagonal, x, Math.sqrt(squares));
        }
        double largest = Math.max(Math.abs(r[diagonal]), DoubleVectors.maxAbs(rows, reflectors, x));
        int exponent = Math.getExponent(largest);
        double factor = Math.scalb(1.0, -exponent);
        DoubleVectors.scale(rows, factor, reflectors, x, reflectors, x);
        r[diagonal] *= factor;
        double below = Math.sqrt(DoubleVectors.dot(rows, reflectors, x, reflectors, x));
        double tau = reflect(rows, diagonal, x, below);
        r[diagonal] = Math.scalb(r[diagonal], exponent);
        return tau;
    }

    /** The same for an x of known length. */
    private double reflect(int rows, int diagonal, int x, double below) {
        double top = r[diagonal];
        if (below == 0) {
            return 0;
        }
        double length = -Math.copySign(Math.hypot(top, below), top);
        DoubleVectors.scale(rows, 1 / (top - length), reflectors, x, reflectors, x);
        r[diagonal] = length;
        return (length - top) / length;
    }

    /** Column j of the upper triangular T: -tau T V^T v_j above tau. The upper parts of V are orthogonal to each other. */
    private void addToT(int rows, int j, double tau) {
        t[j * BLOCK + j] = tau;
        double[] products = new double[j];
        for (int i = 0; i < j; i++) {
            products[i] = DoubleVectors.dot(rows, reflectors, i * rows, reflectors, j * rows);
        }
        for (int i = 0; i < j; i++) {
            double sum = 0;
            for (int k = i; k < j; k++) {
                sum += t[i * BLOCK + k] * products[k];
            }
            t[i * BLOCK + j] = -tau * sum;
        }
    }

    /** The columns right of a block: X -= V T^T V^T X, X being rows of R over the panel. */
    private void update(int rows, double[] panel, int first, int block, int cols) {
        int rest = first + block;
        for (int j = 0; j < block; j++) {
            System.arraycopy(r, (first + j) * n + rest, inner, j * cols, cols);
        }
        gemm.dgemm(false, false, block, cols, rows, 1, reflectors, 0, rows, panel, rest, n, 1, inner, 0, cols);
        gemm.dgemm(true, false, block, cols, block, 1, t, 0, BLOCK, inner, 0, cols, 0, outer, 0, cols);
        for (int j = 0; j < block; j++) {
            DoubleVectors.axpy(cols, -1, outer, j * cols, r, (first + j) * n + rest);
        }
        gemm.dgemm(true, false, rows, cols, block, -1, reflectors, 0, rows, outer, 0, cols, 1, panel, rest, n);
    }

    /** R, row-major n x n, zero below the diagonal; not a copy. */
    double[] r() {
        return r;
    }
}
