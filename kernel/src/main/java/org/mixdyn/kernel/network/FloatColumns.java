package org.mixdyn.kernel.network;

import org.mixdyn.kernel.simd.Precision;

/**
 * A matrix of few columns with one row for each unit of a layer, such as the product of all weights below it.
 *
 * @param elements row-major, row i from {@link #rowStart} of i on; whole vectors may be read past the last column
 * @param columns  of the matrix
 * @param stride   from one row to the next, whole cache lines, at least columns
 */
public record FloatColumns(float[] elements, int columns, int stride) {
    /** A matrix of zeros. */
    public static FloatColumns zeros(int rows, int columns) {
        int stride = LayerLayout.stride(columns, Precision.F32);
        return new FloatColumns(new float[length(rows, stride)], columns, stride);
    }

    /** The first columns of the matrix, not a copy. */
    public FloatColumns first(int count) {
        return new FloatColumns(elements, count, stride);
    }

    /** Where a row begins: at a cache line, see {@link Precision#lineStart}. */
    public int rowStart(int row) {
        return length(row, stride);
    }

    private static int length(int rows, int stride) {
        return Precision.F32.lineStart() + rows * stride;
    }
}
