package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.network.Sides;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * The self-consistent dynamics of a wide network with one hidden layer (arXiv:2405.17580, equation 1), s = sigma^2 w:
 *
 * <pre>
 *   dA/dt = - sqrt(A A^T + s^2 I) G - G sqrt(A^T A + s^2 I),   G = A - Y.
 * </pre>
 *
 * A singular value of A below s moves at a rate of its own that does not depend on it (lazy); one above moves at a rate
 * proportional to itself (active).
 */
public final class SelfConsistent {
    private SelfConsistent() {
    }

    /** The dynamics, compared with the network that it stands for. */
    public interface Equation extends Dynamics {
        /**
         * ||A - B||_F^2 / (d_out d_in), B being the present product of a network.
         *
         * @param network of the same shape
         * @throws IllegalArgumentException if its shape is another
         */
        double distance(Dynamics network);
    }

    /**
     * Euler steps of length eta from a given product: as the other method, with one substep.
     */
    public static Equation of(Task task, double s, double[] initialProduct, double eta, Precision precision,
            int threads) {
        return of(task, s, initialProduct, eta, 1, precision, threads);
    }

    /**
     * Steps of length eta from a given product, each made of Euler steps of length eta / substeps: with many of them, the
     * equation in continuous time.
     *
     * @param task           what is to be learned, with at most {@link Sides#MOST_WITH_ROOTS} outputs and inputs
     * @param s              sigma^2 w, finite and at least 0
     * @param initialProduct A(0), row-major outputs x inputs, copied and rounded
     * @param eta            step size, finite and above 0
     * @param substeps       at least 1
     * @param precision      of the product
     * @param threads        that share a step, from 1 to {@link Team#MAX_THREADS}
     * @return a dynamics that holds the initial product
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Equation of(Task task, double s, double[] initialProduct, double eta, int substeps,
            Precision precision, int threads) {
        Sides.check(task.outputs(), task.inputs(), Sides.MOST_WITH_ROOTS);
        if (!(s >= 0 && s < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("s = sigma^2 w is " + s + "; it must be finite and at least 0");
        }
        StepSize.check(eta, precision);
        if (substeps < 1) {
            throw new IllegalArgumentException("substeps is " + substeps + "; it must be at least 1");
        }
        StepSize.check(eta / substeps, precision);
        if (initialProduct.length != task.labels().length) {
            throw new IllegalArgumentException("the initial product has " + initialProduct.length + " elements; "
                    + task.outputs() + " x " + task.inputs() + " are needed");
        }
        return switch (precision) {
            case F32 -> new FloatSelfConsistent(task, s, initialProduct, eta, substeps, threads);
            case F64 -> new DoubleSelfConsistent(task, s, initialProduct, eta, substeps, threads);
        };
    }
}
