package org.mixdyn.kernel.gemm.code;

/** Inner products of a few rows with a few others, both along k: see {@link InnerProductCode}. */
public abstract class FloatInnerProducts {
    /**
     * Element q of a vector of sums is the sum over p = q, q + L, q + 2 L, ... below k of a_i(p) x_j(p), one chain of
     * fused multiply-adds from zero, where L is the number of lanes. To add the elements is left to the caller.
     *
     * @param k    a multiple of the lanes
     * @param a    row i begins at a0 + i lda
     * @param x    row j begins at x0 + j ldx
     * @param sums the vector of i and j at (i columns + j) lanes, overwritten
     */
    public abstract void multiply(int k, float[] a, int a0, int lda, float[] x, int x0, int ldx, float[] sums);
}
