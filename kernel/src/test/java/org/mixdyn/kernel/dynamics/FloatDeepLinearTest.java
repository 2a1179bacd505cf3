package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mixdyn.kernel.NaiveMatrix.distance;
import static org.mixdyn.kernel.NaiveMatrix.norm;
import static org.mixdyn.kernel.NaiveMatrix.times;
import static org.mixdyn.kernel.NaiveMatrix.transposed;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

class FloatDeepLinearTest {
    private static final double ROUNDOFF = Precision.F32.unitRoundoff();

    /** d_out, the hidden widths, d_in. */
    @ParameterizedTest
    @ValueSource(strings = {"1 1 1", "3 4 2", "2 3 4 5", "17 97 33 5", "5 33 193 17", "1 40 50 60 9", "9 60 50 40 1",
            "20 64 65 66 20", "33 1 40 300", "300 40 1 33", "3 2 2 2 2 2 2 2 2 2 4", "130 300 400 100"})
    void followsTheDefinition(String sizes) {
        for (UpdateOrder order : UpdateOrder.values()) {
            Network network = Network.random(sizes);
            int steps = 6;
            double[] a = new double[network.task.labels().length];
            double eta = 0.1 / network.shape.depth();
            try (Dynamics dynamics = network.start(eta, order, 2)) {
                for (int i = 0; i < steps; i++) {
                    dynamics.step();
                }
                dynamics.product(a);
            }
            for (int i = 0; i < steps; i++) {
                network.descend(eta, order);
            }
            double[] expected = network.product();
            // Every step rounds sums of up to n terms in each layer, whose errors grow like the root of their number.
            double terms = Math.max(network.shape.widest(), Math.max(network.task.outputs(), network.task.inputs()));
            double bound = 10 * network.shape.depth() * steps * Math.sqrt(terms) * ROUNDOFF
                    * Math.max(1, norm(expected));
            assertTrue(distance(a, expected) <= bound, () -> order + ": " + distance(a, expected) + " above " + bound);
        }
    }

    @Test
    void withOneHiddenLayerItIsTheTwoLayerNetwork() {
        for (UpdateOrder order : UpdateOrder.values()) {
            Task task = Task.lowRank(23, 31, 3, 1, 5);
            double[] two = new double[23 * 31];
            double[] deep = new double[23 * 31];
            try (Dynamics first = TwoLayer.gaussian(task, 500, 0.05, 0.005, order, Precision.F32, 2, 3);
                    Dynamics second = gaussian(task, List.of(500L), 0.05, 0.005, order, Precision.F32, 2, 3)) {
                for (int i = 0; i < 50; i++) {
                    first.product(two);
                    second.product(deep);
                    double error = distance(two, deep);
                    double bound = 100 * ROUNDOFF * norm(two);
                    assertTrue(error <= bound, () -> order + ": " + error + " above " + bound);
                    first.step();
                    second.step();
                }
                assertEquals(first.flopsPerStep(), second.flopsPerStep());
            }
        }
    }

    @Test
    void hasTheSameBitsForAnyNumberOfThreads() {
        for (UpdateOrder order : UpdateOrder.values()) {
            // The smaller side is the inner one of a change; few outputs and a long inner side make other sums of products.
            for (int[] sides : new int[][]{{37, 29}, {29, 37}, {3, 120}, {1, 1100}}) {
                double[] one = afterThreeSteps(sides[0], sides[1], order, 1);
                for (int threads : new int[]{2, 3, 5}) {
                    assertArrayEquals(one, afterThreeSteps(sides[0], sides[1], order, threads),
                            sides[0] + " x " + sides[1] + ", " + order + " with " + threads + " threads");
                }
            }
        }
    }

    private static double[] afterThreeSteps(int outputs, int inputs, UpdateOrder order, int threads) {
        Task task = Task.lowRank(outputs, inputs, 1, 1, 5);
        double[] a = new double[outputs * inputs + 1];
        try (Dynamics dynamics = gaussian(task, List.of(301L, 500L, 157L), 0.05, 0.002, order, Precision.F32,
                threads, 3)) {
            for (int i = 0; i < 3; i++) {
                dynamics.step();
            }
            dynamics.product(a);
            a[outputs * inputs] = dynamics.conservedDrift();
        }
        return a;
    }

