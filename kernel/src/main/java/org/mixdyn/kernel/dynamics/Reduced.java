package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.network.Bartlett;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent of a network with one hidden layer of any width at the cost of width d_in + d_out: see {@link Bartlett}
 * for why A(t) has the same distribution as that of {@link TwoLayer#gaussian}. A seed gives another draw than there.
 */
public final class Reduced {
    private Reduced() {
    }

    /** Smallest width that can be reduced, d_in + d_out. */
    public static int fewestUnits(Task task) {
        return task.outputs() + task.inputs();
    }

    /**
     * The reduction of independent N(0, sigma^2) weights.
     *
     * @param width hidden units, a whole number of at least {@link #fewestUnits}; 1e12 is as cheap as the least
     * @param sigma standard deviation of a weight, finite and at least 0
     * @param eta   step size, finite and above 0
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Dynamics gaussian(Task task, double width, double sigma, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        if (!(sigma >= 0 && sigma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sigma is " + sigma + "; it must be finite and at least 0");
        }
        int units = fewestUnits(task);
        double[] w1 = new double[Math.multiplyExact(units, task.inputs())];
        double[] w2 = new double[Math.multiplyExact(units, task.outputs())];
        Bartlett.draw(task.outputs(), task.inputs(), width, sigma, seed, w1, w2);
        return TwoLayer.of(task, units, w1, w2, eta, order, precision, threads);
    }
}
