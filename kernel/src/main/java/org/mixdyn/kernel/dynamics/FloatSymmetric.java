package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Precision;

/**
 * A symmetric matrix X (n x n), held in full. Rows and columns are padded with zeros to whole strips, so that transposes go
 * through vector registers. What makes it symmetric works strip by strip, and strips may be done by several threads.
 */
final class FloatSymmetric {
    /** Rows of a strip. */
    static final int STRIP = FloatTransposition.ROWS;

    /** Where the first row begins: at a cache line, as all rows do then. */
    static final int START = Precision.F32.lineStart();

    private final int n;
    private final int stride;
    private final float[] x;

    FloatSymmetric(int n) {
        this.n = n;
        stride = padded(n);
        x = new float[size(n, n)];
    }

    /** Elements of the array of a matrix that is padded in this way. */
    static int size(int rows, int cols) {
        // Operands are read in whole vectors, past the last one of a row.
        return Math.addExact(Math.multiplyExact(padded(rows), padded(cols)), START + STRIP);
    }

    /** A side in whole strips. */
    static int padded(int side) {
        return strips(side) * STRIP;
    }

    /** Strips of a side. */
    static int strips(int side) {
        return (side + STRIP - 1) / STRIP;
    }

    /** Distance between rows. */
    int stride() {
        return stride;
    }

    /** X, row-major with {@link #stride} from {@link #START} on; not a copy. */
    float[] elements() {
        return x;
    }

    /** The part of a strip right of the diagonal is copied to below it; all strips together make X symmetric. */
    void mirror(int strip) {
        int first = strip * STRIP;
        int last = Math.min(n, first + STRIP);
        for (int i = first; i < last; i++) {
            for (int j = i + 1; j < last; j++) {
                x[at(j, i)] = x[at(i, j)];
            }
        }
        copyBelow(strip);
    }

    /** The same without the block on the diagonal, which is symmetric. */
    void copyBelow(int strip) {
        int first = strip * STRIP;
        int rest = first + STRIP;
        if (rest < stride) {
            FloatTransposition.strip(stride - rest, x, at(first, rest), stride, x, at(rest, first), stride);
        }
    }

    /**
     * X = (X + X^T) / 2 in the part of a strip right of the diagonal and that below it; all strips together do all of X.
     *
     * @param scratch {@link #padded} of n times as many elements as a strip has rows, overwritten
     */
    void average(int strip, float[] scratch) {
        int first = strip * STRIP;
        int last = Math.min(n, first + STRIP);
        for (int i = first; i < last; i++) {
            for (int j = i + 1; j < last; j++) {
                float mean = 0.5f * (x[at(i, j)] + x[at(j, i)]);
                x[at(i, j)] = mean;
                x[at(j, i)] = mean;
            }
        }
        int rest = first + STRIP;
        int cols = stride - rest;
        if (cols == 0) {
            return;
        }
        for (int j = 0; j < cols; j += STRIP) {
            FloatTransposition.strip(STRIP, x, at(rest + j, first), stride, scratch, j, cols);
        }
        for (int i = 0; i < STRIP; i++) {
            FloatVectors.mean(cols, scratch, i * cols, x, at(first + i, rest));
        }
        FloatTransposition.strip(cols, x, at(first, rest), stride, x, at(rest, first), stride);
    }

    private int at(int i, int j) {
        return START + i * stride + j;
    }

    /** ||X||_F^2, the squares of a row summed in the precision of X, and those of rows in double. */
    double squares() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += FloatVectors.sumOfSquares(n, x, at(i, 0));
        }
        return sum;
    }
}
