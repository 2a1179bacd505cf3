package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.concatColumns;
import static org.ejml.dense.row.CommonOps_DDRM.extract;
import static org.ejml.dense.row.CommonOps_DDRM.transpose;

import java.util.List;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;

/**
 * The exact reduction of the width of a network of depth 2. Training commutes with rotations of the hidden units: if
 *
 * <pre>[W_1, W_2^T] = Q R, Q^T Q = I, R = [R_1, R_2],</pre>
 *
 * the network (R_1, R_2^T) has the same A = W_2 W_1 = R_2^T R_1 as (W_1, W_2), and gradient descent, in either order of its
 * updates, keeps [W_1, W_2^T] = Q [R_1, R_2] for ever. Its width is min(w, d_in + d_out).
 */
public final class ReducedWidth {
    private ReducedWidth() {
    }

    /**
     * The network of least width that follows the same A.
     *
     * @param w1 W_1, w x d_in, not modified
     * @param w2 W_2, d_out x w, not modified
     * @return R_1, min(w, d_in + d_out) x d_in, and R_2^T, d_out x min(w, d_in + d_out)
     * @throws IllegalArgumentException if the widths of W_1 and W_2 differ
     */
    public static List<DMatrixRMaj> of(DMatrixRMaj w1, DMatrixRMaj w2) {
        if (w1.numRows != w2.numCols) {
            throw new IllegalArgumentException("w2 has " + w2.numCols + " columns; " + w1.numRows
                    + " are needed, the rows of w1");
        }
        DMatrixRMaj stacked = concatColumns(w1, transpose(w2, null), null);
        QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr();
        if (!qr.decompose(stacked)) {
            throw new IllegalArgumentException("w1 and w2 have no QR decomposition that EJML finds");
        }
        boolean thin = true;
        DMatrixRMaj r = qr.getR(null, thin);
        int inputs = w1.numCols;
        DMatrixRMaj r1 = extract(r, 0, r.numRows, 0, inputs);
        DMatrixRMaj r2 = extract(r, 0, r.numRows, inputs, r.numCols);
        return List.of(r1, transpose(r2, null));
    }
}
