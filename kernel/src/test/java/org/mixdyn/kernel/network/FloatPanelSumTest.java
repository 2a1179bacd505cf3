package org.mixdyn.kernel.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.mixdyn.kernel.gemm.FloatLeftOperand;
import org.mixdyn.kernel.gemm.FloatMacroKernel;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;

class FloatPanelSumTest {
    /** Units for panels of one part and of several, even and not, and for several panels. */
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 152, 159, 160, 161, 168, 319, 320, 321, 328, 1000, 9001})
    void addsUpThePanels(int units) {
        addsUp(5, 19, units);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 700", "17, 8, 500", "16, 33, 400", "100, 100, 1200"})
    void ofAnyShape(int rows, int cols, int units) {
        addsUp(rows, cols, units);
    }

    /** Left panels whose rows are 1 or 2 KiB long or more, and just less: the former are packed, if vectors are not taken in halves. */
    @Test
    void farRows() {
        for (int bytes : new int[]{1024, 2048}) {
            int side = bytes / Precision.F32.bytes();
            addsUp(side + 3, 75, 330);
            addsUp(side, side + 20, 152);
            addsUp(side - 17, 75, 330);
        }
    }

    /** Twice in one place: the second sum begins anew. */
    private static void addsUp(int rows, int cols, int units) {
        PanelLayout layout = new PanelLayout(rows, cols, units, Precision.F32);
        FloatPanelSum sum = new FloatPanelSum(layout, rows, cols);
        FloatMacroKernel macroKernel = new FloatMacroKernel();
        FloatLeftOperand packed = FloatPanelSum.leftOperand(layout);
        for (int seed = 1; seed <= 2; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] expected = new double[rows * cols];
            double[] bound = new double[rows * cols];
            for (int group = 0; group < sum.groups(); group++) {
                for (int panel = sum.firstPanel(group); panel < sum.firstPanel(group + 1); panel++) {
                    FloatColumns left = FloatColumns.zeros(layout.rowsOf(panel), rows, layout.stride(rows));
                    FloatColumns right = FloatColumns.zeros(layout.rowsOf(panel), cols, layout.stride(cols));
                    for (int unit = 0; unit < layout.unitsOf(panel); unit++) {
                        fill(random, left, unit);
                        fill(random, right, unit);
                        add(left, right, unit, expected, bound);
                    }
                    sum.add(macroKernel, packed, group, panel, left, right);
                }
            }
            float[] total = new float[rows * cols];
            sum.total(Team.of(1), total);
            for (int i = 0; i < total.length; i++) {
                assertEquals(expected[i], total[i], (units + 32) * Precision.F32.unitRoundoff() * bound[i]);
            }
        }
    }

    private static void fill(SplittableRandom random, FloatColumns x, int row) {
        for (int j = 0; j < x.columns(); j++) {
            x.elements()[x.rowStart(row) + j] = (float) (random.nextDouble() - 0.5);
        }
    }

    private static void add(FloatColumns left, FloatColumns right, int row, double[] sum, double[] sizes) {
        for (int i = 0; i < left.columns(); i++) {
            for (int j = 0; j < right.columns(); j++) {
                double term = (double) left.elements()[left.rowStart(row) + i]
                        * right.elements()[right.rowStart(row) + j];
                sum[i * right.columns() + j] += term;
                sizes[i * right.columns() + j] += Math.abs(term);
            }
        }
    }
}
