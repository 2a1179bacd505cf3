package org.mixdyn.kernel.network;

import org.mixdyn.kernel.simd.Precision;

/** How the weights of a network are drawn; sigma is the standard deviation of a Gaussian weight. */
public enum Initialization {
    /** Independent N(0, sigma^2) entries. */
    GAUSSIAN("gaussian"),
    /**
     * W_l = sigma sqrt(max(n_l, n_(l-1))) times a uniformly random matrix with orthonormal columns, or rows where it has
     * fewer: each W_l has one singular value, which is that of a Gaussian matrix of very unequal sides. Any shape.
     */
    ORTHOGONAL("orthogonal"),
    /**
     * W_(l+1)^T W_(l+1) = W_l W_l^T for all l (Arora, Cohen, Golowich and Hu, arXiv:1810.02281, procedure 1). Any shape: with
     * r the least of all n_l, the product starts as the rank-r part U S V^T of a Gaussian matrix whose entries have the
     * variance of those of a product of Gaussian weights, sigma^(2 L) n_1 ... n_(L-1), and
     * W_l = H_l S^(1/L) H_(l-1)^T, where H_0 = V, H_L = U and the other n_l x r frames are uniformly random.
     */
    BALANCED("balanced"),
    /**
     * W_2^T W_2 - W_1 W_1^T = lambda I on its support, for one hidden layer (Dominé et al., arXiv:2409.14623): as
     * {@link #BALANCED}, but W_1 = H S_1 V^T and W_2 = U S_2 H^T with S_1 S_2 = S and S_2^2 - S_1^2 = lambda I, so that the
     * difference is lambda H H^T. Any shape and any lambda; 0 is balanced.
     */
    LAMBDA_BALANCED("lambda-balanced");

    private final String label;

    Initialization(String label) {
        this.label = label;
    }

    /**
     * Bytes of the frames that weights are drawn through.
     *
     * @throws IllegalArgumentException if such weights do not exist at that shape
     */
    public long frameBytes(DeepShape shape, Precision precision) {
        Frames.check(this, shape);
        return Frames.elements(this, shape) * precision.bytes();
    }

    /** The name used on the command line and in files. */
    @Override
    public String toString() {
        return label;
    }
}
