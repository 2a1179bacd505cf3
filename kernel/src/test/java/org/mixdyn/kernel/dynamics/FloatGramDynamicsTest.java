package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.mixdyn.kernel.network.Bartlett;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

class FloatGramDynamicsTest {
    private static final double ROUNDOFF = Precision.F32.unitRoundoff();
    private static final int STEPS = 300;

    /**
     * Against the factors that the Gram matrices are made of, at every step: lazy, active and in between, down to weights
     * whose Gram matrices are far smaller than a rounding of the product that they grow to.
     */
    @ParameterizedTest
    @CsvSource({"1,1,1", "3,2,0.5", "300,1,1", "1,300,1", "8,8,1", "16,16,1e-3", "17,33,0.1", "33,17,20", "40,40,0.01",
            "40,40,1",
            "40,40,100",
            "25,60,1e-5", "60,25,1e-7", "64,64,0.1"})
    void followsTheFactors(int outputs, int inputs, double s) {
        for (UpdateOrder order : UpdateOrder.values()) {
            followsTheFactors(outputs, inputs, s, order);
        }
    }

    private static void followsTheFactors(int outputs, int inputs, double s, UpdateOrder order) {
        Task task = Task.lowRank(outputs, inputs, 1, 1, 7);
        double eta = 1 / (10 * Math.max(s, Math.sqrt((double) outputs * inputs)));
        double[] r = Bartlett.draw(outputs + inputs, 1e6, Math.sqrt(s * 1e-6), 5);
        double[] a = new double[outputs * inputs];
        double[] b = new double[a.length];
        double apart = 0;
        try (Dynamics factors = factors(task, r, eta, order);
                Dynamics grams = FloatGramDynamics.of(task, r, eta, order, Team.of(1))) {
            for (int step = 0; step <= STEPS; step++) {
                factors.product(a);
                grams.product(b);
                apart = Math.max(apart, Math.sqrt(MeanSquare.distance(a, b) / squares(a)));
                assertNear(factors.trainError(), grams.trainError(), task);
                assertNear(factors.testError(), grams.testError(), task);
                factors.step();
                grams.step();
            }
            double expected = order == UpdateOrder.ALTERNATING
                    ? 4.0 * outputs + 3 * inputs + 1
                    : 6.0 * outputs + 3 * inputs + 3;
            assertEquals(outputs * inputs * expected, grams.flopsPerStep());
        }
        // Tens of roundings are what comes out.
        assertTrue(apart <= 200 * ROUNDOFF, order + ": apart by " + apart / ROUNDOFF + " roundings");
    }

    /** The weights [W_1, W_2^T] trained as they are. */
    private static Dynamics factors(Task task, double[] r, double eta, UpdateOrder order) {
        int n = task.outputs() + task.inputs();
        double[] w1 = new double[n * task.inputs()];
        double[] w2 = new double[task.outputs() * n];
        for (int h = 0; h < n; h++) {
            System.arraycopy(r, h * n, w1, h * task.inputs(), task.inputs());
            for (int i = 0; i < task.outputs(); i++) {
                w2[i * n + h] = r[h * n + task.inputs() + i];
            }
        }
        return TwoLayer.of(task, n, w1, w2, eta, order, Precision.F64, 1);
    }

    /** What the roundings of A leave of an error: they count the more the smaller it has become. */
    private static void assertNear(double expected, double error, Task task) {
        assertEquals(expected, error, 3e3 * ROUNDOFF * (expected + 1e-3 * squares(task.labels())));
    }

    @ParameterizedTest
    @EnumSource
    void theConservedQuantityDriftsAsThatOfTheFactors(UpdateOrder order) {
        Task task = Task.lowRank(20, 15, 2, 1, 5);
        double[] r = Bartlett.draw(35, 50, 0.3, 3);
        try (Dynamics factors = factors(task, r, 0.02, order);
                Dynamics grams = FloatGramDynamics.of(task, r, 0.02, order, Team.of(1))) {
            assertEquals(0, grams.conservedDrift());
            for (int step = 0; step < 20; step++) {
                factors.step();
                grams.step();
            }
            assertTrue(factors.conservedDrift() > 1e-3);
            // Differences of squares: roundings of ||A||^2 are left in the square of the quantity.
            assertEquals(1, grams.conservedDrift() / factors.conservedDrift(), 1e4 * ROUNDOFF);
        }
    }

