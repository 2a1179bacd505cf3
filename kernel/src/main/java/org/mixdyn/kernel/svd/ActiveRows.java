package org.mixdyn.kernel.svd;

/** The rows that a round works on, ascending. */
final class ActiveRows {
    private final int[] rows;
    private int count;

    ActiveRows(int side) {
        rows = new int[side];
    }

    int count() {
        return count;
    }

    int get(int a) {
        return rows[a];
    }

    void clear() {
        count = 0;
    }

    void add(int row) {
        rows[count++] = row;
    }

    /** All rows. */
    void all() {
        count = 0;
        for (int i = 0; i < rows.length; i++) {
            add(i);
        }
    }

    boolean isAll() {
        return count == rows.length;
    }

    /** The rows that are marked. */
    void all(boolean[] marked) {
        count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (marked[i]) {
                add(i);
            }
        }
    }

    /** Copies the active rows of a matrix below each other. */
    void gather(float[] from, int ld, int length, float[] to) {
        for (int a = 0; a < count; a++) {
            System.arraycopy(from, rows[a] * ld, to, a * ld, length);
        }
    }

    /** Copies the active rows of a matrix below each other. */
    void gather(double[] from, int ld, int length, double[] to) {
        for (int a = 0; a < count; a++) {
            System.arraycopy(from, rows[a] * ld, to, a * ld, length);
        }
    }
}
