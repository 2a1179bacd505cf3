package org.mixdyn.kernel.svd;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.dynamics.Reduced;
import org.mixdyn.kernel.dynamics.StepSize;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/** Matrices, and sequences of them, for the tests of decompositions and trackers. */
final class FloatSvdMatrices {
    private FloatSvdMatrices() {
    }

    /** U(t) S(t) V(t)^T with values between 1 and 3, some of which cross. */
    static float[] turning(int n, double t) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = 2 + Math.sin(t * (1 + 0.1 * i) + i);
        }
        return turning(values, t);
    }

    /** Given singular values, and vectors that turn smoothly. */
    static float[] turning(double[] values, double t) {
        int n = values.length;
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            a[i * n + i] = values[i];
        }
        for (int i = 0; i + 1 < n; i++) {
            double c = Math.cos(0.3 * t + i);
            double s = Math.sin(0.3 * t + i);
            for (int j = 0; j < n; j++) {
                double x = a[i * n + j];
                double y = a[(i + 1) * n + j];
                a[i * n + j] = c * x + s * y;
                a[(i + 1) * n + j] = c * y - s * x;
            }
            for (int j = 0; j < n; j++) {
                double x = a[j * n + i];
                double y = a[j * n + i + 1];
                a[j * n + i] = s * x + c * y;
                a[j * n + i + 1] = s * y - c * x;
            }
        }
        float[] rounded = new float[n * n];
        for (int i = 0; i < n * n; i++) {
            rounded[i] = (float) a[i];
        }
        return rounded;
    }

    /** The products A(t) of a reduced network that learns a matrix of rank 3, from the first step on. */
    static List<float[]> training(int outputs, int inputs, double gammaSigma2, int steps) {
        Task task = Task.lowRank(outputs, inputs, 3, 1, 7);
        double sigma2 = Math.pow(outputs, gammaSigma2);
        double width = 400;
        double eta = StepSize.paper(20, sigma2, width, outputs, outputs);
        List<float[]> path = new ArrayList<>();
        double[] product = new double[outputs * inputs];
        try (Dynamics dynamics = Reduced.gaussian(task, width, Math.sqrt(sigma2), eta, UpdateOrder.SIMULTANEOUS,
                Precision.F32, 1, 3)) {
            for (int step = 0; step < steps; step++) {
                dynamics.product(product);
                float[] a = new float[product.length];
                for (int i = 0; i < a.length; i++) {
                    a[i] = (float) product[i];
                }
                path.add(a);
                dynamics.step();
            }
        }
        return path;
    }

    /** H A H with H = I - (2 / n) 1 1^T: the same singular values, and vectors without zeros. */
    static float[] reflected(int n, float[] a) {
        double[] rows = new double[n];
        double[] cols = new double[n];
        double all = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                rows[i] += a[i * n + j];
                cols[j] += a[i * n + j];
                all += a[i * n + j];
            }
        }
        float[] reflected = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                reflected[i * n + j] = (float) (a[i * n + j] - 2 * (rows[i] + cols[j] - 2 * all / n) / n);
            }
        }
        return reflected;
    }

    /** Elements between -1 and 1. */
    static float[] uniform(SplittableRandom random, int length) {
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }
}
