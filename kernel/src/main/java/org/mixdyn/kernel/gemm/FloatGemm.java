package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;

/**
 * C = alpha op(A) op(B) + beta C: the five loops jc, pc, ic, jr, ir of Goto and van de Geijn, as BLIS draws them. The
 * first three are here, jr and ir in {@link FloatMacroKernel}. The product of one tile is summed over k in an order that
 * depends on the block sizes alone, so the bits of C do not depend on the number of threads.
 */
final class FloatGemm implements Team.Work {
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final int MR = BLOCKS.mr();
    private static final int NR = BLOCKS.nr();
    private static final int MC = BLOCKS.mc();
    private static final int KC = BLOCKS.kc();
    private static final int NC = BLOCKS.nc();

    private final Team team;
    private final float[][] packedA;
    private final FloatMacroKernel[] macroKernels;
    private float[] packedB = new float[0];

    private boolean transA;
    private boolean transB;
    private int m;
    private int n;
    private int k;
    private float alpha;
    private float[] a;
    private int aOffset;
    private int lda;
    private float[] b;
    private int bOffset;
    private int ldb;
    private float beta;
    private float[] c;
    private int cOffset;
    private int ldc;

    FloatGemm(Team team) {
        this.team = team;
        packedA = new float[team.size()][0];
        macroKernels = new FloatMacroKernel[team.size()];
        for (int rank = 0; rank < team.size(); rank++) {
            macroKernels[rank] = new FloatMacroKernel();
        }
    }

    void multiply(boolean newTransA, boolean newTransB, int newM, int newN, int newK, float newAlpha, float[] newA,
            int newAOffset, int newLda, float[] newB, int newBOffset, int newLdb, float newBeta, float[] newC,
            int newCOffset, int newLdc) {
        transA = newTransA;
        transB = newTransB;
        m = newM;
        n = newN;
        k = newK;
        alpha = newAlpha;
        a = newA;
        aOffset = newAOffset;
        lda = newLda;
        b = newB;
        bOffset = newBOffset;
        ldb = newLdb;
        beta = newBeta;
        c = newC;
        cOffset = newCOffset;
        ldc = newLdc;
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0 || alpha == 0) {
            scale(0, m, 0, n);
            return;
        }
        int kcMax = Math.min(k, KC);
        int sizeB = FloatPack.sizeOfB(Math.min(n, NC), kcMax);
        if (packedB.length < sizeB) {
            packedB = new float[sizeB];
        }
        int sizeA = FloatPack.sizeOfA(Math.min(m, MC), kcMax);
        for (int rank = 0; rank < team.size(); rank++) {
            if (packedA[rank].length < sizeA) {
                packedA[rank] = new float[sizeA];
            }
        }
        team.run(this);
        a = null;
        b = null;
        c = null;
    }

    /** The share of one thread: a range of rows of C, or of columns where C has few rows. */
    @Override
    public void execute(int rank, int size) {
        boolean splitRows = m >= size * MC || m >= n;
        int i0 = splitRows ? cut(m, MR, rank, size) : 0;
        int i1 = splitRows ? cut(m, MR, rank + 1, size) : m;
        for (int jc = 0; jc < n; jc += NC) {
            int ncNow = Math.min(NC, n - jc);
            int j0 = splitRows ? 0 : cut(ncNow, NR, rank, size);
            int j1 = splitRows ? ncNow : cut(ncNow, NR, rank + 1, size);
            for (int pc = 0; pc < k; pc += KC) {
                int kcNow = Math.min(KC, k - pc);
                // All threads pack a share of the kc x nc block of B, which all of them read.
                packB(pc, kcNow, jc, cut(ncNow, NR, rank, size), cut(ncNow, NR, rank + 1, size));
                team.barrier();
                boolean add = pc > 0 || beta != 0;
                if (pc == 0 && beta != 0 && beta != 1) {
                    scale(i0, i1, jc + j0, jc + j1);
                }
                for (int ic = i0; ic < i1 && j0 < j1; ic += MC) {
                    int mcNow = Math.min(MC, i1 - ic);
                    block(rank, ic, mcNow, jc + j0, j1 - j0, pc, kcNow, j0 * kcNow, add);
                }
                team.barrier();
            }
        }
    }

    /** Packs one mc x kc block of A, which stays in the L2 cache, and multiplies it with the packed block of B. */
    private void block(int rank, int ic, int mcNow, int jc, int ncNow, int pc, int kcNow, int bPanel, boolean add) {
        float[] pack = packedA[rank];
        if (transA) {
            FloatPack.aColumns(mcNow, kcNow, alpha, a, aOffset + pc * lda + ic, lda, pack);
            macroKernels[rank].columns(mcNow, ncNow, kcNow, pack, packedB, bPanel, c, cOffset + ic * ldc + jc, ldc,
                    add);
        } else {
            FloatPack.aRows(mcNow, kcNow, alpha, a, aOffset + ic * lda + pc, lda, pack);
            macroKernels[rank].rows(mcNow, ncNow, kcNow, pack, 0, kcNow, packedB, bPanel, c, cOffset + ic * ldc + jc,
                    ldc, add);
        }
    }

    private void packB(int pc, int kcNow, int jc, int from, int to) {
        if (from >= to) {
            return;
        }
        if (transB) {
            FloatPack.bTransposed(kcNow, to - from, 1, b, bOffset + (jc + from) * ldb + pc, ldb, packedB,
                    from * kcNow);
        } else {
            FloatPack.b(kcNow, to - from, 1, b, bOffset + pc * ldb + jc + from, ldb, packedB, from * kcNow);
        }
    }

    /** C = beta C on a block; beta = 0 writes zeros whatever C held. */
    private void scale(int i0, int i1, int j0, int j1) {
        for (int i = i0; i < i1; i++) {
            int row = cOffset + i * ldc;
            for (int j = row + j0; j < row + j1; j++) {
                c[j] = beta == 0 ? 0 : beta * c[j];
            }
        }
    }

    /** Start of a thread's share of n elements, in whole tiles. */
    private static int cut(int n, int tile, int rank, int size) {
        long tiles = (n + tile - 1L) / tile;
        return (int) Math.min(n, tiles * rank / size * tile);
    }
}
