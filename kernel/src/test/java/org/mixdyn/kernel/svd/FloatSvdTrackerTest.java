package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.parallel.Allocation;

/** What must hold for every decomposition is in {@link FloatSvdCheck}; here are the sequences. */
class FloatSvdTrackerTest {
    private static final double EPS = Math.ulp(1f);

    private final SplittableRandom random = new SplittableRandom(20240530);
    private final FloatSvd svd = new FloatSvd();

    /** Training trajectories, from the first step on, of all shapes. */
    @Test
    void everyStepOfTraining() {
        for (int[] shape : new int[][]{{24, 24}, {30, 18}, {18, 30}}) {
            for (double gammaSigma2 : new double[]{-2.2, -1.5, -0.8}) {
                String what = shape[0] + " x " + shape[1] + ", gamma_sigma2 " + gammaSigma2;
                List<float[]> path = FloatSvdMatrices.training(shape[0], shape[1], gammaSigma2, 150);
                FloatSvdTracker tracker = new FloatSvdTracker(shape[0], shape[1], 1);
                for (float[] a : path) {
                    float[] s = FloatSvdCheck.check(what + ", step " + tracker.updates(), tracker, a);
                    svd.values(shape[0], shape[1], a, 0, shape[1]);
                    assertClose(what, svd.singularValues(), s, shape[0] + shape[1]);
                    assertTrue(tracker.estimate().worst() < 10, what + ": " + tracker.estimate());
                }
                assertTrue(tracker.coldStarts() < path.size() / 2, what + ": " + tracker.coldStarts() + " cold starts");
                assertTrue(tracker.refinements() >= path.size() - tracker.coldStarts());
            }
        }
    }

    @Test
    void certificateIsThatOfTheFactors() {
        FloatSvdTracker tracker = new FloatSvdTracker(40, 30, 1);
        for (float[] a : FloatSvdMatrices.training(40, 30, -1.5, 40)) {
            FloatSvdCheck.check("certified", tracker, a);
            SvdCertificate exact = tracker.certify();
            assertTrue(exact.worst() < 10 && exact.residual() > 0 && exact.orthogonalityU() > 0, exact.toString());
            // The Frobenius norm is at most the root of the columns times the 1-norm; the estimate is within a factor of 3.
            SvdCertificate estimate = tracker.estimate();
            assertTrue(estimate.worst() < 3 * Math.sqrt(40) * exact.worst(), estimate + " of " + exact);
        }
    }

    /** What certificates are divided by: the largest sum of a column, whatever the work space held. */
    @Test
    void norm() {
        double[] sums = {7, 7};
        assertEquals(6, FloatCertifier.norm1(2, 2, new float[]{1, -2, 9, 3, 4, 9}, 3, sums));
        assertArrayEquals(new double[]{4, 6}, sums);
    }

    /** Matrices that have nothing to do with each other are decomposed anew. */
    @Test
    void unrelatedMatrices() {
        for (int[] shape : new int[][]{{20, 20}, {25, 12}, {12, 25}, {1, 9}, {9, 1}, {1, 1}, {2, 2}}) {
            FloatSvdTracker tracker = new FloatSvdTracker(shape[0], shape[1], 2);
            for (int step = 0; step < 30; step++) {
                float[] a = FloatSvdMatrices.uniform(random, shape[0] * shape[1]);
                FloatSvdCheck.check(shape[0] + " x " + shape[1] + ", step " + step, tracker, a);
            }
            assertTrue(tracker.updates() == 30 && tracker.coldStarts() >= 1);
        }
    }

    @Test
    void noElements() {
        for (int[] shape : new int[][]{{0, 0}, {0, 5}, {5, 0}}) {
            FloatSvdTracker tracker = new FloatSvdTracker(shape[0], shape[1], 1);
            FloatSvdCheck.check("empty", tracker, new float[0]);
            assertEquals(0, tracker.certify().worst());
        }
    }

    /** Each hard matrix after each other, as a sudden change and then as a start to develop from. */
    @Test
    void hardMatrices() {
        int n = 24;
        List<float[]> hard = hardMatrices(n);
        for (int first = 0; first < hard.size(); first++) {
            FloatSvdTracker tracker = new FloatSvdTracker(n, n, 1);
            for (int second = 0; second < hard.size(); second++) {
                String what = "matrix " + second + " after " + first;
                FloatSvdCheck.check(what, tracker, hard.get(first));
                FloatSvdCheck.check(what, tracker, hard.get(second));
                FloatSvdCheck.check(what + ", again", tracker, hard.get(second));
                float[] near = hard.get(second).clone();
                for (int i = 0; i < near.length; i++) {
                    near[i] *= (float) (1 + 1e-4 * random.nextDouble());
                }
                FloatSvdCheck.check(what + ", near", tracker, near);
            }
        }
    }

