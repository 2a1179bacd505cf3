package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * How one product C = alpha op(A) op(B) + beta C is computed, decided from its shape, the caches and the number of threads: what
 * is packed, along what C is walked, and what the threads share. {@link FloatGemm} carries it out.
 *
 * <p>The limits were measured with vectors of 512 bits, whole and taken in halves, and with 16 registers of 256 bits. Other
 * machines have those of whole vectors.
 */
final class FloatPlan {
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final int MR = BLOCKS.mr();
    private static final int NR = BLOCKS.nr();
    private static final int MC = BLOCKS.mc();
    private static final int KC = BLOCKS.kc();
    private static final int NC = BLOCKS.nc();
    private static final int L = Lanes.FLOAT.length();
    private static final int T = Lanes.FLOAT_TAIL.length();

    /** Rows of A and columns of B that are packed together where C is walked along its rows: there mc and nc change places. */
    static final int TALL = NC / MR * MR;
    static final int NARROW = MC / NR * NR;

    /** Multiply-adds below which waking other threads takes longer than the product. */
    private static final long ALONE = 1 << 18;

    /**
     * Elements of an operand that is read as it stands: packing it would cost more than it gains. Loads across the borders of
     * cache lines, which packing saves, are dear from 96 KiB on, twice a usual L1 cache; where vectors are taken in halves they
     * are not, up to the L2 cache.
     */
    private static final long SMALL = (Lanes.HALVES ? Caches.L2 : 96 << 10) / Precision.F32.bytes();

    /** Elements of half the L2 cache, and of a quarter. */
    private static final long HALF = Caches.L2 / 2 / Precision.F32.bytes();
    private static final long QUARTER = HALF / 2;

    /** Elements of an operand that is read as it stands for few rows or columns of the other: it comes from L2 as fast as it must. */
    private static final long NEAR = Math.max(SMALL, QUARTER);

    /** Elements from one row to the next, or a divisor of them, with which all rows meet in the same few lines of a cache. */
    private static final int CLASH = 4096 / Precision.F32.bytes();

    /**
     * Columns of C up to which the rows of A are read as they stand. Elements of A are loaded one by one, wherever they stand;
     * panels of them are 5 to 9 % faster to find and to check, but packing takes as long as 20 to 40 columns of multiply-adds
     * with units of whole 512 bits, and as long as 15 with 16 registers.
     */
    private static final int UNPACKED = Lanes.WHOLE_512 ? 400 : Lanes.HALVES ? NR : 160;

    /**
     * Whether C may be walked along its rows: processors wait for its elements where they come from beyond the L2 cache. Where
     * vectors are taken in halves the other order was best.
     */
    private static final boolean ALONG_ROWS = !Lanes.HALVES;

    /** Elements of the L1 cache. */
    private static final long NEAREST = Caches.L1 / Precision.F32.bytes();

    /**
     * Rows of A from which on it pays to pack a B whose rows clash; four times as many for each of several threads, which pack for
     * themselves or wait. Where vectors are taken in halves it was not tried.
     */
    private static final int ROWS_FOR_CLASHING = Lanes.HALVES ? Integer.MAX_VALUE : 48;

    private int threads;
    private int depth;
    private boolean packsA;
    private boolean packsB;
    private boolean alongRows;
    private boolean sharesRows;
    private boolean packsOwnB;
    private boolean waits;

    /**
     * Whether one thread does it best with the two inner loops alone: nothing to pack, to share or to scale, and no tile that sticks
     * out of C and would need a scratch tile.
     */
    static boolean isShort(boolean transB, int m, int n, int k, int ldb, float alpha, float beta) {
        return !transB && alpha == 1 && (beta == 0 && n >= T || beta == 1 && n % T == 0) && k != 0 && k <= KC
                && (long) m * n * k <= ALONE && (long) n * k <= SMALL && !clashes(m, k, ldb);
    }

    /** Whether C has so few rows that B is read only for a few multiply-adds. */
    static boolean hasFewRows(FloatProduct p) {
        return p.m <= FloatThinProduct.FEW && p.n >= NR && (long) p.n * p.k > (p.transB ? SMALL : NEAR);
    }

    /** Whether C has so few columns that A is read only for a few. */
    static boolean hasFewColumns(FloatProduct p) {
        // The rows of a large A that is not transposed are as good as they stand.
        int few = p.transA && (long) p.m * p.k > HALF ? FloatThinProduct.FEW : 2 * MR;
        return p.n <= few && p.m >= NR && (long) p.m * p.k > NEAR;
    }

    /** Whether C is so small, and k so long, that threads had better share k: the same for any number of threads. */
    static boolean hasLongSums(FloatProduct p) {
        return (long) p.m * p.n <= FloatLongProduct.SMALL_C && p.k >= 2 * FloatLongProduct.SHORTEST;
    }

