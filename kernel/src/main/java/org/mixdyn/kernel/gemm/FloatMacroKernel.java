package org.mixdyn.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.gemm.code.MicroKernelCode;
import org.mixdyn.kernel.gemm.code.Tile;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * The two inner loops of the matrix product, jr over panels of B and ir over panels of A, around the micro-kernel.
 * The operands may be packed or matrices as they stand. A tile that sticks out of C is computed in a scratch tile,
 * and the part inside is copied; so an instance belongs to one thread at a time.
 */
public final class FloatMacroKernel {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final int MR = BlockSizes.of(Precision.F32).mr();
    private static final int NR = BlockSizes.of(Precision.F32).nr();
    private static final int T = Lanes.FLOAT_TAIL.length();

    /** Vectors of C in a register tile at most. */
    private static final int ACCUMULATORS = MR * NR / L;

    /**
     * Panels of A that meet a panel of B one after the other where C is walked along its rows: one, which stays in
     * the L1 cache while all of B comes from L2. With 16 registers a panel of B may fit there too, and comes once for
     * several.
     */
    private static final int GROUP = Lanes.THIRTY_TWO_REGISTERS ? 1 : 8;

    /** Not final, so that compiled micro-kernels do not know it: see {@link MicroKernelCode}. */
    private static int one = 1;

    private final float[] scratch = new float[MR * NR];

    /**
     * C = A B or C += A B, both as they stand.
     *
     * @param m   rows of A and C
     * @param n   columns of B and C
     * @param k   columns of A, rows of B
     * @param a   element (i, p) at a0 + i lda + p
     * @param b   element (p, j) at b0 + p ldb + j; whole vectors of {@link Lanes#FLOAT_TAIL} are read, past n too
     * @param c   element (i, j) at c0 + i ldc + j; not read where add is false
     */
    public void multiply(int m, int n, int k, float[] a, int a0, int lda, float[] b, int b0, int ldb, float[] c,
            int c0, int ldc, boolean add) {
        multiply(m, n, k, Tile.Layout.ROWS, a, a0, lda, lda, b, b0, 1, ldb, c, c0, ldc, add);
    }

    /**
     * C = A B or C += A B, A given by its transpose, both as they stand.
     *
     * @param a element (i, p) at a0 + p lda + i
     */
    public void multiplyTransposed(int m, int n, int k, float[] a, int a0, int lda, float[] b, int b0, int ldb,
            float[] c, int c0, int ldc, boolean add) {
        multiply(m, n, k, Tile.Layout.COLUMNS, a, a0, 1, lda, b, b0, 1, ldb, c, c0, ldc, add);
    }

    /**
     * C = A B or C += A B in any layout.
     *
     * @param aRow    distance between the panels of two neighbouring rows of A; that of row i begins at a0 + i aRow
     * @param aStride of the layout; 0 for panels that were packed by columns: then it is the number of the panel's rows
     * @param bColumn distance between the panels of two neighbouring columns of B; that of column j begins at b0 + j bColumn
     * @param bStride between rows of B; 0 for packed panels: then it is the number of the panel's columns
     */
    void multiply(int m, int n, int k, Tile.Layout layout, float[] a, int a0, int aRow, int aStride, float[] b,
            int b0, int bColumn, int bStride, float[] c, int c0, int ldc, boolean add) {
        Cut cut = aStride == 0 ? Cut.WHOLE : Cut.FITTED;
        // Where B stands as it is, not in panels.
        boolean overlaps = !add && bStride != 0 && n >= T;
        int width;
        for (int jr = 0; jr < n; jr += width) {
            width = panelWidth(n - jr, cut);
            if (overlaps && width > n) {
                width = n / T * T;
            }
            int column = jr;
            if (overlaps && column + width > n) {
                // Some columns are computed twice, which is cheaper than to part them from what is outside.
                column = n - width;
            }
            boolean inside = column + width <= n;
            int mostRows = mostRows(width);
            int panelB = b0 + column * bColumn;
            int strideB = bStride == 0 ? width : bStride;
            int rows;
            for (int ir = 0; ir < m; ir += rows) {
                rows = Panels.next(m - ir, mostRows);
                int panelA = a0 + ir * aRow;
                int strideA = aStride == 0 ? rows : aStride;
                int tileC = c0 + ir * ldc + column;
                if (inside) {
                    FloatKernels.of(rows, width, add, layout).multiply(k, a, panelA, strideA, b, panelB, strideB, c,
                            tileC,
                            ldc, one);
                } else {
                    FloatKernels.of(rows, width, false, layout).multiply(k, a, panelA, strideA, b, panelB, strideB,
                            scratch, 0,
                            width, one);
                    copyEdge(rows, n - column, width, c, tileC, ldc, add);
                }
            }
        }
    }

