package org.mixdyn.kernel.gemm.code;

/**
 * The register tile of the matrix product: a block of C, of at most 24 vectors where there are 32 registers, stays in
 * vector registers while k runs.
 *
 * <pre>
 *            B: k rows of vectors * lanes columns
 *            [ b0 | b1 | b2 ]    row p
 *   A  [x0]  [c00 | c01 | c02]
 *   .  [x1]  [c10 | c11 | c12]   c_ij += x_i b_j,   x_i = A(i, p) in every lane
 *   .  [..]  [ .. |  .. | .. ]
 * </pre>
 *
 * Every element of the tile is one chain of fused multiply-adds over p = 0 .. k - 1 that starts from zero, whatever
 * the tile: which tiles cover a matrix does not change a bit of it. {@link MicroKernelCode} makes one kernel for each
 * {@link Tile}.
 */
public abstract class FloatMicroKernel {
    /**
     * C = A B or C += A B, by the {@link Tile}.
     *
     * @param k       columns of A and rows of B
     * @param a       element (0, 0) at a0; the others by the layout of the {@link Tile}, with aStride
     * @param b       element (p, j) at b0 + p bStride + j; whole vectors are read
     * @param c       element (i, j) at c0 + i ldc + j
     * @param one     1, which the compiler is not to know: see {@link MicroKernelCode}
     */
    public abstract void multiply(int k, float[] a, int a0, int aStride, float[] b, int b0, int bStride, float[] c,
            int c0,
            int ldc, int one);
}
