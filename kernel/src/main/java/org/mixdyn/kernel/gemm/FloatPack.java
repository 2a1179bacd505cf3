package org.mixdyn.kernel.gemm;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;

/**
 * Copies blocks of matrices into the layouts that {@link FloatMicroKernel} reads, zero-padded to whole tiles. Every panel
 * of a pack is written in full, so a buffer can be used again without clearing.
 */
public final class FloatPack {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final int MR = FloatMicroKernel.MR;
    private static final int NR = FloatMicroKernel.NR;

    private FloatPack() {
    }

    /** Elements of a packed A block: rows rounded up to MR, times k. */
    public static int sizeOfA(int rows, int k) {
        return Math.multiplyExact((rows + MR - 1) / MR * MR, k);
    }

    /** Elements of a packed B block: columns rounded up to NR, times k. */
    public static int sizeOfB(int cols, int k) {
        return Math.multiplyExact((cols + NR - 1) / NR * NR, k);
    }

    /**
     * Packs alpha A, whose rows are contiguous in k, into panels of MR rows: [panel][MR][k].
     *
     * @param a row-major rows x k, element (i, p) at aOffset + i lda + p
     */
    static void aRows(int rows, int k, float alpha, float[] a, int aOffset, int lda, float[] packed) {
        int to = 0;
        for (int i = 0; i < rows; i++, to += k) {
            copy(k, alpha, a, aOffset + i * lda, packed, to);
        }
        Arrays.fill(packed, to, sizeOfA(rows, k), 0);
    }

    /**
     * Packs alpha A, given by its transpose, into panels of MR rows: [panel][k][MR].
     *
     * @param at row-major k x rows, element (i, p) of A at atOffset + p lda + i
     */
    public static void aColumns(int rows, int k, float alpha, float[] at, int atOffset, int lda, float[] packed) {
        for (int i = 0; i < rows; i += MR) {
            int live = Math.min(MR, rows - i);
            int to = i * k;
            for (int p = 0; p < k; p++, to += MR) {
                int from = atOffset + p * lda + i;
                for (int r = 0; r < live; r++) {
                    packed[to + r] = alpha * at[from + r];
                }
                for (int r = live; r < MR; r++) {
                    packed[to + r] = 0;
                }
            }
        }
    }

    /**
     * Packs alpha B into panels of NR columns: [panel][k][NR].
     *
     * @param b row-major k x cols, element (p, j) at bOffset + p ldb + j
     * @param packedOffset where the first panel goes
     */
    public static void b(int k, int cols, float alpha, float[] b, int bOffset, int ldb, float[] packed,
            int packedOffset) {
        int to = packedOffset;
        for (int j = 0; j < cols; j += NR) {
            int live = Math.min(NR, cols - j);
            for (int p = 0; p < k; p++, to += NR) {
                int from = bOffset + p * ldb + j;
                if (live == NR) {
                    for (int v = 0; v < NR; v += L) {
                        FloatVector.fromArray(S, b, from + v).mul(alpha).intoArray(packed, to + v);
                    }
                } else {
                    for (int c = 0; c < live; c++) {
                        packed[to + c] = alpha * b[from + c];
                    }
                    Arrays.fill(packed, to + live, to + NR, 0);
                }
            }
        }
    }

    /**
     * Packs alpha B, given by its transpose, into panels of NR columns: [panel][k][NR].
     *
     * @param bt row-major cols x k, element (p, j) of B at btOffset + j ldb + p
     */
    public static void bTransposed(int k, int cols, float alpha, float[] bt, int btOffset, int ldb, float[] packed,
            int packedOffset) {
        for (int j = 0; j < cols; j += NR) {
            int live = Math.min(NR, cols - j);
            int to = packedOffset + j * k;
            // Eight columns of the panel at a time: eight streams are read, and half a cache line is written.
            for (int c0 = 0; c0 < NR; c0 += 8) {
                int c1 = Math.min(NR, c0 + 8);
                for (int p = 0; p < k; p++) {
                    int at = to + p * NR;
                    for (int c = c0; c < c1; c++) {
                        packed[at + c] = c < live ? alpha * bt[btOffset + (j + c) * ldb + p] : 0;
                    }
                }
            }
        }
    }

    private static void copy(int n, float alpha, float[] from, int fromOffset, float[] to, int toOffset) {
        if (alpha == 1) {
            System.arraycopy(from, fromOffset, to, toOffset, n);
            return;
        }
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector.fromArray(S, from, fromOffset + i).mul(alpha).intoArray(to, toOffset + i);
        }
        for (; i < n; i++) {
            to[toOffset + i] = alpha * from[fromOffset + i];
        }
    }
}