    /** Along the flow, the loss falls at the rate ||grad||^2 = ||W'(t)||^2: a small step shows both. */
    @Test
    void theLossFallsByTheSquareOfTheGradient() {
        Network network = Network.random("11 30 25 14");
        double eta = 1e-5;
        double elements = 11 * 14;
        double[][] before = network.weights();
        double loss;
        double next;
        try (Dynamics dynamics = DeepLinear.of(network.task, network.widths(), before, eta,
                UpdateOrder.SIMULTANEOUS, Precision.F64, 1)) {
            loss = dynamics.trainError() * elements / 2;
            dynamics.step();
            next = dynamics.trainError() * elements / 2;
        }
        network.descend(eta, UpdateOrder.SIMULTANEOUS);
        double squares = 0;
        for (int l = 0; l < before.length; l++) {
            squares += Math.pow(distance(before[l], network.w[l]) / eta, 2);
        }
        assertEquals(squares, (loss - next) / eta, 1e-3 * squares);
    }

    /** W_1 -> R W_1, W_2 -> S W_2 R^T, W_3 -> W_3 S^T with R and S orthogonal change no product. */
    @Test
    void rotationsOfHiddenUnitsChangeNothing() {
        Network network = Network.random("12 40 30 9");
        double[][] turned = network.weights();
        SplittableRandom random = new SplittableRandom(1);
        reflect(turned, 1, 40, 9, random);
        reflect(turned, 2, 30, 40, random);
        double[] a = new double[12 * 9];
        double[] b = new double[12 * 9];
        for (UpdateOrder order : UpdateOrder.values()) {
            try (Dynamics plain = network.start(0.02, order, 1);
                    Dynamics rotated = DeepLinear.of(network.task, network.widths(), turned, 0.02, order,
                            Precision.F32, 1)) {
                for (int i = 0; i < 50; i++) {
                    plain.step();
                    rotated.step();
                }
                plain.product(a);
                rotated.product(b);
                assertEquals(0, distance(a, b) / norm(a), 200 * ROUNDOFF);
                assertEquals(plain.conservedDrift(), rotated.conservedDrift(), 1e-4);
            }
        }
    }

    /** A^T = W_1^T W_2^T W_3^T learns Y^T; W_2 is cut into many panels one way and into two the other way. */
    @Test
    void aNetworkAndItsTransposeLearnAlike() {
        int wide = 3_000;
        int narrow = 770;
        double[][] w = {new double[wide * 3], new double[narrow * wide], new double[2 * narrow]};
        new Gaussian(1, 0).fill(0, 0.01, w[0], 0, w[0].length);
        new Gaussian(1, 1).fill(0, 0.02, w[1], 0, w[1].length);
        new Gaussian(1, 2).fill(0, 0.05, w[2], 0, w[2].length);
        double[][] turned = {transposed(w[2], 2, narrow), transposed(w[1], narrow, wide),
                transposed(w[0], wide, 3)};
        Task task = Task.lowRank(2, 3, 2, 0.5, 7);
        Task transposedTask = Task.of(3, 2, transposed(task.target(), 2, 3),
                transposed(task.labels(), 2, 3));
        double[] a = new double[6];
        double[] b = new double[6];
        try (Dynamics upright = DeepLinear.of(task, List.of((long) wide, (long) narrow), w, 0.1,
                UpdateOrder.SIMULTANEOUS, Precision.F32, 2);
                Dynamics lying = DeepLinear.of(transposedTask, List.of((long) narrow, (long) wide), turned, 0.1,
                        UpdateOrder.SIMULTANEOUS, Precision.F32, 2)) {
            double start = upright.trainError();
            for (int i = 0; i < 6; i++) {
                upright.product(a);
                lying.product(b);
                assertArrayEquals(a, transposed(b, 3, 2), 100 * ROUNDOFF * Math.max(norm(a), norm(b)));
                upright.step();
                lying.step();
            }
            assertTrue(upright.trainError() < 0.9 * start, upright.trainError() + " of " + start);
        }
    }

