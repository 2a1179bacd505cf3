package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.task.Task;

/**
 * Orthogonal U and V in which the labels of a task are diagonal, U^T Y V = S. Training commutes with both rotations: the
 * weights W_1 V and U^T W_2 learn the task (U^T A* V, S) as W_1 and W_2 learn (A*, Y), with A turned alike.
 */
final class LabelBasis {
    private static final long STREAM = 20;

    private final Task aligned;
    private final int outputs;
    private final int inputs;
    /** Null where the labels were diagonal already: both are the identity. */
    private final double[] u;
    private final double[] v;
    private final Gemm gemm = Gemm.withThreads(1);

    LabelBasis(Task task) {
        outputs = task.outputs();
        inputs = task.inputs();
        if (isDiagonal(task)) {
            aligned = task;
            u = null;
            v = null;
            return;
        }
        int rank = Math.min(outputs, inputs);
        DoubleSvd svd = new DoubleSvd();
        svd.factor(outputs, inputs, task.labels(), 0, inputs);
        double[] thin = new double[outputs * rank];
        svd.u(thin);
        u = completed(outputs, rank, thin);
        thin = new double[inputs * rank];
        svd.v(thin);
        v = completed(inputs, rank, thin);
        double[] labels = new double[outputs * inputs];
        double[] values = svd.singularValues();
        for (int i = 0; i < rank; i++) {
            labels[i * inputs + i] = values[i];
        }
        double[] half = new double[outputs * inputs];
        double[] target = new double[outputs * inputs];
        gemm.dgemm(true, false, outputs, inputs, outputs, 1, u, 0, outputs, task.target(), 0, inputs, 0, half, 0,
                inputs);
        gemm.dgemm(false, false, outputs, inputs, inputs, 1, half, 0, inputs, v, 0, inputs, 0, target, 0, inputs);
        aligned = Task.of(outputs, inputs, target, labels);
    }

    /** Whether the labels are diagonal, to the last bit. */
    static boolean isDiagonal(Task task) {
        double[] labels = task.labels();
        for (int i = 0; i < task.outputs(); i++) {
            for (int j = 0; j < task.inputs(); j++) {
                if (i != j && labels[i * task.inputs() + j] != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** An orthogonal matrix that begins with given orthonormal columns: the others are random, projected twice. */
    private static double[] completed(int n, int rank, double[] columns) {
        if (rank == n) {
            return columns;
        }
        double[] rows = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < rank; k++) {
                rows[k * n + i] = columns[i * rank + k];
            }
        }
        new Gaussian(0, STREAM).fill(0, 1, rows, rank * n, (n - rank) * n);
        for (int k = rank; k < n; k++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int other = 0; other < k; other++) {
                    double along = dot(n, rows, k, other);
                    for (int i = 0; i < n; i++) {
                        rows[k * n + i] -= along * rows[other * n + i];
                    }
                }
                double length = Math.sqrt(dot(n, rows, k, k));
                for (int i = 0; i < n; i++) {
                    rows[k * n + i] /= length;
                }
            }
        }
        double[] complete = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                complete[i * n + k] = rows[k * n + i];
            }
        }
        return complete;
    }

    private static double dot(int n, double[] rows, int first, int second) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += rows[first * n + i] * rows[second * n + i];
        }
        return sum;
    }

    /** Whether the labels were diagonal, so that U and V are the identity. */
    boolean isOriginal() {
        return u == null;
    }

    /** The task (U^T A* V, S). */
    Task aligned() {
        return aligned;
    }

    /** W_1 V of a row-major W_1 with a number of units; the same array where V is the identity. */
    double[] turnInputs(int units, double[] w1) {
        if (v == null) {
            return w1;
        }
        double[] turned = new double[units * inputs];
        gemm.dgemm(false, false, units, inputs, inputs, 1, w1, 0, inputs, v, 0, inputs, 0, turned, 0, inputs);
        return turned;
    }

    /** U^T W_2; the same array where U is the identity. */
    double[] turnOutputs(int units, double[] w2) {
        if (u == null) {
            return w2;
        }
        double[] turned = new double[outputs * units];
        gemm.dgemm(true, false, outputs, units, outputs, 1, u, 0, outputs, w2, 0, units, 0, turned, 0, units);
        return turned;
    }

    /** A = U A_aligned V^T, in place. */
    void turnBack(double[] a) {
        if (u == null) {
            return;
        }
        double[] half = new double[outputs * inputs];
        gemm.dgemm(false, false, outputs, inputs, outputs, 1, u, 0, outputs, a, 0, inputs, 0, half, 0, inputs);
        gemm.dgemm(false, true, outputs, inputs, inputs, 1, half, 0, inputs, v, 0, inputs, 0, a, 0, inputs);
    }
}
