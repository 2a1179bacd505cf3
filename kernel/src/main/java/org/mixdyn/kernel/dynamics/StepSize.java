package org.mixdyn.kernel.dynamics;

import java.util.List;

import org.mixdyn.kernel.simd.Precision;

/** Step sizes eta of gradient descent. */
public final class StepSize {
    /** Relative difference of two powers that would be equal without rounding. */
    private static final double EQUAL = 1e-12;

    private StepSize() {
    }

    /**
     * The step size of the paper's experiments: eta = 1 / (q sigma^2 w) if sigma^2 w > d, where the initial weights set
     * the largest curvature, else eta = 1 / (q ||A*||_op), where the target does. On the scales of the paper,
     * w = d^gamma_w and sigma^2 = d^gamma_sigma2, the condition reads gamma_w + gamma_sigma2 > 1; it is taken here of the
     * width given, after rounding to an integer. A sigma^2 w that differs from d by the rounding errors of the powers counts
     * as equal.
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
        if (!(scale > dim * (1 + EQUAL))) {
            check("targetNorm", targetNorm, targetNorm > 0, "a finite number above 0");
            scale = targetNorm;
        }
        return inverse(q, scale);
    }

    /**
     * A step size for networks of more layers: eta = 1 / (q max(lazy, active)), two scales that each are half a curvature
     * of the loss and that for one wide hidden layer are the sigma^2 w and the ||A*||_op of {@link #paper}.
     *
     * <p>Where A = Y, the curvature is the largest eigenvalue of G -&gt; sum_l Q_l^T Q_l G P_(l-1)^T P_(l-1) with
     * P_l = W_l ... W_1 and Q_l = (W_L ... W_(l+1))^T, which is at most sum_l ||Q_l||^2 ||P_(l-1)||^2. Gradient descent is
     * stable for eta up to two over it, that is up to one over half of it.
     * <ul>
     * <li>lazy is that of the initial Gaussian weights. In the limit of large sizes ||P_l||^2 is the upper edge of a free
     * product of Marchenko-Pastur laws (Müller, IEEE Transactions on Information Theory 48, 2002),
     * prod_(j&lt;=l) sigma^2 n_j times min over z &gt; 0 of (1 + 1/z) prod_(j&lt;=l) (1 + z d_in / n_j), and likewise
     * ||Q_l||^2 with d_out; for very wide layers that is L/2 prod_j sigma^2 n_j.
     * <li>active is that of balanced weights with A = A*, whose layers all have the norm s^(1/L), s = ||A*||_op:
     * L/2 s^(2 - 2/L).
     * </ul>
     *
     * @param q          how many times smaller than the stability scale a step is, positive and finite
     * @param sigma2     variance of the initial weights, not negative and finite
     * @param widths     hidden widths n_1, ..., n_(L-1), at least one, each at least 1
     * @param outputs    d_out, at least 1
     * @param inputs     d_in, at least 1
     * @param targetNorm largest singular value ||A*||_op of the target, positive and finite
     * @throws IllegalArgumentException if an argument is out of its range or eta over- or underflows
     */
    public static double deep(double q, double sigma2, List<Long> widths, int outputs, int inputs, double targetNorm) {
        check("q", q, q > 0, "a finite number above 0");
        check("sigma2", sigma2, sigma2 >= 0, "a finite number of at least 0");
        check("outputs", outputs, outputs >= 1, "a finite number of at least 1");
        check("inputs", inputs, inputs >= 1, "a finite number of at least 1");
        check("targetNorm", targetNorm, targetNorm > 0, "a finite number above 0");
        check("number of widths", widths.size(), !widths.isEmpty(), "a finite number of at least 1");
        for (long width : widths) {
            check("width", width, width >= 1, "a finite number of at least 1");
        }
        int depth = widths.size() + 1;
        double lazy = 0;
        for (int l = 1; l <= depth; l++) {
            lazy += squaredNorm(sigma2, widths.subList(l - 1, depth - 1), outputs)
                    * squaredNorm(sigma2, widths.subList(0, l - 1), inputs) / 2;
        }
        double active = depth / 2.0 * Math.pow(targetNorm, 2 - 2.0 / depth);
        return inverse(q, Math.max(lazy, active));
    }

    /**
     * The step size that keeps lambda-balanced weights with one hidden layer as far from the stability limit as
     * {@link #paper} keeps those of A = A*: eta = 1 / (q sqrt(lambda^2 / 4 + ||A*||_op^2)). Half the curvature where A = Y is
     * (||W_1||^2 + ||W_2||^2) / 2, and W_2^T W_2 - W_1 W_1^T = lambda I, which gradient flow keeps, makes that this root for
     * A = A*.
     *
     * @param q          how many times smaller than the stability scale a step is, positive and finite
     * @param lambda     finite
     * @param targetNorm largest singular value ||A*||_op of the target, positive and finite
     * @throws IllegalArgumentException if an argument is out of its range or eta over- or underflows
     */
    public static double lambdaBalanced(double q, double lambda, double targetNorm) {
        check("q", q, q > 0, "a finite number above 0");
        check("lambda", lambda, Double.isFinite(lambda), "a finite number");
        check("targetNorm", targetNorm, targetNorm > 0, "a finite number above 0");
        return inverse(q, Math.hypot(lambda / 2, targetNorm));
    }

    /** The limit of ||W||_op^2 for a product W of Gaussian matrices that leads from dim units through the widths. */
    private static double squaredNorm(double sigma2, List<Long> widths, int dim) {
        if (widths.isEmpty()) {
            return 1;
        }
        // In log z the function is convex: the least is where the derivative changes its sign.
        double low = -60;
        double high = 60;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            double z = Math.exp(middle);
            double slope = -1 / (1 + z);
            for (long width : widths) {
                slope += z * dim / (width + z * dim);
            }
            if (slope < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double z = Math.exp(low);
        double norm = 1 + 1 / z;
        for (long width : widths) {
            norm *= sigma2 * (width + z * dim);
        }
        return norm;
    }

    private static double inverse(double q, double scale) {
        double eta = 1 / (q * scale);
        if (!(eta > 0 && eta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("q is " + q + ", which makes the step size " + eta
                    + " at scale " + scale + "; allowed is a finite step size above 0");
        }
        return eta;
    }

    /**
     * Checks a step size that was given.
     *
     * @throws IllegalArgumentException if it is not finite and above 0, in the precision of the weights
     */
    static void check(double eta, Precision precision) {
        check("eta", eta, eta > 0, "a finite number above 0");
        boolean held = precision == Precision.F64 || (float) eta > 0 && (float) eta < Float.POSITIVE_INFINITY;
        check("eta", eta, held, "what binary32 holds, " + Float.MIN_VALUE + " to " + Float.MAX_VALUE);
    }

    private static void check(String name, double value, boolean inside, String allowed) {
        if (!inside || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed is " + allowed);
        }
    }
}
