package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.task.Task;

/**
 * The way into and out of the bases U and V in which the labels of a task are diagonal, in binary64: {@link DoubleLabelBasis}.
 * Training commutes with both rotations: the weights W_1 V and U^T W_2 learn the task (U^T A* V, S) as W_1 and W_2 learn (A*, Y),
 * with A turned alike.
 */
final class Alignment {
    private final DoubleLabelBasis basis;
    private final int outputs;
    private final int inputs;
    private final Gemm gemm = Gemm.withThreads(1);

    Alignment(Task task) {
        basis = new DoubleLabelBasis(task);
        outputs = task.outputs();
        inputs = task.inputs();
    }

    /** Whether the labels were diagonal, so that U and V are the identity. */
    boolean isIdentity() {
        return basis.u() == null;
    }

    /** The task (U^T A* V, S). */
    Task aligned() {
        return basis.aligned();
    }

    /** [W_1 V, W_2^T U] of row-major [W_1, W_2^T] with a number of units; the same array where both are the identity. */
    double[] turnWeights(int units, double[] weights) {
        if (isIdentity()) {
            return weights;
        }
        int n = inputs + outputs;
        double[] turned = new double[units * n];
        gemm.dgemm(false, false, units, inputs, inputs, 1, weights, 0, n, basis.v(), 0, inputs, 0, turned, 0, n);
        gemm.dgemm(false, false, units, outputs, outputs, 1, weights, inputs, n, basis.u(), 0, outputs, 0, turned,
                inputs, n);
        return turned;
    }

    /** A = U A_aligned V^T, in place. */
    void turnBack(double[] a) {
        if (isIdentity()) {
            return;
        }
        double[] half = new double[outputs * inputs];
        gemm.dgemm(false, false, outputs, inputs, outputs, 1, basis.u(), 0, outputs, a, 0, inputs, 0, half, 0, inputs);
        gemm.dgemm(false, true, outputs, inputs, inputs, 1, half, 0, inputs, basis.v(), 0, inputs, 0, a, 0, inputs);
    }
}
