package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * The block sizes of the five loops.
 *
 * @param mr rows of the register tile
 * @param nr columns of the register tile
 * @param mc rows of A that are packed together: an mc x kc block fills at most half of the L2 cache, with 16 registers
 *           512 KiB at most, but has 8 mr rows at least, and 1024 at most
 * @param kc depth of one rank-kc update; with 16 registers it comes from the caches, but is 128 at least
 * @param nc columns of B that are packed together: a kc x nc block fills at most a quarter of the L3 cache, but has 16 nr
 *           columns at least, and 8192 at most
 */
public record BlockSizes(int mr, int nr, int mc, int kc, int nc) {
    /**
     * Vectors of a row of the register tile at most where A stands as it is, so that tiles may have any number of
     * rows. Of the tiles with 24 accumulators those of 6 x 4 vectors have the fewest elements of A to find and to
     * check.
     */
    static final int WIDEST = 4;

    /** With 16 registers, kc below which it costs more to come back to C than it gains that panels fit the L1 cache. */
    private static final int SHALLOW = 448;

    /**
     * Whether tiles of an A that stands as it is fit the columns that are left: three or four vectors, and eight or
     * six rows. Where 512 bits are taken in halves, 8 x 3 vectors have been best at everything.
     */
    static final boolean FITTED_TILES = Lanes.THIRTY_TWO_REGISTERS && !Lanes.HALVES;

    /**
     * Checks that the blocks are made of whole tiles.
     *
     * @throws IllegalArgumentException if mc is not a multiple of mr, nc not one of nr, or a size is not positive
     */
    public BlockSizes {
        if (mr < 1 || nr < 1 || kc < 1 || mc < 1 || nc < 1) {
            throw new IllegalArgumentException("block sizes must be positive: " + mr + " " + nr + " " + mc + " " + kc
                    + " " + nc);
        }
        if (mc % mr != 0 || nc % nr != 0) {
            throw new IllegalArgumentException("mc " + mc + " must be a multiple of mr " + mr + ", nc " + nc
                    + " one of nr " + nr);
        }
    }

    /** One line with the register tile and the blocks. */
    public String describe() {
        return "tile of " + mr + " x " + nr + ", mc " + mc + ", kc " + kc + ", nc " + nc;
    }

    /** The sizes in use for one precision at the vector width of this process. */
    public static BlockSizes of(Precision precision) {
        int lanes = Lanes.BITS / 8 / precision.bytes();
        // 24 accumulators, 3 of B and 1 of A in 32 registers; 10, 2 and up to 4 in 16.
        int mr = Lanes.THIRTY_TWO_REGISTERS ? 8 : 5;
        int nr = (Lanes.THIRTY_TWO_REGISTERS ? 3 : 2) * lanes;
        // Tiles of C come from memory by the loads that wait for them, once for every kc: that costs more than it gains that
        // a panel of B fits into the L1 cache. From L2 both panels come fast enough, nr + mr elements for mr nr multiply-adds;
        // where a vector of 512 bits is a whole one these come twice as fast, and then f64 is better off with shorter panels.
        int kc = Lanes.WHOLE_512 ? 4096 / precision.bytes() : 1024;
        long part = Caches.L2 / 2;
        if (!Lanes.THIRTY_TWO_REGISTERS) {
            part = Math.min(part, 512 << 10);
            kc = depth(mr, nr, part, precision);
        }
        // Eight panels of A are few, but each panel of B is read from L3 only once for all of them.
        int mc = (int) Math.clamp(part / (kc * precision.bytes()), 8 * mr, 1024) / mr * mr;
        int nc = (int) Math.clamp(Caches.L3 / 4 / (kc * precision.bytes()), 16 * nr, 8192) / nr * nr;
        return new BlockSizes(mr, nr, mc, kc, nc);
    }

    /**
     * kc with 16 registers, whose panels are so narrow that one of each operand fits the L1 cache; but where it has 32
     * KiB so few rows of B do that C comes too often, and eight panels of A that fit their part of L2 are better.
     */
    private static int depth(int mr, int nr, long partOfL2, Precision precision) {
        long inL1 = Caches.L1 / ((mr + nr) * precision.bytes());
        long inL2 = Math.min(1024, partOfL2 / (8 * mr * precision.bytes()));
        return (int) Math.max(128, (inL1 < SHALLOW ? Math.max(inL1, inL2) : inL1) / 64 * 64);
    }
}
