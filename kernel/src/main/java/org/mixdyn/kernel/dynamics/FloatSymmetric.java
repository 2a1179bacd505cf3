package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * A symmetric matrix X (n x n), held in full. Rows and columns are padded with zeros to whole strips, so that transposes go
 * through vector registers. What makes it symmetric works strip by strip, and strips may be done by several threads.
 */
final class FloatSymmetric {
    /** Rows of a strip. */
    static final int STRIP = FloatTransposition.ROWS;

    private final int n;
    private final int stride;
    private final float[] x;

    FloatSymmetric(int n) {
        this.n = n;
        stride = padded(n);
        // Operands are read in whole vectors, past the last one of a row.
        x = new float[Math.addExact(Math.multiplyExact(stride, stride), STRIP)];
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

    /** X, row-major with {@link #stride}; not a copy. */
    float[] elements() {
        return x;
    }

    /** The part of a strip right of the diagonal is copied to below it; all strips together make X symmetric. */
    void mirror(int strip) {
        int first = strip * STRIP;
        int last = Math.min(n, first + STRIP);
        for (int i = first; i < last; i++) {
            for (int j = i + 1; j < last; j++) {
                x[j * stride + i] = x[i * stride + j];
            }
        }
        int rest = first + STRIP;
        if (rest < stride) {
            FloatTransposition.strip(stride - rest, x, first * stride + rest, stride, x, rest * stride + first, stride);
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
                float mean = 0.5f * (x[i * stride + j] + x[j * stride + i]);
                x[i * stride + j] = mean;
                x[j * stride + i] = mean;
            }
        }
        int rest = first + STRIP;
        int cols = stride - rest;
        if (cols == 0) {
            return;
        }
        for (int j = 0; j < cols; j += STRIP) {
            FloatTransposition.strip(STRIP, x, (rest + j) * stride + first, stride, scratch, j, cols);
        }
        for (int i = 0; i < STRIP; i++) {
            FloatVectors.mean(cols, scratch, i * cols, x, (first + i) * stride + rest);
        }
        FloatTransposition.strip(cols, x, first * stride + rest, stride, x, rest * stride + first, stride);
    }

    /** ||X||_F^2, summed in double. */
    double squares() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                sum += (double) x[i * stride + j] * x[i * stride + j];
            }
        }
        return sum;
    }
}
