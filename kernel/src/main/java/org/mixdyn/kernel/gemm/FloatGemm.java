package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.gemm.code.Tile;
import org.mixdyn.kernel.parallel.Team;

/**
 * C = alpha op(A) op(B) + beta C by the way that suits its shape: see {@link FloatRoute}. One product at a time uses
 * the buffers of an instance; short ones need none.
 */
final class FloatGemm {
    /** Of products without scratch tiles: any number of threads may use it. */
    private static final FloatMacroKernel SHARED = new FloatMacroKernel();

    private final Team team;
    private final FloatProduct product = new FloatProduct();
    private final FloatBlockedProduct blocked;
    private final FloatThinProduct thin;
    private final FloatLongProduct longProduct;

    FloatGemm(Team team) {
        this.team = team;
        blocked = new FloatBlockedProduct(team);
        thin = new FloatThinProduct(team);
        longProduct = new FloatLongProduct(team);
    }

    /**
     * The product, if it is a short one. It needs no buffer, so that threads need not take turns.
     *
     * @return whether it was
     */
    static boolean multiplyShort(boolean transA, boolean transB, int m, int n, int k, float alpha, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        if (!FloatRoute.isShort(transB, m, n, k, ldb, alpha, beta)) {
            return false;
        }
        SHARED.multiply(m, n, k, transA ? Tile.Layout.COLUMNS : Tile.Layout.ROWS, a, aOffset, transA ? 1 : lda, lda, b,
                bOffset, 1, ldb, c, cOffset, ldc, beta == 1);
        return true;
    }

    void multiply(boolean transA, boolean transB, int m, int n, int k, float alpha, float[] a, int aOffset, int lda,
            float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        if (m == 0 || n == 0) {
            return;
        }
        // Before waiting for this instance: whoever has it may be waiting for the team.
        team.requireOutside();
        synchronized (this) {
            product.set(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
            try {
                multiply(product);
            } finally {
                product.forget();
            }
        }
    }

    private void multiply(FloatProduct p) {
        if (p.k == 0 || p.alpha == 0) {
            p.scale(0, p.m, 0, p.n);
        } else if (FloatRoute.hasFewRows(p)) {
            thin.multiply(p);
        } else if (FloatRoute.hasFewColumns(p)) {
            p.exchange();
            thin.multiply(p);
        } else if (FloatRoute.hasLongSums(p)) {
            longProduct.multiply(p);
        } else {
            blocked.multiply(p);
        }
    }
}