    /**
     * C = A B or C += A B with ir outside of jr: a group of panels of A meets all of B before the next one does, and
     * C is walked along its rows. A is packed and begins at a[0]; B is packed or stands as it is, by bColumn and
     * bStride.
     */
    void multiplyAlongRows(int m, int n, int k, float[] a, float[] b, int b0, int bColumn, int bStride, float[] c,
            int c0, int ldc, boolean add) {
        int rows;
        for (int ir = 0; ir < m; ir += rows) {
            // A group ends where a whole panel does: the last two, which may share what is left, are in one.
            rows = m - ir < (GROUP + 1) * MR ? m - ir : GROUP * MR;
            multiply(rows, n, k, Tile.Layout.COLUMNS, a, ir * k, k, 0, b, b0, bColumn, bStride, c, c0 + ir * ldc, ldc,
                    add);
        }
    }

    /**
     * Columns of the panel of B that begins where so many are left: whole vectors, but the last panel ends with half
     * a one where that is enough.
     */
    static int panelWidth(int left, Cut cut) {
        int vectors = vectors(left);
        vectors = fits(cut) ? Panels.nextEven(vectors, BlockSizes.WIDEST) : Panels.next(vectors, NR / L);
        return Math.min(vectors * L, Math.ceilDiv(left, T) * T);
    }

    /** First of n columns in one thread's share: a panel begins there. */
    static int columnShare(int n, Cut cut, int rank, int size) {
        int first = fits(cut)
                ? Panels.shareEven(vectors(n), BlockSizes.WIDEST, rank, size)
                : Panels.share(vectors(n), NR / L, rank, size);
        return Math.min(n, L * first);
    }

    private static boolean fits(Cut cut) {
        return cut == Cut.FITTED && BlockSizes.FITTED_TILES;
    }

    /** The same where every thread has panels of its own: shares of whole vectors, more even than shares of panels. */
    static int ownColumnShare(int n, int rank, int size) {
        return (int) Math.min(n, (long) vectors(n) * rank / size * L);
    }

    /** Rows of a tile at most; narrow ones might have more, but kernels of many heights would have to be compiled. */
    private static int mostRows(int width) {
        return Math.min(MR, ACCUMULATORS / vectors(width));
    }

    private static int vectors(int columns) {
        return Math.ceilDiv(columns, L);
    }

    /** What of a tile in the scratch is inside C. */
    private void copyEdge(int rows, int columns, int width, float[] c, int c0, int ldc, boolean add) {
        for (int i = 0; i < rows; i++) {
            int from = i * width;
            int to = c0 + i * ldc;
            if (columns < L) {
                for (int j = 0; j < columns; j++) {
                    c[to + j] = add ? c[to + j] + scratch[from + j] : scratch[from + j];
                }
            } else {
                // The last vector of a row overlaps the one before, and is made before C changes.
                int tail = columns - L;
                FloatVector last = edge(scratch, from + tail, c, to + tail, add);
                for (int j = 0; j < tail; j += L) {
                    edge(scratch, from + j, c, to + j, add).intoArray(c, to + j);
                }
                last.intoArray(c, to + tail);
            }
        }
    }

    private static FloatVector edge(float[] tile, int from, float[] c, int to, boolean add) {
        FloatVector x = FloatVector.fromArray(S, tile, from);
        return add ? x.add(FloatVector.fromArray(S, c, to)) : x;
    }

    /** One tile of C = A B or C += A B, wherever it and its operands stand: see {@link Tile}. */
    static void tile(int rows, int columns, int k, boolean add, Tile.Layout layout, float[] a, int a0, int aStride,
            float[] b, int b0, int bStride, float[] c, int c0) {
        FloatKernels.of(rows, columns, add, layout).multiply(k, a, a0, aStride, b, b0, bStride, c, c0, columns, one);
    }
}
