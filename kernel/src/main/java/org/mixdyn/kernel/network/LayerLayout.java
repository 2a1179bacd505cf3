package org.mixdyn.kernel.network;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * How a matrix between two hidden layers is cut into panels of columns, each an array of its own, row-major: no width meets
 * the limit of 2^31 elements of an array, and a block of rows of a panel is one piece of memory.
 *
 * @param rows      of the matrix
 * @param cols      of the matrix
 * @param precision of its elements
 */
public record LayerLayout(int rows, int cols, Precision precision) {
    /** Bytes of a row of a panel at most, but for the padding: more would leave the L2 cache between two uses. */
    private static final int MOST_BYTES = 2048;

    /** Columns of a panel at most, where less than 512 in f32 was better. */
    private static final int MOST_COLUMNS = Lanes.HALVES ? 512 : 256;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size is below 1 or a panel does not fit an array
     */
    public LayerLayout {
        int most = Integer.MAX_VALUE / (2 * MOST_BYTES / Precision.F32.bytes());
        if (rows < 1 || cols < 1 || rows > most) {
            throw new IllegalArgumentException("rows and cols are " + rows + " and " + cols
                    + "; allowed are at least 1, and rows up to " + most);
        }
    }

    /**
     * Distance between two rows of so many elements: whole vectors, so that a product may read past the last column, and an
     * odd number of cache lines, so that the rows of a tile do not all fall into one set of the cache where the number of
     * columns is a power of two.
     */
    public static int stride(int cols, Precision precision) {
        int line = precision.lineElements();
        return (Math.ceilDiv(cols, line) | 1) * line;
    }

    /** Rows of so many elements, {@link #stride(int, Precision)} apart, that an array can have in either precision. */
    public static int mostRows(int cols) {
        int most = Integer.MAX_VALUE - 8 - Math.max(Precision.F32.lineStart(), Precision.F64.lineStart());
        return most / Math.max(stride(cols, Precision.F32), stride(cols, Precision.F64));
    }

    /** Number of panels: from the shape and the machine's lanes, and even where there are two, so that threads may share them evenly. */
    public int panels() {
        // Not that but with the padding that it would have: then wide layers, whose panels are about as wide, have little.
        int most = stride(Math.min(MOST_BYTES / precision.bytes(), MOST_COLUMNS), precision);
        int panels = Math.ceilDiv(cols, most);
        return panels == 1 ? 1 : Math.ceilDiv(panels, 2) * 2;
    }

    /** Columns of a panel; the last ones may have fewer, or none. */
    public int colsPerPanel() {
        int line = precision.lineElements();
        return Math.ceilDiv(Math.ceilDiv(cols, panels()), line) * line;
    }

    /** Distance between two rows of a panel. */
    public int stride() {
        return stride(colsPerPanel(), precision);
    }

    /**
     * Where a row of a panel begins in its array, and behind the last row the array's length: rows begin at cache lines, see
     * {@link Precision#lineStart}.
     */
    public int rowStart(int row) {
        return precision.lineStart() + row * stride();
    }

    /** First column of a panel; that of panel number {@link #panels} is the number of columns. */
    public int firstCol(int panel) {
        return (int) Math.min(cols, (long) panel * colsPerPanel());
    }

    /** Columns of one panel. */
    public int colsOf(int panel) {
        return firstCol(panel + 1) - firstCol(panel);
    }

    /** Bytes of all panels together. */
    public long bytes() {
        int arrayHeader = 16;
        return panels() * ((long) rowStart(rows) * precision.bytes() + arrayHeader);
    }
}
