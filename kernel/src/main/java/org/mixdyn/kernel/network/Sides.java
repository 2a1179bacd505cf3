package org.mixdyn.kernel.network;

/**
 * How many outputs and inputs there may be. What limits them is that square matrices, padded to whole vectors, are arrays of
 * fewer than 2^31 elements.
 */
public final class Sides {
    /** Most rows of a square matrix: outputs or inputs of any network, and both together where weights are reduced. */
    public static final int MOST = 46_000;

    /** Most outputs or inputs of the self-consistent dynamics, which keeps three halves of a square matrix in one array. */
    public static final int MOST_WITH_ROOTS = 37_000;

    private Sides() {
    }

    /**
     * Checks outputs and inputs one by one.
     *
     * @param most of each
     * @throws IllegalArgumentException if one is larger
     */
    public static void check(int outputs, int inputs, int most) {
        if (Math.max(outputs, inputs) > most) {
            throw new IllegalArgumentException("outputs and inputs are " + outputs + " and " + inputs + "; at most "
                    + most + " are allowed");
        }
    }

    /**
     * Checks outputs and inputs together, whose sum n is the side of reduced weights.
     *
     * @throws IllegalArgumentException if it is larger than {@value #MOST}
     */
    static void checkSum(long n) {
        if (n > MOST) {
            throw new IllegalArgumentException("outputs and inputs are " + n + " together; at most " + MOST
                    + " are allowed where weights are reduced");
        }
    }
}
