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
        if (rows < ROWS || cols < ROWS) {
            elements(rows, cols, from, from0, fromStride, to, to0, toStride);
            return;
        }
        int whole = cols / ROWS * ROWS;
        for (int i = 0; i < rows; i += ROWS) {
            // The last rows, and the last columns, are transposed together with some of those before them once more.
            int row = Math.min(i, rows - ROWS);
            strip(whole, from, from0 + row * fromStride, fromStride, to, to0 + row, toStride);
            if (whole < cols) {
                strip(ROWS, from, from0 + row * fromStride + cols - ROWS, fromStride, to,
                        to0 + (cols - ROWS) * toStride + row, toStride);
            }
        }
    }

    /** The same element by element. */
    static void elements(int rows, int cols, float[] from, int from0, int fromStride, float[] to, int to0,
            int toStride) {
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < rows; i++) {
                to[to0 + j * toStride + i] = from[from0 + i * fromStride + j];
            }
        }
    }

    /**
     * to(p, i) = from(i, p) for mr rows i, as a packed panel of A has them.
     *
     * @param from element (i, p) at from0 + i fromStride + p
     * @param to   element (p, i) at to0 + p mr + i, overwritten
     */
    static void panel(int cols, float[] from, int from0, int fromStride, float[] to, int to0) {
        if (PANEL == null || cols < ROWS) {
            elements(MR, cols, from, from0, fromStride, to, to0, MR);
            return;
        }
        int whole = cols / ROWS * ROWS;
        PANEL.transpose(whole, from, from0, fromStride, to, to0, MR, LOW, HIGH);
        if (whole < cols) {
            PANEL.transpose(ROWS, from, from0 + cols - ROWS, fromStride, to, to0 + (cols - ROWS) * MR, MR, LOW, HIGH);
        }
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
