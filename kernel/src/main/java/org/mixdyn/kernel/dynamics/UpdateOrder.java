package org.mixdyn.kernel.dynamics;

/** Which W_1 the update of W_2 uses in a step of gradient descent. */
public enum UpdateOrder {
    /** W_1 of before the step: gradient descent as it is defined. */
    SIMULTANEOUS("simultaneous"),
    /** W_1 that this step has already updated, with the gradient G of the old product: what the authors' notebooks run. */
    ALTERNATING("alternating");

    private final String label;

    UpdateOrder(String label) {
        this.label = label;
    }

    /** The name used on the command line and in files. */
    @Override
    public String toString() {
        return label;
    }
}
