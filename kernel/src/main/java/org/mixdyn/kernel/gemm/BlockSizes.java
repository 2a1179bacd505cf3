package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Precision;

/**
 * The block sizes of the five loops.
 *
 * @param mr rows of the register tile
 * @param nr columns of the register tile
 * @param mc rows of A that are packed together: an mc x kc block fills less than half of the L2 cache
 * @param kc depth of one rank-kc update: a kc x nr panel of B stays in the L1 cache while tiles of A pass by
 * @param nc columns of B that are packed together: a kc x nc block stays in the L3 cache
 */
public record BlockSizes(int mr, int nr, int mc, int kc, int nc) {
    /** Bytes of the kc x nr panel of B: half of a 32 KiB L1 cache, which leaves room for A and C passing by. */
    private static final int L1_SHARE = 16 << 10;

    /** Bytes of the mc x kc block of A: well under half of a 512 KiB L2 cache. */
    private static final int L2_SHARE = 192 << 10;

    /** Bytes of the kc x nc block of B: a share of an L3 cache that several cores use. */
    private static final int L3_SHARE = 4 << 20;

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

    /** The sizes in use for one precision at the vector width of this process. */
    public static BlockSizes of(Precision precision) {
        boolean single = precision == Precision.F32;
        int mr = single ? FloatMicroKernel.MR : DoubleMicroKernel.MR;
        int nr = single ? FloatMicroKernel.NR : DoubleMicroKernel.NR;
        // Not below 128 and not above 384: each pass over k reads and writes C once.
        int kc = Math.clamp(L1_SHARE / (nr * precision.bytes()) / 16 * 16, 128, 384);
        int mc = L2_SHARE / (kc * precision.bytes()) / mr * mr;
        int nc = L3_SHARE / (kc * precision.bytes()) / nr * nr;
        return new BlockSizes(mr, nr, mc, kc, nc);
    }
}
