package org.mixdyn.kernel.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mixdyn.kernel.NaiveMatrix.distance;
import static org.mixdyn.kernel.NaiveMatrix.norm;
import static org.mixdyn.kernel.NaiveMatrix.times;
import static org.mixdyn.kernel.NaiveMatrix.transposed;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** Initial weights keep what defines them to rounding, and are functions of the seed alone. */
class FloatLayersTest {
    private static final double ROUNDOFF = Precision.F32.unitRoundoff();
    private static final double SIGMA = 0.3;

    @ParameterizedTest
    @ValueSource(strings = {"1 1 1", "3 70 2", "70 3 5", "20 20 20", "65 200 130 40 33", "30 9 64 128 129 31"})
    void orthogonalLayersHaveOneSingularValue(String sizes) {
        double[][] w = drawn(sizes, Initialization.ORTHOGONAL, Double.NaN);
        int[] n = units(sizes);
        for (int l = 1; l < n.length; l++) {
            int shorter = Math.min(n[l], n[l - 1]);
            int longer = Math.max(n[l], n[l - 1]);
            double[] rows = n[l] <= n[l - 1] ? w[l] : transposed(w[l], n[l], n[l - 1]);
            double[] gram = times(rows, shorter, longer, transposed(rows, shorter, longer), shorter);
            double scale = SIGMA * SIGMA * longer;
            for (int i = 0; i < shorter; i++) {
                gram[i * shorter + i] -= scale;
            }
            assertTrue(most(gram) <= 8 * Math.sqrt(longer) * ROUNDOFF * scale, "W_" + l + ": " + most(gram) / scale);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 1 1", "3 70 2", "70 3 5", "20 20 20", "65 200 130 40 33", "30 9 64 128 129 31"})
    void balancedLayersHaveTheSameGramMatrices(String sizes) {
        double[][] w = drawn(sizes, Initialization.BALANCED, Double.NaN);
        int[] n = units(sizes);
        for (int l = 1; l < n.length - 1; l++) {
            double[] m = conserved(w, n, l);
            double scale = most(times(w[l], n[l], n[l - 1], transposed(w[l], n[l], n[l - 1]), n[l]));
            double bound = 16 * Math.sqrt(Arrays.stream(n).max().orElseThrow()) * ROUNDOFF * norm(w[l]) * norm(w[l]);
            assertTrue(scale > 0 && most(m) <= bound, "W_" + l + ": " + most(m) + " above " + bound);
        }
    }

    /** M = lambda Pi with a projector Pi, whose rank is the least of the three sides. */
    @ParameterizedTest
    @ValueSource(strings = {"1 1 1", "3 70 2", "70 3 5", "20 20 20", "33 200 65"})
    void lambdaBalancedLayersDifferByLambdaOnTheirSupport(String sizes) {
        for (double lambda : new double[]{2.5, -1e-3, -70}) {
            double[][] w = drawn(sizes, Initialization.LAMBDA_BALANCED, lambda);
            int[] n = units(sizes);
            int width = n[1];
            double[] projector = conserved(w, n, 1);
            double trace = 0;
            for (int i = 0; i < projector.length; i++) {
                projector[i] /= -lambda;
            }
            for (int i = 0; i < width; i++) {
                trace += projector[i * width + i];
            }
            double bound = 16 * Math.sqrt(Arrays.stream(n).max().orElseThrow()) * ROUNDOFF
                    * (1 + (norm(w[1]) * norm(w[1]) + norm(w[2]) * norm(w[2])) / Math.abs(lambda));
            double[] square = times(projector, width, width, projector, width);
            assertTrue(distance(square, projector) <= bound,
                    lambda + ": " + distance(square, projector) + ", " + bound);
            assertEquals(Arrays.stream(n).min().orElseThrow(), trace, bound * width);
        }
    }

    @Test
    void lambdaZeroIsBalanced() {
        assertArrayEquals(drawn("12 30 9", Initialization.BALANCED, Double.NaN)[1],
                drawn("12 30 9", Initialization.LAMBDA_BALANCED, 0)[1], 8 * ROUNDOFF);
    }

    /** Entries of the product have the variance sigma^(2 L) n_1 ... n_(L-1) that they have for Gaussian weights. */
    @Test
    void balancedProductsAreOfTheScaleOfGaussianOnes() {
        int[] n = units("60 90 100 60");
        double[][] w = drawn("60 90 100 60", Initialization.BALANCED, Double.NaN);
        double[] a = times(w[3], n[3], n[2], times(w[2], n[2], n[1], w[1], n[0]), n[0]);
        assertEquals(1, norm(a) * norm(a) / 3600 / (Math.pow(SIGMA, 6) * 90 * 100), 4 / Math.sqrt(1800));
    }

    /** The entries of a uniformly random unit vector of n have mean 0 and variance 1/n, up to the last row. */
    @Test
    void framesAreUniformlyRandom() {
        int draws = 400;
        int n = 6;
        double[] sums = new double[n * n];
        double[] squares = new double[n * n];
        DeepShape shape = new DeepShape(n, n, List.of(n));
        for (int seed = 0; seed < draws; seed++) {
            FloatLayers layers = FloatLayers.drawn(shape,
                    new InitialWeights(Initialization.ORTHOGONAL, 1 / Math.sqrt(n), Double.NaN), seed, Team.of(1));
            for (int i = 0; i < n * n; i++) {
                double entry = layers.first().elements()[layers.first().rowStart(i / n) + i % n];
                sums[i] += entry;
                squares[i] += entry * entry;
            }
        }
        for (int i = 0; i < n * n; i++) {
            assertEquals(0, sums[i] / draws, 5 / Math.sqrt(n * draws), "mean at " + i);
            // The variance of a squared entry is below 2/n^2.
            assertEquals(1.0 / n, squares[i] / draws, 5 * Math.sqrt(2.0 / draws) / n, "variance at " + i);
        }
    }

    @Test
    void gaussianElementsAreNumbersOfTheirStreams() {
        DeepShape shape = new DeepShape(2, 3, List.of(1300, 70));
        FloatLayers layers = FloatLayers.gaussian(shape, SIGMA, 5, Team.of(2));
        LayerLayout layout = layers.hidden(2).layout();
        assertEquals(Precision.F32.bytes() == 4 && Lanes.HALVES ? 4 : 6, layout.panels());
        float[] elements = new float[70 * 1300];
        new Gaussian(5, 34).fill(0, SIGMA, elements, 0, elements.length);
        for (int i = 0; i < 70; i++) {
            for (int j = 0; j < 1300; j++) {
                int panel = j / layout.colsPerPanel();
                FloatColumns columns = layers.hidden(2).panel(panel);
                assertEquals(elements[i * 1300 + j],
                        columns.elements()[columns.rowStart(i) + j - layout.firstCol(panel)]);
            }
        }
        assertHoldsStream(16, 1300, 3, layers.first());
        assertHoldsStream(17, 70, 2, layers.lastTransposed());
    }

    /** Its elements are in order, and what is around them is zero. */
    private static void assertHoldsStream(int stream, int rows, int columns, FloatColumns matrix) {
        float[] expected = new float[matrix.elements().length];
        new Gaussian(5, stream).fill(0, SIGMA, expected, matrix.rowStart(0), rows, columns, matrix.stride());
        assertArrayEquals(expected, matrix.elements());
        assertEquals(columns, matrix.columns());
        assertEquals(matrix.elements().length, matrix.rowStart(rows));
    }

    /** The first row of a matrix, behind the array's header of 16 bytes, and each next one begin a cache line. */
    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 64, 300})
    void rowsBeginAtCacheLines(int columns) {
        FloatColumns matrix = FloatColumns.zeros(5, columns);
        LayerLayout layout = new LayerLayout(5, columns, Precision.F32);
        for (int i = 0; i < 5; i++) {
            assertEquals(0, (16 + matrix.rowStart(i) * Precision.F32.bytes()) % 64);
            assertEquals(0, (16 + layout.rowStart(i) * Precision.F32.bytes()) % 64);
        }
    }

