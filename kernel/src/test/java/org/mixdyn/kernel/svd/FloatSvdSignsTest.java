package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

/** Singular vectors that a tracker follows keep their signs from step to step. */
class FloatSvdSignsTest {
    private final SplittableRandom random = new SplittableRandom(20240530);
    private final FloatSvd svd = new FloatSvd();

    /** From equal values on, whose vectors are arbitrary and change places while the tracker learns to tell them apart. */
    @Test
    void signsStayWhileValuesPart() {
        int rows = 20;
        int cols = 9;
        for (int run = 0; run < 30; run++) {
            svd.factor(rows, cols, FloatSvdMatrices.uniform(random, rows * cols), 0, cols);
            float[] left = svd.u();
            float[] right = svd.v();
            FloatSvdTracker tracker = new FloatSvdTracker(rows, cols, 1);
            float[] before = null;
            for (int step = 0; step < 25; step++) {
                float[] a = new float[rows * cols];
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        for (int k = 0; k < cols; k++) {
                            double s = k == 0 ? Math.exp(0.1 * step) : 0.01 * (1 + 0.001 * k * step);
                            a[i * cols + j] += (float) (s * left[i * cols + k] * right[j * cols + k]);
                        }
                    }
                }
                turn(left, cols);
                turn(right, cols);
                tracker.update(a);
                float[] v = tracker.v();
                for (int k = 0; k < cols && before != null; k++) {
                    double product = 0;
                    for (int j = 0; j < cols; j++) {
                        product += (double) v[j * cols + k] * before[j * cols + k];
                    }
                    assertTrue(product > -0.9, "run " + run + ", step " + step + ", vector " + k + ": " + product);
                }
                before = v;
            }
        }
    }

    /** Turns every row of a matrix and its next one a little. */
    private static void turn(float[] x, int cols) {
        for (int i = 0; i + cols < x.length; i += cols) {
            for (int j = i; j < i + cols; j++) {
                double upper = x[j];
                double lower = x[j + cols];
                x[j] = (float) (Math.cos(0.05) * upper - Math.sin(0.05) * lower);
                x[j + cols] = (float) (Math.sin(0.05) * upper + Math.cos(0.05) * lower);
            }
        }
    }

    /** On the path of rotating vectors and crossing values no column of U or V changes its sign. */
    @Test
    void signsAreContinuous() {
        int n = 12;
        FloatSvdTracker tracker = new FloatSvdTracker(n, n, 1);
        float[] u = new float[n * n];
        float[] v = new float[n * n];
        float[] formerU = new float[n * n];
        float[] formerV = new float[n * n];
        for (int step = 0; step < 300; step++) {
            FloatSvdCheck.check("step " + step, tracker, FloatSvdMatrices.turning(n, 0.01 * step));
            tracker.u(u);
            tracker.v(v);
            if (step > 0) {
                assertSameSigns("U, step " + step, n, formerU, u);
                assertSameSigns("V, step " + step, n, formerV, v);
            }
            System.arraycopy(u, 0, formerU, 0, n * n);
            System.arraycopy(v, 0, formerV, 0, n * n);
        }
        assertTrue(tracker.coldStarts() <= 3, tracker.coldStarts() + " cold starts");
    }

    private static void assertSameSigns(String what, int n, float[] former, float[] now) {
        for (int j = 0; j < n; j++) {
            double most = 0;
            for (int k = 0; k < n; k++) {
                double product = 0;
                for (int i = 0; i < n; i++) {
                    product += (double) now[i * n + j] * former[i * n + k];
                }
                most = Math.abs(product) > Math.abs(most) ? product : most;
            }
            assertTrue(most > 0.9, what + ": column " + j + " has the product " + most);
        }
    }
}
