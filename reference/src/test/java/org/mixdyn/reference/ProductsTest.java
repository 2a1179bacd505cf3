package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** The product against its definition, in integers, where every sum is exact. */
class ProductsTest {
    private static final double PADDING = 1234.5;

    private final Random random = new Random(4);

    @Test
    void isTheSumThatDefinesIt() {
        for (int[] shape : new int[][]{{1, 1, 1}, {3, 5, 7}, {8, 2, 30}, {6, 4, 0}}) {
            for (int trans = 0; trans < 4; trans++) {
                for (double beta : new double[]{0, 1, -3}) {
                    check((trans & 1) != 0, (trans & 2) != 0, shape[0], shape[1], shape[2], 2, beta);
                }
            }
        }
    }

    @Test
    void refusesAMatrixThatDoesNotFit() {
        double[] four = new double[4];
        assertThrows(IndexOutOfBoundsException.class,
                () -> Products.multiply(false, false, 2, 2, 2, 1, four, 1, 2, four, 0,
                        2, 0, new double[4], 0, 2));
        assertThrows(IndexOutOfBoundsException.class,
                () -> Products.multiply(false, false, 2, 2, 2, 1, four, 0, 2, four, 0,
                        2, 0, new double[4], 0, 3));
    }

    private void check(boolean transA, boolean transB, int m, int n, int k, double alpha, double beta) {
        int lda = (transA ? m : k) + 2;
        int ldb = (transB ? k : n) + 1;
        int ldc = n + 3;
        double[] a = integers(5 + (transA ? k : m) * lda);
        double[] b = integers(2 + (transB ? n : k) * ldb);
        double[] c = new double[1 + m * ldc];
        Arrays.fill(c, PADDING);
        double[] expected = c.clone();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                int index = 1 + i * ldc + j;
                c[index] = beta == 0 ? Double.NaN : random.nextInt(9);
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += a[5 + (transA ? p * lda + i : i * lda + p)] * b[2 + (transB ? j * ldb + p : p * ldb + j)];
                }
                expected[index] = alpha * sum + (beta == 0 ? 0 : beta * c[index]);
            }
        }
        Products.multiply(transA, transB, m, n, k, alpha, a, 5, lda, b, 2, ldb, beta, c, 1, ldc);
        assertArrayEquals(expected, c, 0);
    }

    private double[] integers(int length) {
        return random.ints(length, -9, 10).asDoubleStream().toArray();
    }
}
