package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import org.mixdyn.kernel.svd.DoubleSvd;

/** The rule on both sides of its line, and what it refuses. */
class StepSizeTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void initialWeightsRuleAboveTheLine() {
        assertEquals(1 / (50.0 * 0.25 * 1000), StepSize.paper(50, 0.25, 1000, 200, 90));
        assertEquals(1 / (50.0 * 201), StepSize.paper(50, 1, 201, 200, 90));
    }

    @Test
    void targetRulesOnAndBelowTheLine() {
        assertEquals(1 / (50.0 * 90), StepSize.paper(50, 1, 200, 200, 90));
        assertEquals(1 / (5.0 * 250), StepSize.paper(5, 1e-3, 1000, 500, 250));
        assertEquals(1 / (5.0 * 250), StepSize.paper(5, 0, 1000, 500, 250));
    }

    /** gamma_w + gamma_sigma2 = 1: sigma^2 w is d, and now and then a unit in the last place more. */
    @Test
    void roundingDoesNotDecideOnTheLine() {
        int above = 0;
        for (int dim = 20; dim <= 1000; dim++) {
            for (int gamma = 1; gamma <= 4; gamma++) {
                double sigma2 = Math.pow(dim, 1 - gamma);
                double width = Math.pow(dim, gamma);
                above += sigma2 * width > dim ? 1 : 0;
                assertEquals(1 / (50.0 * 90), StepSize.paper(50, sigma2, width, dim, 90), "d = " + dim);
                double over = 1 / (50 * (sigma2 * width * 1.001));
                assertEquals(over, StepSize.paper(50, sigma2, width * 1.001, dim, 90), 1e-12 * over);
            }
        }
        assertTrue(above > 0);
    }

    @Test
    void theNormIsOnlyAskedForWhereItCounts() {
        assertEquals(1 / (2.0 * 1000), StepSize.paper(2, 1, 1000, 200, NAN));
        refused("targetNorm is NaN; allowed is a finite number above 0", 2, 1, 200, 200, NAN);
        refused("targetNorm is 0.0; allowed is a finite number above 0", 2, 1, 200, 200, 0);
        refused("targetNorm is Infinity; allowed is a finite number above 0", 2, 1, 200, 200, INFINITY);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        refused("q is 0.0; allowed is a finite number above 0", 0, 1, 10, 10, 1);
        refused("q is NaN; allowed is a finite number above 0", NAN, 1, 10, 10, 1);
        refused("q is Infinity; allowed is a finite number above 0", INFINITY, 1, 10, 10, 1);
        refused("sigma2 is -1.0; allowed is a finite number of at least 0", 5, -1, 10, 10, 1);
        refused("sigma2 is NaN; allowed is a finite number of at least 0", 5, NAN, 10, 10, 1);
        refused("width is 0.5; allowed is a finite number of at least 1", 5, 1, 0.5, 10, 1);
        refused("width is Infinity; allowed is a finite number of at least 1", 5, 1, INFINITY, 10, 1);
        refused("dim is 0.0; allowed is a finite number of at least 1", 5, 1, 10, 0, 1);
        refused("dim is NaN; allowed is a finite number of at least 1", 5, 1, 10, NAN, 1);
        refused("q is 1.0E200, which makes the step size 0.0 at scale 1.0E200; allowed is a finite step size above 0",
                1e200, 1e200, 1, 1, 1);
    }

    @Test
    void deepScalesAreThePapersForOneWideLayer() {
        List<Long> wide = List.of(100_000_000L);
        assertEquals(1 / (50.0 * 0.25e8), StepSize.deep(50, 0.25, wide, 200, 150, 90), 1e-11);
        assertEquals(1 / (50.0 * 90), StepSize.deep(50, 1e-12, wide, 200, 150, 90), 1e-15);
        assertEquals(1 / (5 * 1.5 * Math.pow(90, 4.0 / 3)), StepSize.deep(5, 0, List.of(10L, 20L), 20, 15, 90), 1e-15);
    }

    /** A square Gaussian matrix of n has the squared norm 4 n, one of n x m has (sqrt(n) + sqrt(m))^2. */
    @Test
    void deepLazyScaleKnowsNarrowLayers() {
        double one = Math.pow(Math.sqrt(300) + Math.sqrt(200), 2) / 2
                + Math.pow(Math.sqrt(300) + Math.sqrt(100), 2) / 2;
        assertEquals(1 / one, StepSize.deep(1, 1, List.of(300L), 200, 100, 1e-9), 1e-12);
        // Two layers as wide as the inputs: the edge of their product is 27/4 (Fuss-Catalan).
        double two = (2 * 27.0 / 4 + 16) * 100 * 100 / 2;
        assertEquals(1 / two, StepSize.deep(1, 1, List.of(100L, 100L), 100, 100, 1e-9), 1e-15);
    }

    /** The norms of one draw against their limits. */
    @Test
    void deepLazyScaleIsThatOfGaussianWeights() {
        int outputs = 60;
        int inputs = 40;
        List<Integer> widths = List.of(120, 80, 150, 70);
        double[][] weights = new double[5][];
        SplittableRandom random = new SplittableRandom(3);
        int[] units = {inputs, 120, 80, 150, 70, outputs};
        for (int l = 1; l <= 5; l++) {
            weights[l - 1] = new double[units[l] * units[l - 1]];
            Arrays.setAll(weights[l - 1], i -> random.nextGaussian());
        }
        double sum = 0;
        for (int l = 1; l <= 5; l++) {
            sum += Math.pow(norm(weights, units, 1, l - 1) * norm(weights, units, l + 1, 5), 2);
        }
        List<Long> asked = widths.stream().map(Integer::longValue).toList();
        assertEquals(1, sum / 2 * StepSize.deep(1, 1, asked, outputs, inputs, 1e-9), 0.15);
    }

    /** ||W_to ... W_from||_op. */
    private static double norm(double[][] weights, int[] units, int from, int to) {
        if (from > to) {
            return 1;
        }
        double[] product = weights[from - 1];
        int cols = units[from - 1];
        for (int l = from + 1; l <= to; l++) {
            double[] next = new double[units[l] * cols];
            for (int i = 0; i < units[l]; i++) {
                for (int k = 0; k < units[l - 1]; k++) {
                    for (int j = 0; j < cols; j++) {
                        next[i * cols + j] += weights[l - 1][i * units[l - 1] + k] * product[k * cols + j];
                    }
                }
            }
            product = next;
        }
        DoubleSvd svd = new DoubleSvd();
        svd.values(units[to], cols, product, 0, cols);
        return svd.singularValues()[0];
    }

    @Test
    void deepRefusesWhatIsOutOfRange() {
        for (Executable call : List.<Executable>of(() -> StepSize.deep(0, 1, List.of(3L), 2, 2, 1),
                () -> StepSize.deep(1, NAN, List.of(3L), 2, 2, 1), () -> StepSize.deep(1, 1, List.of(), 2, 2, 1),
                () -> StepSize.deep(1, 1, List.of(3L, 0L), 2, 2, 1), () -> StepSize.deep(1, 1, List.of(3L), 0, 2, 1),
                () -> StepSize.deep(1, 1, List.of(3L), 2, 2, INFINITY),
                () -> StepSize.deep(1, 1e300, List.of(3L, 4L), 2, 2, 1))) {
            assertThrows(IllegalArgumentException.class, call);
        }
    }

    private static void refused(String message, double q, double sigma2, double width, double dim, double norm) {
        var thrown = assertThrows(IllegalArgumentException.class,
                () -> StepSize.paper(q, sigma2, width, dim, norm));
        assertEquals(message, thrown.getMessage());
    }
}
