package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mixdyn.kernel.NaiveMatrix.distance;
import static org.mixdyn.kernel.NaiveMatrix.norm;
import static org.mixdyn.kernel.NaiveMatrix.times;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

class FloatTwoLayerTest {
    private static final double ROUNDOFF = Precision.F32.unitRoundoff();

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,2,1", "2,3,5", "16,16,32", "17,5,97", "5,17,193", "20,20,400", "40,33,1000", "33,300,130",
            "300,33,130"})
    void followsTheDefinition(int outputs, int inputs, int width) {
        for (UpdateOrder order : UpdateOrder.values()) {
            Task task = Task.lowRank(outputs, inputs, 1, 0.5, 7);
            SplittableRandom random = new SplittableRandom(outputs * 1000003L + inputs * 1009L + width);
            // Rounded, so that both start from the same weights.
            double[] w1 = random.doubles((long) width * inputs).map(x -> (float) ((x - 0.5) / Math.sqrt(width)))
                    .toArray();
            double[] w2 = random.doubles((long) width * outputs).map(x -> (float) ((x - 0.5) / Math.sqrt(width)))
                    .toArray();
            double eta = 0.1 / Math.sqrt((double) outputs * inputs);
            int steps = 10;
            double[] a = new double[outputs * inputs];
            try (Dynamics dynamics = TwoLayer.of(task, width, w1, w2, eta, order, Precision.F32, 2)) {
                for (int i = 0; i < steps; i++) {
                    dynamics.step();
                }
                dynamics.product(a);
            }
            for (int i = 0; i < steps; i++) {
                descend(task, width, w1, w2, eta, order);
            }
            double[] expected = times(w2, outputs, width, w1, inputs);
            // Every step rounds sums of up to max(width, d) terms, whose errors grow like the root of their number.
            double bound = 20 * steps * Math.sqrt(Math.max(width, Math.max(outputs, inputs))) * ROUNDOFF;
            assertTrue(distance(a, expected) <= bound * Math.max(1, norm(expected)),
                    () -> order + ": " + distance(a, expected) + " above " + bound * norm(expected));
        }
    }

    @Test
    void hasTheSameBitsForAnyNumberOfThreads() {
        Task task = Task.lowRank(37, 29, 3, 1, 5);
        for (UpdateOrder order : UpdateOrder.values()) {
            double[] one = afterTenSteps(task, order, 1);
            for (int threads = 2; threads <= 5; threads++) {
                assertArrayEquals(one, afterTenSteps(task, order, threads), order + " with " + threads + " threads");
            }
        }
    }

    private static double[] afterTenSteps(Task task, UpdateOrder order, int threads) {
        double[] a = new double[task.outputs() * task.inputs()];
        try (Dynamics dynamics = TwoLayer.gaussian(task, 20011, 0.01, 0.005, order, Precision.F32, threads, 3)) {
            for (int i = 0; i < 10; i++) {
                dynamics.step();
            }
            dynamics.product(a);
        }
        return a;
    }

    /** |w_1^2 - w_2^2|, of one unit, is what the squares of both leave of each other. */
    @Test
    void aDriftThatRoundingErrorsHideIsNone() {
        Task task = Task.lowRank(1, 1, 1, 1, 11);
        for (int digits = 2; digits <= 12; digits++) {
            double[] w2 = {1 + Math.pow(2, -digits)};
            double start = w2[0] * w2[0] - 1;
            try (Dynamics dynamics = TwoLayer.of(task, 1, new double[]{1}, w2, 0.01, UpdateOrder.SIMULTANEOUS,
                    Precision.F32, 1)) {
                double y = dynamics.conservedDrift();
                boolean hidden = start * start < 1000 * Precision.F32.unitRoundoff() * (1 + Math.pow(w2[0], 4));
                assertEquals(hidden ? Double.NaN : 0, y, "2^-" + digits);
            }
        }
    }

    @Test
    void aStepSizeThatThePrecisionDoesNotHoldIsRefused() {
        Task task = Task.lowRank(3, 3, 1, 1, 11);
        for (double eta : new double[]{1e-320 / 1e10, 1e-50, 1e39}) {
            boolean single = Precision.F32.bytes() == 4;
            if (eta > 0 && !single) {
                TwoLayer.gaussian(task, 5, 1, eta, UpdateOrder.SIMULTANEOUS, Precision.F32, 1, 3).close();
            } else {
                assertThrows(IllegalArgumentException.class,
                        () -> TwoLayer.gaussian(task, 5, 1, eta, UpdateOrder.SIMULTANEOUS, Precision.F32, 1, 3));
            }
        }
    }

    @Test
    void driftOfTheConservedQuantityIsQuadraticInTheStepSize() {
        Task task = Task.lowRank(12, 9, 2, 1, 11);
        double coarse = drift(task, 0.004, 50);
        double fine = drift(task, 0.002, 100);
        // Over the same time, an error of eta^2 a step leaves one of eta.
        assertEquals(2, coarse / fine, 0.4, coarse + " and " + fine);
    }

    private static double drift(Task task, double eta, int steps) {
        try (Dynamics dynamics = TwoLayer.gaussian(task, 60, 0.3, eta, UpdateOrder.SIMULTANEOUS, Precision.F32, 1, 3)) {
            assertEquals(0, dynamics.conservedDrift());
            for (int i = 0; i < steps; i++) {
                dynamics.step();
            }
            return dynamics.conservedDrift();
        }
    }

    @Test
    void initialProductHasTheVarianceOfItsWeights() {
        Task task = Task.lowRank(60, 60, 2, 1, 11);
        int width = 5000;
        double sigma = 0.05;
        double[] a = new double[3600];
        try (Dynamics dynamics = TwoLayer.gaussian(task, width, sigma, 1e-3, UpdateOrder.SIMULTANEOUS, Precision.F32, 2,
                1)) {
            dynamics.product(a);
            assertEquals(6.0 * width * 3600, dynamics.flopsPerStep());
        }
        // Entries of W_2 W_1 have variance sigma^4 width; 3600 of them estimate it to 1 / sqrt(1800).
        assertEquals(1, norm(a) * norm(a) / 3600 / (Math.pow(sigma, 4) * width), 4 / Math.sqrt(1800));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Task task = Task.lowRank(4, 4, 1, 1, 11);
        UpdateOrder order = UpdateOrder.ALTERNATING;
        assertThrows(IllegalArgumentException.class,
                () -> TwoLayer.gaussian(task, 0, 1, 1, order, Precision.F32, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> TwoLayer.gaussian(task, 5, -1, 1, order, Precision.F32, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> TwoLayer.gaussian(task, 5, 1, Double.NaN, order, Precision.F32, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> TwoLayer.of(task, 5, new double[20], new double[19], 1, order, Precision.F32, 1));
    }

    private static void descend(Task task, int width, double[] w1, double[] w2, double eta, UpdateOrder order) {
        int outputs = task.outputs();
        int inputs = task.inputs();
        double[] g = times(w2, outputs, width, w1, inputs);
        for (int i = 0; i < g.length; i++) {
            g[i] -= task.labels()[i];
        }
        double[] old = w1.clone();
        for (int h = 0; h < width; h++) {
            for (int i = 0; i < outputs; i++) {
                for (int j = 0; j < inputs; j++) {
                    w1[h * inputs + j] -= eta * w2[i * width + h] * g[i * inputs + j];
                }
            }
        }
        double[] seen = order == UpdateOrder.SIMULTANEOUS ? old : w1;
        for (int h = 0; h < width; h++) {
            for (int i = 0; i < outputs; i++) {
                for (int j = 0; j < inputs; j++) {
                    w2[i * width + h] -= eta * g[i * inputs + j] * seen[h * inputs + j];
                }
            }
        }
    }

    /** Of each thread a panel as it was, and a packed one. */
    @Test
    void threadsHaveMemoryOfTheirOwn() {
        long two = TwoLayer.bytes(40, 70, 100_000, Precision.F32, 2);
        int row = 70 * Precision.F32.bytes();
        assertTrue(TwoLayer.bytes(40, 70, 100_000, Precision.F32, 3) >= two + 2 * 160 * row);
    }
}
