package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;

/**
 * General matrix products, C = alpha op(A) op(B) + beta C, row-major, with op(X) = X or its transpose.
 *
 * <p>op(A) is m x k, op(B) is k x n, C is m x n. Element (i, j) of a stored matrix X stands at offset + i ld + j. The rules
 * are those of the BLAS: with beta = 0, C is overwritten without being read; with alpha = 0, A and B are not read. C must
 * not overlap A or B. The result has the same bits for any number of threads. Rounding: elementwise,
 * |error| &lt;= (k + 3) u |alpha| |A| |B| + 3 u |beta C| to first order.
 *
 * <p>An instance keeps the packing buffers; calls on one instance that need them take turns.
 */
public final class Gemm {
    private final int threads;
    private final FloatGemm single;
    private final DoubleGemm dual;

    private Gemm(int threads) {
        this.threads = threads;
        Team team = Team.of(threads);
        single = new FloatGemm(team);
        dual = new DoubleGemm(team);
    }

    /**
     * A product that uses the given number of threads.
     *
     * @throws IllegalArgumentException if threads is not in 1 .. {@link Team#MAX_THREADS}
     */
    public static Gemm withThreads(int threads) {
        return new Gemm(threads);
    }

    /** Threads in use, the caller included. */
    public int threads() {
        return threads;
    }

    /**
     * C = alpha op(A) op(B) + beta C in binary32.
     *
     * @param transA  true if A is stored k x m, false if m x k
     * @param transB  true if B is stored n x k, false if k x n
     * @param m       rows of op(A) and C
     * @param n       columns of op(B) and C
     * @param k       columns of op(A), rows of op(B)
     * @param a       not modified
     * @param lda     distance between rows of the stored A, at least its columns
     * @param b       not modified
     * @param ldb     distance between rows of the stored B, at least its columns
     * @param c       overwritten
     * @param ldc     distance between rows of C, at least n
     * @throws IllegalArgumentException  if a size is negative or a leading dimension too small
     * @throws IndexOutOfBoundsException if a matrix does not fit into its array
     */
    public void sgemm(boolean transA, boolean transB, int m, int n, int k, float alpha, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        check(transA, transB, m, n, k, a.length, aOffset, lda, b.length, bOffset, ldb, c.length, cOffset, ldc);
        if (FloatGemm.multiplyShort(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset,
                ldc)) {
            return;
        }
        single.multiply(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
    }

    /** The same in binary64: see {@link #sgemm}. */
    public void dgemm(boolean transA, boolean transB, int m, int n, int k, double alpha, double[] a,
            int aOffset, int lda, double[] b, int bOffset, int ldb, double beta, double[] c, int cOffset, int ldc) {
        check(transA, transB, m, n, k, a.length, aOffset, lda, b.length, bOffset, ldb, c.length, cOffset, ldc);
        if (DoubleGemm.multiplyShort(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c,
                cOffset, ldc)) {
            return;
        }
        dual.multiply(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
    }

    private static void check(boolean transA, boolean transB, int m, int n, int k, int aLength, int aOffset, int lda,
            int bLength, int bOffset, int ldb, int cLength, int cOffset, int ldc) {
        if (m < 0 || n < 0 || k < 0) {
            throw new IllegalArgumentException("m, n, k are " + m + ", " + n + ", " + k + "; none may be negative");
        }
        checkMatrix("a", transA ? k : m, transA ? m : k, aLength, aOffset, lda);
        checkMatrix("b", transB ? n : k, transB ? k : n, bLength, bOffset, ldb);
        checkMatrix("c", m, n, cLength, cOffset, ldc);
    }

    private static void checkMatrix(String name, int rows, int cols, int length, int offset, int ld) {
        if (ld < Math.max(1, cols)) {
            throw new IllegalArgumentException("the leading dimension of " + name + " is " + ld + "; at least "
                    + Math.max(1, cols) + " is needed");
        }
        if (rows == 0 || cols == 0) {
            return;
        }
        long end = offset + (rows - 1L) * ld + cols;
        if (offset < 0 || end > length) {
            throw new IndexOutOfBoundsException(name + " of " + rows + " x " + cols + " at offset " + offset
                    + " with leading dimension " + ld + " does not fit into an array of " + length);
        }
    }
}
