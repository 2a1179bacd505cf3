package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.gemm.code.FloatTranspose;
import org.mixdyn.kernel.gemm.code.TransposeCode;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** Transposes blocks of matrices, in vector registers where that is faster than element by element. */
public final class FloatTransposition {
    /** Rows of a strip: the lanes of a vector. */
    public static final int ROWS = Lanes.FLOAT.length();

    /**
     * Whether it is. To choose lanes from two vectors of binary64 C2 has instructions for 512 bits alone, on x86; of
     * shorter ones it makes objects.
     */
    private static final boolean IN_REGISTERS = Precision.F32.bytes() == 4 || Lanes.BITS == 512;

    private static final int MR = BlockSizes.of(Precision.F32).mr();
    /** Null where none is made in registers. */
    private static final FloatTranspose STRIP = IN_REGISTERS
            ? TransposeCode.make(Precision.F32, ROWS, FloatTranspose.class)
            : null;

    /** Of a panel of A; null where mr is not a power of two, or above the lanes, or none is made in registers. */
    private static final FloatTranspose PANEL = panelTranspose();

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
        if (IN_REGISTERS) {
            STRIP.transpose(cols, from, from0, fromStride, to, to0, toStride, FloatTranspose.LOW, FloatTranspose.HIGH);
        } else {
            elements(ROWS, cols, from, from0, fromStride, to, to0, toStride);
        }
    }

    /**
     * to(j, i) = from(i, j) for any number of rows i and columns j. Both may be parts of one array that do not overlap.
     *
     * @param from element (i, j) at from0 + i fromStride + j
     * @param to   element (j, i) at to0 + j toStride + i, overwritten
     */
    public static void transpose(int rows, int cols, float[] from, int from0, int fromStride, float[] to, int to0,
            int toStride) {
        if (!IN_REGISTERS || rows < ROWS || cols < ROWS) {
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

    /** The same element by element, four rows at a time, so that the inner loop has none of its own. */
    static void elements(int rows, int cols, float[] from, int from0, int fromStride, float[] to, int to0,
            int toStride) {
        int i = 0;
        for (; i <= rows - 4; i += 4) {
            int row0 = from0 + i * fromStride;
            int row1 = row0 + fromStride;
            int row2 = row1 + fromStride;
            int row3 = row2 + fromStride;
            int at = to0 + i;
            for (int j = 0; j < cols; j++) {
                to[at] = from[row0 + j];
                to[at + 1] = from[row1 + j];
                to[at + 2] = from[row2 + j];
                to[at + 3] = from[row3 + j];
                at += toStride;
            }
        }
        for (; i < rows; i++) {
            int row = from0 + i * fromStride;
            for (int j = 0; j < cols; j++) {
                to[to0 + j * toStride + i] = from[row + j];
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
            // mr is known to the compiler, which unrolls the inner loop.
            for (int p = 0; p < cols; p++) {
                for (int i = 0; i < MR; i++) {
                    to[to0 + p * MR + i] = from[from0 + i * fromStride + p];
                }
            }
            return;
        }
        int whole = cols / ROWS * ROWS;
        PANEL.transpose(whole, from, from0, fromStride, to, to0, MR, FloatTranspose.LOW, FloatTranspose.HIGH);
        if (whole < cols) {
            PANEL.transpose(ROWS, from, from0 + cols - ROWS, fromStride, to, to0 + (cols - ROWS) * MR, MR,
                    FloatTranspose.LOW, FloatTranspose.HIGH);
        }
    }

    private static FloatTranspose panelTranspose() {
        if (!IN_REGISTERS || MR == ROWS) {
            return STRIP;
        }
        return MR < ROWS && Integer.bitCount(MR) == 1
                ? TransposeCode.make(Precision.F32, MR, FloatTranspose.class)
                : null;
    }
}