    @Test
    void theSeedDecidesAndTheThreadsDoNot() {
        for (Initialization kind : Initialization.values()) {
            DeepShape shape = new DeepShape(20, 30, List.of(2500));
            InitialWeights initial = new InitialWeights(kind, SIGMA, 1.5);
            FloatLayers one = FloatLayers.drawn(shape, initial, 7, Team.of(1));
            FloatLayers three = FloatLayers.drawn(shape, initial, 7, Team.of(3));
            assertArrayEquals(one.first().elements(), three.first().elements());
            assertArrayEquals(one.lastTransposed().elements(), three.lastTransposed().elements());
            assertFalse(Arrays.equals(one.first().elements(),
                    FloatLayers.drawn(shape, initial, 8, Team.of(1)).first().elements()));
            FloatPanels panels = FloatPanels.drawn(20, 30, 2500, initial, 7, Team.of(2));
            assertTrue(panels.layout().panels() > 1);
            for (int h = 0; h < 2500; h++) {
                int panel = 0;
                while (h >= panels.layout().firstUnit(panel + 1)) {
                    panel++;
                }
                int unit = h - (int) panels.layout().firstUnit(panel);
                for (int j = 0; j < 30; j++) {
                    assertEquals(one.first().elements()[one.first().rowStart(h) + j],
                            panels.w1(panel).elements()[panels.w1(panel).rowStart(unit) + j]);
                }
                for (int i = 0; i < 20; i++) {
                    assertEquals(one.lastTransposed().elements()[one.lastTransposed().rowStart(h) + i],
                            panels.w2t(panel).elements()[panels.w2t(panel).rowStart(unit) + i]);
                }
            }
        }
    }

