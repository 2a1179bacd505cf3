package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.simd.FloatVectors;

/** Products of a few rows of a matrix with one vector, and sums of their multiples. Rows stand a fixed stride apart. */
final class FloatRows {
    private final float[] four = new float[FloatVectors.FOUR_SUMS];

    /**
     * products_p = sum_i x_i rows_pi for p = 0..count-1.
     *
     * @param length   of the rows and of x
     * @param products overwritten from its beginning
     */
    void dots(int count, int length, float[] x, int xOffset, float[] rows, int offset, int stride, float[] products) {
        int p = 0;
        for (; p <= count - 4; p += 4) {
            FloatVectors.dotFour(length, x, xOffset, rows, offset + p * stride, stride, four);
            System.arraycopy(four, 0, products, p, 4);
        }
        for (; p < count; p++) {
            products[p] = FloatVectors.dot(length, x, xOffset, rows, offset + p * stride);
        }
    }

    /** y_i += sum_p factors_p rows_pi for p = 0..count-1, p ascending in every element. */
    void add(int count, int length, float[] factors, float[] rows, int offset, int stride, float[] y, int yOffset) {
        int p = 0;
        for (; p <= count - 4; p += 4) {
            FloatVectors.addFour(length, factors, p, rows, offset + p * stride, stride, y, yOffset);
        }
        for (; p < count; p++) {
            FloatVectors.axpy(length, factors[p], rows, offset + p * stride, y, yOffset);
        }
    }
}
