package org.mixdyn.kernel.observe;

/** Numbers that are read off the singular values of a product, given in descending order. */
public final class Spectrum {
    private Spectrum() {
    }

    /** ||A||_F^2 / ||A||_op^2 = sum_i s_i^2 / s_1^2; NaN for A = 0. */
    public static double stableRank(double[] singularValues) {
        double squares = 0;
        for (double s : singularValues) {
            double relative = s / singularValues[0];
            squares += relative * relative;
        }
        return squares;
    }

    /** How many singular values are above the threshold sigma^2 w, where the paper calls them active. */
    public static int active(double[] singularValues, double threshold) {
        int count = 0;
        while (count < singularValues.length && singularValues[count] > threshold) {
            count++;
        }
        return count;
    }

    /**
     * s_k / s_(k+1), k counted from 1; infinite where only s_(k+1) is zero, NaN where both are.
     *
     * @throws IllegalArgumentException if k is not in 1 .. number of singular values
     */
    public static double gap(double[] singularValues, int k) {
        if (k < 1 || k > singularValues.length) {
            throw new IllegalArgumentException("k is " + k + "; allowed are 1 to " + singularValues.length);
        }
        return k == singularValues.length ? Double.POSITIVE_INFINITY : singularValues[k - 1] / singularValues[k];
    }
}
