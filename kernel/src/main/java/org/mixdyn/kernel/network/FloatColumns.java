package org.mixdyn.kernel.network;

import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

/**
 * Columns of a matrix that has one row for each unit of a layer: all of them where they are few, as in the product of all
 * weights below the layer, or one panel.
 *
 * @param elements row-major, row i from {@link #rowStart} of i on; whole vectors may be read, and written, past the last column
 * @param columns  of the matrix
 * @param stride   from one row to the next, at least columns
 */
public record FloatColumns(float[] elements, int columns, int stride) {
    /** A matrix of zeros, its rows {@link LayerLayout#stride(int, Precision)} apart. */
    public static FloatColumns zeros(int rows, int columns) {
        return zeros(rows, columns, LayerLayout.stride(columns, Precision.F32));
    }

    /** A matrix of zeros. */
    public static FloatColumns zeros(int rows, int columns, int stride) {
        return new FloatColumns(new float[Precision.F32.lineStart() + rows * stride], columns, stride);
    }

    /** The first columns of the matrix, not a copy. */
    public FloatColumns first(int count) {
        return new FloatColumns(elements, count, stride);
    }

    /**
     * Columns that a product with the matrix computes. What the product has past the last column depends on nothing but what the
     * matrix has there.
     */
    int computedColumns() {
        return Precision.F32.wholeVectors(columns);
    }

    /**
     * Where a row begins, and behind the last row the length of the array. The first row begins at a cache line, see
     * {@link Precision#lineStart}, and so do the others where the stride is whole lines.
     */
    public int rowStart(int row) {
        return Precision.F32.lineStart() + row * stride;
    }

    /** Some rows become sigma times a stretch of a stream of normal numbers, row by row from number index on. */
    void fill(int firstRow, int rows, Gaussian normals, long index, double sigma) {
        normals.fill(index, sigma, elements, rowStart(firstRow), rows, columns, stride);
    }

    /** Element j of a row becomes element start + j step of an array, rounded. */
    void setRow(int row, double[] from, int start, int step) {
        int at = rowStart(row);
        for (int j = 0; j < columns; j++) {
            elements[at + j] = (float) from[start + j * step];
        }
    }

    /** A row becomes one of another matrix with as many columns. */
    void copyRow(int row, FloatColumns from, int fromRow) {
        System.arraycopy(from.elements, from.rowStart(fromRow), elements, rowStart(row), columns);
    }
}
