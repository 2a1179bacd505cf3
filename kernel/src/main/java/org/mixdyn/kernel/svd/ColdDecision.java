package org.mixdyn.kernel.svd;

/** When to decompose a matrix anew without trying to follow it: after failures in a row, 0, 1, 2, 4 and then 8 times. */
final class ColdDecision {
    private static final int MOST_SKIPPED = 8;

    private int skip;
    private int nextSkip;

    /** Whether the next update shall try to follow the matrix. */
    boolean follows() {
        if (skip == 0) {
            return true;
        }
        skip--;
        return false;
    }

    void succeeded() {
        nextSkip = 0;
    }

    void failed() {
        skip = nextSkip;
        nextSkip = Math.clamp(2 * nextSkip, 1, MOST_SKIPPED);
    }
}
