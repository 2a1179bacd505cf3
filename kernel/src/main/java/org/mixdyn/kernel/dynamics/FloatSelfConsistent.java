package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.FloatSvdTracker;
import org.mixdyn.kernel.task.Task;

/**
 * Euler steps of {@link SelfConsistent}. With A = U S V^T and D = sqrt(S^2 + s^2) - s, both roots are s I and a correction
 * in the span of the singular vectors, sqrt(A A^T + s^2 I) = U D U^T + s I, whatever the shape of A; so
 *
 * <pre>
 *   A' = A - eta (U D U^T G + G V D V^T + 2 s G).
 * </pre>
 *
 * A is decomposed by a tracker, since it changes little from step to step.
 */
final class FloatSelfConsistent implements Dynamics {
    private final Task task;
    private final double s;
    private final double eta;
    private final Gemm gemm;
    private final FloatSvdTracker svd;
    private final int outputs;
    private final int inputs;
    private final int rank;
    private final float[] product;
    private final float[] gradient;
    private final float[] u;
    private final float[] v;
    private final float[] singularValues;
    private final float[] projected;

    FloatSelfConsistent(Task task, double s, double[] initialProduct, double eta, int threads) {
        this.task = task;
        this.s = s;
        this.eta = eta;
        gemm = Gemm.withThreads(threads);
        outputs = task.outputs();
        inputs = task.inputs();
        rank = Math.min(outputs, inputs);
        product = new float[outputs * inputs];
        for (int i = 0; i < product.length; i++) {
            product[i] = (float) initialProduct[i];
        }
        gradient = new float[outputs * inputs];
        svd = new FloatSvdTracker(outputs, inputs, threads);
        singularValues = new float[rank];
        u = new float[outputs * rank];
        v = new float[inputs * rank];
        projected = new float[outputs * inputs];
    }

    @Override
    public void step() {
        svd.update(product);
        svd.u(u);
        svd.v(v);
        svd.singularValues(singularValues);
        double[] labels = task.labels();
        float lazy = (float) (2 * s * eta);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) (product[i] - labels[i]);
        }
        // U (eta D U^T G): row k of U^T G belongs to singular value k.
        gemm.sgemm(true, false, rank, inputs, outputs, 1, u, 0, rank, gradient, 0, inputs, 0, projected, 0, inputs);
        for (int k = 0; k < rank; k++) {
            float weight = (float) (eta * active(singularValues[k]));
            for (int j = 0; j < inputs; j++) {
                projected[k * inputs + j] *= weight;
            }
        }
        gemm.sgemm(false, false, outputs, inputs, rank, -1, u, 0, rank, projected, 0, inputs, 1, product, 0, inputs);
        gemm.sgemm(false, false, outputs, rank, inputs, 1, gradient, 0, inputs, v, 0, rank, 0, projected, 0, rank);
        for (int k = 0; k < rank; k++) {
            float weight = (float) (eta * active(singularValues[k]));
            for (int i = 0; i < outputs; i++) {
                projected[i * rank + k] *= weight;
            }
        }
        gemm.sgemm(false, true, outputs, inputs, rank, -1, projected, 0, rank, v, 0, rank, 1, product, 0, inputs);
        for (int i = 0; i < product.length; i++) {
            product[i] -= lazy * gradient[i];
        }
    }

    /** sqrt(x^2 + s^2) - s without cancellation. */
    private double active(double x) {
        return x == 0 ? 0 : x * (x / (Math.hypot(x, s) + s));
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public Precision precision() {
        return Precision.F32;
    }

    @Override
    public double stepSize() {
        return eta;
    }

    @Override
    public double trainError() {
        return MeanSquare.distance(product, task.labels());
    }

    @Override
    public double testError() {
        return MeanSquare.distance(product, task.target());
    }

    @Override
    public void product(double[] a) {
        for (int i = 0; i < product.length; i++) {
            a[i] = product[i];
        }
    }

    @Override
    public double conservedDrift() {
        return Double.NaN;
    }

    /** Four products, and 14 m n^2 + 8 n^3 for a decomposition (Golub and Van Loan, section 8.6), n being the smaller; one that
     * is tracked takes less. */
    @Override
    public double flopsPerStep() {
        double larger = Math.max(outputs, inputs);
        return 8.0 * larger * rank * rank + 14.0 * larger * rank * rank + 8.0 * rank * rank * rank;
    }

    @Override
    public void close() {
        // Everything belongs to the heap alone.
    }
}