    @Test
    void refusesWhatDoesNotExist() {
        InitialWeights lambda = new InitialWeights(Initialization.LAMBDA_BALANCED, SIGMA, 1);
        assertThrows(IllegalArgumentException.class,
                () -> FloatLayers.drawn(new DeepShape(3, 3, List.of(4, 4)), lambda, 1, Team.of(1)));
        assertThrows(IllegalArgumentException.class,
                () -> new InitialWeights(Initialization.LAMBDA_BALANCED, SIGMA, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new InitialWeights(Initialization.GAUSSIAN, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> Initialization.ORTHOGONAL
                .frameBytes(new DeepShape(3, 3, List.of(50000, 50000)), Precision.F32));
    }

    /** n_0, ..., n_L, written with d_out first. */
    private static int[] units(String sizes) {
        int[] written = Arrays.stream(sizes.split(" ")).mapToInt(Integer::parseInt).toArray();
        int[] n = written.clone();
        n[0] = written[written.length - 1];
        n[n.length - 1] = written[0];
        return n;
    }

    /** W_l at l. */
    private static double[][] drawn(String sizes, Initialization kind, double lambda) {
        int[] n = units(sizes);
        int depth = n.length - 1;
        DeepShape shape = new DeepShape(n[depth], n[0], Arrays.stream(n, 1, depth).boxed().toList());
        FloatLayers layers = FloatLayers.drawn(shape, new InitialWeights(kind, SIGMA, lambda), 3, Team.of(2));
        double[][] w = new double[depth + 1][];
        w[1] = dense(layers.first(), n[1]);
        for (int l = 2; l < depth; l++) {
            assertEquals(1, layers.hidden(l).layout().panels());
            w[l] = dense(layers.hidden(l).panel(0), n[l]);
        }
        w[depth] = transposed(dense(layers.lastTransposed(), n[depth - 1]), n[depth - 1], n[depth]);
        return w;
    }

    /** W_l W_l^T - W_(l+1)^T W_(l+1). */
    private static double[] conserved(double[][] w, int[] n, int l) {
        double[] below = times(w[l], n[l], n[l - 1], transposed(w[l], n[l], n[l - 1]), n[l]);
        double[] above = times(transposed(w[l + 1], n[l + 1], n[l]), n[l], n[l + 1], w[l + 1], n[l]);
        for (int i = 0; i < below.length; i++) {
            below[i] -= above[i];
        }
        return below;
    }

    private static double[] dense(FloatColumns x, int rows) {
        int cols = x.columns();
        double[] y = new double[rows * cols];
        Arrays.setAll(y, i -> x.elements()[x.rowStart(i / cols) + i % cols]);
        return y;
    }

    private static double most(double[] x) {
        return Arrays.stream(x).map(Math::abs).max().orElse(0);
    }
}
