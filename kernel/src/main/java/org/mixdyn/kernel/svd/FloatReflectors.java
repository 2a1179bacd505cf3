package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.simd.FloatVectors;

/**
 * A sequence of Householder reflectors H_k = I - tau_k u_k u_k^T of one order, k = 0..count-1, and its application to the
 * rows of matrices. u_k is row k of {@link #vectors}; it is zero before its first element, which is 1. Rows are the
 * natural operand here: one row times H_k is one dot product and one multiple of u_k added, all of it contiguous.
 */
final class FloatReflectors {
    /** Squares of at least this size lose nothing that matters to underflow. */
    private static final float SAFE_SQUARE = Float.MIN_NORMAL / Math.ulp(1f);

    private int order;
    private int count;
    private int stride;
    private float[] vectors = new float[0];
    private float[] tau = new float[0];
    private final float[] products = new float[4];

    /** Makes room for reflectors of the given order; all vectors are zero. */
    void reset(int newCount, int newOrder) {
        order = newOrder;
        count = newCount;
        stride = Storage.stride(newOrder);
        int size = Storage.size(newCount, stride);
        if (vectors.length < size) {
            vectors = new float[size];
        } else {
            Arrays.fill(vectors, 0, size, 0f);
        }
        if (tau.length < newCount) {
            tau = new float[newCount];
        }
    }

    /** The vectors u_k, row-major, {@link #stride} apart; row k is the place to write x before {@link #make}. */
    float[] vectors() {
        return vectors;
    }

    /** Distance between two rows of {@link #vectors}; the padding is zero. */
    int stride() {
        return stride;
    }

    /** tau_k, 0 for the identity. */
    float tau(int k) {
        return tau[k];
    }

    /**
     * Makes H_k such that H_k x = beta e_first for the x that stands in row k from element first on, everything before
     * being zero. The row then holds u_k.
     *
     * @return beta, |beta| = ||x||
     */
    float make(int k, int first) {
        int start = k * stride + first;
        int length = order - first;
        float largestBelow = FloatVectors.maxAbs(length - 1, vectors, start + 1);
        if (largestBelow == 0) {
            float beta = vectors[start];
            vectors[start] = 1;
            tau[k] = 0;
            return beta;
        }
        float squares = FloatVectors.sumOfSquares(length, vectors, start);
        float unscale = 1;
        if (squares < SAFE_SQUARE) {
            // Tiny vectors, denormal ones above all, are scaled up first: tau and u must belong to each other to full
            // precision, or H would not be orthogonal.
            float largest = Math.max(largestBelow, Math.abs(vectors[start]));
            int exponent = Math.getExponent(largest);
            unscale = Math.scalb(1f, exponent);
            FloatVectors.scale(length, Math.scalb(1f, -exponent), vectors, start, vectors, start);
            squares = FloatVectors.sumOfSquares(length, vectors, start);
        }
        float alpha = vectors[start];
        float beta = -Math.copySign((float) Math.sqrt(squares), alpha);
        tau[k] = (beta - alpha) / beta;
        FloatVectors.scale(length - 1, 1 / (alpha - beta), vectors, start + 1, vectors, start + 1);
        vectors[start] = 1;
        return beta * unscale;
    }

    /**
     * Multiplies rows from the right by H_{k_0} H_{k_0 + step} ... H_{k_1}, step being the direction from k_0 to k_1.
     *
     * @param rows row-major, order columns, padding zero; modified
     */
    void apply(int rowCount, float[] rows, int offset, int rowStride, int k0, int k1) {
        int row = 0;
        for (; row <= rowCount - 4; row += 4) {
            applyToFour(rows, offset + row * rowStride, rowStride, k0, k1);
        }
        for (; row < rowCount; row++) {
            applyToOne(rows, offset + row * rowStride, k0, k1);
        }
    }

    /**
     * Overwrites rows with H_{count-1} ... H_0, the transpose of the product of the reflectors in ascending order.
     *
     * @param rows row-major order x order, padding zero; overwritten
     * @param firstOf first element of u_0; that of u_k is firstOf + k
     */
    void transposedProduct(float[] rows, int rowStride, int firstOf) {
        for (int row = 0; row < order; row += 4) {
            int rowsHere = Math.min(4, order - row);
            for (int r = row; r < row + rowsHere; r++) {
                Arrays.fill(rows, r * rowStride, (r + 1) * rowStride, 0f);
                rows[r * rowStride + r] = 1;
            }
            // A unit vector e_r is left alone by every u_k that begins beyond r.
            int last = Math.min(count - 1, row + rowsHere - 1 - firstOf);
            if (last >= 0) {
                apply(rowsHere, rows, row * rowStride, rowStride, last, 0);
            }
        }
    }

    private void applyToFour(float[] rows, int offset, int rowStride, int k0, int k1) {
        int step = k0 <= k1 ? 1 : -1;
        for (int k = k0; k != k1 + step; k += step) {
            // The stretch begins at a multiple of 16 and ends with the padding: what is added there is zero.
            int from = k & -16;
            int u = k * stride + from;
            FloatVectors.dotFour(stride - from, vectors, u, rows, offset + from, rowStride, products);
            for (int r = 0; r < 4; r++) {
                products[r] *= -tau[k];
            }
            FloatVectors.axpyFour(stride - from, products, vectors, u, rows, offset + from, rowStride);
        }
    }

    private void applyToOne(float[] rows, int offset, int k0, int k1) {
        int step = k0 <= k1 ? 1 : -1;
        for (int k = k0; k != k1 + step; k += step) {
            int from = k & -16;
            int u = k * stride + from;
            float product = FloatVectors.dot(stride - from, vectors, u, rows, offset + from);
            FloatVectors.axpy(stride - from, -tau[k] * product, vectors, u, rows, offset + from);
        }
    }
}
