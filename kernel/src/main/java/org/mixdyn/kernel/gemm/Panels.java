package org.mixdyn.kernel.gemm;

/**
 * How a side of C is cut into panels, in units of rows or of vectors of columns. Where panels have a size that suits
 * the machine best, all are whole ones, but the last two share what is left evenly, since a tile of one row or one
 * vector has too little to do between loads. Where any size up to a largest one will do, all are about the same.
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

    /** Size of the panel that begins where so many units are left, as few and as even panels as there can be. */
    static int nextEven(int left, int most) {
        int count = (left + most - 1) / most;
        return (left + count - 1) / count;
    }

    /** First unit of the share of one thread: shares begin where even panels begin. */
    static int shareEven(int all, int most, int rank, int size) {
        int count = (all + most - 1) / most;
        int panel = (int) ((long) count * rank / size);
        return count == 0 ? 0 : all / count * panel + Math.min(all % count, panel);
    }

    /** First unit of the share of one thread: shares begin where panels begin. */
    static int share(int all, int whole, int rank, int size) {
        int count = (all + whole - 1) / whole;
        int panel = (int) ((long) count * rank / size);
        // Where the panel before ends: all before that one are whole.
        int before = (panel - 1) * whole;
        return panel == 0 ? 0 : before + next(all - before, whole);
    }
}
