package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;

/**
 * General matrix products, C = alpha op(A) op(B) + beta C, row-major, with op(X) = X or its transpose.
 *
 * <p>op(A) is m x k, op(B) is k x n, C is m x n. Element (i, j) of a stored matrix X stands at offset + i ld + j. The
 * rules are those of the BLAS: with beta = 0, C is overwritten without being read; with alpha = 0, A and B are not
 * read. C may be in one array with A or B but not overlap them. The result has the same bits for any number of
 * threads. Rounding: elementwise, |error| &lt;= (k + 3) u (|alpha| |A| |B| + |beta C|) to first order, with u = 2^-24
 * or 2^-53: C is rounded again for each block of k.
 *
 * <p>An instance keeps the packing buffers; calls on one instance that need them take turns.
 */
public final class Gemm {
    /** The largest m, n and k: a little less than an array can have, so that no index of a loop passes 2^31. */
    public static final int LARGEST = 2_000_000_000;

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
     * @throws IllegalArgumentException if a size or an offset is negative, a leading dimension too small, a matrix does not
     *                                  fit into its array, a size is above {@value #LARGEST}, or C overlaps A or B; C is as it
     *                                  was then
     * @throws IllegalStateException    if called from inside work of the {@link Team} of as many threads, and threads is not 1;
     *                                  short products, and those with m or n of 0, are computed all the same
     */
    public void sgemm(boolean transA, boolean transB, int m, int n, int k, float alpha, float[] a,
            int aOffset, int lda, float[] b, int bOffset, int ldb, float beta, float[] c, int cOffset, int ldc) {
        check(transA, transB, m, n, k, a, a.length, aOffset, lda, b, b.length, bOffset, ldb, c, c.length, cOffset, ldc);
        if (FloatGemm.multiplyShort(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset,
                ldc)) {
            return;
        }
        single.multiply(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
    }

    /** The same in binary64: see {@link #sgemm}. */
    public void dgemm(boolean transA, boolean transB, int m, int n, int k, double alpha, double[] a,
            int aOffset, int lda, double[] b, int bOffset, int ldb, double beta, double[] c, int cOffset, int ldc) {
        check(transA, transB, m, n, k, a, a.length, aOffset, lda, b, b.length, bOffset, ldb, c, c.length, cOffset, ldc);
        if (DoubleGemm.multiplyShort(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c,
                cOffset, ldc)) {
            return;
        }
        dual.multiply(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
    }

    private static void check(boolean transA, boolean transB, int m, int n, int k, Object a, int aLength, int aOffset,
            int lda, Object b, int bLength, int bOffset, int ldb, Object c, int cLength, int cOffset, int ldc) {
        checkSize("m", m);
        checkSize("n", n);
        checkSize("k", k);
        int aRows = transA ? k : m;
        int aCols = transA ? m : k;
        int bRows = transB ? n : k;
        int bCols = transB ? k : n;
        checkMatrix("a", aRows, aCols, aLength, aOffset, lda);
        checkMatrix("b", bRows, bCols, bLength, bOffset, ldb);
        checkMatrix("c", m, n, cLength, cOffset, ldc);
        if (a == c && overlap(aRows, aCols, aOffset, lda, m, n, cOffset, ldc)) {
            throw overlapping("a", aOffset, cOffset);
        }
        if (b == c && overlap(bRows, bCols, bOffset, ldb, m, n, cOffset, ldc)) {
            throw overlapping("b", bOffset, cOffset);
        }
    }

    private static void checkSize(String name, int size) {
        if (size < 0 || size > LARGEST) {
            throw new IllegalArgumentException(name + " is " + size + "; allowed are 0 to " + LARGEST);
        }
    }

    private static void checkMatrix(String name, int rows, int cols, int length, int offset, int ld) {
        if (ld < Math.max(1, cols)) {
            throw new IllegalArgumentException("ld" + name + " is " + ld + "; allowed is " + Math.max(1, cols)
                    + " or more");
        }
        if (offset < 0) {
            throw new IllegalArgumentException(name + "Offset is " + offset + "; allowed is 0 or more");
        }
        long needed = rows == 0 || cols == 0 ? 0 : offset + (rows - 1L) * ld + cols;
        if (needed > length) {
            throw new IllegalArgumentException(name + " has " + length + " elements; " + rows + " x " + cols + " with "
                    + name + "Offset " + offset + " and ld" + name + " " + ld + " needs " + needed + " or more");
        }
    }

    /** Whether two matrices in one array have an element in common. */
    private static boolean overlap(int rows, int cols, int offset, int ld, int cRows, int cCols, int cOffset, int ldc) {
        if (rows == 0 || cols == 0 || cRows == 0 || cCols == 0) {
            return false;
        }
        if (ld == ldc) {
            // C begins down rows below and right columns beside the other; what is right of a row is left of the next.
            int down = Math.floorDiv(cOffset - offset, ld);
            int right = Math.floorMod(cOffset - offset, ld);
            return right < cols && down < rows && -down < cRows
                    || right + (long) cCols > ld && down + 1 < rows && -down - 1 < cRows;
        }
        for (int i = 0; i < cRows; i++) {
            // The last row that begins before this one of C ends.
            long begin = cOffset + (long) i * ldc;
            long last = Math.min(rows - 1, Math.floorDiv(begin + cCols - 1 - offset, (long) ld));
            if (last >= 0 && offset + last * ld + cols > begin) {
                return true;
            }
        }
        return false;
    }

    private static IllegalArgumentException overlapping(String name, int offset, int cOffset) {
        return new IllegalArgumentException(
                "c overlaps " + name + ": they are one array, cOffset is " + cOffset + " and "
                        + name + "Offset " + offset + "; allowed are matrices without a common element");
    }
}
