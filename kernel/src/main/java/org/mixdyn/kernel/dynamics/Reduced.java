package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.network.Bartlett;
import org.mixdyn.kernel.network.HiddenUnits;
import org.mixdyn.kernel.network.WidthReduction;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent of a network with one hidden layer of any width at the cost of width d_in + d_out. The reduction is
 * exact for every update that is a function of A times the weights: see {@link WidthReduction}.
 */
public final class Reduced {
    private Reduced() {
    }

    /** Hidden units of a reduced network, and the smallest width that Gaussian weights can be reduced from: d_in + d_out. */
    public static int fewestUnits(Task task) {
        return task.outputs() + task.inputs();
    }

    /**
     * The reduction of independent N(0, sigma^2) weights by {@link Bartlett}: A(t) has the same distribution as that of
     * {@link TwoLayer#gaussian}. A seed gives another draw than there.
     *
     * @param width hidden units, a whole number from {@link #fewestUnits} to 2^53; 1e12 is as cheap as the least
     * @param sigma standard deviation of a weight, finite and at least 0
     * @param eta   step size, finite and above 0
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Dynamics gaussian(Task task, double width, double sigma, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        checkSigma(sigma);
        double[] w1 = new double[Math.multiplyExact(fewestUnits(task), task.inputs())];
        double[] w2 = new double[Math.multiplyExact(fewestUnits(task), task.outputs())];
        Bartlett.draw(task.outputs(), task.inputs(), width, sigma, seed, w1, w2);
        return TwoLayer.of(task, fewestUnits(task), w1, w2, eta, order, precision, threads);
    }

    /**
     * The reduction of the very weights that {@link TwoLayer#gaussian} draws from the same arguments: the same A(t) to
     * rounding. The weights are drawn and factorised a panel at a time and never held; this takes as long as
     * (d_in + d_out)^2 / (3 d_in d_out) steps of every weight do in binary64.
     *
     * @param width hidden units, at least 1
     * @param sigma standard deviation of a weight, finite and at least 0
     * @param eta   step size, finite and above 0
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Dynamics gaussianWeights(Task task, long width, double sigma, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        checkSigma(sigma);
        return of(task, HiddenUnits.gaussian(task.outputs(), task.inputs(), width, sigma, precision, seed), eta, order,
                precision, threads);
    }

    /**
     * The reduction of given weights by a QR factorisation: the same A(t) to rounding.
     *
     * @param units read once, in order
     * @param eta   step size, finite and above 0
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Dynamics of(Task task, HiddenUnits units, double eta, UpdateOrder order, Precision precision,
            int threads) {
        double[] w1 = new double[Math.multiplyExact(fewestUnits(task), task.inputs())];
        double[] w2 = new double[Math.multiplyExact(fewestUnits(task), task.outputs())];
        WidthReduction.factor(task.outputs(), task.inputs(), units, threads, w1, w2);
        return TwoLayer.of(task, fewestUnits(task), w1, w2, eta, order, precision, threads);
    }

    private static void checkSigma(double sigma) {
        if (!(sigma >= 0 && sigma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sigma is " + sigma + "; it must be finite and at least 0");
        }
    }
}
