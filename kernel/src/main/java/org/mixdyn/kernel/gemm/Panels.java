package org.mixdyn.kernel.gemm;

/**
 * How a side of C is cut into panels, in units of rows or of vectors of columns: whole ones, but the last two share what
 * is left evenly, since a tile of one row or one vector has too little to do between loads.
 */
final class Panels {
    private Panels() {
    }

    /** Size of the panel that begins where so many units are left. */
    static int next(int left, int whole) {
        if (left <= whole) {
            return left;
        }
        return left < 2 * whole ? (left + 1) / 2 : whole;
    }

    /** First unit of the share of one thread: shares begin where panels begin. */
    static int share(int all, int whole, int rank, int size) {
        int count = (all + whole - 1) / whole;
        int panel = (int) ((long) count * rank / size);
        if (panel == count) {
            return all;
        }
        int start = panel * whole;
        return panel > 0 && panel == count - 1 ? start - whole + next(all - start + whole, whole) : start;
    }
}
