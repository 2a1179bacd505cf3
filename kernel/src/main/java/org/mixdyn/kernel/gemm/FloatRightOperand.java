package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.gemm.code.Tile;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * The right operand B, k x n, of many products C += A B: packed once, in the panels that the micro-kernel reads, one
 * block of rows after the other.
 */
public final class FloatRightOperand {
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);

    /**
     * Rows of a block at most. C is in a near cache here, and costs less to come back to than in other products: with
     * 16 registers a panel of B fills half of the L1 cache at most.
     */
    static final int MOST = Lanes.THIRTY_TWO_REGISTERS
            ? BLOCKS.kc()
            : (int) Math.min(BLOCKS.kc(), Caches.L1 / 2 / (BLOCKS.nr() * Precision.F32.bytes()));

    private static final int T = Lanes.FLOAT_TAIL.length();
    private static final int START = Precision.F32.lineStart();

    private final int k;
    private final int n;
    private final int depth;
    private final int columns;
    private final float[] packed;

    /** A matrix of zeros. */
    public FloatRightOperand(int k, int n) {
        this.k = k;
        // Every block has about the same size.
        depth = Math.max(1, Math.ceilDiv(k, Math.max(1, Math.ceilDiv(k, MOST))));
        this.n = n;
        columns = Math.ceilDiv(n, T) * T;
        packed = new float[START + FloatPack.sizeOfB(n, k)];
    }

    /** B becomes alpha times a row-major k x n matrix, element (p, j) at p ldb + j. */
    public void set(float alpha, float[] b, int ldb) {
        for (int p = 0; p < k; p += depth) {
            FloatPack.b(Math.min(depth, k - p), n, Cut.FITTED, alpha, b, p * ldb, ldb, packed, START + p * columns);
        }
    }

    /** B becomes alpha times the transpose of a row-major n x k matrix, element (j, p) at j ldb + p. */
    public void setTransposed(float alpha, float[] bt, int ldb) {
        for (int p = 0; p < k; p += depth) {
            FloatPack.bTransposed(Math.min(depth, k - p), n, Cut.FITTED, alpha, bt, p, ldb, packed,
                    START + p * columns);
        }
    }

    /**
     * C += A B. Columns of C past n, up to whole vectors of {@link Lanes#FLOAT_TAIL}, must be there: they are added
     * the products of A with zeros.
     *
     * @param kernel of the thread that computes
     * @param m      rows of A and C
     * @param a      element (i, p) at a0 + i lda + p
     * @param c      element (i, j) at c0 + i ldc + j
     */
    public void addProduct(FloatMacroKernel kernel, int m, float[] a, int a0, int lda, float[] c, int c0, int ldc) {
        for (int p = 0; p < k; p += depth) {
            int kNow = Math.min(depth, k - p);
            kernel.multiply(m, columns, kNow, Tile.Layout.ROWS, a, a0 + p, lda, lda, packed, START + p * columns, kNow,
                    0, c, c0, ldc, true);
        }
    }
}
