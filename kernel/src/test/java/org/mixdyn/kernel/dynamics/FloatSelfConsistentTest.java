package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.task.Task;

class FloatSelfConsistentTest {
    /** Where W_1^T W_1 = sqrt(A^T A + s^2 I) and W_2 W_2^T = sqrt(A A^T + s^2 I), gradient flow is the equation itself. */
    @ParameterizedTest
    @CsvSource({"6,6", "5,9", "9,5"})
    void oneStepAgreesWithGradientDescentOnBalancedWeights(int outputs, int inputs) {
        double s = 0.7;
        double eta = 1e-3;
        Task task = Task.lowRank(outputs, inputs, 2, 0.3, 5);
        int n = outputs + inputs;
        // A diagonal A has diagonal roots; the weights of a rectangular one need units for both sides.
        double[] a0 = new double[outputs * inputs];
        double[] w1 = new double[n * inputs];
        double[] w2 = new double[outputs * n];
        SplittableRandom random = new SplittableRandom(3);
        int r = Math.min(outputs, inputs);
        double[] value = new double[Math.max(outputs, inputs)];
        for (int k = 0; k < r; k++) {
            value[k] = 2 * random.nextDouble();
            a0[k * inputs + k] = value[k];
        }
        for (int j = 0; j < inputs; j++) {
            double root = Math.sqrt(value[j] * value[j] + s * s);
            // Column j of W_1 has squared length root and product value_j with row j of W_2, of the same length.
            w1[j * inputs + j] = Math.sqrt(root);
        }
        for (int i = 0; i < outputs; i++) {
            double root = Math.sqrt(value[i] * value[i] + s * s);
            double along = i < inputs ? value[i] / Math.sqrt(root) : 0;
            if (i < inputs) {
                w2[i * n + i] = along;
            }
            w2[i * n + inputs + i] = Math.sqrt(root - along * along);
        }
        double[] descended = new double[outputs * inputs];
        try (Dynamics descent = TwoLayer.of(task, n, w1, w2, eta, UpdateOrder.SIMULTANEOUS, Precision.F32, 1)) {
            descent.step();
            descent.product(descended);
        }
        double[] consistent = new double[outputs * inputs];
        try (Dynamics equation = SelfConsistent.of(task, s, a0, eta, Precision.F32, 1)) {
            equation.step();
            equation.product(consistent);
        }
        double moved = 0;
        double apart = 0;
        for (int i = 0; i < a0.length; i++) {
            moved = Math.max(moved, Math.abs(consistent[i] - a0[i]));
            apart = Math.max(apart, Math.abs(consistent[i] - descended[i]));
        }
        assertTrue(moved > eta * 0.1);
        // The step of the weights leaves a term in eta^2; the rest is rounding.
        assertTrue(apart <= 20 * eta * moved + 200 * Precision.F32.unitRoundoff(), apart + " of " + moved);
    }

    /**
     * Every step against one with both roots from a decomposition of its own, in double. Roots that are followed, and
     * decompositions where they cannot be, leave rounding alone: of each step, and of binary32 where that is used.
     */
    @ParameterizedTest
    @CsvSource({"30,30,0.5,1", "30,30,0.003,1", "30,30,0,1", "24,31,0.1,0.3", "31,24,20,1", "1,1,0.1,1", "2,5,0.1,1e-4",
            "30,30,1e-6,1e-5", "20,20,1e-18,1e-19", "20,20,1e-25,1e-25", "12,20,1e-21,1e-22"})
    void followsTheEquation(int outputs, int inputs, double s, double scale) {
        followsEuler(Task.lowRank(outputs, inputs, 1, 1, 5), s, scale);
    }

    /**
     * With labels that are diagonal a product is left out as long as A stands in the original basis: in the first three cases
     * to the end, in the next until A is far above s; in the last never, A being above s from the beginning.
     */
    @ParameterizedTest
    @CsvSource({"24,31,4,1", "31,24,4,1", "30,30,4,1", "30,30,0.004,1e-4", "24,31,0.004,1e-4", "31,24,0.1,0.3"})
    void followsTheEquationWithDiagonalLabels(int outputs, int inputs, double s, double scale) {
        followsEuler(Reduced.aligned(Task.lowRank(outputs, inputs, 1, 1, 5), Precision.F32), s, scale);
    }

