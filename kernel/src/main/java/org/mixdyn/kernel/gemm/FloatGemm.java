package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
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

    /**
     * Columns of C up to which the rows of A are read as they stand. Elements of A are loaded one by one, wherever they stand;
     * panels of them are 5 % faster to find and to check, but packing takes as long as 20 to 40 columns of multiply-adds with units
     * of whole 512 bits.
     */
    private static final int UNPACKED = Lanes.WHOLE_512 ? 400 : NR;

    /** Multiply-adds below which waking other threads takes longer than the product. */
    private static final long ALONE = 1 << 18;

    /**
     * Whether C may be walked along its rows. Units of whole 512 bits wait for elements of C where it comes from beyond the L2
     * cache; with units of half the width the other order was best.
     */
    private static final boolean ALONG_ROWS = Lanes.WHOLE_512;

    /** Of products without scratch tiles: any number of threads may use it. */
    private static final FloatMacroKernel SHARED = new FloatMacroKernel();

    /** Rows of A and columns of B that are packed together where C is walked along its rows: there mc and nc change places. */
    private static final int TALL = NC / MR * MR;
    private static final int NARROW = MC / NR * NR;

    /** Elements of half the L2 cache, and of a quarter. */
    private static final long HALF = Caches.L2 / 2 / Precision.F32.bytes();
    private static final long QUARTER = HALF / 2;

    /** Elements of an operand that is read as it stands for few rows or columns of the other: it comes from L2 as fast as it must. */
    private static final long NEAR = Math.max(SMALL, QUARTER);

    private final Team team;
    private final FloatProduct product = new FloatProduct();
    private final FloatMacroKernel[] macroKernels;
    private final FloatThinProduct thin;
    /** A block of A for each thread. */
    private final float[][] packedA;
    /** A block of B for each thread, or the first of these for all. */
    private final float[][] packedB;

    private int depth;
    private boolean packsA;
    private boolean packsB;
    private boolean alongRows;

    FloatGemm(Team team) {
        this.team = team;
        thin = new FloatThinProduct(team);
        packedA = new float[team.size()][0];
        packedB = new float[team.size()][0];
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

    synchronized void multiply(boolean transA, boolean transB, int m, int n, int k, float alpha, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        if (m == 0 || n == 0) {
            return;
        }
        product.set(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
        if (k == 0 || alpha == 0) {
            product.scale(0, m, 0, n);
        } else if (!multiplyThin(product)) {
            multiplyBlocks(product);
        }
        product.forget();
    }

    private void multiplyBlocks(FloatProduct p) {
        // Of a long k with small m and n, the parts of A and B that meet stay in the L2 cache: packing would cost more.
        boolean slender = p.k > KC && ((long) p.m + p.n) * KC <= SMALL && p.lda % CLASH != 0 && p.ldb % CLASH != 0;
        int most = slender ? KC / 2 : KC;
        // Every depth is about the same, so that the last one is not too short to pay for its pass over C.
        int chunks = Math.ceilDiv(p.k, most);
        depth = Math.ceilDiv(Math.ceilDiv(p.k, chunks), L) * L;
        packsA = (long) p.m * p.k > SMALL && !slender && paysToPackA(p);
        packsB = p.transB || p.alpha != 1 || (long) p.n * p.k > (p.m <= FloatThinProduct.FEW ? NEAR : SMALL) && !slender
                || readsPastB(p);
        alongRows = ALONG_ROWS && packsA && packsB && paysToWalkAlongRows(p);
        for (int rank = 0; rank < team.size(); rank++) {
            if (packsA) {
                int rows = Math.min(p.m, alongRows ? TALL : MC);
                packedA[rank] = reserve(packedA[rank], FloatPack.sizeOfA(rows, depth));
            }
            if (packsB && (alongRows || rank == 0 || isTiny(p))) {
                int columns = Math.min(p.n, alongRows ? NARROW : NC);
                packedB[rank] = reserve(packedB[rank], START + FloatPack.sizeOfB(columns, depth));
            }
        }
        if ((long) p.m * p.n * p.k <= ALONE) {
            execute(0, 1);
        } else {
            team.run(this);
        }
    }

    /**
     * Whether A is multiplied often enough to be packed, or comes from beyond the L2 cache in an order that the processor does not
     * foresee: by columns, or by rows that lie a large power of two apart.
     */
    private static boolean paysToPackA(FloatProduct p) {
        boolean unforeseen = (p.transA || p.lda % (CLASH / 4) == 0) && (long) p.m * p.k > 2 * HALF;
        return p.n > (unforeseen ? NR : UNPACKED);
    }

    /** Whether C is large, or it is low and B is large: packed as a whole, B would go to memory and come back for a single use. */
    private boolean paysToWalkAlongRows(FloatProduct p) {
        return sharesRows(p, team.size())
                ? (long) p.m * p.n > HALF && p.n >= 2 * NARROW
                : (long) p.n * p.k > 2 * HALF && p.n >= 2 * team.size() * NARROW;
    }

    /** Whether threads that walk along the rows of C share the rows, or the columns. */
    private static boolean sharesRows(FloatProduct p, int size) {
        return p.m >= 2 * size * NARROW;
    }

    private static float[] reserve(float[] buffer, int size) {
        return buffer.length < size ? new float[size] : buffer;
    }

    /** The product, if one side of C is so short that the other operand is read only for a few multiply-adds. */
    private boolean multiplyThin(FloatProduct p) {
        if (p.m <= FloatThinProduct.FEW && p.n >= NR && (long) p.n * p.k > (p.transB ? SMALL : NEAR)) {
            thin.multiply(p.transA, p.transB, p.m, p.n, p.k, p.alpha, p.a, p.aOffset, p.lda, p.b, p.bOffset, p.ldb,
                    p.beta, p.c, p.cOffset, p.ldc, 1);
            return true;
        }
        // The rows of a large A that is not transposed are as good as they stand.
        int few = p.transA && (long) p.m * p.k > HALF ? FloatThinProduct.FEW : 2 * MR;
        if (p.n <= few && p.m >= NR && (long) p.m * p.k > NEAR) {
            thin.multiply(!p.transB, !p.transA, p.n, p.m, p.k, p.alpha, p.b, p.bOffset, p.ldb, p.a, p.aOffset, p.lda,
                    p.beta, p.c, p.cOffset, 1, p.ldc);
            return true;
        }
        return false;
    }

    /**
     * Whether whole vectors of the last row of a B that is not packed would be read past the end of the array. Where C is
     * overwritten in one pass, the last panel of columns can move to the left instead.
     */
    private boolean readsPastB(FloatProduct p) {
        boolean moves = p.beta == 0 && p.k <= depth && p.n >= T && p.n <= NC
                && (team.size() == 1 || splitsRows(p, team.size(), false));
        return !moves && p.bOffset + (p.k - 1L) * p.ldb + Math.ceilDiv(p.n, T) * (long) T > p.b.length;
    }

    /** Whether threads share the rows of C, or its columns: where there are few rows, or a small B to pack and enough columns. */
    private static boolean splitsRows(FloatProduct p, int size, boolean packsB) {
        boolean packsOwnColumns = packsB && isSmall(p) && p.n > (2 * size - 1) * L;
        return p.m >= size * MC || p.m >= p.n && !packsOwnColumns;
    }

    /** Whether B is so small that threads pack the columns that they multiply for themselves, even where there are many rows. */
    private static boolean isSmall(FloatProduct p) {
        return (long) p.n * p.k <= QUARTER && p.n <= NC;
    }

    /** Whether each thread may as well pack all of B: to wait for what another core writes, and fetch it, takes longer. */
    private static boolean isTiny(FloatProduct p) {
        return isSmall(p) && (long) p.n * p.k <= QUARTER / 4;
    }

    /** The share of one thread. */
    @Override
    public void execute(int rank, int size) {
        if (alongRows) {
            multiplyAlongRows(product, rank, size);
        } else {
            multiplyAlongColumns(product, rank, size);
        }
    }

    /** jc, pc, ic, jr, ir: a block of A stays in the L2 cache, and C is walked along its columns. */
    private void multiplyAlongColumns(FloatProduct p, int rank, int size) {
        boolean splitRows = splitsRows(p, size, packsB);
        int i0 = splitRows ? Panels.share(p.m, MR, rank, size) : 0;
        int i1 = splitRows ? Panels.share(p.m, MR, rank + 1, size) : p.m;
        boolean packsAll = splitRows && isTiny(p);
        float[] panelsB = packedB[packsAll ? rank : 0];
        // Who packs what it multiplies, in a place that stays the same, need not wait for others.
        int waiting = packsB && !packsAll && (splitRows || p.n > NC) ? size : 1;
        for (int jc = 0; jc < p.n; jc += NC) {
            int ncNow = Math.min(NC, p.n - jc);
            int share0 = packsAll ? 0 : share(ncNow, splitRows, rank, size);
            int share1 = packsAll ? ncNow : share(ncNow, splitRows, rank + 1, size);
            int j0 = splitRows ? 0 : share0;
            int j1 = splitRows ? ncNow : share1;
            int panels = splitRows ? START : START + share0 * depth;
            for (int pc = 0; pc < p.k; pc += depth) {
                int kcNow = Math.min(depth, p.k - pc);
                if (packsB && share0 < share1) {
                    p.packB(pc, kcNow, jc + share0, share1 - share0, !packsA, panelsB,
                            splitRows ? START + share0 * kcNow : panels);
                }
                barrier(waiting);
                if (pc == 0 && p.scales()) {
                    p.scale(i0, i1, jc + j0, jc + j1);
                }
                for (int ic = i0; ic < i1 && j0 < j1; ic += MC) {
                    block(p, rank, ic, Math.min(MC, i1 - ic), jc + j0, j1 - j0, pc, kcNow, panelsB, panels);
                }
                barrier(waiting);
            }
        }
    }

    /** First of the columns that are a thread's share: of what it packs for all, or of what it packs and multiplies itself. */
    private int share(int cols, boolean forAll, int rank, int size) {
        return forAll
                ? FloatMacroKernel.columnShare(cols, !packsA, rank, size)
                : FloatMacroKernel.ownColumnShare(cols, rank, size);
    }

    private void barrier(int size) {
        if (size > 1) {
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
        if (packsA) {
            blockA = packedA[rank];
            p.packA(ic, mcNow, pc, kcNow, blockA, 0);
            a0 = 0;
            aRow = kcNow;
            aStride = 0;
        }
        float[] blockB = packsB ? panelsB : p.b;
        int b0 = packsB ? panels : p.atB(pc, j);
        Tile.Layout layout = p.transA || packsA ? Tile.Layout.COLUMNS : Tile.Layout.ROWS;
        macroKernels[rank].multiply(mcNow, cols, kcNow, layout, blockA, a0, aRow, aStride, blockB, b0,
                packsB ? kcNow : 1, packsB ? 0 : p.ldb, p.c, p.atC(ic, j), p.ldc, pc > 0 || p.beta != 0);
    }

    /**
     * ic, pc, jc, ir, jr: a block of B stays in the L2 cache, and C is walked along its rows, which the processor foresees as it does
     * not foresee columns. Every thread packs all that it reads for itself and waits for nobody.
     */
    private void multiplyAlongRows(FloatProduct p, int rank, int size) {
        boolean rows = sharesRows(p, size);
        int i0 = rows ? Panels.share(p.m, MR, rank, size) : 0;
        int i1 = rows ? Panels.share(p.m, MR, rank + 1, size) : p.m;
        int j0 = rows ? 0 : FloatMacroKernel.columnShare(p.n, false, rank, size);
        int j1 = rows ? p.n : FloatMacroKernel.columnShare(p.n, false, rank + 1, size);
        int width = Math.ceilDiv(Math.ceilDiv(j1 - j0, Math.ceilDiv(j1 - j0, NARROW)), NR) * NR;
        for (int ic = i0; ic < i1; ic += TALL) {
            int mcNow = Math.min(TALL, i1 - ic);
            for (int pc = 0; pc < p.k; pc += depth) {
                int kcNow = Math.min(depth, p.k - pc);
                p.packA(ic, mcNow, pc, kcNow, packedA[rank], 0);
                for (int jc = j0; jc < j1; jc += width) {
                    int ncNow = Math.min(width, j1 - jc);
                    p.packB(pc, kcNow, jc, ncNow, false, packedB[rank], START);
                    if (pc == 0 && p.scales()) {
                        p.scale(ic, ic + mcNow, jc, jc + ncNow);
                    }
                    macroKernels[rank].multiplyAlongRows(mcNow, ncNow, kcNow, packedA[rank], packedB[rank], START, p.c,
                            p.atC(ic, jc), p.ldc, pc > 0 || p.beta != 0);
                }
            }
        }
    }
}
