package org.mixdyn.kernel.svd;

/** Sizes of the arrays of this package, the padded row-major ones and those for results. */
final class Storage {
    private static final int PADDING = 16;

    private Storage() {
    }

    /**
     * Distance between rows of at least the given length: a multiple of every number of lanes, so that loops over padded
     * rows have no remainder, and no multiple of 512, so that the elements of a column do not share a cache set.
     */
    static int stride(int length) {
        int padded = Math.addExact(length, PADDING - 1) / PADDING * PADDING;
        return padded % 512 == 0 ? padded + PADDING : padded;
    }

    /** rows * stride, if an array can have that many elements, and a few before them. */
    static int size(int rows, int stride) {
        long size = (long) rows * stride;
        if (size > Integer.MAX_VALUE - 8 - PADDING) {
            throw new IllegalArgumentException(
                    "the matrix is too large: " + rows + " rows of " + stride
                            + " elements; allowed are 2^31 - 25 elements");
        }
        return (int) size;
    }

    /** Refuses an array for results that is too short. */
    static void requireRoom(int length, long needed) {
        if (length < needed) {
            throw new IllegalArgumentException("out has " + length + " elements; " + needed + " or more are needed");
        }
    }
}
