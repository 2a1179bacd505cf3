package org.mixdyn.kernel.gemm.code;

/**
 * Which micro-kernel: the register tile and how A lies in memory.
 *
 * @param rows    of the tile, mr for a whole one
 * @param columns of the tile, nr for a whole one: whole vectors, and then perhaps one of the species for ragged ends
 * @param add     whether the product is added to C, or overwrites it unread
 * @param layout  of A
 */
public record Tile(int rows, int columns, boolean add, Layout layout) {
    /** Where element (i, p) of A stands. */
    public enum Layout {
        /** a0 + i stride + p: a row-major matrix. */
        ROWS,
        /** a0 + p stride + i: the transpose of a row-major matrix. */
        COLUMNS
    }
}