    /** 150 steps from a random A with entries of this size. */
    private static void followsEuler(Task task, double s, double scale) {
        int size = task.outputs() * task.inputs();
        double[] a = new SplittableRandom(9).doubles(size).map(x -> scale * (x - 0.5)).toArray();
        double eta = 1 / (25 * Math.max(s, Math.sqrt(size)));
        try (FloatSelfConsistent equation = new FloatSelfConsistent(task, s, a, eta, 1, 1)) {
            followsEuler(equation, 150, task, s, a, eta);
        }
    }

    /** Two products of halves for the roots, and one, two or none for the change of A. */
    @Test
    void countsTheProductsOfTheLastStep() {
        int n = 24;
        double cube = (double) n * n * n;
        Task task = Task.lowRank(n, n, 3, 1, 5);
        double[] a = new SplittableRandom(4).doubles((long) n * n).toArray();
        int substeps = 3;
        try (FloatSelfConsistent two = new FloatSelfConsistent(task, 100, a, 1e-5, substeps, 1);
                FloatSelfConsistent one = new FloatSelfConsistent(Reduced.aligned(task, Precision.F32), 100, a, 1e-5,
                        substeps, 1);
                FloatSelfConsistent none = new FloatSelfConsistent(task, 1, a, 1e-5, 1, 1)) {
            two.step();
            assertEquals(8 * cube * substeps, two.flopsPerStep());
            one.step();
            assertEquals(6 * cube * substeps, one.flopsPerStep());
            none.step();
            assertEquals(4 * cube, none.flopsPerStep());
            none.step();
            assertEquals(8 * cube, none.flopsPerStep());
        }
    }

