package org.mixdyn.kernel.observe;

/** Numbers that are read off the singular values of a product, given in descending order. */
public final class Spectrum {
    private Spectrum() {
    }

    /**
     * Stable rank ||A||_F^2 / ||A||_op^2 = sum_i s_i^2 / s_1^2; 0 for a zero matrix.
     *
     * @param s singular values, descending, at least one
     * @throws IllegalArgumentException if s is empty
     */
    public static double stableRank(double[] s) {
        if (s.length == 0) {
            throw new IllegalArgumentException("s has 0 elements; allowed is at least 1");
        }
        if (s[0] == 0) {
            return 0;
        }
        double sum = 0;
        for (double value : s) {
            // Quotients first: squares of large or small values would over- or underflow.
            double quotient = value / s[0];
            sum += quotient * quotient;
        }
        return sum;
    }

    /** Number of singular values above a threshold; with the threshold sigma^2 w, of the active ones. */
    public static int active(double[] s, double threshold) {
        int count = 0;
        for (double value : s) {
            count += value > threshold ? 1 : 0;
        }
        return count;
    }

    /**
     * Gap ratio s_k / s_(k+1), counted from 1; infinite if s_(k+1) alone is 0, NaN if both are.
     *
     * @param s singular values, descending
     * @param k from 1 to s.length - 1
     * @throws IllegalArgumentException if k is out of its range
     */
    public static double gap(double[] s, int k) {
        if (k < 1 || k >= s.length) {
            throw new IllegalArgumentException(
                    "k is " + k + "; allowed is 1 to " + (s.length - 1) + ", below the number of singular values");
        }
        return s[k - 1] / s[k];
    }
}
