package org.mixdyn.kernel.gemm;

/**
 * The two inner loops of the matrix product, jr over panels of B and ir over panels of A, around the micro-kernel. Tiles
 * that stick out of C are computed in a scratch tile, and the part inside is copied.
 */
public final class FloatMacroKernel {
    private static final int MR = FloatMicroKernel.MR;
    private static final int NR = FloatMicroKernel.NR;

    private final float[] scratch = new float[MR * NR];

    /**
     * C = A B or C += A B with A packed by columns.
     *
     * @param m    rows of A and C
     * @param n    columns of B and C
     * @param k    columns of A, rows of B
     * @param a    packed by {@link FloatPack#aColumns}
     * @param b    packed by {@link FloatPack#b}, the first panel at bOffset
     * @param c    row-major, element (i, j) at cOffset + i ldc + j; not read where add is false
     */
    public void columns(int m, int n, int k, float[] a, float[] b, int bOffset, float[] c, int cOffset, int ldc,
            boolean add) {
        for (int jr = 0; jr < n; jr += NR) {
            int bPanel = bOffset + jr * k;
            for (int ir = 0; ir < m; ir += MR) {
                if (m - ir >= MR && n - jr >= NR) {
                    FloatMicroKernel.columns(k, a, ir * k, b, bPanel, c, cOffset + ir * ldc + jr, ldc, add);
                } else {
                    FloatMicroKernel.columns(k, a, ir * k, b, bPanel, scratch, 0, NR, false);
                    copyEdge(Math.min(MR, m - ir), Math.min(NR, n - jr), c, cOffset + ir * ldc + jr, ldc, add);
                }
            }
        }
    }

    /**
     * C = A B or C += A B with A by rows. The last, incomplete panel of A is read as MR whole rows: the array must reach
     * that far, and what stands there does not matter as long as it is finite or NaN: it only meets rows that are dropped.
     *
     * @param a   element (i, p) at aOffset + i lda + p
     */
    public void rows(int m, int n, int k, float[] a, int aOffset, int lda, float[] b, int bOffset, float[] c,
            int cOffset, int ldc, boolean add) {
        for (int jr = 0; jr < n; jr += NR) {
            int bPanel = bOffset + jr * k;
            for (int ir = 0; ir < m; ir += MR) {
                if (m - ir >= MR && n - jr >= NR) {
                    FloatMicroKernel.rows(k, a, aOffset + ir * lda, lda, b, bPanel, c, cOffset + ir * ldc + jr, ldc,
                            add);
                } else {
                    FloatMicroKernel.rows(k, a, aOffset + ir * lda, lda, b, bPanel, scratch, 0, NR, false);
                    copyEdge(Math.min(MR, m - ir), Math.min(NR, n - jr), c, cOffset + ir * ldc + jr, ldc, add);
                }
            }
        }
    }

    private void copyEdge(int rows, int cols, float[] c, int cOffset, int ldc, boolean add) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                int at = cOffset + i * ldc + j;
                c[at] = add ? c[at] + scratch[i * NR + j] : scratch[i * NR + j];
            }
        }
    }
}
