package org.mixdyn.kernel.svd;

/**
 * When to decompose a matrix anew without trying to follow it: where the last prediction was far off for so many vectors
 * that the rounds it takes cost more, and after failures in a row, 0, 1, 2, 4 and then 8 times.
 */
final class ColdDecision {
    /** Part of the vectors whose prediction may be far off. Measured: see results/svd-tuning.md, "When to start cold". */
    private static final double MOST_FAR = 0.01;

    /** So few may be far off however many there are: a few exact rotations deal with them. */
    private static final int FEW = 3;

    private static final int MOST_SKIPPED = 8;

    private int skip;
    private int nextSkip;

    /**
     * Whether the next update shall try to follow the matrix.
     *
     * @param far  vectors for which the prediction would have been far off at the last step
     * @param side of how many
     */
    boolean follows(int far, int side) {
        if (skip > 0) {
            skip--;
            return false;
        }
        return far <= Math.max(FEW, MOST_FAR * side);
    }

    void succeeded() {
        nextSkip = 0;
    }

    void failed() {
        skip = nextSkip;
        nextSkip = Math.clamp(2 * nextSkip, 1, MOST_SKIPPED);
    }
}
