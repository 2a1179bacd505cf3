package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.add;
import static org.ejml.dense.row.CommonOps_DDRM.addEquals;
import static org.ejml.dense.row.CommonOps_DDRM.identity;
import static org.ejml.dense.row.CommonOps_DDRM.mult;
import static org.ejml.dense.row.CommonOps_DDRM.multCols;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;
import static org.ejml.dense.row.CommonOps_DDRM.subtract;

import org.ejml.data.DMatrixRMaj;

/**
 * The self-consistent dynamics of the product A of a wide network of depth 2, the paper's equation 1, with
 * s = sigma^2 w and G = A - Y:
 *
 * <pre>dA/dt = - sqrt(A A^T + s^2 I) G - G sqrt(A^T A + s^2 I).</pre>
 *
 * A singular value of A below s is lazy, one above s is active.
 */
public final class SelfConsistent {
    private final DMatrixRMaj labels;
    private final DMatrixRMaj product;
    private final double s;
    private final double eta;

    /**
     * The dynamics from a given A.
     *
     * @param product A, d_out x d_in, copied
     * @param labels  Y, d_out x d_in, copied
     * @param s       sigma^2 w, not negative
     * @param eta     the time that one Euler step advances
     * @throws IllegalArgumentException if the shapes differ or s is negative
     */
    public SelfConsistent(DMatrixRMaj product, DMatrixRMaj labels, double s, double eta) {
        if (product.numRows != labels.numRows || product.numCols != labels.numCols) {
            throw new IllegalArgumentException("product is " + product.numRows + " x " + product.numCols
                    + "; the labels are " + labels.numRows + " x " + labels.numCols);
        }
        if (!(s >= 0)) {
            throw new IllegalArgumentException("s is " + s + "; it must not be negative");
        }
        this.product = product.copy();
        this.labels = labels.copy();
        this.s = s;
        this.eta = eta;
    }

    /** A, d_out x d_in; a copy. */
    public DMatrixRMaj product() {
        return product.copy();
    }

    /** dA/dt at the present A, d_out x d_in; a new matrix. */
    public DMatrixRMaj derivative() {
        DMatrixRMaj g = subtract(product, labels, null);
        Singular svd = Singular.of(product);
        DMatrixRMaj left = root(svd.u(), svd.values(), s);
        DMatrixRMaj right = root(svd.v(), svd.values(), s);
        return add(-1, mult(left, g, null), -1, mult(g, right, null), null);
    }

    /** One Euler step: A becomes A + eta dA/dt. */
    public void step() {
        addEquals(product, eta, derivative());
    }

    /**
     * U sqrt(S^2 + s^2) U^T + s (I - U U^T) = s I + U (sqrt(S^2 + s^2) - s) U^T: on the directions that A does not reach,
     * the root is s. With V in place of U it is the other root. The difference is written S^2 / (sqrt(S^2 + s^2) + s), which does not cancel.
     */
    static DMatrixRMaj root(DMatrixRMaj basis, double[] singularValues, double s) {
        double[] excess = new double[singularValues.length];
        for (int i = 0; i < excess.length; i++) {
            double sigma = singularValues[i];
            excess[i] = sigma == 0 ? 0 : sigma * (sigma / (Math.hypot(sigma, s) + s));
        }
        DMatrixRMaj scaled = basis.copy();
        multCols(scaled, excess);
        DMatrixRMaj root = multTransB(scaled, basis, null);
        addEquals(root, s, identity(basis.numRows));
        return root;
    }
}
