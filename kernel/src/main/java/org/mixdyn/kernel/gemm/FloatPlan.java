package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * How the five loops compute one product C = alpha op(A) op(B) + beta C, decided from its shape, the caches and the
 * number of threads: what is packed, along what C is walked, and what the threads share. {@link FloatBlockedProduct}
 * carries it out.
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

    /**
     * Rows of A and columns of B that are packed together where C is walked along its rows: there mc and nc change
     * places.
     */
    static final int TALL = NC / MR * MR;
    static final int NARROW = MC / NR * NR;

    /** Rows for each thread that walks along them: each packs all of B, which few would not pay for. */
    static final int ROWS_FOR_ALL = Math.max(NARROW, 240);

    private int threads;
    private int depth;
    private boolean packsA;
    private boolean packsB;
    private boolean alongRows;
    private boolean sharesRows;
    private boolean packsOwnB;
    private boolean waits;

    /** Decides on a product that takes the five loops, or on a part of one with long sums. */
    void set(FloatProduct p, int teamSize) {
        threads = (long) p.m * p.n * p.k <= Limits.ALONE ? 1 : teamSize;
        boolean slender = isSlender(p);
        depth = depth(p.k, slender ? KC / 2 : KC);
        packsA = !slender && p.bytesOfA() > Limits.UNPACKED && paysToPackA(p);
        packsB = mustPackB(p, threads, depth) || !slender && isLargeB(p)
                || FloatRoute.clashes(threads == 1 ? p.m : p.m / 4 / threads, p.k, p.ldb);
        alongRows = Limits.ALONG_ROWS && packsA && packsB && paysToWalkAlongRows(p, threads);
        sharesRows = alongRows ? hasRowsForAll(p, threads) : splitsRows(p, threads, packsB);
        packsOwnB = packsB && (alongRows || sharesRows && isTiny(p));
        // Who packs the columns that it multiplies, in a place that stays the same, need not wait either.
        waits = threads > 1 && packsB && !packsOwnB && (sharesRows || p.n > NC);
    }

    /** Whether the parts of A and B of a long k that meet stay in the L2 cache: to pack them would cost more. */
    private static boolean isSlender(FloatProduct p) {
        int clash = Limits.CLASH / Precision.F32.bytes();
        return p.k > KC && ((long) p.m + p.n) * KC * Precision.F32.bytes() <= Limits.UNPACKED && p.lda % clash != 0
                && p.ldb % clash != 0;
    }

    /** Every depth is about the same, so that the last one is not too short to pay for its pass over C. */
    private static int depth(int k, int most) {
        return Math.ceilDiv(Math.ceilDiv(k, Math.ceilDiv(k, most)), L) * L;
    }

    /**
     * Whether A is multiplied often enough to be packed, or comes from beyond the L2 cache in an order that the
     * processor does not foresee: by columns, or by rows that lie a large power of two apart. Where the rows of a
     * stored A lie so, its columns leave the L2 cache sooner: the elements of one meet in few of its lines.
     */
    private static boolean paysToPackA(FloatProduct p) {
        boolean rowsClash = (long) p.lda * Precision.F32.bytes() % (Limits.CLASH / 4) == 0;
        boolean unforeseen = (p.transA || rowsClash) && p.bytesOfA() > Limits.L2
                || p.transA && Math.min(p.k, KC) * FloatRoute.apart(p.lda) > Limits.L2 / 2;
        return p.n > (unforeseen ? NR : Math.max(NR, Limits.COLUMNS_FOR_UNPACKED));
    }

    /** Whether B cannot be read as it stands, by whole vectors of its rows. */
    private static boolean mustPackB(FloatProduct p, int threads, int depth) {
        return p.transB || p.alpha != 1 || readsPastB(p, threads, depth);
    }

    /**
     * Whether whole vectors of the last row of a B that is not packed would be read past the end of the array. Where
     * C is overwritten in one pass, the last panel of columns can move to the left instead.
     */
    private static boolean readsPastB(FloatProduct p, int threads, int depth) {
        boolean moves = p.beta == 0 && p.k <= depth && p.n >= T && p.n <= NC
                && (threads == 1 || splitsRows(p, threads, false));
        return !moves && p.bOffset + (p.k - 1L) * p.ldb + Math.ceilDiv(p.n, T) * (long) T > p.b.length;
    }

    private static boolean isLargeB(FloatProduct p) {
        return p.bytesOfB() > (p.m <= Limits.FEW ? Limits.UNPACKED_FOR_FEW : Limits.UNPACKED);
    }

    /**
     * Whether C is large, or it is low and B is large: packed as a whole, B would go to memory and come back for one
     * or two uses.
     */
    private static boolean paysToWalkAlongRows(FloatProduct p, int threads) {
        boolean large = hasRowsForAll(p, threads) && p.bytesOfC() > Limits.L2 / 2 && p.n >= 2 * NARROW;
        boolean low = p.m < 2 * threads * ROWS_FOR_ALL && p.bytesOfB() > Limits.L2 && p.n >= 2 * threads * NARROW;
        return large || low;
    }

    /** Whether there are rows enough for threads that walk along them to share the rows, and not the columns. */
    private static boolean hasRowsForAll(FloatProduct p, int threads) {
        return p.m >= threads * ROWS_FOR_ALL;
    }

    /**
     * Whether threads that walk along columns share the rows: there are many, or no fewer than columns. Where B is
     * packed and small, and has columns enough, they share these, and each packs its own.
     */
    private static boolean splitsRows(FloatProduct p, int threads, boolean packs) {
        boolean packsOwnColumns = packs && isSmall(p) && p.n > (2 * threads - 1) * L;
        return p.m >= threads * MC || p.m >= p.n && !packsOwnColumns;
    }

    private static boolean isSmall(FloatProduct p) {
        return p.bytesOfB() <= Limits.L2 / 4 && p.n <= NC;
    }

    /**
     * Whether each thread may as well pack all of B: to wait for what another core writes, and fetch it, takes
     * longer.
     */
    private static boolean isTiny(FloatProduct p) {
        return p.bytesOfB() <= Limits.L2 / 16 && p.n <= NC;
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

    /** How columns are cut into panels. */
    Cut cut() {
        return packsA ? Cut.WHOLE : Cut.FITTED;
    }

    /**
     * Whether C is walked along its rows, with a block of B in the L2 cache, or along its columns, with a block of A
     * there.
     */
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
