package org.mixdyn.kernel.svd;

import java.util.Objects;

import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Division of a matrix by the power of two of its largest element, which becomes about 1: no sum of squares overflows then or
 * is lost to underflow, and no digit changes.
 */
final class FloatScaling {
    private FloatScaling() {
    }

    /**
     * The binary exponent of the largest element of A, 0 for a zero matrix.
     *
     * @param rows   rows of A, at least 0
     * @param cols   columns of A, at least 0
     * @param a      holds A, row-major
     * @param offset index of the first element of A
     * @param lda    distance between the first elements of two rows, at least cols
     * @throws IllegalArgumentException if the shape does not fit the array, or if an element is NaN or infinite
     */
    static int exponentOf(int rows, int cols, float[] a, int offset, int lda) {
        if (rows < 0) {
            throw new IllegalArgumentException("rows is " + rows + "; allowed is 0 or more");
        }
        if (cols < 0) {
            throw new IllegalArgumentException("cols is " + cols + "; allowed is 0 or more");
        }
        if (lda < cols) {
            throw new IllegalArgumentException(
                    "lda is " + lda + "; allowed is the number of columns " + cols + " or more");
        }
        if (offset < 0) {
            throw new IllegalArgumentException("offset is " + offset + "; allowed is 0 or more");
        }
        Objects.requireNonNull(a, "a");
        if (rows == 0 || cols == 0) {
            return 0;
        }
        long needed = offset + (rows - 1L) * lda + cols;
        if (needed > a.length) {
            throw new IllegalArgumentException("a has " + a.length + " elements; " + rows + " x " + cols
                    + " with offset " + offset + " and lda " + lda + " needs " + needed + " or more");
        }
        float largest = 0;
        for (int i = 0; i < rows; i++) {
            float ofRow = FloatVectors.maxAbs(cols, a, offset + i * lda);
            if (!Float.isFinite(ofRow)) {
                throw notFinite(i, cols, a, offset + i * lda);
            }
            largest = Math.max(largest, ofRow);
        }
        return largest == 0 ? 0 : Math.getExponent(largest);
    }

    private static IllegalArgumentException notFinite(int row, int cols, float[] a, int start) {
        int column = 0;
        while (column < cols - 1 && Float.isFinite(a[start + column])) {
            column++;
        }
        return new IllegalArgumentException("a has the element " + a[start + column] + " at row " + row + ", column "
                + column + "; allowed are finite numbers");
    }

    /** What the elements of a matrix with this exponent are multiplied by. */
    static float factor(int exponent) {
        return Math.scalb(1f, -exponent);
    }

    /** The first values, found of the scaled matrix, become those of the matrix itself. */
    static void undo(int exponent, int count, float[] values) {
        for (int i = 0; i < count; i++) {
            values[i] = Math.scalb(values[i], exponent);
        }
    }
}
