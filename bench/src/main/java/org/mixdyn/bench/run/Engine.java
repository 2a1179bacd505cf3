package org.mixdyn.bench.run;

/** What computes the evolution of A. */
public enum Engine {
    /** Gradient descent on every weight. */
    DIRECT("direct"),
    /** Gradient descent on d_in + d_out hidden units, exactly equivalent in distribution. */
    REDUCED("reduced"),
    /** Gradient descent on d_in + d_out hidden units, factorised from the weights that the direct engine would train. */
    REDUCED_QR("reduced-qr"),
    /** The paper's equation 1. */
    SELF_CONSISTENT("self-consistent"),
    /** {@link #REDUCED} where that is exact and smaller, else {@link #DIRECT}. */
    AUTO("auto");

    private final String label;

    Engine(String label) {
        this.label = label;
    }

    /** What runs in place of {@link #AUTO}: a network is reduced if it has one hidden layer of more than d_in + d_out units. */
    Engine resolve(int depth, long width, int dimIn, int dimOut) {
        if (this != AUTO) {
            return this;
        }
        return depth == 2 && width > (long) dimIn + dimOut ? REDUCED : DIRECT;
    }

    /** The name used on the command line and in files. */
    @Override
    public String toString() {
        return label;
    }
}
