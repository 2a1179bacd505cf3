package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Counts the singular values of a matrix above a threshold without computing them. By Sylvester's law of inertia A^T
 * A - t^2 I = L D L^T has as many positive elements in D as A has singular values above t; the factorisation costs
 * less than a matrix product.
 *
 * <p>
 * Without pivoting the computed factors are those of a matrix that differs from A^T A - t^2 I, in the 2-norm, by
 * at most
 *
 * <pre>
 *   E = c u trace(|L| |D| |L^T|) + max(rows, cols) u ||A||_F^2 + 2 u t^2,   u the rounding unit
 * </pre>
 *
 * where c is the longest chain of additions: a block's own width, that of a block before and the number of blocks
 * (Higham, Accuracy and Stability of Numerical Algorithms, sections 9.3 and 3.1; the second term is the product's,
 * the third the threshold's). So the count is that of a threshold whose square lies within E of t^2. If the counts at
 * sqrt(t^2 - 2 E) and sqrt(t^2 + 2 E) agree, each with its own E within twice that of t, it is certain for t. If they
 * do not, a value is too near to t to tell, or the elements grew too much, and the answer is {@link #UNDECIDED}. In
 * binary32 the squares of the values lose half of the digits: only a t not far below the largest values is ever
 * decided; the binary64 twin goes down to about 1e-6 of them.
 */
public final class FloatActiveCount {
    /** The answer where rounding errors do not allow one. */
    public static final int UNDECIDED = -1;

    private static final float UNIT = Math.ulp(1f) / 2;
    private static final int BLOCK = 32;

    private final int rows;
    private final int cols;
    private final int side;
    private final Gemm gemm;
    private final float[] matrix;
    private final float[] gram;
    private final float[] work;
    private final float[] panel;

    /** What the last factorisation found. */
    private int positive;
    private double error;

    /**
     * A counter for matrices of one shape.
     *
     * @param rows    rows of A, at least 0
     * @param cols    columns of A, at least 0
     * @param threads that its products use
     * @throws IllegalArgumentException if a size is negative
     */
    public FloatActiveCount(int rows, int cols, int threads) {
        if (rows < 0 || cols < 0) {
            throw new IllegalArgumentException("rows and cols are " + rows + " and " + cols + "; allowed is 0 or more");
        }
        this.rows = rows;
        this.cols = cols;
        side = Math.min(rows, cols);
        gemm = Gemm.withThreads(threads);
        matrix = new float[Storage.size(rows, Math.max(1, cols))];
        gram = new float[Storage.size(side, Math.max(1, side))];
        work = new float[gram.length];
        panel = new float[Storage.size(side, BLOCK)];
    }

    /**
     * The number of singular values of A above t, or {@value #UNDECIDED}.
     *
     * @param a row-major rows x cols; not modified, not kept
     * @param t at least 0 and finite
     * @throws IllegalArgumentException if a is too short or has an element that is NaN or infinite, or t is out of its range
     */
    public int above(float[] a, double t) {
        if (!(t >= 0 && t < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("t is " + t + "; allowed is a finite number of at least 0");
        }
        int exponent = FloatScaling.exponentOf(rows, cols, a, 0, Math.max(1, cols));
        if (side == 0) {
            return 0;
        }
        FloatVectors.scale(rows * cols, FloatScaling.factor(exponent), a, 0, matrix, 0);
        double threshold = Math.scalb(t, -exponent);
        double squares = FloatVectors.sumOfSquares(rows * cols, matrix, 0);
        double square = threshold * threshold;
        if (squares == 0 || square > squares * (1 + 4.0 * rows * UNIT * cols)) {
            // No value is above the Frobenius norm.
            return 0;
        }
        formGram();
        double ofMatrix = (double) Math.max(rows, cols) * UNIT * squares + 2 * UNIT * square;
        if (!factor(square)) {
            return UNDECIDED;
        }
        return sameOnBothSides(square, 2 * (error + ofMatrix), ofMatrix);
    }

    private int sameOnBothSides(double square, double margin, double ofMatrix) {
        if (square <= margin || !factor(square - margin) || error + ofMatrix > margin) {
            return UNDECIDED;
        }
        int below = positive;
        if (!factor(square + margin) || error + ofMatrix > margin) {
            return UNDECIDED;
        }
        return below == positive ? positive : UNDECIDED;
    }

    /** The smaller one of A^T A and A A^T. */
    private void formGram() {
        boolean wide = cols > rows;
        gemm.sgemm(!wide, wide, side, side, Math.max(rows, cols), 1, matrix, 0, cols, matrix, 0, cols, 0, gram, 0,
                side);
    }

    /** L D L^T of the Gram matrix minus a multiple of the identity, by blocks of columns; false if a pivot is zero. */
    private boolean factor(double square) {
        System.arraycopy(gram, 0, work, 0, side * side);
        for (int i = 0; i < side; i++) {
            work[i * side + i] -= (float) square;
        }
        positive = 0;
        for (int start = 0; start < side; start += BLOCK) {
            int width = Math.min(BLOCK, side - start);
            if (!factorColumns(start, width)) {
                return false;
            }
            int below = side - start - width;
            if (below > 0) {
                // The trailing matrix minus L D L^T of these columns: "panel" holds D L^T, one row of it per column.
                int next = start + width;
                for (int top = next; top < side; top += 4 * BLOCK) {
                    int height = Math.min(4 * BLOCK, side - top);
                    gemm.sgemm(false, false, height, top + height - next, width, -1, work, top * side + start, side,
                            panel, next, side, 1, work, top * side + next, side);
                }
            }
        }
        error = (2 * BLOCK + Math.ceilDiv(side, BLOCK) + 4.0) * UNIT * growth();
        return true;
    }

    private boolean factorColumns(int start, int width) {
        for (int k = 0; k < width; k++) {
            int column = start + k;
            float pivot = work[column * side + column];
            if (pivot == 0 || !Float.isFinite(pivot)) {
                return false;
            }
            positive += pivot > 0 ? 1 : 0;
            int row = k * side;
            for (int i = column + 1; i < side; i++) {
                float x = work[i * side + column];
                panel[row + i] = x;
                work[i * side + column] = x / pivot;
            }
            for (int i = column + 1; i < side; i++) {
                int last = Math.min(i, start + width - 1);
                FloatVectors.axpy(last - column, -work[i * side + column], panel, row + column + 1, work,
                        i * side + column + 1);
            }
        }
        return true;
    }

    /** trace(|L| |D| |L^T|). */
    private double growth() {
        double sum = 0;
        for (int i = 0; i < side; i++) {
            sum += Math.abs(work[i * side + i]);
            for (int k = 0; k < i; k++) {
                double l = work[i * side + k];
                sum += l * l * Math.abs(work[k * side + k]);
            }
        }
        return sum;
    }
}