    /**
     * One direction far above s that turns, and hardly anything beside it: what grows out of s is not lost, and the leading
     * values are followed by rotations.
     */
    @ParameterizedTest
    @CsvSource({"40,1e-6", "33,1e-4", "50,1e-3"})
    void followsNarrowBeginnings(int n, double s) {
        Task task = Task.lowRank(n, n, 3, 1, 5);
        SplittableRandom random = new SplittableRandom(4);
        double[] x = random.doubles(n).map(value -> value - 0.5).toArray();
        double[] y = random.doubles(n).map(value -> value - 0.5).toArray();
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i * n + j] = 200 * s * x[i] * y[j];
            }
        }
        double eta = 1.0 / (25 * n);
        int steps = 300;
        try (FloatSelfConsistent equation = new FloatSelfConsistent(task, s, a, eta, 1, 1)) {
            followsEuler(equation, steps, task, s, a, eta);
            long decompositions = equation.decompositions();
            assertTrue(decompositions <= steps / 4, "decompositions: " + decompositions);
        }
    }

    /** Takes steps, of A too, and compares A and both errors, which are asked for on the way as well. */
    private static void followsEuler(FloatSelfConsistent equation, int steps, Task task, double s, double[] a,
            double eta) {
        for (int step = 0; step < steps; step++) {
            equation.testError();
            equation.step();
            euler(task, s, a, eta);
        }
        double[] followed = new double[a.length];
        equation.product(followed);
        double apart = Math.sqrt(MeanSquare.distance(followed, a) / MeanSquare.distance(a, new double[a.length]));
        // Roots are taken up to u^(3/4), after which they are better by the ratio of two corrections.
        double bound = Math.sqrt(steps) * Math.pow(Precision.F32.unitRoundoff(), 0.75);
        assertTrue(apart <= bound, apart + " above " + bound);
        assertError(task.labels(), a, apart, equation.trainError());
        assertError(task.target(), a, apart, equation.testError());
    }

    /** The mean square of A - Y, where A is off by so much relative to its norm, and Y stands in a basis with roundings. */
    private static void assertError(double[] y, double[] a, double apart, double error) {
        double[] zero = new double[a.length];
        double roundings = 100 * Precision.F32.unitRoundoff();
        double off = apart * Math.sqrt(MeanSquare.distance(a, zero))
                + roundings * Math.sqrt(MeanSquare.distance(y, zero));
        double expected = MeanSquare.distance(a, y);
        assertEquals(expected, error, 2 * Math.sqrt(expected) * off + off * off + roundings * expected);
    }

    /** In steps with rotations and decompositions among them. */
    @ParameterizedTest
    @CsvSource({"33,1e-4,false", "50,1e-3,false", "50,5,false", "50,5,true"})
    void hasTheSameBitsForAnyNumberOfThreads(int n, double s, boolean aligned) {
        Task drawn = Task.lowRank(n, n, 3, 1, 5);
        Task task = aligned ? Reduced.aligned(drawn, Precision.F32) : drawn;
        SplittableRandom random = new SplittableRandom(4);
        double[] a = random.doubles((long) n * n).map(x -> 0.01 * (x - 0.5)).toArray();
        double[] alone = new double[n * n];
        double[] together = new double[n * n];
        for (int threads = 1; threads <= 3; threads++) {
            try (Dynamics equation = SelfConsistent.of(task, s, a, 1 / (25.0 * n), Precision.F32, threads)) {
                for (int step = 0; step < 120; step++) {
                    equation.step();
                }
                equation.product(threads == 1 ? alone : together);
            }
            if (threads > 1) {
                assertArrayEquals(alone, together, threads + " threads");
            }
        }
    }

    /**
     * A narrow network is compared by way of its weights, of which there are several panels in the last case, a wide one by its
     * product.
     */
    @ParameterizedTest
    @CsvSource({"24,31,5,1e-4,40", "31,24,7,1e-4,40", "20,20,60,1e-4,40", "24,24,5,1e4,40", "310,300,200,1e-4,2"})
    void tellsTheDistanceOfANetwork(int outputs, int inputs, int width, double s, int steps) {
        Task task = Task.lowRank(outputs, inputs, 2, 1, 5);
        double eta = 1 / (25 * Math.max(s, Math.sqrt((double) outputs * inputs)));
        tellsTheDistance(task, s, eta, steps,
                TwoLayer.gaussian(task, width, 0.1, eta, UpdateOrder.ALTERNATING, Precision.F32, 1, 3));
    }

    /** In the basis of its labels a network without weights is compared as it stands there. */
    @ParameterizedTest
    @CsvSource({"24,31,false,1e-4", "24,31,true,1e-4", "31,24,true,1e-4", "24,24,true,1e4"})
    void tellsTheDistanceOfANetworkWithoutWeights(int outputs, int inputs, boolean aligned, double s) {
        Task drawn = Task.lowRank(outputs, inputs, 2, 1, 5);
        Task task = aligned ? Reduced.aligned(drawn, Precision.F32) : drawn;
        double eta = 1 / (25 * Math.max(s, Math.sqrt((double) outputs * inputs)));
        tellsTheDistance(task, s, eta, 40,
                Reduced.gaussian(task, 100, 0.1, eta, UpdateOrder.ALTERNATING, Precision.F32, 1, 3));
    }

    private static void tellsTheDistance(Task task, double s, double eta, int steps, Dynamics other) {
        double[] ours = new double[task.outputs() * task.inputs()];
        double[] theirs = new double[ours.length];
        try (Dynamics network = other) {
            network.product(theirs);
            try (SelfConsistent.Equation equation = SelfConsistent.of(task, s, theirs, eta, Precision.F32, 1)) {
                for (int step = 0; step < steps; step++) {
                    network.step();
                    equation.step();
                }
                network.product(theirs);
                equation.product(ours);
                double size = MeanSquare.distance(ours, new double[ours.length]);
                assertEquals(MeanSquare.distance(ours, theirs), equation.distance(network),
                        100 * Precision.F32.unitRoundoff() * size);
            }
        }
    }

    /** A' = A - eta (sqrt(A A^T + s^2 I) G + G sqrt(A^T A + s^2 I)) by a decomposition A = U S V^T. */
    private static void euler(Task task, double s, double[] a, double eta) {
        int m = task.outputs();
        int n = task.inputs();
        int r = Math.min(m, n);
        DoubleSvd svd = new DoubleSvd();
        svd.factor(m, n, a, 0, n);
        double[] u = new double[m * r];
        double[] v = new double[n * r];
        svd.u(u);
        svd.v(v);
        double[] left = root(m, r, u, svd.singularValues(), s);
        double[] right = root(n, r, v, svd.singularValues(), s);
        double[] g = new double[m * n];
        for (int i = 0; i < g.length; i++) {
            g[i] = a[i] - task.labels()[i];
        }
        Gemm gemm = Gemm.withThreads(1);
        gemm.dgemm(false, false, m, n, m, -eta, left, 0, m, g, 0, n, 1, a, 0, n);
        gemm.dgemm(false, false, m, n, n, -eta, g, 0, n, right, 0, n, 1, a, 0, n);
    }

    /** s I + V (sqrt(S^2 + s^2) - s) V^T. */
    private static double[] root(int n, int r, double[] v, double[] values, double s) {
        double[] root = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                root[i * n + j] = i == j ? s : 0;
                for (int k = 0; k < r; k++) {
                    root[i * n + j] += v[i * r + k] * (Math.hypot(values[k], s) - s) * v[j * r + k];
                }
            }
        }
        return root;
    }

    @Test
    void mostStepsNeedNoDecomposition() {
        Task task = Task.lowRank(40, 40, 5, 1, 3);
        SplittableRandom random = new SplittableRandom(2);
        double[] a = random.doubles(1600).map(x -> 0.1 * (x - 0.5)).toArray();
        try (FloatSelfConsistent equation = new FloatSelfConsistent(task, 0.5, a, 0.001, 1, 1)) {
            for (int step = 0; step < 100; step++) {
                equation.step();
            }
            assertTrue(equation.decompositions() < 50, "decompositions: " + equation.decompositions());
        }
    }

    /** Euler's method is of first order: half the step, half the error. */
    @Test
    void substepsApproachContinuousTime() {
        Task task = Task.lowRank(10, 8, 2, 1, 5);
        double[][] products = new double[3][80];
        int[] substeps = {4, 8, 64};
        for (int i = 0; i < 3; i++) {
            try (Dynamics equation = SelfConsistent.of(task, 0.5, new double[80], 0.02, substeps[i], Precision.F32,
                    1)) {
                for (int step = 0; step < 10; step++) {
                    equation.step();
                }
                assertEquals(0.02, equation.stepSize());
                equation.product(products[i]);
            }
        }
        double coarse = Math.sqrt(MeanSquare.distance(products[0], products[2]));
        double fine = Math.sqrt(MeanSquare.distance(products[1], products[2]));
        // 1/4 - 1/64 against 1/8 - 1/64.
        assertEquals(15.0 / 7, coarse / fine, 0.15);
    }

    @Test
    void withoutActiveValuesErrorsDecayAtTheLazyRate() {
        Task task = Task.lowRank(8, 8, 2, 1, 5);
        double s = 1e6;
        double eta = 1e-8;
        try (Dynamics equation = SelfConsistent.of(task, s, new double[64], eta, Precision.F32, 1)) {
            double before = equation.trainError();
            equation.step();
            assertEquals(Math.pow(1 - 2 * eta * s, 2), equation.trainError() / before, 1e-5);
        }
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Task task = Task.lowRank(4, 4, 1, 1, 11);
        // Of a step size at the end of the precision a part is none any more.
        assertThrows(IllegalArgumentException.class,
                () -> SelfConsistent.of(task, 1, new double[16], Float.MIN_VALUE, 4, Precision.F32, 1));
        assertThrows(IllegalArgumentException.class,
                () -> SelfConsistent.of(task, -1, new double[16], 1, Precision.F32, 1));
        assertThrows(IllegalArgumentException.class,
                () -> SelfConsistent.of(task, 1, new double[15], 1, Precision.F32, 1));
        assertThrows(IllegalArgumentException.class,
                () -> SelfConsistent.of(task, 1, new double[16], 0, Precision.F32, 1));
        assertThrows(IllegalArgumentException.class,
                () -> SelfConsistent.of(task, 1, new double[16], 1, 0, Precision.F32, 1));
    }
}
