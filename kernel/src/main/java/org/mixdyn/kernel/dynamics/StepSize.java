package org.mixdyn.kernel.dynamics;

/** Step sizes eta of gradient descent. */
public final class StepSize {
    private StepSize() {
    }

    /**
     * The step size of the paper's experiments: eta = 1 / (q sigma^2 w) if sigma^2 w > d, where the initial weights set
     * the largest curvature, else eta = 1 / (q ||A*||_op), where the target does. On the scales of the paper,
     * w = d^gamma_w and sigma^2 = d^gamma_sigma2, the condition reads gamma_w + gamma_sigma2 > 1; it is taken here of the
     * width given, after rounding to an integer.
     *
     * @param q          how many times smaller than the stability scale a step is, positive and finite
     * @param sigma2     variance of the initial weights, not negative and finite
     * @param width      hidden width w, at least 1 and finite
     * @param dim        size d of the inputs and outputs, at least 1 and finite
     * @param targetNorm largest singular value ||A*||_op of the target, positive and finite; only read, and only checked,
     *                   where sigma2 width is at most dim
     * @throws IllegalArgumentException if an argument is out of its range or eta over- or underflows
     */
    public static double paper(double q, double sigma2, double width, double dim, double targetNorm) {
        check("q", q, q > 0, "a finite number above 0");
        check("sigma2", sigma2, sigma2 >= 0, "a finite number of at least 0");
        check("width", width, width >= 1, "a finite number of at least 1");
        check("dim", dim, dim >= 1, "a finite number of at least 1");
        double scale = sigma2 * width;
        if (!(scale > dim)) {
            check("targetNorm", targetNorm, targetNorm > 0, "a finite number above 0");
            scale = targetNorm;
        }
        double eta = 1 / (q * scale);
        if (!(eta > 0 && eta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("q is " + q + ", which makes the step size " + eta
                    + " at scale " + scale + "; allowed is a finite step size above 0");
        }
        return eta;
    }

    private static void check(String name, double value, boolean inside, String allowed) {
        if (!inside || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is " + allowed);
        }
    }
}
