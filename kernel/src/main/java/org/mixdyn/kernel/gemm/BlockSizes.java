package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * The block sizes of the five loops.
 *
 * @param mr rows of the register tile
 * @param nr columns of the register tile
 * @param mc rows of A that are packed together: an mc x kc block fills at most half of the L2 cache, or a quarter with 16
 *           registers, but has 8 mr rows at least, and 1024 at most
 * @param kc depth of one rank-kc update; with 16 registers a panel of A and one of B fit the L1 cache, but for 128 at least
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
        // where a vector of 512 bits is a whole one these come twice as fast, and then f64 is better off with shorter panels. The
        // few registers of the other processors make panels so narrow that one of each operand fits into the L1 cache.
        int kc = Lanes.WHOLE_512 ? 4096 / precision.bytes() : 1024;
        if (!Lanes.THIRTY_TWO_REGISTERS) {
            kc = (int) Math.max(128, Caches.L1 / ((mr + nr) * precision.bytes()) / 64 * 64);
        }
        // Eight panels of A are few, but each panel of B is read from L3 only once for all of them.
        int part = Lanes.THIRTY_TWO_REGISTERS ? 2 : 4;
        int mc = (int) Math.clamp(Caches.L2 / part / (kc * precision.bytes()), 8 * mr, 1024) / mr * mr;
        int nc = (int) Math.clamp(Caches.L3 / 4 / (kc * precision.bytes()), 16 * nr, 8192) / nr * nr;
        return new BlockSizes(mr, nr, mc, kc, nc);
    }
}
