package org.mixdyn.kernel.observe;

/** Where in a step the errors are recorded. Iterations count records, from 0, in both. */
public enum Recording {
    /** Record i is of the product after i steps; the first is of the initial weights. */
    BEFORE_UPDATE("before-update"),
    /** Record i is of the product after i + 1 steps; the initial weights are not recorded. */
    AFTER_UPDATE("after-update");

    private final String label;

    Recording(String label) {
        this.label = label;
    }

    /** The name used in files: before-update or after-update. */
    @Override
    public String toString() {
        return label;
    }
}