    /** Decides on a product that is none of these, or on a part of one with long sums. */
    void set(FloatProduct p, int teamSize) {
        threads = (long) p.m * p.n * p.k <= ALONE ? 1 : teamSize;
        // Of a long k with small m and n, the parts of A and B that meet stay in the L2 cache: packing would cost more.
        boolean slender = p.k > KC && ((long) p.m + p.n) * KC <= SMALL && p.lda % CLASH != 0 && p.ldb % CLASH != 0;
        int most = slender ? KC / 2 : KC;
        // Every depth is about the same, so that the last one is not too short to pay for its pass over C.
        int chunks = Math.ceilDiv(p.k, most);
        depth = Math.ceilDiv(Math.ceilDiv(p.k, chunks), L) * L;
        packsA = (long) p.m * p.k > SMALL && !slender && paysToPackA(p);
        packsB = p.transB || p.alpha != 1 || (long) p.n * p.k > (p.m <= FloatThinProduct.FEW ? NEAR : SMALL) && !slender
                || readsPastB(p) || clashes(threads == 1 ? p.m : p.m / 4 / threads, p.k, p.ldb);
        alongRows = ALONG_ROWS && packsA && packsB && paysToWalkAlongRows(p);
        sharesRows = alongRows ? hasRowsForAll(p) : splitsRows(p, packsB);
        packsOwnB = packsB && (alongRows || sharesRows && isTiny(p));
        // Who packs the columns that it multiplies, in a place that stays the same, need not wait either.
        waits = threads > 1 && packsB && !packsOwnB && (sharesRows || p.n > NC);
    }

    /**
     * Whether A is multiplied often enough to be packed, or comes from beyond the L2 cache in an order that the processor does not
     * foresee: by columns, or by rows that lie a large power of two apart. Where the rows of a stored A lie so, its columns leave the
     * L2 cache sooner: the elements of one meet in few of its lines.
     */
    private static boolean paysToPackA(FloatProduct p) {
        boolean unforeseen = (p.transA || p.lda % (CLASH / 4) == 0) && (long) p.m * p.k > 2 * HALF
                || p.transA && (long) Math.min(p.k, KC) * apart(p.lda) > HALF;
        return p.n > (unforeseen ? NR : UNPACKED);
    }

    /** Elements between neighbouring rows, as far as it matters for where they meet in a cache: the largest power of two in it. */
    private static int apart(int ld) {
        return Math.min(Integer.lowestOneBit(ld), CLASH);
    }

    /**
     * Whether the rows of a B that stands as it is, a multiple of 512 bytes apart, meet in so few lines of the L1 cache that those of
     * a panel of columns do not stay there, and are read again for enough rows of A.
     */
    private static boolean clashes(int m, int k, int ldb) {
        return m >= ROWS_FOR_CLASHING && apart(ldb) >= CLASH / 8 && (long) k * apart(ldb) >= NEAREST;
    }

    /**
     * Whether whole vectors of the last row of a B that is not packed would be read past the end of the array. Where C is
     * overwritten in one pass, the last panel of columns can move to the left instead.
     */
    private boolean readsPastB(FloatProduct p) {
        boolean moves = p.beta == 0 && p.k <= depth && p.n >= T && p.n <= NC && (threads == 1 || splitsRows(p, false));
        return !moves && p.bOffset + (p.k - 1L) * p.ldb + Math.ceilDiv(p.n, T) * (long) T > p.b.length;
    }

    /**
     * Whether C is large, or it is low and B is large: packed as a whole, B would go to memory and come back for one or two uses.
     */
    private boolean paysToWalkAlongRows(FloatProduct p) {
        boolean large = hasRowsForAll(p) && (long) p.m * p.n > HALF && p.n >= 2 * NARROW;
        boolean low = p.m < 2 * threads * NARROW && (long) p.n * p.k > 2 * HALF && p.n >= 2 * threads * NARROW;
        return large || low;
    }

    /** Whether there are rows enough for threads that walk along them to share the rows, and not the columns. */
    private boolean hasRowsForAll(FloatProduct p) {
        return p.m >= threads * NARROW;
    }

    /** The same for those that walk along columns: these are shared where there are few rows, or a small B to pack and enough of it. */
    private boolean splitsRows(FloatProduct p, boolean packs) {
        boolean packsOwnColumns = packs && isSmall(p) && p.n > (2 * threads - 1) * L;
        return p.m >= threads * MC || p.m >= p.n && !packsOwnColumns;
    }

    /** Whether B is so small that threads pack the columns that they multiply for themselves, even where there are many rows. */
    private static boolean isSmall(FloatProduct p) {
        return (long) p.n * p.k <= QUARTER && p.n <= NC;
    }

    /** Whether each thread may as well pack all of B: to wait for what another core writes, and fetch it, takes longer. */
    private static boolean isTiny(FloatProduct p) {
        return isSmall(p) && (long) p.n * p.k <= QUARTER / 4;
    }

    /** Threads that take part: one where the others are not worth waking, else all. */
    int threads() {
        return threads;
    }

    /** k of one pass over C, a multiple of the lanes. */
    int depth() {
        return depth;
    }

    boolean packsA() {
        return packsA;
    }

    boolean packsB() {
        return packsB;
    }

    /** Whether C is walked along its rows, with a block of B in the L2 cache, or along its columns, with a block of A there. */
    boolean alongRows() {
        return alongRows;
    }

    /** Whether threads share the rows of C, or its columns. */
    boolean sharesRows() {
        return sharesRows;
    }

    /** Whether every thread packs, in a buffer of its own, all of B that it multiplies; else there is one for all. */
    boolean packsOwnB() {
        return packsOwnB;
    }

    /** Whether threads wait for one another before and after they read the packed B. */
    boolean waits() {
        return waits;
    }
}