    /** Multiplies W_l by H = I - 2 u u^T from the left and W_(l+1) by it from the right. */
    private static void reflect(double[][] w, int l, int units, int below, SplittableRandom random) {
        double[] u = random.doubles(units, -1, 1).toArray();
        double norm = norm(u);
        Arrays.setAll(u, i -> u[i] / norm);
        for (int j = 0; j < below; j++) {
            double dot = 0;
            for (int i = 0; i < units; i++) {
                dot += u[i] * w[l - 1][i * below + j];
            }
            for (int i = 0; i < units; i++) {
                w[l - 1][i * below + j] -= 2 * u[i] * dot;
            }
        }
        for (int i = 0; i < w[l].length / units; i++) {
            double dot = 0;
            for (int j = 0; j < units; j++) {
                dot += u[j] * w[l][i * units + j];
            }
            for (int j = 0; j < units; j++) {
                w[l][i * units + j] -= 2 * u[j] * dot;
            }
        }
    }

    @Test
    void driftOfTheConservedQuantityIsQuadraticInTheStepSize() {
        double coarse = drift(0.004, 50);
        double fine = drift(0.002, 100);
        // Over the same time, an error of eta^2 a step leaves one of eta.
        assertEquals(2, coarse / fine, 0.4, coarse + " and " + fine);
    }

    private static double drift(double eta, int steps) {
        Task task = Task.lowRank(12, 9, 2, 1, 11);
        try (Dynamics dynamics = gaussian(task, List.of(70L, 40L), 0.2, eta, UpdateOrder.SIMULTANEOUS,
                Precision.F32, 1, 3)) {
            assertEquals(0, dynamics.conservedDrift());
            for (int i = 0; i < steps; i++) {
                dynamics.step();
            }
            return dynamics.conservedDrift();
        }
    }

    /** Where M is nothing but rounding errors, so would its drift be. */
    @ParameterizedTest
    @CsvSource({"BALANCED,12", "ORTHOGONAL,12", "ORTHOGONAL,13"})
    void driftOfBalancedWeightsIsUnknown(Initialization kind, long width) {
        Task task = Task.lowRank(12, 12, 2, 1, 11);
        try (Dynamics dynamics = DeepLinear.drawn(task, List.of(width, width),
                new InitialWeights(kind, 0.2, Double.NaN),
                1e-3, UpdateOrder.SIMULTANEOUS, Precision.F32, 1, 3)) {
            dynamics.step();
            // Of 13 orthogonal columns only 12 are those of a square matrix.
            assertEquals(width == 12, Double.isNaN(dynamics.conservedDrift()));
        }
    }

