package org.mixdyn.kernel.dynamics;

import java.util.Objects;

import org.mixdyn.kernel.network.Bartlett;
import org.mixdyn.kernel.network.HiddenUnits;
import org.mixdyn.kernel.network.Sides;
import org.mixdyn.kernel.network.WidthReduction;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent of a network with one hidden layer of any width at the cost of width d_in + d_out or less. The reduction
 * is exact for every update that is a function of A times the weights: see {@link WidthReduction}.
 *
 * <p>The reduced weights themselves are forgotten once their products A = W_2 W_1, W_1^T W_1 and W_2 W_2^T are known, which
 * evolve by themselves, for d_in = d_out = d at 7 d^3 operations a step in alternating and 9 d^3 in simultaneous order, where
 * weights take 12 d^3: {@link FloatGramDynamics}. A rounding of such a product is one of u ||A||, which could drown what is still
 * of the order of sigma^2 w; but in the basis of the labels what grows stands apart from what does not. At d = 100, with sigma^2 w
 * from 1e-9 to 100, 750 steps left errors of at most 1.4e-6 of A in binary32, where those of weights are 2e-7 to 1.1e-5, and of
 * 5e-14 in binary64, in either order.
 */
public final class Reduced {
    private Reduced() {
    }

    /**
     * The same task in the bases of singular vectors of its labels, which are diagonal then. Errors and singular values of
     * what is learned from it have the same distribution, and many dynamics may share the work of making it: they make it
     * themselves for a task with other labels, and turn products back.
     *
     * @param precision in which the singular vectors are found, and everything is turned
     */
    public static Task aligned(Task task, Precision precision) {
        return switch (precision) {
            case F32 -> new FloatLabelBasis(task).aligned();
            case F64 -> new DoubleLabelBasis(task).aligned();
        };
    }

    /** Hidden units of a reduced network, and the smallest width that Gaussian weights can be reduced from: d_in + d_out. */
    public static int fewestUnits(Task task) {
        return task.outputs() + task.inputs();
    }

    /** Numbers that one step reads and writes: A and both Gram matrices. */
    public static long elements(Task task) {
        long outputs = task.outputs();
        long inputs = task.inputs();
        return outputs * outputs + outputs * inputs + inputs * inputs;
    }

    /**
     * The reduction of independent N(0, sigma^2) weights by {@link Bartlett}: A(t) has the same distribution as that of
     * {@link TwoLayer#gaussian}. A seed gives another draw than there.
     *
     * @param task      what is to be learned, with at most {@link Sides#MOST} outputs and inputs together
     * @param width     hidden units, a whole number from {@link #fewestUnits} to 2^53; 1e12 is as cheap as the least
     * @param sigma     standard deviation of a weight, finite and at least 0
     * @param eta       step size, finite and above 0
     * @param order     in which the layers are updated
     * @param precision of the products
     * @param threads   that share a step, from 1 to {@link Team#MAX_THREADS}
     * @param seed      any number
     * @return a dynamics that holds the product of the initial weights
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Dynamics gaussian(Task task, double width, double sigma, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        checkSigma(sigma);
        Objects.requireNonNull(order, "order");
        return of(task, Bartlett.draw(fewestUnits(task), width, sigma, seed), eta, order, precision, threads);
    }

    /**
     * The reduction of the very weights that {@link TwoLayer#gaussian} draws from the same arguments: the same A(t) to
     * rounding. The weights are drawn and factorised a panel at a time and never held; this takes as long as
     * (d_in + d_out)^2 / (3 d_in d_out) steps of every weight do in binary64.
     *
     * @param task      what is to be learned, with at most {@link Sides#MOST} outputs and inputs together
     * @param width     hidden units, at least 1
     * @param sigma     standard deviation of a weight, finite and at least 0
     * @param eta       step size, finite and above 0
     * @param order     in which the layers are updated
     * @param precision of the products
     * @param threads   that share a step, from 1 to {@link Team#MAX_THREADS}
     * @param seed      any number
     * @return a dynamics that holds the product of the initial weights
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Dynamics gaussianWeights(Task task, long width, double sigma, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        checkSigma(sigma);
        Objects.requireNonNull(order, "order");
        return of(task, HiddenUnits.gaussian(task.outputs(), task.inputs(), width, sigma, precision, seed), eta, order,
                precision, threads);
    }

    /**
     * The reduction of given weights by a QR factorisation: the same A(t) to rounding.
     *
     * @param task      what is to be learned, with at most {@link Sides#MOST} outputs and inputs together
     * @param units     read once, in order
     * @param eta       step size, finite and above 0
     * @param order     in which the layers are updated
     * @param precision of the products
     * @param threads   that share a step, from 1 to {@link Team#MAX_THREADS}
     * @return a dynamics that holds the product of the initial weights
     * @throws IllegalArgumentException if an argument is out of its range, or the weights do not fit the task
     */
    public static Dynamics of(Task task, HiddenUnits units, double eta, UpdateOrder order, Precision precision,
            int threads) {
        Objects.requireNonNull(order, "order");
        if (units.outputs() != task.outputs() || units.inputs() != task.inputs()) {
            throw new IllegalArgumentException("the weights are those of " + units.outputs() + " outputs and "
                    + units.inputs() + " inputs; the task has " + task.outputs() + " and " + task.inputs());
        }
        return of(task, WidthReduction.factor(units, threads), eta, order, precision, threads);
    }

    private static Dynamics of(Task task, double[] r, double eta, UpdateOrder order, Precision precision, int threads) {
        StepSize.check(eta, precision);
        Team team = Team.of(threads);
        return switch (precision) {
            case F32 -> FloatGramDynamics.of(task, r, eta, order, team);
            case F64 -> DoubleGramDynamics.of(task, r, eta, order, team);
        };
    }

    private static void checkSigma(double sigma) {
        if (!(sigma >= 0 && sigma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sigma is " + sigma + "; it must be finite and at least 0");
        }
    }
}
