package org.mixdyn.kernel.gemm.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** Every element at its place, for every power of two of rows that a vector has lanes for. */
class FloatTransposeTest {
    private static final int L = Lanes.FLOAT.length();

    @Test
    void everyNumberOfRows() {
        for (int rows = 2; rows <= L; rows *= 2) {
            int k = 3 * L;
            int ld = k + 5;
            float[] from = new float[7 + rows * ld];
            for (int i = 0; i < from.length; i++) {
                from[i] = i;
            }
            float[] to = new float[3 + rows * k];
            TransposeCode.make(Precision.F32, rows, FloatTranspose.class).transpose(k, from, 7, ld, to, 3, rows,
                    FloatTranspose.LOW, FloatTranspose.HIGH);
            for (int i = 0; i < rows; i++) {
                for (int p = 0; p < k; p++) {
                    assertEquals(from[7 + i * ld + p], to[3 + p * rows + i], rows + " rows, element " + i + ", " + p);
                }
            }
        }
    }
}
