package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;

/**
 * The sizes at which one way to multiply becomes better than another, in bytes unless they say otherwise.
 *
 * <p>They were measured with vectors of 512 bits, whole and taken in halves, and with 16 registers of 256 bits. Other
 * machines have those of whole vectors, as far as it is not the number of registers that counts.
 */
final class Limits {
    /** Multiply-adds below which waking other threads takes longer than the product. */
    static final long ALONE = 1 << 18;

    static final long L1 = Caches.L1;
    static final long L2 = Caches.L2;

    /** Whether there are 16 registers beside an L1 cache of 32 KiB or less, where as few as eight lines make a set. */
    static final boolean SMALL_L1 = !Lanes.THIRTY_TWO_REGISTERS && L1 <= 32 << 10;

    /**
     * Of an operand that is read as it stands: packing it would cost more than it gains. Loads across the borders of
     * cache lines, which packing saves, are dear from 96 KiB on, twice a usual L1 cache; where vectors are taken in
     * halves they are not, up to the L2 cache.
     */
    static final long UNPACKED = Lanes.HALVES ? L2 : 96 << 10;

    /** The same for few rows or columns of the other operand: it comes from L2 as fast as it must. */
    static final long UNPACKED_FOR_FEW = Math.max(UNPACKED, L2 / 4);

    /**
     * Rows of a C with few rows at most. With more, it pays to pack B: the multiply-adds take longer than packing
     * does, and where vectors are taken in halves longer than memory.
     */
    static final int FEW = Lanes.HALVES ? 16 : 48;

    /**
     * The same in binary64 for a B whose rows all meet in one set of a small L1 cache: so few of them can be read side by
     * side that the sums are visited too often.
     */
    static final int FEW_BESIDE_CLASHING = SMALL_L1 ? 12 : FEW;

    /** Elements of C up to which a long k is shared, so that the sums of all parts are little beside the operands. */
    static final int SMALL_C = 128 * 128;

    /** k of such a part at least. */
    static final int SHORTEST_PART = 4096;

    /** From one row to the next, or a divisor of it, with which all rows meet in the same few lines of a cache. */
    static final int CLASH = 4096;

    /**
     * Rows of A from which on it pays to pack a B whose rows clash; four times as many for each of several threads,
     * which pack for themselves or wait. Where vectors are taken in halves it was not tried.
     */
    static final int ROWS_FOR_CLASHING = Lanes.HALVES ? Integer.MAX_VALUE : 48;

    /**
     * Columns of C up to which the rows of A are read as they stand. Elements of A are loaded one by one, wherever
     * they stand; panels of them are 5 to 9 % faster to find and to check, but packing takes as long as 20 to 40
     * columns of multiply-adds with units of whole 512 bits, and as long as 15 with 16 registers. Beside a small L1
     * cache up to 240 columns were better so. Where vectors are taken in halves, one panel.
     */
    static final int COLUMNS_FOR_UNPACKED = Lanes.WHOLE_512 ? 400 : Lanes.HALVES ? 0 : SMALL_L1 ? 240 : 160;

    /**
     * Whether C may be walked along its rows: processors wait for its elements where they come from beyond the L2
     * cache. Where vectors are taken in halves the other order was best.
     */
    static final boolean ALONG_ROWS = !Lanes.HALVES;

    private Limits() {
    }
}
