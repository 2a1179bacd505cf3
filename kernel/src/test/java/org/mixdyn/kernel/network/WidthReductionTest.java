package org.mixdyn.kernel.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

class WidthReductionTest {
    /** X^T X = R^T R, with every element within a multiple of eps of the lengths of its two columns; R triangular. */
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,1,7", "2,3,4", "3,2,5", "3,5,511", "7,9,513", "20,20,1500", "33,31,40", "40,37,1024",
            "60,70,2000"})
    void keepsTheGramMatrix(int outputs, int inputs, int width) {
        for (double sigma : new double[]{1, 1e-150, 1e140, 1e-170, 1e160, 1e-290, 1e300}) {
            HiddenUnits units = HiddenUnits.gaussian(outputs, inputs, width, sigma, Precision.F64, 3);
            int n = outputs + inputs;
            double[] x = new double[width * n];
            units.read(0, width, x);
            double[] r = WidthReduction.factor(units, 1);
            double bound = 8 * (Math.sqrt(width) + n) * 0x1p-53;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    double expected = dot(x, width, n, i, j, sigma);
                    double lengths = Math.sqrt(dot(x, width, n, i, i, sigma) * dot(x, width, n, j, j, sigma));
                    assertEquals(expected, dot(r, n, n, i, j, sigma), bound * lengths, i + ", " + j);
                    assertTrue(j == i || r[i * n + j] == 0);
                }
            }
        }
    }

    @Test
    void givesZerosForZerosAndSurvivesDependentColumns() {
        double[] zeros = WidthReduction.factor(HiddenUnits.gaussian(4, 3, 50, 0, Precision.F64, 1), 1);
        assertArrayEquals(new double[49], zeros);
        double[] ones = new double[30];
        Arrays.fill(ones, 1);
        double[] r = WidthReduction.factor(HiddenUnits.of(2, 3, 10, Precision.F64, ones, Arrays.copyOf(ones, 20)), 1);
        for (int j = 0; j < 5; j++) {
            assertEquals(Math.sqrt(10), Math.abs(r[j]), 1e-14);
            for (int i = 1; i < 5; i++) {
                assertEquals(0, r[i * 5 + j], 1e-14);
            }
        }
    }

    /** Columns of all sizes that there are, in panels that differ too: each keeps its length, and R is finite. */
    @Test
    void keepsColumnsOfAllSizes() {
        int width = 700;
        double[] sizes = {1, 1e-160, 1e-170, 1e160, 1e-290, 1e300, 3e-320};
        for (double[] ofPanels : new double[][]{{1, 1}, {1, 1e-310}, {1e-200, 1}}) {
            double[] w1 = new double[width * sizes.length];
            double[] squares = new double[sizes.length];
            new Gaussian(5, 0).fill(0, w1, 0, w1.length);
            for (int i = 0; i < w1.length; i++) {
                int j = i % sizes.length;
                w1[i] *= sizes[j] * ofPanels[i < 512 * sizes.length ? 0 : 1];
                squares[j] += Math.pow(w1[i] / sizes[j], 2);
            }
            HiddenUnits units = HiddenUnits.of(1, sizes.length, width, Precision.F64, w1, new double[width]);
            double[] r = WidthReduction.factor(units, 1);
            for (int j = 0; j < sizes.length; j++) {
                double ofR = 0;
                for (int i = 0; i <= sizes.length; i++) {
                    assertTrue(Double.isFinite(r[i * (sizes.length + 1) + j]), i + ", " + j);
                    ofR += Math.pow(r[i * (sizes.length + 1) + j] / sizes[j], 2);
                }
                // The least numbers have few digits.
                assertEquals(squares[j], ofR, (sizes[j] < Double.MIN_NORMAL ? 1e-2 : 1e-13) * squares[j],
                        "size " + sizes[j]);
            }
        }
    }

    @Test
    void hasTheSameBitsForAnyNumberOfThreads() {
        HiddenUnits units = HiddenUnits.gaussian(50, 45, 1700, 1, Precision.F32, 9);
        assertArrayEquals(WidthReduction.factor(units, 1), WidthReduction.factor(units, 3));
    }

    @Test
    void drawsTheWeightsOfANetworkOfEveryWeight() {
        int outputs = 5;
        int inputs = 3;
        int width = 10_000;
        FloatPanels panels = FloatPanels.gaussian(outputs, inputs, width, 0.3, 8, Team.of(1));
        double[] rows = new double[width * 8];
        HiddenUnits.gaussian(outputs, inputs, width, 0.3, Precision.F32, 8).read(0, width, rows);
        PanelLayout layout = panels.layout();
        assertTrue(layout.panels() > 1);
        for (int panel = 0; panel < layout.panels(); panel++) {
            for (int h = 0; h < layout.unitsOf(panel); h++) {
                int unit = (int) layout.firstUnit(panel) + h;
                for (int j = 0; j < inputs; j++) {
                    assertEquals(panels.w1(panel).elements()[panels.w1(panel).rowStart(h) + j], rows[unit * 8 + j]);
                }
                for (int i = 0; i < outputs; i++) {
                    assertEquals(panels.w2t(panel).elements()[panels.w2t(panel).rowStart(h) + i],
                            rows[unit * 8 + inputs + i]);
                }
            }
        }
    }

    /** Of two columns in units of sigma. */
    private static double dot(double[] x, int rows, int n, int i, int j, double sigma) {
        double sum = 0;
        for (int h = 0; h < rows; h++) {
            sum = Math.fma(x[h * n + i] / sigma, x[h * n + j] / sigma, sum);
        }
        return sum;
    }
}
