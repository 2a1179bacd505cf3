package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.FloatSvd;
import org.mixdyn.kernel.task.Task;

/**
 * Euler steps of {@link SelfConsistent}. All is kept in a basis U, V in which A was diagonal some steps ago: the equation
 * is the same there, and both roots are followed by {@link FloatTrackedRoot} with products alone. When a root cannot be
 * followed any more, a singular value decomposition of the present A gives the next basis, and in it the roots themselves.
 * A rectangular A is padded with zeros to a square one, which leaves its steps as they are.
 */
final class FloatSelfConsistent implements Dynamics {
    private final Task task;
    private final double eta;
    private final int substeps;
    private final Gemm gemm;
    private final FloatSvd svd = new FloatSvd();
    private final int outputs;
    private final int inputs;
    private final int n;
    private final FloatTrackedRoot left;
    private final FloatTrackedRoot right;
    private final float[] u;
    private final float[] v;
    /** In the basis: A, Y and A*. */
    private final float[] a;
    private final float[] labels;
    private final float[] target;
    /** A itself; up to date if known is true. */
    private final float[] product;
    private boolean known = true;
    private final float[] gradient;
    private final float[] change;
    private long decompositions;

    FloatSelfConsistent(Task task, double s, double[] initialProduct, double eta, int substeps, int threads) {
        this.task = task;
        this.eta = eta;
        this.substeps = substeps;
        gemm = Gemm.withThreads(threads);
        outputs = task.outputs();
        inputs = task.inputs();
        n = Math.max(outputs, inputs);
        left = new FloatTrackedRoot(n, s, true, gemm);
        right = new FloatTrackedRoot(n, s, false, gemm);
        u = new float[n * n];
        v = new float[n * n];
        a = new float[n * n];
        labels = new float[n * n];
        target = new float[n * n];
        product = new float[n * n];
        gradient = new float[n * n];
        change = new float[n * n];
        pad(initialProduct, product);
        System.arraycopy(product, 0, a, 0, a.length);
        for (int i = 0; i < n; i++) {
            u[i * n + i] = 1;
            v[i * n + i] = 1;
        }
        changeBasis();
    }

    @Override
    public void step() {
        for (int i = 0; i < substeps; i++) {
            smallStep();
        }
    }

    private void smallStep() {
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = a[i] - labels[i];
        }
        gemm.sgemm(false, false, n, n, n, 1, left.x(), 0, n, gradient, 0, n, 0, change, 0, n);
        gemm.sgemm(false, false, n, n, n, 1, gradient, 0, n, right.x(), 0, n, 1, change, 0, n);
        float step = (float) (eta / substeps);
        for (int i = 0; i < a.length; i++) {
            a[i] -= step * change[i];
        }
        known = false;
        if (!left.follow(a) || !right.follow(a)) {
            changeBasis();
        }
    }

    /**
     * A decomposition of A as it stands in the basis gives the next basis. There small singular values are small in whole
     * rows and columns, which a decomposition of A itself would bury under the roundings of the large ones.
     */
    private void changeBasis() {
        svd.factor(n, n, a, 0, n);
        float[] singularValues = svd.singularValues();
        Arrays.fill(a, 0);
        for (int i = 0; i < n; i++) {
            a[i * n + i] = singularValues[i];
        }
        svd.u(gradient);
        turn(u);
        svd.v(gradient);
        turn(v);
        left.restart(singularValues);
        right.restart(singularValues);
        intoBasis(task.labels(), labels);
        intoBasis(task.target(), target);
        decompositions++;
    }

    /** basis = basis Q, with Q in the gradient's place, and made orthogonal again: X (3 I - X^T X) / 2 (Schulz, 1933). */
    private void turn(float[] basis) {
        gemm.sgemm(false, false, n, n, n, 1, basis, 0, n, gradient, 0, n, 0, change, 0, n);
        gemm.sgemm(true, false, n, n, n, -0.5f, change, 0, n, change, 0, n, 0, gradient, 0, n);
        for (int i = 0; i < n; i++) {
            gradient[i * n + i] += 1.5f;
        }
        gemm.sgemm(false, false, n, n, n, 1, change, 0, n, gradient, 0, n, 0, basis, 0, n);
    }

    /** into = U^T X V of an outputs x inputs matrix X. */
    private void intoBasis(double[] x, float[] into) {
        pad(x, gradient);
        gemm.sgemm(true, false, n, n, n, 1, u, 0, n, gradient, 0, n, 0, change, 0, n);
        gemm.sgemm(false, false, n, n, n, 1, change, 0, n, v, 0, n, 0, into, 0, n);
    }

    /** Brings the product itself, U A V^T, up to date. */
    private void resolve() {
        if (!known) {
            gemm.sgemm(false, false, n, n, n, 1, u, 0, n, a, 0, n, 0, change, 0, n);
            gemm.sgemm(false, true, n, n, n, 1, change, 0, n, v, 0, n, 0, product, 0, n);
            known = true;
        }
    }

    private void pad(double[] x, float[] into) {
        Arrays.fill(into, 0);
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                into[i * n + j] = (float) x[i * inputs + j];
            }
        }
    }

    /** Singular value decompositions so far, the first included. */
    long decompositions() {
        return decompositions;
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
        return MeanSquare.distance(a, labels) * n / Math.min(outputs, inputs);
    }

    @Override
    public double testError() {
        return MeanSquare.distance(a, target) * n / Math.min(outputs, inputs);
    }

    @Override
    public void product(double[] out) {
        resolve();
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                out[i * inputs + j] = product[i * n + j];
            }
        }
    }

    @Override
    public double conservedDrift() {
        return Double.NaN;
    }

    /** Two products for the change of A and one and a half for each root; what more is done now and then does not count. */
    @Override
    public double flopsPerStep() {
        return 10.0 * n * n * n * substeps;
    }

    @Override
    public void close() {
        // Everything belongs to the heap alone.
    }
}
