package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.gemm.code.FloatMicroKernel;
import org.mixdyn.kernel.gemm.code.MicroKernelCode;
import org.mixdyn.kernel.gemm.code.Tile;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** The micro-kernels, each made when it is first asked for. */
final class FloatKernels {
    private static final int L = Lanes.FLOAT.length();
    private static final int T = Lanes.FLOAT_TAIL.length();
    private static final int MR = BlockSizes.of(Precision.F32).mr();
    private static final int NR = BlockSizes.of(Precision.F32).nr();

    /** Widest tile, in vectors of those at ragged ends. */
    private static final int WIDEST = Math.max(NR / L, BlockSizes.WIDEST) * L / T;

    /** Each at the index that {@link #of} finds for its tile. */
    private static final FloatMicroKernel[] KERNELS = new FloatMicroKernel[4 * MR * WIDEST];

    private FloatKernels() {
    }

    /** The kernel of one {@link Tile}. */
    static FloatMicroKernel of(int rows, int columns, boolean add, Tile.Layout layout) {
        int shape = (rows - 1) * WIDEST + columns / T - 1;
        int index = 4 * shape + (add ? 2 : 0) + (layout == Tile.Layout.ROWS ? 0 : 1);
        FloatMicroKernel kernel = KERNELS[index];
        if (kernel == null) {
            // Two threads may make the same one: either will do.
            kernel = MicroKernelCode.make(Precision.F32, new Tile(rows, columns, add, layout), FloatMicroKernel.class);
            KERNELS[index] = kernel;
        }
        return kernel;
    }
}
