package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** Every element of every panel at its place, zeros past the last column, and nothing beside the panels touched. */
class FloatPackTest {
    private static final int L = Lanes.FLOAT.length();
    private static final int MR = BlockSizes.of(Precision.F32).mr();
    private static final int NR = BlockSizes.of(Precision.F32).nr();
    private static final int[] DEPTHS = {1, L - 1, L, L + 1, 2 * L + 3};
    private static final int FROM = 5;
    private static final int TO = 2;

    @Test
    void leftOperands() {
        for (int rows = 1; rows <= 3 * MR + 5; rows++) {
            for (int k : DEPTHS) {
                float[] stored = matrix(rows, k, k + 3);
                float[] transposed = matrix(k, rows, rows + 1);
                float[] expected = untouched(rows * k);
                float[] expectedOfTransposed = untouched(rows * k);
                int panel;
                for (int i = 0; i < rows; i += panel) {
                    panel = Panels.next(rows - i, MR);
                    for (int p = 0; p < k; p++) {
                        for (int row = 0; row < panel; row++) {
                            int at = TO + i * k + p * panel + row;
                            expected[at] = stored[FROM + (i + row) * (k + 3) + p];
                            expectedOfTransposed[at] = transposed[FROM + p * (rows + 1) + i + row];
                        }
                    }
                }
                float[] packed = untouched(rows * k);
                FloatPack.a(rows, k, stored, FROM, k + 3, packed, TO);
                assertArrayEquals(expected, packed, rows + " x " + k);
                packed = untouched(rows * k);
                FloatPack.aTransposed(rows, k, transposed, FROM, rows + 1, packed, TO);
                assertArrayEquals(expectedOfTransposed, packed, rows + " x " + k + ", transposed");
            }
        }
    }

    @Test
    void nothingOfLeftOperandsWithoutColumns() {
        float[] packed = untouched(1);
        for (int rows = 1; rows <= 3 * MR; rows++) {
            FloatPack.a(rows, 0, new float[0], 0, 1, packed, 0);
            FloatPack.aTransposed(rows, 0, new float[0], 0, rows, packed, 0);
        }
        assertArrayEquals(untouched(1), packed);
    }

    @Test
    void rightOperands() {
        for (int cols = 1; cols <= 2 * NR + 5; cols++) {
            for (int k : DEPTHS) {
                rightOperand(k, cols, cols % 2 == 0 ? 1 : 0.3f);
            }
        }
        // Longer than what is read in one stretch.
        for (int cols = 17 * NR - 1; cols <= 17 * NR + L; cols++) {
            rightOperand(3, cols, 1);
        }
    }

    private static void rightOperand(int k, int cols, float alpha) {
        float[] stored = matrix(k, cols, cols + 3);
        float[] transposed = matrix(cols, k, k + 1);
        for (Cut cut : Cut.values()) {
            int all = 0;
            for (int j = 0; j < cols;) {
                int width = FloatMacroKernel.panelWidth(cols - j, cut);
                all += width * k;
                j += width;
            }
            float[] expected = untouched(all);
            float[] expectedOfTransposed = untouched(all);
            int width;
            for (int j = 0; j < cols; j += width) {
                width = FloatMacroKernel.panelWidth(cols - j, cut);
                for (int p = 0; p < k; p++) {
                    for (int column = 0; column < width; column++) {
                        int at = TO + j * k + p * width + column;
                        boolean live = j + column < cols;
                        expected[at] = live ? alpha * stored[FROM + p * (cols + 3) + j + column] : 0;
                        expectedOfTransposed[at] = live ? alpha * transposed[FROM + (j + column) * (k + 1) + p] : 0;
                    }
                }
            }
            String what = k + " x " + cols + ", " + cut;
            float[] packed = untouched(all);
            FloatPack.b(k, cols, cut, alpha, stored, FROM, cols + 3, packed, TO);
            assertArrayEquals(expected, packed, what);
            packed = untouched(all);
            FloatPack.bTransposed(k, cols, cut, alpha, transposed, FROM, k + 1, packed, TO);
            assertArrayEquals(expectedOfTransposed, packed, what + ", transposed");
        }
    }

    /** Room for so many elements and some on both sides. */
    private static float[] untouched(int elements) {
        float[] packed = new float[TO + elements + L];
        Arrays.fill(packed, Float.NaN);
        return packed;
    }

    private static float[] matrix(int rows, int cols, int ld) {
        float[] x = new float[FROM + (rows - 1) * ld + cols];
        for (int i = 0; i < x.length; i++) {
            x[i] = i + 1;
        }
        return x;
    }
}