    /** Rank below the order at every step: the null vectors stay an orthonormal set and nothing is decomposed anew. */
    @Test
    void lowRankOnItsWay() {
        for (int[] shape : new int[][]{{30, 30}, {30, 20}, {20, 30}}) {
            float[] c = FloatSvdMatrices.uniform(random, shape[0] * 4);
            float[] d = FloatSvdMatrices.uniform(random, shape[1] * 4);
            FloatSvdTracker tracker = new FloatSvdTracker(shape[0], shape[1], 1);
            for (int step = 0; step < 60; step++) {
                float[] a = new float[shape[0] * shape[1]];
                for (int i = 0; i < shape[0]; i++) {
                    for (int j = 0; j < shape[1]; j++) {
                        double sum = 0;
                        for (int p = 0; p < 4; p++) {
                            sum += c[i * 4 + p] * d[j * 4 + p] * (p + 1 + 0.02 * step * ((p + 1) % 3 - 1));
                        }
                        a[i * shape[1] + j] = (float) sum;
                    }
                }
                float[] s = FloatSvdCheck.check(shape[0] + " x " + shape[1] + ", step " + step, tracker, a);
                assertTrue(s[3] > 0.1 && s[4] < 100 * EPS * s[0], "step " + step + ": " + s[3] + ", " + s[4]);
            }
            assertTrue(tracker.coldStarts() <= 3, tracker.coldStarts() + " cold starts");
        }
    }

    @Test
    void aHundredThousandUpdatesDoNotDrift() {
        int n = 6;
        FloatSvdTracker tracker = new FloatSvdTracker(n, n, 1);
        for (int step = 0; step < 100_000; step++) {
            float[] a = FloatSvdMatrices.turning(n, 0.01 * step);
            if (step % 1000 == 999) {
                FloatSvdCheck.check("step " + step, tracker, a);
            } else {
                tracker.update(a);
                assertTrue(tracker.estimate().worst() < 10, "step " + step + ": " + tracker.estimate());
            }
        }
        assertTrue(tracker.coldStarts() < 5000, tracker.coldStarts() + " cold starts");
    }

    /** Steps too large to follow are learnt from: a smooth path behind them is followed, and the first step of it soon. */
    @Test
    void followsAgainAfterColdStarts() {
        int n = 40;
        FloatSvdTracker tracker = new FloatSvdTracker(n, n, 1);
        for (int step = 0; step < 12; step++) {
            FloatSvdCheck.check("jump " + step, tracker, FloatSvdMatrices.uniform(random, n * n));
        }
        assertTrue(tracker.coldStarts() >= 6, tracker.coldStarts() + " cold starts");
        for (int step = 0; step < 12; step++) {
            FloatSvdCheck.check("settling, step " + step, tracker, FloatSvdMatrices.turning(n, 0.0005 * step));
        }
        long cold = tracker.coldStarts();
        long rounds = tracker.refinements();
        for (int step = 12; step < 42; step++) {
            FloatSvdCheck.check("smooth, step " + step, tracker, FloatSvdMatrices.turning(n, 0.0005 * step));
        }
        assertEquals(cold, tracker.coldStarts(), "a smooth path needs no cold starts");
        assertTrue(tracker.refinements() - rounds <= 90, tracker.refinements() - rounds + " rounds in 30 updates");
    }

