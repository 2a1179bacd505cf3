package org.mixdyn.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.reference.Validation.Check;
import org.mixdyn.reference.Validation.Row;

/**
 * C = alpha op(A) op(B) + beta C by the kernel and by EJML. The error of a shape is the largest
 *
 * <pre>|C - C_ref|_ij / (|alpha| |A| |B| + |beta| |C_0|)_ij</pre>
 *
 * over elements and the four transposes, which take turns in three pairs of alpha and beta. In whatever order the kernel
 * adds its k products, scales them and adds beta C, the error is at most (k + 3) u of that denominator to first order
 * (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1); where roundings are independent of mean zero, k
 * gives way to lambda sqrt(k) but for a probability of 2 exp(-lambda^2 / 2) (Higham and Mary 2019). With lambda = 8 the
 * bound is (min(k, 8 sqrt(k)) + 3) (u + 2^-53), the reference erring likewise in binary64. C starts as NaN where
 * beta = 0, and the elements between its rows must keep their bits.
 */
final class ProductChecks {
    private static final int[][] SHAPES = {{1, 1, 1}, {1, 1, 997}, {1, 301, 9}, {301, 1, 9}, {2, 3, 1}, {5, 5, 5},
            {6, 5, 0}, {8, 8, 8}, {13, 17, 11}, {16, 16, 16}, {23, 29, 31}, {32, 32, 32}, {33, 31, 65}, {48, 50, 52},
            {64, 64, 64}, {65, 63, 1}, {96, 96, 96}, {101, 7, 103}, {7, 101, 103}, {127, 129, 128}, {200, 200, 200},
            {255, 257, 19}, {20, 20, 3001}, {20, 3001, 20}, {3001, 20, 20}, {40, 37, 1025}, {500, 30, 211},
            {30, 500, 211}, {173, 241, 389}, {301, 299, 307}};
    /** The pairs of alpha and beta, numbers of binary32. */
    private static final float[][] SCALES = {{1, 0}, {-1, 1}, {0.3f, -0.7f}};
    private static final double PADDING = -7.25;
    private static final int OFFSET = 3;

    /** The product that is checked, its matrices handed over as numbers of binary64. */
    @FunctionalInterface
    interface Product {
        void multiply(boolean transA, boolean transB, int m, int n, int k, double alpha, double[] a, int aOffset,
                int lda, double[] b, int bOffset, int ldb, double beta, double[] c, int cOffset, int ldc);
    }

    private ProductChecks() {
    }

    static List<Check> all(int threads, RandomGenerator.SplittableGenerator random) {
        Gemm gemm = Gemm.withThreads(threads);
        List<Check> checks = new ArrayList<>();
        for (int[] shape : SHAPES) {
            RandomGenerator own = random.split();
            checks.add(() -> List.of(row(Precision.F32, single(gemm), shape, own),
                    row(Precision.F64, gemm::dgemm, shape, own)));
        }
        return checks;
    }

    /** The row of one shape m, n, k. */
    static Row row(Precision precision, Product product, int[] shape, RandomGenerator random) {
        double error = 0;
        for (int trans = 0; trans < 4; trans++) {
            float[] scale = SCALES[(shape[0] + trans) % SCALES.length];
            error = Math.max(error, error(precision, product, (trans & 1) != 0, (trans & 2) != 0, shape[0], shape[1],
                    shape[2], scale[0], scale[1], random));
        }
        int k = shape[2];
        double bound = (Math.min(k, 8 * Math.sqrt(k)) + 3)
                * (precision.unitRoundoff() + Precision.F64.unitRoundoff());
        return new Row("product", shape[0] + " x " + shape[1] + ", sums of " + k, precision.toString(), error,
                bound);
    }

    private static double error(Precision precision, Product product, boolean transA, boolean transB, int m, int n,
            int k, double alpha, double beta, RandomGenerator random) {
        int lda = (transA ? m : k) + 2;
        int ldb = (transB ? k : n) + 5;
        int ldc = n + 1;
        double[] a = gaussian(precision, OFFSET + (transA ? k : m) * lda, random);
        double[] b = gaussian(precision, OFFSET + (transB ? n : k) * ldb, random);
        double[] actual = new double[OFFSET + m * ldc];
        Arrays.fill(actual, PADDING);
        double[] magnitude = new double[actual.length];
        double[] start = gaussian(precision, m * n, random);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                actual[OFFSET + i * ldc + j] = beta == 0 ? Double.NaN : start[i * n + j];
                magnitude[OFFSET + i * ldc + j] = Math.abs(start[i * n + j]);
            }
        }
        double[] expected = actual.clone();
        Products.multiply(transA, transB, m, n, k, alpha, a, OFFSET, lda, b, OFFSET, ldb, beta, expected, OFFSET, ldc);
        Products.multiply(transA, transB, m, n, k, Math.abs(alpha), absolute(a), OFFSET, lda, absolute(b), OFFSET, ldb,
                Math.abs(beta), magnitude, OFFSET, ldc);
        product.multiply(transA, transB, m, n, k, alpha, a, OFFSET, lda, b, OFFSET, ldb, beta, actual, OFFSET, ldc);
        double error = 0;
        for (int i = 0; i < actual.length; i++) {
            error = Math.max(error, Errors.relative(actual[i] - expected[i], magnitude[i]));
        }
        return error;
    }

    private static Product single(Gemm gemm) {
        return (transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) -> {
            float[] rounded = Errors.toFloat(c);
            gemm.sgemm(transA, transB, m, n, k, (float) alpha, Errors.toFloat(a), aOffset, lda, Errors.toFloat(b),
                    bOffset, ldb, (float) beta, rounded, cOffset, ldc);
            System.arraycopy(Errors.toDouble(rounded), 0, c, 0, c.length);
        };
    }

    private static double[] gaussian(Precision precision, int length, RandomGenerator random) {
        double[] x = new double[length];
        Arrays.setAll(x, i -> random.nextGaussian());
        return Errors.rounded(precision, x);
    }

    private static double[] absolute(double[] x) {
        return Arrays.stream(x).map(Math::abs).toArray();
    }
}
