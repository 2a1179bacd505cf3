package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.task.Task;

/** What gradient descent on the weights of a network is at any depth: an A that is held, and compared with the task. */
abstract class FloatDescent extends FloatEvolution {
    final Task task;
    /** A, row-major outputs x inputs. */
    final float[] product;
    /** The product that is kept, once there is one. */
    private float[] kept;

    FloatDescent(Task task, double eta) {
        super(task, eta);
        this.task = task;
        product = new float[outputs * inputs];
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
    final boolean holdsProduct() {
        return true;
    }

    @Override
    final double squaredDistance(float[] b, int from, int stride) {
        double squares = 0;
        for (int i = 0; i < outputs; i++) {
            squares += FloatVectors.squaredDistance(inputs, product, i * inputs, b, from + i * stride);
        }
        return squares;
    }

    @Override
    final void writeProduct(double[] out) {
        write(product, out);
    }

    private static void write(float[] from, double[] out) {
        for (int i = 0; i < from.length; i++) {
            out[i] = from[i];
        }
    }

    @Override
    final void keep() {
        if (kept == null) {
            kept = new float[product.length];
        }
        System.arraycopy(product, 0, kept, 0, product.length);
    }

    @Override
    final void writeKept(double[] out) {
        write(kept, out);
    }
}
