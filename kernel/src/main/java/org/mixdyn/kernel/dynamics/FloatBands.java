package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.gemm.FloatMacroKernel;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * Products of matrices that are padded to whole strips, by bands of rows: what is done with single elements can be done with
 * a band while it is in the cache. Where a product X^T Z is symmetric, the upper half alone is made, by parts of as many
 * rows as a tile has. Operands are read as they stand, from {@link FloatSymmetric#START} on.
 */
final class FloatBands {
    /** Rows of a band. */
    static final int ROWS = 3 * BlockSizes.of(Precision.F32).mr();
    private static final int START = FloatSymmetric.START;
    private static final int L = Lanes.FLOAT.length();
    private static final int MR = BlockSizes.of(Precision.F32).mr();
    private static final int KC = BlockSizes.of(Precision.F32).kc();

    private final FloatMacroKernel[] macroKernels;

    FloatBands(Team team) {
        macroKernels = new FloatMacroKernel[team.size()];
        for (int rank = 0; rank < team.size(); rank++) {
            macroKernels[rank] = new FloatMacroKernel();
        }
    }

    /** The inner loops for one thread, for products of other shapes. */
    FloatMacroKernel macroKernel(int rank) {
        return macroKernels[rank];
    }

    /** Bands of so many rows. */
    static int count(int rows) {
        return (rows + ROWS - 1) / ROWS;
    }

    /** One more than the last row of a band of a matrix of so many rows. */
    static int end(int band, int rows) {
        return Math.min(rows, (band + 1) * ROWS);
    }

    /** Parts of the upper half of a matrix of so many rows. */
    static int upperCount(int rows) {
        return (rows + MR - 1) / MR;
    }

    /** The first row of a part of an upper half. */
    static int upperFirst(int part) {
        return part * MR;
    }

    /**
     * A band of rows of C = X Z or C += X Z. Columns past the last one may be computed too: zeros, as those of Z are.
     *
     * @param rank number of the thread
     * @param rows of X and C
     * @param cols of Z and C
     * @param k    columns of X, rows of Z
     * @param z    with the stride of C
     */
    void multiply(int rank, int band, int rows, int cols, int k, float[] x, int xStride, float[] z, float[] c,
            int stride, boolean add) {
        int first = band * ROWS;
        for (int p = 0; p < k; p += KC) {
            macroKernels[rank].multiply(end(band, rows) - first, Precision.F32.wholeVectors(cols), Math.min(KC, k - p),
                    x,
                    START + first * xStride + p, xStride, z, START + p * stride, stride, c, START + first * stride,
                    stride,
                    add || p > 0);
        }
    }

    /**
     * A band of rows of C = X^T Z or C += X^T Z. Columns past the last one may be computed too: zeros, as those of Z are.
     *
     * @param rank number of the thread
     * @param rows of C, columns of X
     * @param cols of Z and C
     * @param k    rows of X and Z
     */
    void multiplyTransposed(int rank, int band, int rows, int cols, int k, float[] x, float[] z, float[] c, int stride,
            boolean add) {
        int first = band * ROWS;
        for (int p = 0; p < k; p += KC) {
            macroKernels[rank].multiplyTransposed(end(band, rows) - first, Precision.F32.wholeVectors(cols),
                    Math.min(KC, k - p), x, START + p * stride + first, stride, z, START + p * stride, stride, c,
                    START + first * stride, stride, add || p > 0);
        }
    }

    /**
     * A part of the upper half of C = X^T Z or C += X^T Z, from the diagonal on, and what of the lower half stands in the same
     * cache lines.
     *
     * @param rank number of the thread
     * @param n    rows and columns of C, columns of X and Z
     * @param k    rows of X and Z
     */
    void multiplyUpper(int rank, int part, int n, int k, float[] x, float[] z, int stride, float[] c, int cStride,
            boolean add) {
        int first = upperFirst(part);
        int column = first / L * L;
        for (int p = 0; p < k; p += KC) {
            macroKernels[rank].multiplyTransposed(Math.min(MR, n - first), Precision.F32.wholeVectors(n) - column,
                    Math.min(KC, k - p), x,
                    START + p * stride + first, stride, z, START + p * stride + column, stride, c,
                    START + first * cStride + column, cStride, add || p > 0);
        }
    }
}