    /** Images of a few hundred binary32 ulp of the longest: rounding errors of the vectors turn them as they are formed. */
    @Test
    void followsValuesOfAllSizes() {
        double[] values = new double[40];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.pow(2e-5, i / (values.length - 1.0));
        }
        FloatSvdTracker tracker = new FloatSvdTracker(values.length, values.length, 1);
        for (int step = 0; step < 40; step++) {
            float[] a = FloatSvdMatrices.reflected(values.length, FloatSvdMatrices.turning(values, 0.0002 * step));
            float[] s = FloatSvdCheck.check("step " + step, tracker, a);
            for (int i = 0; i < values.length; i++) {
                assertEquals(values[i], s[i], 100 * EPS, "step " + step + ", value " + i);
            }
        }
        assertEquals(1, tracker.coldStarts(), "a smooth path needs no cold starts");
        assertTrue(tracker.refinements() <= 90, tracker.refinements() + " rounds in 40 updates");
    }

    @Test
    void noAllocation() throws IOException, InterruptedException {
        Allocation.inItsOwnProcess(FloatSvdTrackerTest.class);
    }

    /**
     * Tracks a path there and back, again and again, until a pass allocates nothing worth mentioning: vectors are objects
     * at first. Its ends are smooth, since cold starts are too rare to be compiled soon.
     */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        int n = 64;
        List<float[]> path = new ArrayList<>();
        for (int step = 0; step < 20; step++) {
            path.add(FloatSvdMatrices.turning(n, 0.01 * (1 - Math.cos(Math.PI * step / 10))));
        }
        FloatSvdTracker tracker = new FloatSvdTracker(n, n, 1);
        float[] out = new float[n * n];
        Allocation.requireAtMost(path.size() * 1024L, path.size() + " updates", () -> {
            for (float[] a : path) {
                tracker.update(a);
                tracker.u(out);
                tracker.v(out);
                tracker.singularValues(out);
            }
        });
    }

    @Test
    void notANumberLeavesTheTrackerAsItWas() {
        float[] a = FloatSvdMatrices.uniform(random, 6 * 5);
        FloatSvdTracker tracker = new FloatSvdTracker(6, 5, 1);
        assertThrows(IllegalStateException.class, tracker::singularValues);
        float[] s = FloatSvdCheck.check("first", tracker, a);
        for (float bad : new float[]{0f / 0f, 1f / 0f}) {
            float[] broken = a.clone();
            broken[13] = bad;
            var refused = assertThrows(IllegalArgumentException.class, () -> tracker.update(broken));
            assertEquals("a has the element " + bad + " at row 2, column 3; allowed are finite numbers",
                    refused.getMessage());
            assertArrayEquals(s, tracker.singularValues());
        }
        FloatSvdCheck.check("after", tracker, a);
        assertThrows(IllegalArgumentException.class, () -> tracker.update(new float[29]));
        assertThrows(IllegalArgumentException.class, () -> tracker.u(new float[29]));
        assertThrows(IllegalArgumentException.class, () -> new FloatSvdTracker(-1, 2, 1));
    }

    @Test
    void insideALargerArray() {
        float[] dense = FloatSvdMatrices.uniform(random, 7 * 4);
        float[] a = new float[3 + 7 * 9];
        Arrays.fill(a, 0f / 0f);
        for (int i = 0; i < 7; i++) {
            System.arraycopy(dense, i * 4, a, 3 + i * 9, 4);
        }
        FloatSvdTracker tracker = new FloatSvdTracker(7, 4, 1);
        tracker.update(a, 3, 9);
        svd.values(7, 4, dense, 0, 4);
        assertClose("inside", svd.singularValues(), tracker.singularValues(), 11);
    }

    @Test
    void sameBitsOnAnyNumberOfThreads() {
        List<float[]> path = FloatSvdMatrices.training(50, 50, -1.5, 40);
        FloatSvdTracker one = new FloatSvdTracker(50, 50, 1);
        FloatSvdTracker two = new FloatSvdTracker(50, 50, 2);
        float[] u1 = new float[50 * 50];
        float[] u2 = new float[50 * 50];
        for (float[] a : path) {
            one.update(a);
            two.update(a);
            one.u(u1);
            two.u(u2);
            assertArrayEquals(u1, u2);
            assertArrayEquals(one.singularValues(), two.singularValues());
        }
    }

    private List<float[]> hardMatrices(int n) {
        List<float[]> all = new ArrayList<>();
        all.add(new float[n * n]);
        double range = Math.log10(Float.MAX_VALUE) - 3;
        float[] identity = new float[n * n];
        float[] clusters = new float[n * n];
        float[] graded = new float[n * n];
        float[] gradedDense = FloatSvdMatrices.uniform(random, n * n);
        float[] ones = new float[n * n];
        float[] hilbert = new float[n * n];
        float[] huge = FloatSvdMatrices.uniform(random, n * n);
        float[] one = new float[n * n];
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
            clusters[i * n + n - 1 - i] = (float) (1 + i % 3 + EPS * i);
            graded[i * n + i] = (float) Math.pow(10, range * (2.0 * i / (n - 1) - 1));
            for (int j = 0; j < n; j++) {
                gradedDense[i * n + j] *= (float) Math.pow(10, -0.8 * j);
                ones[i * n + j] = 1;
                hilbert[i * n + j] = (float) (1.0 / (i + j + 1));
            }
        }
        huge[5 * n + 7] = (float) Math.pow(10, range);
        one[3 * n + 2] = 2;
        all.add(identity);
        all.add(clusters);
        all.add(graded);
        all.add(gradedDense);
        all.add(ones);
        all.add(hilbert);
        all.add(huge);
        all.add(one);
        float[] uniform = FloatSvdMatrices.uniform(random, n * n);
        all.add(uniform);
        for (float scale : new float[]{Float.MIN_VALUE * 64, Float.MAX_VALUE / n}) {
            float[] scaled = uniform.clone();
            for (int i = 0; i < n * n; i++) {
                scaled[i] *= scale;
            }
            all.add(scaled);
        }
        return all;
    }

    /** Values that differ by what n roundings of the largest explain. */
    private static void assertClose(String what, float[] expected, float[] actual, int n) {
        for (int j = 0; j < expected.length; j++) {
            assertEquals(expected[j], actual[j], 4 * n * EPS * expected[0], what + ", value " + j);
        }
    }
}
