package org.mixdyn.kernel.gemm.code;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** Every lane of every sum, in the order that is promised: one chain of fused multiply-adds. */
class FloatInnerProductsTest {
    private static final int L = Lanes.FLOAT.length();

    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void lanesAreChainsOfTheirOwn() {
        for (int[] shape : new int[][]{{8, 1}, {4, 2}, {4, 4}, {2, 8}, {2, 2}, {1, 4}, {3, 5}}) {
            for (int k : new int[]{0, L, 5 * L}) {
                check(shape[0], shape[1], k);
            }
        }
    }

    private void check(int rows, int columns, int k) {
        FloatInnerProducts products = InnerProductCode.make(Precision.F32, rows, columns, FloatInnerProducts.class);
        int lda = k + 3;
        int ldx = k + 1;
        float[] a = uniform(2 + rows * lda);
        float[] x = uniform(5 + columns * ldx);
        float[] sums = uniform(rows * columns * L);
        products.multiply(k, a, 2, lda, x, 5, ldx, sums);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int lane = 0; lane < L; lane++) {
                    float sum = 0;
                    for (int p = lane; p < k; p += L) {
                        sum = Math.fma(a[2 + i * lda + p], x[5 + j * ldx + p], sum);
                    }
                    assertEquals(sum, sums[(i * columns + j) * L + lane],
                            rows + " x " + columns + ", k = " + k + ", " + i + ", " + j);
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
