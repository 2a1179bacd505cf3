package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/** What gradient descent on the weights of a network is at any depth: a product A, whose errors are asked for, and eta. */
abstract class FloatDescent implements Dynamics {
    final Task task;
    final int outputs;
    final int inputs;
    final double eta;
    /** A, row-major outputs x inputs. */
    final float[] product;

    FloatDescent(Task task, double eta) {
        this.task = task;
        this.eta = eta;
        outputs = task.outputs();
        inputs = task.inputs();
        product = new float[outputs * inputs];
    }

    @Override
    public final int outputs() {
        return outputs;
    }

    @Override
    public final int inputs() {
        return inputs;
    }

    @Override
    public final Precision precision() {
        return Precision.F32;
    }

    @Override
    public final double stepSize() {
        return eta;
    }

    @Override
    public final double trainError() {
        return MeanSquare.distance(product, task.labels());
    }

    @Override
    public final double testError() {
        return MeanSquare.distance(product, task.target());
    }

    @Override
    public final void product(double[] a) {
        for (int i = 0; i < product.length; i++) {
            a[i] = product[i];
        }
    }

    @Override
    public final void close() {
        // Weights and buffers belong to the heap alone.
    }
}
