package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.gemm.code.Tile;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;

/**
 * The five loops of Goto and van de Geijn around the micro-kernel, as BLIS draws them: jc, pc, ic, jr, ir; or, where
 * C is walked along its rows, ic, pc, jc, ir, jr with A and B in each other's places. The outer three are here, the
 * fifth to the third, the inner two in {@link FloatMacroKernel}. The product of one tile is summed over k in an order
 * that depends on the plan's depth alone, and that not on the number of threads: so the bits of C do not either.
 */
final class FloatBlockedProduct implements Team.Work {
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final int MR = BLOCKS.mr();
    private static final int NR = BLOCKS.nr();
    private static final int MC = BLOCKS.mc();
    private static final int NC = BLOCKS.nc();
    private static final int START = Precision.F32.lineStart();

    private final Team team;
    private final FloatPlan plan = new FloatPlan();
    private final FloatMacroKernel[] macroKernels;
    /** A block of A for each thread. */
    private final float[][] packedA;
    /** A block of B for each thread, or the first of these for all. */
    private final float[][] packedB;
    private FloatProduct product;

    FloatBlockedProduct(Team team) {
        this.team = team;
        packedA = new float[team.size()][0];
        packedB = new float[team.size()][0];
        macroKernels = new FloatMacroKernel[team.size()];
        for (int rank = 0; rank < team.size(); rank++) {
            macroKernels[rank] = new FloatMacroKernel();
        }
    }

    void multiply(FloatProduct p) {
        product = p;
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
        product = null;
    }

    private static float[] reserve(float[] buffer, int size) {
        return buffer.length < size ? new float[size] : buffer;
    }

    /** The share of one thread. */
    @Override
    public void execute(int rank, int size) {
        int i0 = plan.sharesRows() ? Panels.share(product.m, MR, rank, size) : 0;
        int i1 = plan.sharesRows() ? Panels.share(product.m, MR, rank + 1, size) : product.m;
        if (plan.alongRows()) {
            alongRows(product, rank, size, i0, i1);
        } else {
            alongColumns(product, rank, size, i0, i1);
        }
    }

    /** jc, pc, ic, jr, ir: a block of A stays in the L2 cache, and C is walked along its columns. */
    private void alongColumns(FloatProduct p, int rank, int size, int i0, int i1) {
        int depth = plan.depth();
        boolean sharesRows = plan.sharesRows();
        float[] panelsB = packedB[plan.packsOwnB() ? rank : 0];
        // 5th loop
        for (int jc = 0; jc < p.n; jc += NC) {
            int ncNow = Math.min(NC, p.n - jc);
            // What this thread packs, for all or for itself, and what it multiplies.
            int pack0 = plan.packsOwnB() ? 0 : share(ncNow, rank, size);
            int pack1 = plan.packsOwnB() ? ncNow : share(ncNow, rank + 1, size);
            int j0 = sharesRows ? 0 : pack0;
            int j1 = sharesRows ? ncNow : pack1;
            int panels = sharesRows ? START : START + pack0 * depth;
            // 4th loop
            for (int pc = 0; pc < p.k; pc += depth) {
                int kcNow = Math.min(depth, p.k - pc);
                if (plan.packsB() && pack0 < pack1) {
                    p.packB(pc, kcNow, jc + pack0, pack1 - pack0, plan.cut(), p.alpha, panelsB,
                            sharesRows ? START + pack0 * kcNow : panels);
                }
                barrier();
                if (pc == 0 && p.scales()) {
                    p.scale(i0, i1, jc + j0, jc + j1);
                }
                // 3rd loop
                for (int ic = i0; ic < i1 && j0 < j1; ic += MC) {
                    block(p, rank, ic, Math.min(MC, i1 - ic), jc + j0, j1 - j0, pc, kcNow, panelsB, panels);
                }
                barrier();
            }
        }
    }

    /** First of the columns that a thread packs: of those that it also multiplies shares are even to a vector. */
    private int share(int cols, int rank, int size) {
        return plan.sharesRows()
                ? FloatMacroKernel.columnShare(cols, plan.cut(), rank, size)
                : FloatMacroKernel.ownColumnShare(cols, rank, size);
    }

    private void barrier() {
        if (plan.waits()) {
            team.barrier();
        }
    }

    /**
     * The macro-kernel on one mc x kc block of A, which is packed first if that pays, and columns of B, with their
     * panels.
     */
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
     * ic, pc, jc, ir, jr, or with jr and ir as they are within a group of panels of A: a block of B stays in the L2
     * cache, and C is walked along its rows, which the processor foresees as it does not foresee columns. Every
     * thread packs all that it reads for itself and waits for nobody.
     */
    private void alongRows(FloatProduct p, int rank, int size, int i0, int i1) {
        int depth = plan.depth();
        int j0 = plan.sharesRows() ? 0 : FloatMacroKernel.columnShare(p.n, plan.cut(), rank, size);
        int j1 = plan.sharesRows() ? p.n : FloatMacroKernel.columnShare(p.n, plan.cut(), rank + 1, size);
        int width = Math.ceilDiv(Math.ceilDiv(j1 - j0, Math.ceilDiv(j1 - j0, FloatPlan.NARROW)), NR) * NR;
        // 5th loop
        for (int ic = i0; ic < i1; ic += FloatPlan.TALL) {
            int mcNow = Math.min(FloatPlan.TALL, i1 - ic);
            // 4th loop
            for (int pc = 0; pc < p.k; pc += depth) {
                int kcNow = Math.min(depth, p.k - pc);
                p.packA(ic, mcNow, pc, kcNow, packedA[rank], 0);
                // 3rd loop
                for (int jc = j0; jc < j1; jc += width) {
                    int ncNow = Math.min(width, j1 - jc);
                    p.packB(pc, kcNow, jc, ncNow, plan.cut(), p.alpha, packedB[rank], START);
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
