package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

class ReducedTest {
    private static final Task TASK = Task.lowRank(10, 10, 2, 1, 4);

    /** Over many seeds, ||A(0)||^2 = ||W_2 W_1||^2 has the mean of the real weights, sigma^4 w d_in d_out. */
    @Test
    void initialProductHasTheVarianceOfRealWeights() {
        for (long width : new long[]{20, 21, 100, 1_000_000_000_000L}) {
            double sigma = Math.pow(width, -0.25);
            int draws = 400;
            double mean = 0;
            double[] a = new double[100];
            for (int seed = 0; seed < draws; seed++) {
                try (Dynamics reduced = Reduced.gaussian(TASK, width, sigma, 1, UpdateOrder.SIMULTANEOUS, Precision.F64,
                        1, seed)) {
                    reduced.product(a);
                }
                for (double x : a) {
                    mean += x * x / (100.0 * draws);
                }
            }
            // Entries are correlated through at least ten singular values a draw: far more than 1000 free numbers.
            assertEquals(1, mean, 0.1, "width " + width);
        }
    }

    @Test
    void learnsAsRealWeightsDo() {
        int seeds = 40;
        int width = 200;
        double[] real = new double[30];
        double[] reduced = new double[30];
        for (int seed = 0; seed < seeds; seed++) {
            add(real, TwoLayer.gaussian(TASK, width, 0.1, 0.005, UpdateOrder.ALTERNATING, Precision.F64, 1, seed));
            add(reduced, Reduced.gaussian(TASK, width, 0.1, 0.005, UpdateOrder.ALTERNATING, Precision.F64, 1, seed));
        }
        for (int step = 0; step < real.length; step++) {
            assertEquals(1, reduced[step] / real[step], 0.04, "train error at step " + step);
        }
    }

    private static void add(double[] errors, Dynamics dynamics) {
        try (dynamics) {
            for (int step = 0; step < errors.length; step++) {
                errors[step] += dynamics.trainError();
                dynamics.step();
            }
        }
    }

    @Test
    void refusesWidthsThatCannotBeReduced() {
        assertThrows(IllegalArgumentException.class,
                () -> Reduced.gaussian(TASK, 19, 1, 1, UpdateOrder.ALTERNATING, Precision.F64, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> Reduced.gaussian(TASK, Double.NaN, 1, 1, UpdateOrder.ALTERNATING, Precision.F64, 1, 1));
    }
}