    private static double squares(double[] x) {
        return MeanSquare.distance(x, new double[x.length]);
    }

    @ParameterizedTest
    @EnumSource
    void hasTheSameBitsForAnyNumberOfThreads(UpdateOrder order) {
        Task task = Task.lowRank(70, 83, 3, 1, 5);
        double[] one = afterTenSteps(task, order, 1);
        for (int threads = 2; threads <= 4; threads++) {
            assertArrayEquals(one, afterTenSteps(task, order, threads), threads + " threads");
        }
    }

    private static double[] afterTenSteps(Task task, UpdateOrder order, int threads) {
        double[] r = Bartlett.draw(153, 20_011, 0.01, 3);
        double[] a = new double[70 * 83];
        try (Dynamics dynamics = FloatGramDynamics.of(task, r, 0.005, order, Team.of(threads))) {
            for (int i = 0; i < 10; i++) {
                dynamics.step();
            }
            dynamics.product(a);
        }
        return a;
    }

    /**
     * Stop rules compare errors that differ little: they must be told to a fraction of a rounding of one element, which sums of
     * thousands of terms one after the other are not.
     */
    @Test
    void errorsHaveMoreDigitsThanElements() {
        int d = 200;
        // What it is compared with has roundings of its own.
        double resolution = Math.max(0.1 * ROUNDOFF, 1e-14);
        Task task = Reduced.aligned(Task.lowRank(d, d, 5, 1, 3), Precision.F64);
        double[] a = new double[d * d];
        try (Dynamics grams = FloatGramDynamics.of(task, Bartlett.draw(2 * d, 577, Math.pow(d, -1.5), 4), 2e-4,
                UpdateOrder.ALTERNATING, Team.of(1))) {
            for (int step = 0; step < 10; step++) {
                grams.step();
                grams.product(a);
                double train = MeanSquare.distance(a, task.labels());
                double test = MeanSquare.distance(a, task.target());
                assertEquals(train, grams.trainError(), resolution * train);
                assertEquals(test, grams.testError(), resolution * test);
            }
        }
    }

    /** A task whose labels are diagonal already has the errors of the task that it was made of, and is left as it is. */
    @ParameterizedTest
    @CsvSource({"9,9", "12,5", "5,12"})
    void alignedTasksHaveTheSameErrors(int outputs, int inputs) {
        Task task = Task.lowRank(outputs, inputs, 2, 1, 5);
        Task aligned = Reduced.aligned(task, Precision.F32);
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                assertTrue(i == j || aligned.labels()[i * inputs + j] == 0);
            }
        }
        assertEquals(squares(task.labels()), squares(aligned.labels()), 50 * ROUNDOFF * squares(task.labels()));
        assertEquals(squares(task.target()), squares(aligned.target()), 100 * ROUNDOFF * squares(task.target()));
        assertEquals(MeanSquare.distance(task.labels(), task.target()),
                MeanSquare.distance(aligned.labels(), aligned.target()), 100 * ROUNDOFF * squares(task.labels()));
        assertEquals(aligned, Reduced.aligned(aligned, Precision.F32));
    }

    /** Wide matrices: more than one block of columns, and sums longer than a block. */
    @ParameterizedTest
    @EnumSource
    void sumsInBlocks(UpdateOrder order) {
        Task task = Task.lowRank(20, 530, 2, 1, 5);
        double[] r = Bartlett.draw(550, 5000, 0.01, 3);
        double[] a = new double[20 * 530];
        double[] b = new double[a.length];
        try (Dynamics factors = factors(task, r, 1e-3, order);
                Dynamics grams = FloatGramDynamics.of(task, r, 1e-3, order, Team.of(2))) {
            for (int i = 0; i < 5; i++) {
                factors.step();
                grams.step();
            }
            factors.product(a);
            grams.product(b);
        }
        assertTrue(Math.sqrt(MeanSquare.distance(a, b) / squares(a)) <= 100 * ROUNDOFF);
    }
}
