package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
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
    private static final int L = Lanes.FLOAT.length();
    private static final int T = Lanes.FLOAT_TAIL.length();
    private static final int START = Precision.F32.lineStart();

    /**
     * Elements of an operand that is read as it stands: packing it would cost more than it gains. Loads across the borders of
     * cache lines, which packing saves, are dear from 96 KiB on, twice a usual L1 cache; where vectors are taken in halves they
     * are not, up to the L2 cache. With 16 registers a quarter of it was best.
     */
    private static final long SMALL = (Lanes.HALVES
            ? Caches.L2
            : Lanes.THIRTY_TWO_REGISTERS ? 96 << 10 : Caches.L2 / 4) / Precision.F32.bytes();

    /** Elements from one row to the next, or a divisor of them, with which all rows meet in the same few lines of a cache. */
    private static final int CLASH = 4096 / Precision.F32.bytes();

    /** Multiply-adds below which waking other threads takes longer than the product. */
    private static final long ALONE = 1 << 18;

    /** Of products without scratch tiles: any number of threads may use it. */
    private static final FloatMacroKernel SHARED = new FloatMacroKernel();

    private final Team team;
    private final float[][] packedA;
    private final FloatMacroKernel[] macroKernels;
    private final FloatThinProduct thin;
    private float[] packedB = new float[0];

    private int depth;
    private boolean packsA;
    private boolean packsB;
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
        thin = new FloatThinProduct(team);
        packedA = new float[team.size()][0];
        macroKernels = new FloatMacroKernel[team.size()];
        for (int rank = 0; rank < team.size(); rank++) {
            macroKernels[rank] = new FloatMacroKernel();
        }
    }

    /**
     * The product, if it is a short one that one thread does best with the two inner loops alone: nothing to pack, to share
     * or to scale, and no tile that sticks out of C. It needs no buffer, so that threads need not take turns.
     *
     * @return whether it was
     */
    static boolean multiplyShort(boolean transA, boolean transB, int m, int n, int k, float alpha, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        if (transB || alpha != 1 || beta != 0 && beta != 1 || beta == 0 && n < T || beta == 1 && n % T != 0 || k == 0
                || k > KC || (long) m * n * k > ALONE || (long) n * k > SMALL) {
            return false;
        }
        SHARED.multiply(m, n, k, transA ? Tile.Layout.COLUMNS : Tile.Layout.ROWS, a, aOffset, transA ? 1 : lda, lda, b,
                bOffset, 1, ldb, c, cOffset, ldc, beta == 1);
        return true;
    }

    synchronized void multiply(boolean newTransA, boolean newTransB, int newM, int newN, int newK, float newAlpha,
            float[] newA, int newAOffset, int newLda, float[] newB, int newBOffset, int newLdb, float newBeta,
            float[] newC, int newCOffset, int newLdc) {
        if (newM == 0 || newN == 0) {
            return;
        }
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
        if (k == 0 || alpha == 0) {
            scale(0, m, 0, n);
        } else if (!multiplyThin()) {
            multiplyBlocks();
        }
        a = null;
        b = null;
        c = null;
    }

    private void multiplyBlocks() {
        // Of a long k with small m and n, the parts of A and B that meet stay in the L2 cache: packing would cost more.
        boolean slender = k > KC && ((long) m + n) * KC <= SMALL && lda % CLASH != 0 && ldb % CLASH != 0;
        int most = slender ? KC / 2 : KC;
        // Every depth is about the same, so that the last one is not too short to pay for its pass over C.
        int chunks = Math.ceilDiv(k, most);
        depth = Math.ceilDiv(Math.ceilDiv(k, chunks), L) * L;
        packsA = (long) m * k > SMALL && n > NR && !slender;
        packsB = transB || alpha != 1 || (long) n * k > SMALL && !slender || readsPastB();
        if (packsB) {
            packedB = reserve(packedB, START + FloatPack.sizeOfB(Math.min(n, NC), depth));
        }
        if (packsA) {
            for (int rank = 0; rank < team.size(); rank++) {
                packedA[rank] = reserve(packedA[rank], FloatPack.sizeOfA(Math.min(m, MC), depth));
            }
        }
        if ((long) m * n * k <= ALONE) {
            execute(0, 1);
        } else {
            team.run(this);
        }
    }

    /** The product, if one side of C is so short that the other operand is read only for a few multiply-adds. */
    private boolean multiplyThin() {
        if (m <= FloatThinProduct.FEW && n >= NR && (long) n * k > SMALL) {
            thin.multiply(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc, 1);
            return true;
        }
        if (n <= FloatThinProduct.FEW && m >= NR && (long) m * k > SMALL) {
            thin.multiply(!transB, !transA, n, m, k, alpha, b, bOffset, ldb, a, aOffset, lda, beta, c, cOffset, 1, ldc);
            return true;
        }
        return false;
    }

    /**
     * Whether whole vectors of the last row of a B that is not packed would be read past the end of the array. Where C is
     * overwritten in one pass, the last panel of columns can move to the left instead.
     */
    private boolean readsPastB() {
        boolean moves = beta == 0 && k <= depth && n >= T && n <= NC
                && (team.size() == 1 || splitsRows(team.size()));
        return !moves && bOffset + (k - 1L) * ldb + Math.ceilDiv(n, T) * (long) T > b.length;
    }

    /** Whether threads share the rows of C, or its columns where it has few rows. */
    private boolean splitsRows(int size) {
        return m >= size * MC || m >= n;
    }

    private static float[] reserve(float[] buffer, int size) {
        return buffer.length < size ? new float[size] : buffer;
    }

    /** The share of one thread. */
    @Override
    public void execute(int rank, int size) {
        boolean splitRows = splitsRows(size);
        int i0 = splitRows ? Panels.share(m, MR, rank, size) : 0;
        int i1 = splitRows ? Panels.share(m, MR, rank + 1, size) : m;
        for (int jc = 0; jc < n; jc += NC) {
            int ncNow = Math.min(NC, n - jc);
            int share0 = FloatMacroKernel.columnShare(ncNow, !packsA, rank, size);
            int share1 = FloatMacroKernel.columnShare(ncNow, !packsA, rank + 1, size);
            int j0 = splitRows ? 0 : share0;
            int j1 = splitRows ? ncNow : share1;
            for (int pc = 0; pc < k; pc += depth) {
                int kcNow = Math.min(depth, k - pc);
                if (packsB) {
                    // All threads pack a share of the kc x nc block of B, which all of them read.
                    packB(pc, kcNow, jc, share0, share1);
                    barrier(size);
                }
                if (pc == 0 && beta != 0 && beta != 1) {
                    scale(i0, i1, jc + j0, jc + j1);
                }
                for (int ic = i0; ic < i1 && j0 < j1; ic += MC) {
                    block(rank, ic, Math.min(MC, i1 - ic), jc, j0, j1, pc, kcNow, pc > 0 || beta != 0);
                }
                if (packsB) {
                    barrier(size);
                }
            }
        }
    }

    private void barrier(int size) {
        if (size > 1) {
            team.barrier();
        }
    }

    /** The macro-kernel on one mc x kc block of A, which is packed first if that pays, and a kc x nc block of B. */
    private void block(int rank, int ic, int mcNow, int jc, int j0, int j1, int pc, int kcNow, boolean add) {
        float[] blockA = a;
        int a0 = transA ? aOffset + pc * lda + ic : aOffset + ic * lda + pc;
        int aRow = transA ? 1 : lda;
        int aStride = lda;
        if (packsA) {
            blockA = packedA[rank];
            if (transA) {
                FloatPack.aTransposed(mcNow, kcNow, a, a0, lda, blockA);
            } else {
                FloatPack.a(mcNow, kcNow, a, a0, lda, blockA);
            }
            a0 = 0;
            aRow = kcNow;
            aStride = 0;
        }
        float[] blockB = packsB ? packedB : b;
        int b0 = packsB ? START + j0 * kcNow : bOffset + pc * ldb + jc + j0;
        Tile.Layout layout = transA || packsA ? Tile.Layout.COLUMNS : Tile.Layout.ROWS;
        macroKernels[rank].multiply(mcNow, j1 - j0, kcNow, layout, blockA, a0, aRow,
                aStride, blockB, b0, packsB ? kcNow : 1, packsB ? 0 : ldb, c, cOffset + ic * ldc + jc + j0, ldc,
                add);
    }

    private void packB(int pc, int kcNow, int jc, int from, int to) {
        if (from >= to) {
            return;
        }
        if (transB) {
            FloatPack.bTransposed(kcNow, to - from, !packsA, alpha, b, bOffset + (jc + from) * ldb + pc, ldb, packedB,
                    START + from * kcNow);
        } else {
            FloatPack.b(kcNow, to - from, !packsA, alpha, b, bOffset + pc * ldb + jc + from, ldb, packedB,
                    START + from * kcNow);
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
}
