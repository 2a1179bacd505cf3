package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.svd.FloatSvd;
import org.mixdyn.kernel.task.Task;

/**
 * Orthogonal U and V in which the labels of a task are diagonal, U^T Y V = S. Of every pair of singular vectors that one of the two
 * is taken in which the largest element of the left one is positive, so that both precisions find the same.
 */
final class FloatLabelBasis {
    private static final long STREAM = 20;

    private final Task aligned;
    /** Null where the labels were diagonal already: both are the identity. */
    private final float[] u;
    private final float[] v;

    FloatLabelBasis(Task task) {
        int outputs = task.outputs();
        int inputs = task.inputs();
        if (isDiagonal(task)) {
            aligned = task;
            u = null;
            v = null;
            return;
        }
        int rank = Math.min(outputs, inputs);
        FloatSvd svd = new FloatSvd();
        svd.factor(outputs, inputs, rounded(task.labels()), 0, inputs);
        float[] left = svd.u();
        float[] right = svd.v();
        for (int j = 0; j < rank; j++) {
            if (largestIsNegative(outputs, rank, left, j)) {
                negate(outputs, rank, left, j);
                negate(inputs, rank, right, j);
            }
        }
        u = completed(outputs, rank, left);
        v = completed(inputs, rank, right);
        double[] labels = new double[outputs * inputs];
        float[] values = svd.singularValues();
        for (int i = 0; i < rank; i++) {
            labels[i * inputs + i] = values[i];
        }
        float[] half = new float[outputs * inputs];
        float[] target = new float[outputs * inputs];
        Gemm gemm = Gemm.withThreads(1);
        gemm.sgemm(true, false, outputs, inputs, outputs, 1, u, 0, outputs, rounded(task.target()), 0, inputs, 0, half,
                0, inputs);
        gemm.sgemm(false, false, outputs, inputs, inputs, 1, half, 0, inputs, v, 0, inputs, 0, target, 0, inputs);
        aligned = Task.of(outputs, inputs, widened(target), labels);
    }

    private static boolean largestIsNegative(int rows, int cols, float[] x, int column) {
        float largest = 0;
        for (int i = 0; i < rows; i++) {
            float element = x[i * cols + column];
            largest = Math.abs(element) > Math.abs(largest) ? element : largest;
        }
        return largest < 0;
    }

    private static void negate(int rows, int cols, float[] x, int column) {
        for (int i = 0; i < rows; i++) {
            x[i * cols + column] = -x[i * cols + column];
        }
    }

    private static float[] rounded(double[] x) {
        float[] result = new float[x.length];
        FloatVectors.round(x.length, x, 0, result, 0);
        return result;
    }

    private static double[] widened(float[] x) {
        double[] result = new double[x.length];
        FloatVectors.widen(x.length, x, 0, result, 0);
        return result;
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
    private static float[] completed(int n, int rank, float[] columns) {
        if (rank == n) {
            return columns;
        }
        float[] rows = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < rank; k++) {
                rows[k * n + i] = columns[i * rank + k];
            }
        }
        new Gaussian(0, STREAM).fill(0, 1, rows, rank * n, (n - rank) * n);
        for (int k = rank; k < n; k++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int other = 0; other < k; other++) {
                    float along = dot(n, rows, k, other);
                    for (int i = 0; i < n; i++) {
                        rows[k * n + i] -= along * rows[other * n + i];
                    }
                }
                float length = (float) Math.sqrt(dot(n, rows, k, k));
                for (int i = 0; i < n; i++) {
                    rows[k * n + i] /= length;
                }
            }
        }
        float[] complete = new float[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                complete[i * n + k] = rows[k * n + i];
            }
        }
        return complete;
    }

    private static float dot(int n, float[] rows, int first, int second) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum += rows[first * n + i] * rows[second * n + i];
        }
        return sum;
    }

    /** The task (U^T A* V, S). */
    Task aligned() {
        return aligned;
    }

    /** U, row-major; not a copy. Null where it is the identity. */
    float[] u() {
        return u;
    }

    /** V in the same way. */
    float[] v() {
        return v;
    }
}
