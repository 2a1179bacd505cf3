package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.multCols;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;

import java.util.Arrays;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The thin singular value decomposition A = U S V^T, by EJML.
 *
 * @param u      rows x min(rows, columns), U^T U = I
 * @param values the diagonal of S, nonnegative, descending
 * @param v      columns x min(rows, columns), V^T V = I
 */
public record Singular(DMatrixRMaj u, double[] values, DMatrixRMaj v) {
    /**
     * Decomposes A.
     *
     * @param a not modified
     * @throws IllegalArgumentException if EJML does not converge
     */
    public static Singular of(DMatrixRMaj a) {
        boolean vectors = true;
        boolean thin = true;
        SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(a.numRows, a.numCols, vectors,
                vectors, thin);
        if (!svd.decompose(a.copy())) {
            throw new IllegalArgumentException("a, " + a.numRows + " x " + a.numCols
                    + ", has no singular value decomposition that EJML finds; its entries must be finite");
        }
        DMatrixRMaj u = svd.getU(null, false);
        DMatrixRMaj v = svd.getV(null, false);
        double[] values = Arrays.copyOf(svd.getSingularValues(), svd.numberOfSingularValues());
        SingularOps_DDRM.descendingOrder(u, false, values, values.length, v, false);
        return new Singular(u, values, v);
    }

    /** U S V^T, rows x columns; a new matrix. */
    public DMatrixRMaj product() {
        DMatrixRMaj scaled = u.copy();
        multCols(scaled, values);
        return multTransB(scaled, v, null);
    }
}
