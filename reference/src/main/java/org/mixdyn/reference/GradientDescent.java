package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.addEquals;
import static org.ejml.dense.row.CommonOps_DDRM.mult;
import static org.ejml.dense.row.CommonOps_DDRM.multTransA;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;
import static org.ejml.dense.row.CommonOps_DDRM.subtract;

import java.util.ArrayList;
import java.util.List;

import org.ejml.data.DMatrixRMaj;

/**
 * Gradient descent of (1/2) ||A - Y||_F^2 on a linear network A = W_L ... W_2 W_1 of depth L &gt;= 2, with W_1: w x d_in,
 * W_l: w x w and W_L: d_out x w. With G = A - Y, one step of size eta is
 *
 * <pre>W_l' = W_l - eta (W_L ... W_{l+1})^T G (W_{l-1} ... W_1)^T.</pre>
 */
public final class GradientDescent {
    private final List<DMatrixRMaj> weights = new ArrayList<>();
    private final DMatrixRMaj labels;
    private final double eta;

    /**
     * A network and what it learns.
     *
     * @param weights W_1, ..., W_L, copied
     * @param labels  Y, d_out x d_in, copied
     * @param eta     step size
     * @throws IllegalArgumentException if there are fewer than two weights, or their shapes do not fit each other or Y
     */
    public GradientDescent(List<DMatrixRMaj> weights, DMatrixRMaj labels, double eta) {
        if (weights.size() < 2) {
            throw new IllegalArgumentException("weights has " + weights.size() + " matrices; at least 2 are needed");
        }
        int inner = labels.numCols;
        for (DMatrixRMaj weight : weights) {
            if (weight.numCols != inner) {
                throw new IllegalArgumentException("weights W_" + (this.weights.size() + 1) + " has " + weight.numCols
                        + " columns; " + inner + " are needed");
            }
            inner = weight.numRows;
            this.weights.add(weight.copy());
        }
        if (inner != labels.numRows) {
            throw new IllegalArgumentException("weights W_" + weights.size() + " has " + inner + " rows; "
                    + labels.numRows + " are needed");
        }
        this.labels = labels.copy();
        this.eta = eta;
    }

    /** L. */
    public int depth() {
        return weights.size();
    }

    /** W_layer, layer from 1 to L; a copy. */
    public DMatrixRMaj weight(int layer) {
        return weights.get(layer - 1).copy();
    }

    /** A = W_L ... W_1, d_out x d_in; a new matrix. */
    public DMatrixRMaj product() {
        DMatrixRMaj product = weights.getFirst();
        for (DMatrixRMaj weight : weights.subList(1, depth())) {
            product = mult(weight, product, null);
        }
        return product;
    }

    /** G = A - Y, d_out x d_in; a new matrix. */
    public DMatrixRMaj residual() {
        return subtract(product(), labels, null);
    }

    /** All weights move at once: every gradient is that of the old weights. */
    public void simultaneousStep() {
        DMatrixRMaj g = residual();
        List<DMatrixRMaj> gradients = new ArrayList<>();
        for (int layer = 1; layer <= depth(); layer++) {
            gradients.add(gradient(layer, g));
        }
        for (int layer = 1; layer <= depth(); layer++) {
            addEquals(weights.get(layer - 1), -eta, gradients.get(layer - 1));
        }
    }

    /**
     * One layer after the other, W_1 first: below W_l the gradient sees the weights that have moved, above it those that
     * have not, and G is that of the old A.
     */
    public void alternatingStep() {
        DMatrixRMaj g = residual();
        for (int layer = 1; layer <= depth(); layer++) {
            addEquals(weights.get(layer - 1), -eta, gradient(layer, g));
        }
    }

    /**
     * W_l W_l^T - W_{l+1}^T W_{l+1}, w x w, which gradient flow conserves; a new matrix. Gradient descent changes it by
     * O(eta^2) a step.
     *
     * @param layer l, from 1 to L - 1
     */
    public DMatrixRMaj conserved(int layer) {
        DMatrixRMaj below = weights.get(layer - 1);
        DMatrixRMaj above = weights.get(layer);
        return subtract(multTransB(below, below, null), multTransA(above, above, null), null);
    }

    /** (W_L ... W_{l+1})^T G (W_{l-1} ... W_1)^T = W_{l+1}^T ... W_L^T G W_1^T ... W_{l-1}^T. */
    private DMatrixRMaj gradient(int layer, DMatrixRMaj g) {
        DMatrixRMaj gradient = g;
        for (DMatrixRMaj above : weights.subList(layer, depth()).reversed()) {
            gradient = multTransA(above, gradient, null);
        }
        for (DMatrixRMaj below : weights.subList(0, layer - 1)) {
            gradient = multTransB(gradient, below, null);
        }
        return gradient;
    }
}
