package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.mult;
import static org.ejml.dense.row.CommonOps_DDRM.transpose;

import java.util.Objects;

import org.ejml.data.DMatrixRMaj;

/** The matrix product of the BLAS, by EJML, on row-major arrays with offsets and leading dimensions. */
public final class Products {
    private Products() {
    }

    /**
     * C = alpha op(A) op(B) + beta C, op(X) = X or X^T. Element (i, j) of a stored X stands at offset + i ld + j. With
     * beta = 0, C is not read; outside its m x n elements the array c is not touched.
     *
     * @param transA true if A is stored k x m, false if m x k
     * @param transB true if B is stored n x k, false if k x n
     * @param a      not modified
     * @param b      not modified
     * @param c      overwritten; not overlapping a or b
     * @throws IndexOutOfBoundsException if a matrix does not fit into its array
     */
    public static void multiply(boolean transA, boolean transB, int m, int n, int k, double alpha, double[] a,
            int aOffset, int lda, double[] b, int bOffset, int ldb, double beta, double[] c, int cOffset, int ldc) {
        DMatrixRMaj product = mult(read(transA, m, k, a, aOffset, lda), read(transB, k, n, b, bOffset, ldb), null);
        check(m, n, c.length, cOffset, ldc);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int index = cOffset + i * ldc + j;
                c[index] = alpha * product.get(i, j) + (beta == 0 ? 0 : beta * c[index]);
            }
        }
    }

    /** op(X), rows x cols. */
    private static DMatrixRMaj read(boolean trans, int rows, int cols, double[] x, int offset, int ld) {
        DMatrixRMaj stored = trans ? new DMatrixRMaj(cols, rows) : new DMatrixRMaj(rows, cols);
        check(stored.numRows, stored.numCols, x.length, offset, ld);
        for (int i = 0; i < stored.numRows; i++) {
            System.arraycopy(x, offset + i * ld, stored.data, i * stored.numCols, stored.numCols);
        }
        return trans ? transpose(stored, null) : stored;
    }

    private static void check(int rows, int cols, long length, long offset, int ld) {
        if (rows > 0 && cols > 0) {
            Objects.checkFromToIndex(offset, offset + (rows - 1L) * ld + cols, length);
        }
    }
}
