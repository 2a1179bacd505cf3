package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** C += 2 A B of small whole numbers, whose sums are exact, with B in one block, in several, and transposed. */
class FloatRightOperandTest {
    private static final int M = 2 * BlockSizes.of(Precision.F32).mr() + 1;
    private static final int T = Lanes.FLOAT_TAIL.length();

    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void oneBlockAndSeveral() {
        int most = FloatRightOperand.MOST;
        for (int k : new int[]{1, 2, most - 1, most, most + 1, 2 * most, 2 * most + 1}) {
            for (int n : new int[]{1, T + 1, 2 * BlockSizes.of(Precision.F32).nr() + 3}) {
                float[] b = wholeNumbers(k * n);
                float[] bt = new float[n * k];
                for (int p = 0; p < k; p++) {
                    for (int j = 0; j < n; j++) {
                        bt[j * k + p] = b[p * n + j];
                    }
                }
                FloatRightOperand operand = new FloatRightOperand(k, n);
                operand.set(2, b, n);
                check(operand, k, n, b);
                operand.setTransposed(2, bt, k);
                check(operand, k, n, b);
            }
        }
    }

    private void check(FloatRightOperand operand, int k, int n, float[] b) {
        int ldc = Math.ceilDiv(n, T) * T;
        float[] a = wholeNumbers(M * k);
        float[] c = wholeNumbers(M * ldc);
        float[] before = c.clone();
        operand.addProduct(new FloatMacroKernel(), M, a, 0, k, c, 0, ldc);
        for (int i = 0; i < M; i++) {
            for (int j = 0; j < ldc; j++) {
                float sum = 0;
                for (int p = 0; p < k && j < n; p++) {
                    sum += a[i * k + p] * b[p * n + j];
                }
                assertEquals(before[i * ldc + j] + 2 * sum, c[i * ldc + j], k + " x " + n + " at " + i + ", " + j);
            }
        }
    }

    private float[] wholeNumbers(int length) {
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
            x[i] = random.nextInt(-3, 4);
        }
        return x;
    }
}
