package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** Transposes blocks of matrices in vector registers. */
public final class FloatTransposition {
    /** Rows of a strip: the lanes of a vector. */
    public static final int ROWS = Lanes.FLOAT.length();

    private static final int MR = BlockSizes.of(Precision.F32).mr();
    private static final FloatTranspose STRIP = Transposes.make(Precision.F32, ROWS, FloatTranspose.class);

    /** Of a panel of A; null where mr is not a power of two, or above the lanes. */
    private static final FloatTranspose PANEL = panelTranspose();

    /** The lanes that {@link FloatTranspose} merges. */
    static final float[] LOW = new float[ROWS];
    static final float[] HIGH = new float[ROWS];

    static {
        for (int i = 0; i < ROWS; i++) {
            LOW[i] = i % 2 * ROWS + i / 2;
            HIGH[i] = LOW[i] + ROWS / 2;
        }
    }

    private FloatTransposition() {
    }

    /**
     * to(j, i) = from(i, j) for a strip of {@link #ROWS} rows i. Both may be parts of one array that do not overlap.
     *
     * @param cols a multiple of {@link #ROWS}
     * @param from element (i, j) at from0 + i fromStride + j
     * @param to   element (j, i) at to0 + j toStride + i, overwritten
     */
    public static void strip(int cols, float[] from, int from0, int fromStride, float[] to, int to0, int toStride) {
        STRIP.transpose(cols, from, from0, fromStride, to, to0, toStride, LOW, HIGH);
    }

    /**
     * to(j, i) = from(i, j) for any number of rows i and columns j. Both may be parts of one array that do not overlap.
     *
     * @param from element (i, j) at from0 + i fromStride + j
     * @param to   element (j, i) at to0 + j toStride + i, overwritten
     */
    public static void transpose(int rows, int cols, float[] from, int from0, int fromStride, float[] to, int to0,
            int toStride) {
        for (int i = 0; i < rows; i += ROWS) {
            int live = Math.min(ROWS, rows - i);
            int whole = live == ROWS ? cols / ROWS * ROWS : 0;
            if (whole > 0) {
                strip(whole, from, from0 + i * fromStride, fromStride, to, to0 + i, toStride);
            }
            rest(live, whole, cols, from, from0 + i * fromStride, fromStride, to, to0 + i, toStride);
        }
    }

    /** The same for the columns from a first one on, element by element. */
    static void rest(int rows, int first, int cols, float[] from, int from0, int fromStride, float[] to, int to0,
            int toStride) {
        for (int j = first; j < cols; j++) {
            for (int i = 0; i < rows; i++) {
                to[to0 + j * toStride + i] = from[from0 + i * fromStride + j];
            }
        }
    }

    /**
     * to(p, i) = from(i, p) for mr rows i, as a packed panel of A has them, and as many of the first columns p as there are
     * whole vectors of.
     *
     * @param from element (i, p) at from0 + i fromStride + p
     * @param to   element (p, i) at to0 + p mr + i, overwritten
     * @return how many columns were transposed
     */
    static int panel(int cols, float[] from, int from0, int fromStride, float[] to, int to0) {
        if (PANEL == null) {
            return 0;
        }
        int whole = cols / ROWS * ROWS;
        PANEL.transpose(whole, from, from0, fromStride, to, to0, MR, LOW, HIGH);
        return whole;
    }

    private static FloatTranspose panelTranspose() {
        if (MR == ROWS) {
            return STRIP;
        }
        return MR < ROWS && Integer.bitCount(MR) == 1
                ? Transposes.make(Precision.F32, MR, FloatTranspose.class)
                : null;
    }
}
