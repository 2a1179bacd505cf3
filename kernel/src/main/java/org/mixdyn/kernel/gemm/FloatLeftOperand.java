package org.mixdyn.kernel.gemm;

/**
 * The left operand A of products with matrices that stand as they are, packed in the panels that the micro-kernel
 * reads. C is walked along its rows: a few panels of A meet all of B before the next ones do.
 */
public final class FloatLeftOperand {
    private final float[] packed;
    private int rows;
    private int k;

    /** Room for matrices of at most so many rows and columns. */
    public FloatLeftOperand(int mostRows, int mostColumns) {
        packed = new float[FloatPack.sizeOfA(mostRows, mostColumns)];
    }

    /**
     * A becomes the transpose of a row-major matrix.
     *
     * @param rows of A
     * @param k    columns of A
     * @param at   element (i, p) of A at a0 + p lda + i
     */
    public void setTransposed(int rows, int k, float[] at, int a0, int lda) {
        this.rows = rows;
        this.k = k;
        FloatPack.aTransposed(rows, k, at, a0, lda, packed, 0);
    }

    /**
     * C = A B or C += A B.
     *
     * @param kernel of the thread that computes
     * @param n      columns of B and C
     * @param b      element (p, j) at b0 + p ldb + j; whole vectors are read, as by {@link FloatMacroKernel#multiply}
     * @param c      element (i, j) at c0 + i ldc + j; not read where add is false
     */
    public void multiply(FloatMacroKernel kernel, int n, float[] b, int b0, int ldb, float[] c, int c0, int ldc,
            boolean add) {
        kernel.multiplyAlongRows(rows, n, k, packed, b, b0, 1, ldb, c, c0, ldc, add);
    }
}
