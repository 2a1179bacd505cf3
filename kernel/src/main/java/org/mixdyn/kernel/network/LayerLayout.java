package org.mixdyn.kernel.network;

import org.mixdyn.kernel.simd.Precision;

/**
 * How a matrix between two hidden layers is cut into panels of whole rows, each an array of its own, row-major: no width
 * meets the limit of 2^31 elements of an array, and threads allocate a large matrix together.
 *
 * @param rows      of the matrix
 * @param cols      of the matrix
 * @param precision of its elements
 */
public record LayerLayout(int rows, int cols, Precision precision) {
    private static final int LINE_BYTES = 64;
    private static final long PANEL_BYTES = 64L << 20;

    /** Panels are made of so many rows or a multiple, so that blocks of a product are seldom cut short. */
    private static final int ROWS = 768;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size is below 1 or a panel of {@value #ROWS} rows does not fit an array
     */
    public LayerLayout {
        int most = Integer.MAX_VALUE / ROWS - 2 * LINE_BYTES;
        if (rows < 1 || cols < 1 || cols > most) {
            throw new IllegalArgumentException("rows and cols are " + rows + " and " + cols
                    + "; allowed are at least 1, and cols up to " + most);
        }
    }

    /** Distance between two rows: {@link #stride(int, Precision)}. */
    public int stride() {
        return stride(cols, precision);
    }

    /**
     * Distance between two rows of so many elements: whole vectors, so that a product may read past the last column, and an
     * odd number of cache lines, so that the rows of a tile do not all fall into one set of the cache where the number of
     * columns is a power of two.
     */
    public static int stride(int cols, Precision precision) {
        int line = LINE_BYTES / precision.bytes();
        return ((cols + line - 1) / line | 1) * line;
    }

    /** Rows of a panel; the last one may have fewer. */
    public int rowsPerPanel() {
        long rowBytes = (long) stride() * precision.bytes();
        return (int) Math.min(rows, Math.max(1, PANEL_BYTES / rowBytes / ROWS) * ROWS);
    }

    /** Number of panels. */
    public int panels() {
        return (rows + rowsPerPanel() - 1) / rowsPerPanel();
    }

    /** First row of a panel; that of panel number {@link #panels} is the number of rows. */
    public int firstRow(int panel) {
        return (int) Math.min(rows, (long) panel * rowsPerPanel());
    }

    /** Rows of one panel. */
    public int rowsOf(int panel) {
        return firstRow(panel + 1) - firstRow(panel);
    }

    /** Bytes of all panels together. */
    public long bytes() {
        int arrayHeader = 16;
        return (long) rows * stride() * precision.bytes() + (long) panels() * arrayHeader;
    }
}
