package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mixdyn.kernel.network.HiddenUnits;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleSvd;
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

    /** QR reduction against the network it came from: rounding alone parts them, after 300 steps. */
    @ParameterizedTest
    @CsvSource({"12,12,30", "12,12,4000", "40,40,300", "25,17,2000", "9,30,120", "20,20,40", "20,20,23"})
    void followsGivenWeights(int outputs, int inputs, int width) {
        Task task = Task.lowRank(outputs, inputs, 3, 1, 6);
        double sigma = Math.pow(width, -0.5);
        double eta = 0.2 / Math.sqrt((double) outputs * inputs);
        for (UpdateOrder order : UpdateOrder.values()) {
            for (Precision precision : Precision.values()) {
                double apart = apart(TwoLayer.gaussian(task, width, sigma, eta, order, precision, 1, 3),
                        Reduced.gaussianWeights(task, width, sigma, eta, order, precision, 1, 3), 300);
                double bound = precision == Precision.F64 ? 1e-12 : 1e-4;
                assertTrue(apart <= bound, order + ", " + precision + ": " + apart);
            }
        }
    }

    @Test
    void reducesWeightsFromArrays() {
        SplittableRandom random = new SplittableRandom(4);
        int width = 90;
        double[] w1 = random.doubles(10L * width).map(x -> x - 0.5).toArray();
        double[] w2 = random.doubles(10L * width).map(x -> x - 0.5).toArray();
        UpdateOrder order = UpdateOrder.SIMULTANEOUS;
        assertTrue(apart(TwoLayer.of(TASK, width, w1, w2, 0.003, order, Precision.F64, 1),
                Reduced.of(TASK, HiddenUnits.of(10, 10, width, Precision.F64, w1, w2), 0.003, order, Precision.F64, 1),
                300) <= 1e-12);
    }

    /** ||A - B||_F / ||A||_F after so many steps. */
    private static double apart(Dynamics first, Dynamics second, int steps) {
        double[] a = new double[first.outputs() * first.inputs()];
        double[] b = new double[a.length];
        try (first; second) {
            for (int step = 0; step < steps; step++) {
                first.step();
                second.step();
            }
            first.product(a);
            second.product(b);
        }
        return Math.sqrt(MeanSquare.distance(a, b) / MeanSquare.distance(a, new double[a.length]));
    }

    /** Means over 200 seeds of what is observed, within four of their standard errors, for two ways to start. */
    @Test
    void hasTheDistributionOfRealWeights() {
        int seeds = 200;
        int width = 60;
        double[][][] observed = new double[2][seeds][];
        for (int seed = 0; seed < seeds; seed++) {
            observed[0][seed] = observe(
                    TwoLayer.gaussian(TASK, width, 0.25, 0.01, UpdateOrder.ALTERNATING, Precision.F64, 1, seed));
            observed[1][seed] = observe(
                    Reduced.gaussian(TASK, width, 0.25, 0.01, UpdateOrder.ALTERNATING, Precision.F64, 1, seed));
        }
        for (int quantity = 0; quantity < observed[0][0].length; quantity++) {
            double[] mean = new double[2];
            double[] variance = new double[2];
            for (int way = 0; way < 2; way++) {
                for (double[] values : observed[way]) {
                    mean[way] += values[quantity] / seeds;
                }
                for (double[] values : observed[way]) {
                    variance[way] += Math.pow(values[quantity] - mean[way], 2) / (seeds - 1);
                }
            }
            double error = Math.sqrt((variance[0] + variance[1]) / seeds);
            assertTrue(error > 0);
            assertEquals(mean[0], mean[1], 4 * error, "quantity " + quantity);
        }
    }

    /** Errors and singular values after 0, 10, 20 and 40 steps. */
    private static double[] observe(Dynamics dynamics) {
        double[] values = new double[4 * 6];
        double[] a = new double[100];
        DoubleSvd svd = new DoubleSvd();
        int at = 0;
        try (dynamics) {
            for (int step = 0; step <= 40; step++) {
                if (step == 0 || step == 10 || step == 20 || step == 40) {
                    dynamics.product(a);
                    svd.values(10, 10, a, 0, 10);
                    double[] s = svd.singularValues();
                    for (double value : new double[]{dynamics.trainError(), dynamics.testError(), s[0], s[1], s[4],
                            s[9]}) {
                        values[at++] = value;
                    }
                }
                dynamics.step();
            }
        }
        return values;
    }

    @Test
    void refusesWidthsThatCannotBeReduced() {
        assertThrows(IllegalArgumentException.class,
                () -> Reduced.gaussian(TASK, 19, 1, 1, UpdateOrder.ALTERNATING, Precision.F64, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> Reduced.gaussian(TASK, Double.NaN, 1, 1, UpdateOrder.ALTERNATING, Precision.F64, 1, 1));
    }

    @Test
    void refusesWeightsOfAnotherShape() {
        for (int[] shape : new int[][]{{9, 11}, {11, 9}, {10, 9}}) {
            HiddenUnits units = HiddenUnits.gaussian(shape[0], shape[1], 50, 1, Precision.F64, 1);
            assertThrows(IllegalArgumentException.class,
                    () -> Reduced.of(TASK, units, 0.01, UpdateOrder.ALTERNATING, Precision.F64, 1));
        }
    }

    /** The bases of binary32 are those of binary64 but for what roundings turn neighbouring singular vectors by. */
    @ParameterizedTest
    @CsvSource({"40,40", "30,50", "50,30"})
    void bothPrecisionsFindTheSameBases(int outputs, int inputs) {
        Task task = Task.lowRank(outputs, inputs, 3, 1, 6);
        Task f32 = Reduced.aligned(task, Precision.F32);
        Task f64 = Reduced.aligned(task, Precision.F64);
        double size = MeanSquare.distance(f64.labels(), new double[outputs * inputs]);
        assertTrue(MeanSquare.distance(f32.labels(), f64.labels()) <= 1e-12 * size);
        assertTrue(MeanSquare.distance(f32.target(), f64.target()) <= 1e-8 * size);
    }
}
