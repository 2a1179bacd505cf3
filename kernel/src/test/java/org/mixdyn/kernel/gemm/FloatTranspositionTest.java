package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;

/** Every element at its place, and what is beside as it was. */
class FloatTranspositionTest {
    private static final int L = Lanes.FLOAT.length();

    @Test
    void strips() {
        int cols = 3 * L;
        float[] from = new float[L * cols];
        for (int i = 0; i < from.length; i++) {
            from[i] = i + 1;
        }
        int ldTo = L + 2;
        float[] to = new float[4 + cols * ldTo];
        FloatTransposition.strip(cols, from, 0, cols, to, 4, ldTo);
        float[] expected = new float[to.length];
        for (int i = 0; i < L; i++) {
            for (int j = 0; j < cols; j++) {
                expected[4 + j * ldTo + i] = from[i * cols + j];
            }
        }
        assertArrayEquals(expected, to);
    }

    /** Whole strips, ragged ones and neither; what is beside the transpose stays as it was. */
    @Test
    void matricesOfAnyShape() {
        int[] sides = {1, 3, L - 1, L, L + 1, 2 * L, 3 * L + 2};
        for (int rows : sides) {
            for (int cols : sides) {
                int ldFrom = cols + 2;
                int ldTo = rows + 3;
                float[] from = new float[5 + rows * ldFrom];
                for (int i = 0; i < from.length; i++) {
                    from[i] = i + 1;
                }
                float[] to = new float[4 + cols * ldTo];
                FloatTransposition.transpose(rows, cols, from, 5, ldFrom, to, 4, ldTo);
                float[] expected = new float[to.length];
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        expected[4 + j * ldTo + i] = from[5 + i * ldFrom + j];
                    }
                }
                assertArrayEquals(expected, to, rows + " x " + cols);
            }
        }
    }
}
