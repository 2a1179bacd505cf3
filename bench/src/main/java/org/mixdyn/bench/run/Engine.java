package org.mixdyn.bench.run;

/** What computes the evolution of A. */
public enum Engine {
    /** Gradient descent on every weight. */
    DIRECT("direct"),
    /** Gradient descent on 2 d weights to a unit, exactly equivalent in distribution. */
    REDUCED("reduced"),
    /** The paper's equation 1. */
    SELF_CONSISTENT("self-consistent");

    private final String label;

    Engine(String label) {
        this.label = label;
    }

    /** The name used on the command line and in files. */
    @Override
    public String toString() {
        return label;
    }
}
