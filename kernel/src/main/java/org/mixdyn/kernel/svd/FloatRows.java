package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Products of a few rows of a matrix with one vector, and sums of their multiples. Rows stand a fixed stride apart. */
final class FloatRows {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();

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
            addFour(length, factors, p, rows, offset + p * stride, stride, y, yOffset);
        }
        for (; p < count; p++) {
            FloatVectors.axpy(length, factors[p], rows, offset + p * stride, y, yOffset);
        }
    }

    /** y_i += sum_p factors_(first + p) rows_pi for p = 0..3. */
    static void addFour(int length, float[] factors, int first, float[] rows, int offset, int stride, float[] y,
            int yOffset) {
        float c0 = factors[first];
        float c1 = factors[first + 1];
        float c2 = factors[first + 2];
        float c3 = factors[first + 3];
        FloatVector f0 = FloatVector.broadcast(SPECIES, c0);
        FloatVector f1 = FloatVector.broadcast(SPECIES, c1);
        FloatVector f2 = FloatVector.broadcast(SPECIES, c2);
        FloatVector f3 = FloatVector.broadcast(SPECIES, c3);
        int row1 = offset + stride;
        int row2 = row1 + stride;
        int row3 = row2 + stride;
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector sum = FloatVector.fromArray(SPECIES, y, yOffset + i);
            sum = FloatVector.fromArray(SPECIES, rows, offset + i).fma(f0, sum);
            sum = FloatVector.fromArray(SPECIES, rows, row1 + i).fma(f1, sum);
            sum = FloatVector.fromArray(SPECIES, rows, row2 + i).fma(f2, sum);
            sum = FloatVector.fromArray(SPECIES, rows, row3 + i).fma(f3, sum);
            sum.intoArray(y, yOffset + i);
        }
        for (; i < length; i++) {
            float sum = Math.fma(rows[offset + i], c0, y[yOffset + i]);
            sum = Math.fma(rows[row1 + i], c1, sum);
            sum = Math.fma(rows[row2 + i], c2, sum);
            y[yOffset + i] = Math.fma(rows[row3 + i], c3, sum);
        }
    }
}
