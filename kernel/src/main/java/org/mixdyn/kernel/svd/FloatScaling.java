package org.mixdyn.kernel.svd;

import java.util.Objects;

import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Division of a matrix by the power of two of its largest element, which becomes about 1, or, where the largest is
 * too small to have all its digits, no smaller than an ulp: no sum of squares overflows then or is lost to underflow,
 * and no digit changes.
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
        // A matrix without gaps is one row: short ones would take longer to begin and to end than to read.
        boolean whole = lda == cols;
        int count = whole ? 1 : rows;
        float largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, FloatVectors.maxAbs(whole ? rows * cols : cols, a, offset + i * lda));
        }
        if (!Float.isFinite(largest)) {
            throw notFinite(rows, cols, a, offset, lda);
        }
        return largest == 0 ? 0 : Math.getExponent(largest);
    }

    private static IllegalArgumentException notFinite(int rows, int cols, float[] a, int offset, int lda) {
        int at = 0;
        while (Float.isFinite(a[offset + at / cols * lda + at % cols])) {
            at++;
        }
        return new IllegalArgumentException("a has the element " + a[offset + at / cols * lda + at % cols] + " at row "
                + at / cols + ", column " + at % cols + "; allowed are finite numbers");
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
