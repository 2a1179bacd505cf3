package org.mixdyn.kernel.observe;

/** Which side of a step an iteration records. */
public enum Recording {
    /** Iteration i holds the product after i steps: the paper's phase diagram. */
    BEFORE_UPDATE("before"),
    /** Iteration i holds the product after i + 1 steps: the paper's figure 1. */
    AFTER_UPDATE("after");

    private final String label;

    Recording(String label) {
        this.label = label;
    }

    /** The name used in files. */
    @Override
    public String toString() {
        return label;
    }
}
