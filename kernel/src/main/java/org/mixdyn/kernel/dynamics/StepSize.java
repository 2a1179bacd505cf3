package org.mixdyn.kernel.dynamics;

/** Rules for the step size eta. */
public final class StepSize {
    private StepSize() {
    }

    /**
     * The rule of the paper's notebooks: 1 / (q sigma^2 w) where sigma^2 w &gt; d, that is gamma_w + gamma_sigma2 &gt; 1,
     * and 1 / (q ||A*||_op) elsewhere.
     *
     * @param q          safety factor, 5 for the paper's figure 1 and 50 for its phase diagram
     * @param sigma2     variance of an initial weight
     * @param width      hidden units w
     * @param dim        d
     * @param targetNorm ||A*||_op
     * @throws IllegalArgumentException if q or the divisor that the rule chooses is not finite and above 0
     */
    public static double paper(double q, double sigma2, double width, double dim, double targetNorm) {
        double s = sigma2 * width;
        double eta = 1 / (q * (s > dim ? s : targetNorm));
        if (!(q > 0 && eta > 0 && eta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("no step size follows from q = " + q + ", sigma^2 w = " + s
                    + " and ||A*|| = " + targetNorm + "; all must be finite and above 0");
        }
        return eta;
    }
}
