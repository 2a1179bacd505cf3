package org.mixdyn.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * Copies blocks of matrices into panels, in the layouts that {@code FloatMicroKernel} reads. A panel of A has its
 * columns one after the other, a panel of B its rows; what reads along the rows of the given matrix takes several
 * panels at once, so that whole stretches of memory are read.
 */
final class FloatPack {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final int MR = BlockSizes.of(Precision.F32).mr();
    private static final int NR = BlockSizes.of(Precision.F32).nr();

    /**
     * Columns of B that are copied together: long stretches of memory, up to 3 KiB, and few enough panels to write to,
     * which may all meet in one set of the L1 cache.
     */
    private static final int STRETCH = (Limits.SMALL_L1 ? 8 : 16) * NR;

    private FloatPack() {
    }

    /** Elements of a packed block of A. */
    static int sizeOfA(int rows, int k) {
        return Math.multiplyExact(rows, k);
    }

    /** Elements of a packed block of B: columns rounded up to whole vectors, times k. */
    static int sizeOfB(int cols, int k) {
        return Math.multiplyExact(Math.ceilDiv(cols, L) * L, k);
    }

    /**
     * Packs A into panels of mr rows: [panel][k][rows of the panel].
     *
     * @param a  row-major rows x k, element (i, p) at a0 + i lda + p
     * @param to where the first panel goes
     */
    static void a(int rows, int k, float[] a, int a0, int lda, float[] packed, int to) {
        int panel;
        for (int i = 0; i < rows; i += panel) {
            panel = Panels.next(rows - i, MR);
            if (panel == MR) {
                FloatTransposition.panel(k, a, a0 + i * lda, lda, packed, to + i * k);
            } else {
                FloatTransposition.elements(panel, k, a, a0 + i * lda, lda, packed, to + i * k, panel);
            }
        }
    }

    /**
     * Packs A, given by its transpose, into panels of mr rows: [panel][k][rows of the panel].
     *
     * @param at row-major k x rows, element (i, p) of A at a0 + p lda + i
     * @param to where the first panel goes
     */
    static void aTransposed(int rows, int k, float[] at, int a0, int lda, float[] packed, int to) {
        // The panels before the last two are whole ones; L <= 2 mr keeps the vectors inside the rows of the block.
        int whole = MR <= L && L <= 2 * MR ? Math.max(0, rows / MR - 1) * MR : 0;
        for (int p = 0; p < k - 1; p++) {
            int from = a0 + p * lda;
            int column = to + p * MR;
            for (int i = 0; i < whole; i += MR, column += MR * k) {
                // A whole vector: what is too much is overwritten by the next p.
                FloatVector.fromArray(S, at, from + i).intoArray(packed, column);
            }
        }
        int panel;
        for (int i = 0; i < rows; i += panel) {
            panel = Panels.next(rows - i, MR);
            for (int p = i < whole ? Math.max(0, k - 1) : 0; p < k; p++) {
                System.arraycopy(at, a0 + p * lda + i, packed, to + i * k + p * panel, panel);
            }
        }
    }

    /**
     * Packs alpha B into panels of columns: [panel][k][columns of the panel], zero past the last column.
     *
     * @param cut    as the product will be
     * @param b      row-major k x cols, element (p, j) at b0 + p ldb + j
     * @param to     where the first panel goes
     */
    static void b(int k, int cols, Cut cut, float alpha, float[] b, int b0, int ldb, float[] packed, int to) {
        int end;
        for (int first = 0; first < cols; first = end) {
            // Neighbouring panels of one width, whose rows are then copied one after the other.
            int width = FloatMacroKernel.panelWidth(cols - first, cut);
            end = first + width;
            while (end < cols && end < first + STRETCH && FloatMacroKernel.panelWidth(cols - end, cut) == width) {
                end += width;
            }
            int rest = first;
            if (width == NR) {
                int whole = (Math.min(end, cols) - first) / NR;
                wholePanels(k, whole, alpha, b, b0 + first, ldb, packed, to + first * k);
                rest += whole * NR;
            }
            for (int p = 0; p < k && rest < end; p++) {
                for (int j = rest; j < end; j += width) {
                    row(Math.min(width, cols - j), width, alpha, b, b0 + p * ldb + j, packed, to + j * k + p * width);
                }
            }
        }
    }

    /** Neighbouring panels of nr columns, all of which there are. */
    private static void wholePanels(int k, int panels, float alpha, float[] b, int b0, int ldb, float[] packed,
            int to) {
        FloatVector factor = FloatVector.broadcast(S, alpha);
        for (int p = 0; p < k; p++) {
            int from = b0 + p * ldb;
            int at = to + p * NR;
            for (int panel = 0; panel < panels; panel++) {
                // The compiler knows the number of rounds, and unrolls them.
                for (int v = 0; v < NR; v += L) {
                    FloatVector.fromArray(S, b, from + v).mul(factor).intoArray(packed, at + v);
                }
                from += NR;
                at += NR * k;
            }
        }
    }

    /** One row of a panel that has other columns, or ends with zeros. */
    private static void row(int live, int width, float alpha, float[] b, int from, float[] packed, int to) {
        if (live < L) {
            for (int v = 0; v < width; v++) {
                packed[to + v] = v < live ? alpha * b[from + v] : 0;
            }
            return;
        }
        if (live < width) {
            FloatVector.zero(S).intoArray(packed, to + width - L);
        }
        for (int v = 0; v < live - L; v += L) {
            FloatVector.fromArray(S, b, from + v).mul(alpha).intoArray(packed, to + v);
        }
        // The last vector may reach back over the one before.
        FloatVector.fromArray(S, b, from + live - L).mul(alpha).intoArray(packed, to + live - L);
    }

    /**
     * Packs alpha B, given by its transpose, into panels of columns: [panel][k][columns of the panel], zero past the
     * last column.
     *
     * @param cut    as the product will be
     * @param bt     row-major cols x k, element (p, j) of B at b0 + j ldb + p
     * @param to     where the first panel goes
     */
    static void bTransposed(int k, int cols, Cut cut, float alpha, float[] bt, int b0, int ldb, float[] packed,
            int to) {
        int width;
        for (int j = 0; j < cols; j += width) {
            width = FloatMacroKernel.panelWidth(cols - j, cut);
            int panel = to + j * k;
            int live = Math.min(width, cols - j);
            FloatTransposition.transpose(live, k, bt, b0 + j * ldb, ldb, packed, panel, width);
            zero(k, width - live, packed, panel + live, width);
            if (alpha != 1) {
                for (int i = 0; i < width * k; i++) {
                    packed[panel + i] *= alpha;
                }
            }
        }
    }

    private static void zero(int k, int cols, float[] to, int to0, int toStride) {
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < cols; j++) {
                to[to0 + p * toStride + j] = 0;
            }
        }
    }
}
