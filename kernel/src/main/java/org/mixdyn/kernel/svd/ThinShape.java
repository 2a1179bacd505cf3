package org.mixdyn.kernel.svd;

/**
 * The shape of a matrix A and of its thin factors, which are stored as padded rows: the side = min(rows, cols) vectors of
 * the shorter side at a distance of shortStride elements, those of the longer side at a distance of longStride.
 */
record ThinShape(int rows, int cols) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size is negative, or an array would have more elements than arrays can have
     */
    ThinShape {
        if (rows < 0) {
            throw new IllegalArgumentException("rows is " + rows + "; allowed is 0 or more");
        }
        if (cols < 0) {
            throw new IllegalArgumentException("cols is " + cols + "; allowed is 0 or more");
        }
        Storage.size(Math.max(rows, cols), Storage.stride(Math.min(rows, cols)));
        Storage.size(Math.min(rows, cols), Storage.stride(Math.max(rows, cols)));
    }

    boolean wide() {
        return cols > rows;
    }

    int side() {
        return Math.min(rows, cols);
    }

    int longSide() {
        return Math.max(rows, cols);
    }

    int shortStride() {
        return Storage.stride(side());
    }

    int longStride() {
        return Storage.stride(longSide());
    }

    /** Distance between the rows of A itself, padded likewise. */
    int stride() {
        return wide() ? longStride() : shortStride();
    }

    /** Elements of A. */
    int size() {
        return Storage.size(rows, stride());
    }

    /** Elements of a side x side matrix, or of the vectors of the shorter side. */
    int square() {
        return Storage.size(side(), shortStride());
    }

    /** Elements of the vectors of the longer side. */
    int oblong() {
        return Storage.size(side(), longStride());
    }
}
