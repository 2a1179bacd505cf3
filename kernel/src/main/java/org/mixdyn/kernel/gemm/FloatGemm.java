package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;

/**
 * C = alpha op(A) op(B) + beta C: the five loops jc, pc, ic, jr, ir of Goto and van de Geijn, as BLIS draws them, or, where C is
 * walked along its rows, ic, pc, jc, ir, jr with A and B in each other's places. The first three are here, the other two in
 * {@link FloatMacroKernel}. The product of one tile is summed over k in an order that depends on the block sizes alone, so the
 * bits of C do not depend on the number of threads.
 */
final class FloatGemm implements Team.Work {
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final int MR = BLOCKS.mr();
    private static final int NR = BLOCKS.nr();
    private static final int MC = BLOCKS.mc();
    private static final int NC = BLOCKS.nc();
    private static final int START = Precision.F32.lineStart();

    /** Of products without scratch tiles: any number of threads may use it. */
    private static final FloatMacroKernel SHARED = new FloatMacroKernel();

    private final Team team;
    private final FloatProduct product = new FloatProduct();
    private final FloatPlan plan = new FloatPlan();
    private final FloatMacroKernel[] macroKernels;
    private final FloatThinProduct thin;
    /** Null in a gemm of parts. */
    private final FloatLongProduct longProduct;
    /** A block of A for each thread. */
    private final float[][] packedA;
    /** A block of B for each thread, or the first of these for all. */
    private final float[][] packedB;

    FloatGemm(Team team) {
        this(team, new FloatLongProduct(team));
    }

    private FloatGemm(Team team, FloatLongProduct longProduct) {
        this.team = team;
        this.longProduct = longProduct;
        thin = new FloatThinProduct(team);
        packedA = new float[team.size()][0];
        packedB = new float[team.size()][0];
        macroKernels = new FloatMacroKernel[team.size()];
        for (int rank = 0; rank < team.size(); rank++) {
            macroKernels[rank] = new FloatMacroKernel();
        }
    }

    /** One thread's, for the parts of products with a long k: it does not cut them any further. */
    static FloatGemm ofParts() {
        return new FloatGemm(Team.of(1), null);
    }

    /**
     * The product, if it is a short one that one thread does best with the two inner loops alone: nothing to pack, to share
     * or to scale, and no tile that sticks out of C. It needs no buffer, so that threads need not take turns.
     *
     * @return whether it was
     */
    static boolean multiplyShort(boolean transA, boolean transB, int m, int n, int k, float alpha, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        if (!FloatPlan.isShort(transB, m, n, k, ldb, alpha, beta)) {
            return false;
        }
        SHARED.multiply(m, n, k, transA ? Tile.Layout.COLUMNS : Tile.Layout.ROWS, a, aOffset, transA ? 1 : lda, lda, b,
                bOffset, 1, ldb, c, cOffset, ldc, beta == 1);
        return true;
    }

