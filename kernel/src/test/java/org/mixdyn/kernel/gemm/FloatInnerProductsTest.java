package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** Every lane of every sum, in the order that is promised: one chain of fused multiply-adds. */
class FloatInnerProductsTest {
    private static final int L = Lanes.FLOAT.length();
    private static final int ROWS = InnerProducts.ROWS;
    private static final int COLUMNS = InnerProducts.COLUMNS;

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void lanesAreChainsOfTheirOwn() {
        FloatInnerProducts products = InnerProducts.make(Precision.F32, FloatInnerProducts.class);
        for (int k : new int[]{0, L, 5 * L}) {
            int lda = k + 3;
            int ldx = k + 1;
            float[] a = uniform(2 + ROWS * lda);
            float[] x = uniform(5 + COLUMNS * ldx);
            float[] sums = uniform(ROWS * COLUMNS * L);
            products.multiply(k, a, 2, lda, x, 5, ldx, sums);
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    for (int lane = 0; lane < L; lane++) {
                        float sum = 0;
                        for (int p = lane; p < k; p += L) {
                            sum = Math.fma(a[2 + i * lda + p], x[5 + j * ldx + p], sum);
                        }
                        assertEquals(sum, sums[(i * COLUMNS + j) * L + lane], "k = " + k + ", " + i + ", " + j);
                    }
                }
            }
        }
    }

    private float[] uniform(int size) {
        float[] x = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }
}
