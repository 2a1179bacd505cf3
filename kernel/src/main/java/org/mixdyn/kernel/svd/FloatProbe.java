package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Estimates how well a matrix is decomposed from what the factors do to four random vectors z of independent numbers, uniform
 * between -sqrt(3) and sqrt(3): the mean of ||E z||^2 is ||E||_F^2. An error matrix E = a b^T of rank one, as a single wrong
 * vector leaves it, is seen with a size of ||E||_F |b^T z| / ||b||, whose density is at most sqrt(2) / (2 sqrt(3)) whatever b is
 * (Ball, Cube slicing in R^n, Proceedings of the AMS 97, 1986). So one vector sees less than a tenth of it with a probability of
 * at most 0.082, all four with 4.5e-5, and their root mean square is less than a tenth with 2.2e-4. Signs in the place of
 * uniform numbers would miss b = (1, 1, 0, ...) every second time. A measurement costs 8 rows cols + 24 side (rows + cols)
 * flops, side being the smaller of rows and cols, where the error matrices themselves would cost cubes.
 */
final class FloatProbe {
    private static final int COUNT = 4;
    private static final double ULP = Math.ulp(1f);

    /** From a 16-bit integer and a half to a number between -sqrt(3) and sqrt(3). */
    private static final float UNIFORM = (float) (Math.sqrt(3) / (1 << 15));

    private final int rows;
    private final int cols;
    private final int side;
    private final int stride;
    private final int longStride;
    private final float[] numbers;
    private final float[] coefficients;
    private final float[] left;
    private final Gemm gemm;
    private final Xorshift random = new Xorshift(0x9E3779B97F4A7C15L);

    private double residual;
    private double orthogonalityU;
    private double orthogonalityV;

    FloatProbe(int rows, int cols, Gemm gemm) {
        this.gemm = gemm;
        this.rows = rows;
        this.cols = cols;
        side = Math.min(rows, cols);
        stride = Storage.stride(side);
        longStride = Storage.stride(Math.max(rows, cols));
        numbers = new float[COUNT * longStride];
        coefficients = new float[COUNT * longStride];
        left = new float[COUNT * longStride];
    }

    /**
     * Measures A = U S V^T.
     *
     * @param norm    ||A||_1
     * @param basis   the vectors of the shorter side as rows
     * @param image   the vectors of the longer side as rows
     * @param lengths the singular values, in the order of the rows
     */
    void measure(float[] a, int lda, double norm, float[] basis, int ldBasis, float[] image, int ldImage,
            float[] lengths) {
        boolean wide = cols > rows;
        float[] u = wide ? basis : image;
        float[] v = wide ? image : basis;
        int ldu = wide ? ldBasis : ldImage;
        int ldv = wide ? ldImage : ldBasis;
        drawNumbers(cols);
        product(side, cols, v, ldv, numbers, coefficients);
        product(rows, cols, a, lda, numbers, left);
        for (int p = 0; p < COUNT; p++) {
            for (int i = 0; i < side; i++) {
                coefficients[p * longStride + i] *= lengths[i];
            }
        }
        combine(-1, coefficients, side, rows, u, ldu, 1, left);
        double error = meanSquare(rows, left);
        residual = norm == 0 ? Math.sqrt(error) : Math.sqrt(error) / (norm * Math.max(rows, cols) * ULP);
        orthogonalityU = departure(u, ldu, rows) / (rows * ULP);
        orthogonalityV = departure(v, ldv, cols) / (cols * ULP);
    }

    /** ||I - Q Q^T||_F for Q whose rows should be orthonormal. */
    private double departure(float[] q, int ldq, int length) {
        drawNumbers(side);
        combine(1, numbers, side, length, q, ldq, 0, left);
        product(side, length, q, ldq, left, coefficients);
        for (int p = 0; p < COUNT; p++) {
            FloatVectors.axpy(side, -1, numbers, p * longStride, coefficients, p * longStride);
        }
        return Math.sqrt(meanSquare(side, coefficients));
    }

    /** out_p = M x_p for the four vectors x_p. */
    private void product(int height, int width, float[] m, int ldm, float[] x, float[] out) {
        gemm.sgemm(false, true, COUNT, height, width, 1, x, 0, longStride, m, 0, ldm, 0, out, 0, longStride);
    }

    /** out_p = alpha M^T x_p + beta out_p for the four vectors x_p. */
    private void combine(float alpha, float[] x, int height, int width, float[] m, int ldm, float beta, float[] out) {
        gemm.sgemm(false, false, COUNT, width, height, alpha, x, 0, longStride, m, 0, ldm, beta, out, 0, longStride);
    }

    private double meanSquare(int length, float[] x) {
        double sum = 0;
        for (int p = 0; p < COUNT; p++) {
            sum += FloatVectors.sumOfSquares(length, x, p * longStride);
        }
        return sum / COUNT;
    }

    /** The four quarters of a word give one number of each vector, and each update has others. */
    private void drawNumbers(int length) {
        for (int i = 0; i < length; i++) {
            long word = random.next();
            for (int p = 0; p < COUNT; p++) {
                numbers[p * longStride + i] = ((short) (word >>> 16 * p) + 0.5f) * UNIFORM;
            }
        }
    }

    /** What was measured last, with Frobenius norms in place of 1-norms. */
    SvdCertificate certificate() {
        return new SvdCertificate(residual, orthogonalityU, orthogonalityV);
    }
}
