package org.mixdyn.kernel.dynamics;

/**
 * Which weights one step of gradient descent on A = W_L ... W_1 reads; G = A - Y is that of the old A in both. The formulas
 * are those of one hidden layer; {@link DeepLinear} has those of more.
 */
public enum UpdateOrder {
    /** The gradient at one point: W_1' = W_1 - eta W_2^T G, W_2' = W_2 - eta G W_1^T. */
    SIMULTANEOUS("simultaneous"),
    /** W_1 first, and W_2 reads the new one: W_1' = W_1 - eta W_2^T G, W_2' = W_2 - eta G W_1'^T. */
    ALTERNATING("alternating");

    private final String label;

    UpdateOrder(String label) {
        this.label = label;
    }

    /** The name used on the command line and in files: simultaneous or alternating. */
    @Override
    public String toString() {
        return label;
    }
}