    /** Entries of W_3 W_2 W_1 have the variance sigma^6 n_1 n_2. */
    @Test
    void initialProductHasTheVarianceOfItsWeights() {
        Task task = Task.lowRank(60, 60, 2, 1, 11);
        double[] a = new double[3600];
        try (Dynamics dynamics = gaussian(task, List.of(2000L, 3000L), 0.05, 1e-3, UpdateOrder.SIMULTANEOUS,
                Precision.F32, 2, 1)) {
            dynamics.product(a);
        }
        assertEquals(1, norm(a) * norm(a) / 3600 / (Math.pow(0.05, 6) * 2000 * 3000), 4 / Math.sqrt(1800));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Task task = Task.lowRank(4, 4, 1, 1, 11);
        UpdateOrder order = UpdateOrder.ALTERNATING;
        for (List<Long> widths : List.of(List.<Long>of(), List.of(3L, 0L), List.of((long) Integer.MAX_VALUE),
                List.of(Long.MAX_VALUE))) {
            assertThrows(IllegalArgumentException.class,
                    () -> gaussian(task, widths, 1, 1, order, Precision.F32, 1, 1));
        }
        assertThrows(IllegalArgumentException.class,
                () -> gaussian(task, List.of(3L), -1, 1, order, Precision.F32, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> gaussian(task, List.of(3L), 1, 0, order, Precision.F32, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> DeepLinear.of(task, List.of(3L), new double[3][12], 1, order, Precision.F32, 1));
        assertThrows(IllegalArgumentException.class,
                () -> DeepLinear.of(task, List.of(3L), new double[2][11], 1, order, Precision.F32, 1));
    }

    @Test
    void refusesWidthsWhoseWorkSpaceIsNoArray() {
        // 64 test vectors have rows of 80 elements in f32, and d = 80 has rows of 88 in f64.
        assertWidest(16, Integer.MAX_VALUE / 80);
        assertWidest(80, Integer.MAX_VALUE / 88);
    }

    private static void assertWidest(int d, long most) {
        long two = DeepLinear.bytes(d, d, List.of(most), Precision.F32, 2);
        // Of one thread more at least the packed rows of a product.
        long own = (long) BlockSizes.of(Precision.F32).mc() * d * Precision.F32.bytes();
        assertTrue(two > 0 && DeepLinear.bytes(d, d, List.of(most), Precision.F32, 3) >= two + own);
        assertThrows(IllegalArgumentException.class,
                () -> DeepLinear.bytes(d, d, List.of(most + 1), Precision.F32, 2));
    }

    private static Dynamics gaussian(Task task, List<Long> widths, double sigma, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        return DeepLinear.drawn(task, widths, InitialWeights.gaussian(sigma), eta, order, precision, threads, seed);
    }

    /** Gradient descent in double, one loop an index. */
    private static final class Network {
        final Task task;
        final DeepShape shape;
        final double[][] w;

        private Network(Task task, DeepShape shape, double[][] w) {
            this.task = task;
            this.shape = shape;
            this.w = w;
        }

        static Network random(String sizes) {
            int[] given = Stream.of(sizes.split(" ")).mapToInt(Integer::parseInt).toArray();
            int depth = given.length - 1;
            List<Integer> widths = Arrays.stream(given, 1, depth).boxed().toList();
            DeepShape shape = new DeepShape(given[0], given[depth], widths);
            SplittableRandom random = new SplittableRandom(sizes.hashCode());
            double[][] w = new double[depth][];
            for (int l = 1; l <= depth; l++) {
                double scale = 1.5 / Math.sqrt(Math.max(shape.width(l), shape.width(l - 1)));
                // Rounded, so that both start from the same weights.
                w[l - 1] = random.doubles((long) shape.width(l) * shape.width(l - 1))
                        .map(x -> (float) ((x - 0.5) * scale)).toArray();
            }
            double size = Math.sqrt((double) given[0] * given[depth]);
            Task drawn = Task.lowRank(given[0], given[depth], 1, 0.5, 7);
            Task task = Task.of(given[0], given[depth], scaled(drawn.target(), 1 / size),
                    scaled(drawn.labels(), 1 / size));
            return new Network(task, shape, w);
        }

        private static double[] scaled(double[] x, double factor) {
            return Arrays.stream(x).map(value -> factor * value).toArray();
        }

        List<Long> widths() {
            return shape.widths().stream().map(Integer::longValue).toList();
        }

        double[][] weights() {
            return Stream.of(w).map(double[]::clone).toArray(double[][]::new);
        }

        Dynamics start(double eta, UpdateOrder order, int threads) {
            return DeepLinear.of(task, widths(), weights(), eta, order, Precision.F32, threads);
        }

        double[] product() {
            return chain(w, 1, shape.depth());
        }

        /** W_to ... W_from; the identity where from is above to. */
        private double[] chain(double[][] of, int from, int to) {
            int cols = shape.width(from - 1);
            double[] product = new double[cols * cols];
            for (int i = 0; i < cols; i++) {
                product[i * cols + i] = 1;
            }
            for (int l = from; l <= to; l++) {
                product = times(of[l - 1], shape.width(l), shape.width(l - 1), product, cols);
            }
            return product;
        }

        void descend(double eta, UpdateOrder order) {
            double[] g = product();
            for (int i = 0; i < g.length; i++) {
                g[i] -= task.labels()[i];
            }
            double[][] old = weights();
            for (int l = 1; l <= shape.depth(); l++) {
                int rows = shape.width(l);
                int cols = shape.width(l - 1);
                double[] above = chain(old, l + 1, shape.depth());
                double[] below = chain(order == UpdateOrder.SIMULTANEOUS ? old : w, 1, l - 1);
                double[] change = times(times(transposed(above, shape.outputs(), rows), rows, shape.outputs(), g,
                        shape.inputs()), rows, shape.inputs(), transposed(below, cols, shape.inputs()), cols);
                for (int i = 0; i < change.length; i++) {
                    w[l - 1][i] -= eta * change[i];
                }
            }
        }
    }
}
