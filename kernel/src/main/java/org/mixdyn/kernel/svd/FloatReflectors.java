package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Precision;

/**
 * A sequence of Householder reflectors H_k = I - tau_k u_k u_k^T of one order, k = 0..count-1, and its application to the
 * rows of matrices. u_k is row k of {@link #vectors}; it is zero before its first element, which is 1. Rows are the
 * natural operand here: one row times H_k is one dot product and one multiple of u_k added, all of it contiguous.
 */
final class FloatReflectors {
    /** Squares of at least this size lose nothing that matters to underflow. */
    private static final float SAFE_SQUARE = Float.MIN_NORMAL / Math.ulp(1f);

    /** Reflectors that are applied together. */
    private static final int BLOCK = 48;

    /** Terms that are summed one after the other. */
    private static final int SUM = 64;

    /** Where the first row of {@link #vectors} begins: at a cache line, and with strides of {@link Storage} all rows do. */
    static final int START = Precision.F32.lineStart();

    private int order;
    private int count;
    private int stride;
    private float[] vectors = new float[0];
    private float[] tau = new float[0];
    private final float[] products = new float[FloatVectors.FOUR_SUMS];
    private final FloatRows sums = new FloatRows();
    private final float[] gram = new float[BLOCK * BLOCK];
    private final float[] factors = new float[BLOCK];
    private float[] triangular = new float[0];
    private float[] images = new float[0];

    /** Makes room for reflectors of the given order; all vectors are zero. */
    void reset(int newCount, int newOrder) {
        order = newOrder;
        count = newCount;
        stride = Storage.stride(newOrder);
        int size = START + Storage.size(newCount, stride);
        if (vectors.length < size) {
            vectors = new float[size];
        } else {
            Arrays.fill(vectors, 0, size, 0f);
        }
        if (tau.length < newCount) {
            tau = new float[newCount];
        }
    }

    /**
     * The vectors u_k, row-major, {@link #stride} apart from {@link #START} on; row k is the place to write x before
     * {@link #make}.
     */
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
        int start = START + k * stride + first;
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
     * Multiplies rows from the right by H_begin H_{begin + 1} ... H_{end - 1}.
     *
     * @param rows row-major, order columns, padding zero; modified
     */
    void apply(int rowCount, float[] rows, int offset, int rowStride, int begin, int end) {
        int row = 0;
        for (; row <= rowCount - 4; row += 4) {
            applyToFour(rows, offset + row * rowStride, rowStride, begin, end);
        }
        for (; row < rowCount; row++) {
            applyToOne(rows, offset + row * rowStride, begin, end);
        }
    }

    /**
     * Multiplies rows from the right by H_{count-1} ... H_0, the transpose of the product of the reflectors in ascending
     * order. A block of reflectors is I - V^T T V with a triangle T whose inverse is known: it has 1 / tau_k on the
     * diagonal and the inner products of the vectors beside it (Puglisi 1992). So T V comes from a substitution, and two
     * products apply the block.
     *
     * @param rows row-major, order columns, from {@link #START} on; modified
     * @param firstOf first element of u_0; that of u_k is firstOf + k
     */
    void applyTransposed(int rowCount, float[] rows, int rowStride, int firstOf, Gemm gemm) {
        reserveBlock(rowCount);
        for (int begin = (count - 1) / BLOCK * BLOCK; begin >= 0; begin -= BLOCK) {
            int size = Math.min(BLOCK, count - begin);
            int column = Math.min(begin + firstOf, order) & -16;
            int length = order - column;
            int block = START + begin * stride + column;
            inner(gemm, size, size, length, vectors, block, stride, block, gram);
            for (int k = 0; k < size; k++) {
                // Row k of -T^T V, from tau_k (v_k - sum_p (v_k v_p) (T^T V)_p).
                int row = START + k * stride + column;
                FloatVectors.scale(stride - column, -1, vectors, block + k * stride, triangular, row);
                for (int p = 0; p < k; p++) {
                    factors[p] = -gram[k * BLOCK + p];
                }
                sums.add(k, stride - column, factors, triangular, START + column, stride, triangular, row);
                FloatVectors.scale(stride - column, tau[begin + k], triangular, row, triangular, row);
            }
            inner(gemm, rowCount, size, length, rows, START + column, rowStride, block, images);
            gemm.sgemm(false, false, rowCount, length, size, 1, images, 0, BLOCK, triangular, START + column, stride,
                    1, rows, START + column, rowStride);
        }
    }

    /**
     * Inner products of rows with a block of the vectors. Sums are made of shorter ones: where all terms are alike their
     * rounding errors are too, and grow with the number of terms in one sum.
     */
    private void inner(Gemm gemm, int rowCount, int size, int length, float[] rows, int offset, int rowStride,
            int block, float[] out) {
        for (int begin = 0; begin < length; begin += SUM) {
            gemm.sgemm(false, true, rowCount, size, Math.min(SUM, length - begin), 1, rows, offset + begin, rowStride,
                    vectors, block + begin, stride, begin == 0 ? 0 : 1, out, 0, BLOCK);
        }
    }

    private void reserveBlock(int rowCount) {
        if (triangular.length < START + BLOCK * stride) {
            triangular = new float[START + BLOCK * stride];
        }
        int productSize = Storage.size(rowCount, BLOCK);
        if (images.length < productSize) {
            images = new float[productSize];
        }
    }

    private void applyToFour(float[] rows, int offset, int rowStride, int begin, int end) {
        for (int k = begin; k < end; k++) {
            // The stretch begins at a multiple of 16 and ends with the padding: what is added there is zero.
            int from = k & -16;
            int u = START + k * stride + from;
            FloatVectors.dotFour(stride - from, vectors, u, rows, offset + from, rowStride, products);
            for (int r = 0; r < 4; r++) {
                products[r] *= -tau[k];
            }
            FloatVectors.axpyFour(stride - from, products, vectors, u, rows, offset + from, rowStride);
        }
    }

    private void applyToOne(float[] rows, int offset, int begin, int end) {
        for (int k = begin; k < end; k++) {
            int from = k & -16;
            int u = START + k * stride + from;
            float product = FloatVectors.dot(stride - from, vectors, u, rows, offset + from);
            FloatVectors.axpy(stride - from, -tau[k] * product, vectors, u, rows, offset + from);
        }
    }
}
