package org.mixdyn.kernel.network;

/** Weights of networks with one hidden layer that stand in arrays. */
final class GivenWeights {
    private GivenWeights() {
    }

    /** Refuses a W_1 that is not width x inputs, or a W_2 that is not outputs x width. */
    static void checkLengths(int outputs, int inputs, int width, double[] w1, double[] w2) {
        if (w1.length != (long) width * inputs || w2.length != (long) width * outputs) {
            throw new IllegalArgumentException("w1 and w2 have " + w1.length + " and " + w2.length + " elements; width "
                    + width + " needs " + (long) width * inputs + " and " + (long) width * outputs);
        }
    }
}