    synchronized void multiply(boolean transA, boolean transB, int m, int n, int k, float alpha, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        if (m == 0 || n == 0) {
            return;
        }
        product.set(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
        if (k == 0 || alpha == 0) {
            product.scale(0, m, 0, n);
        } else if (!multiplyThin(product) && !multiplyLong(product)) {
            multiplyBlocks(product);
        }
        product.forget();
    }

    /** The product, if one side of C is so short that the other operand is read only for a few multiply-adds. */
    private boolean multiplyThin(FloatProduct p) {
        if (FloatPlan.hasFewRows(p)) {
            thin.multiply(p.transA, p.transB, p.m, p.n, p.k, p.alpha, p.a, p.aOffset, p.lda, p.b, p.bOffset, p.ldb,
                    p.beta, p.c, p.cOffset, p.ldc, 1);
            return true;
        }
        if (FloatPlan.hasFewColumns(p)) {
            thin.multiply(!p.transB, !p.transA, p.n, p.m, p.k, p.alpha, p.b, p.bOffset, p.ldb, p.a, p.aOffset, p.lda,
                    p.beta, p.c, p.cOffset, 1, p.ldc);
            return true;
        }
        return false;
    }

    /** The product, if threads had better share k. */
    private boolean multiplyLong(FloatProduct p) {
        if (longProduct == null || !FloatPlan.hasLongSums(p)) {
            return false;
        }
        longProduct.multiply(p);
        return true;
    }

    private void multiplyBlocks(FloatProduct p) {
        plan.set(p, team.size());
        for (int rank = 0; rank < plan.threads(); rank++) {
            if (plan.packsA()) {
                int rows = Math.min(p.m, plan.alongRows() ? FloatPlan.TALL : MC);
                packedA[rank] = reserve(packedA[rank], FloatPack.sizeOfA(rows, plan.depth()));
            }
            if (plan.packsB() && (plan.packsOwnB() || rank == 0)) {
                int columns = Math.min(p.n, plan.alongRows() ? FloatPlan.NARROW : NC);
                packedB[rank] = reserve(packedB[rank], START + FloatPack.sizeOfB(columns, plan.depth()));
            }
        }
        if (plan.threads() == 1) {
            execute(0, 1);
        } else {
            team.run(this);
        }
    }

    private static float[] reserve(float[] buffer, int size) {
        return buffer.length < size ? new float[size] : buffer;
    }

    /** The share of one thread. */
    @Override
    public void execute(int rank, int size) {
        if (plan.alongRows()) {
            multiplyAlongRows(product, rank, size);
        } else {
            multiplyAlongColumns(product, rank, size);
        }
    }

    /** jc, pc, ic, jr, ir: a block of A stays in the L2 cache, and C is walked along its columns. */
    private void multiplyAlongColumns(FloatProduct p, int rank, int size) {
        int depth = plan.depth();
        boolean sharesRows = plan.sharesRows();
        int i0 = sharesRows ? Panels.share(p.m, MR, rank, size) : 0;
        int i1 = sharesRows ? Panels.share(p.m, MR, rank + 1, size) : p.m;
        float[] panelsB = packedB[plan.packsOwnB() ? rank : 0];
        for (int jc = 0; jc < p.n; jc += NC) {
            int ncNow = Math.min(NC, p.n - jc);
            int share0 = plan.packsOwnB() ? 0 : share(ncNow, rank, size);
            int share1 = plan.packsOwnB() ? ncNow : share(ncNow, rank + 1, size);
            int j0 = sharesRows ? 0 : share0;
            int j1 = sharesRows ? ncNow : share1;
            int panels = sharesRows ? START : START + share0 * depth;
            for (int pc = 0; pc < p.k; pc += depth) {
                int kcNow = Math.min(depth, p.k - pc);
                if (plan.packsB() && share0 < share1) {
                    p.packB(pc, kcNow, jc + share0, share1 - share0, !plan.packsA(), panelsB,
                            sharesRows ? START + share0 * kcNow : panels);
                }
                barrier();
                if (pc == 0 && p.scales()) {
                    p.scale(i0, i1, jc + j0, jc + j1);
                }
                for (int ic = i0; ic < i1 && j0 < j1; ic += MC) {
                    block(p, rank, ic, Math.min(MC, i1 - ic), jc + j0, j1 - j0, pc, kcNow, panelsB, panels);
                }
                barrier();
            }
        }
    }

    /** First of the columns that are a thread's share: of what it packs for all, or of what it packs and multiplies itself. */
    private int share(int cols, int rank, int size) {
        return plan.sharesRows()
                ? FloatMacroKernel.columnShare(cols, !plan.packsA(), rank, size)
                : FloatMacroKernel.ownColumnShare(cols, rank, size);
    }

    private void barrier() {
        if (plan.waits()) {
            team.barrier();
        }
    }

    /** The macro-kernel on one mc x kc block of A, which is packed first if that pays, and columns of B, with their panels. */
    private void block(FloatProduct p, int rank, int ic, int mcNow, int j, int cols, int pc, int kcNow, float[] panelsB,
            int panels) {
        float[] blockA = p.a;
        int a0 = p.atA(ic, pc);
        int aRow = p.transA ? 1 : p.lda;
        int aStride = p.lda;
        if (plan.packsA()) {
            blockA = packedA[rank];
            p.packA(ic, mcNow, pc, kcNow, blockA, 0);
            a0 = 0;
            aRow = kcNow;
            aStride = 0;
        }
        float[] blockB = plan.packsB() ? panelsB : p.b;
        int b0 = plan.packsB() ? panels : p.atB(pc, j);
        Tile.Layout layout = p.transA || plan.packsA() ? Tile.Layout.COLUMNS : Tile.Layout.ROWS;
        macroKernels[rank].multiply(mcNow, cols, kcNow, layout, blockA, a0, aRow, aStride, blockB, b0,
                plan.packsB() ? kcNow : 1, plan.packsB() ? 0 : p.ldb, p.c, p.atC(ic, j), p.ldc, pc > 0 || p.beta != 0);
    }

    /**
     * ic, pc, jc, ir, jr, or with jr and ir as they are within a group of panels of A: a block of B stays in the L2 cache, and
     * C is walked along its rows, which the processor foresees as it does not foresee columns. Every thread packs all that it
     * reads for itself and waits for nobody.
     */
    private void multiplyAlongRows(FloatProduct p, int rank, int size) {
        int depth = plan.depth();
        boolean sharesRows = plan.sharesRows();
        int i0 = sharesRows ? Panels.share(p.m, MR, rank, size) : 0;
        int i1 = sharesRows ? Panels.share(p.m, MR, rank + 1, size) : p.m;
        int j0 = sharesRows ? 0 : FloatMacroKernel.columnShare(p.n, false, rank, size);
        int j1 = sharesRows ? p.n : FloatMacroKernel.columnShare(p.n, false, rank + 1, size);
        int width = Math.ceilDiv(Math.ceilDiv(j1 - j0, Math.ceilDiv(j1 - j0, FloatPlan.NARROW)), NR) * NR;
        for (int ic = i0; ic < i1; ic += FloatPlan.TALL) {
            int mcNow = Math.min(FloatPlan.TALL, i1 - ic);
            for (int pc = 0; pc < p.k; pc += depth) {
                int kcNow = Math.min(depth, p.k - pc);
                p.packA(ic, mcNow, pc, kcNow, packedA[rank], 0);
                for (int jc = j0; jc < j1; jc += width) {
                    int ncNow = Math.min(width, j1 - jc);
                    p.packB(pc, kcNow, jc, ncNow, false, packedB[rank], START);
                    if (pc == 0 && p.scales()) {
                        p.scale(ic, ic + mcNow, jc, jc + ncNow);
                    }
                    macroKernels[rank].multiplyAlongRows(mcNow, ncNow, kcNow, packedA[rank], packedB[rank], START,
                            kcNow, 0, p.c, p.atC(ic, jc), p.ldc, pc > 0 || p.beta != 0);
                }
            }
        }
    }
}
