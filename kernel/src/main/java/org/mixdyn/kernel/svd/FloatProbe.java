package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Estimates how well a matrix is decomposed from what the factors do to four random vectors of signs z: the mean of
 * ||E z||^2 is ||E||_F^2, and the chance that all four see less than a tenth of an error matrix E of rank one, the worst
 * case, is below 1e-4. It costs 24 (2 rows cols + ...) flops where the error matrices themselves would cost cubes.
 */
final class FloatProbe {
    private static final int COUNT = 4;
    private static final double ULP = Math.ulp(1f);

    private final int rows;
    private final int cols;
    private final int side;
    private final int stride;
    private final int longStride;
    private final float[] signs;
    private final float[] coefficients;
    private final float[] left;
    private final float[] sums = new float[FloatVectors.FOUR_SUMS];
    private long state = 0x9E3779B97F4A7C15L;

    private double residual;
    private double orthogonalityU;
    private double orthogonalityV;

    FloatProbe(int rows, int cols) {
        this.rows = rows;
        this.cols = cols;
        side = Math.min(rows, cols);
        stride = Storage.stride(side);
        longStride = Storage.stride(Math.max(rows, cols));
        signs = new float[COUNT * longStride];
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
        drawSigns(cols);
        product(side, cols, v, ldv, signs, coefficients);
        product(rows, cols, a, lda, signs, left);
        for (int i = 0; i < side; i++) {
            for (int p = 0; p < COUNT; p++) {
                sums[p] = -lengths[i] * coefficients[p * longStride + i];
            }
            FloatVectors.axpyFour(rows, sums, u, i * ldu, left, 0, longStride);
        }
        double error = meanSquare(rows, left);
        residual = norm == 0 ? Math.sqrt(error) : Math.sqrt(error) / (norm * Math.max(rows, cols) * ULP);
        orthogonalityU = departure(u, ldu, rows) / (rows * ULP);
        orthogonalityV = departure(v, ldv, cols) / (cols * ULP);
    }

    /** ||I - Q Q^T||_F for Q whose rows should be orthonormal. */
    private double departure(float[] q, int ldq, int length) {
        drawSigns(side);
        for (int p = 0; p < COUNT; p++) {
            Arrays.fill(left, p * longStride, p * longStride + length, 0f);
        }
        for (int i = 0; i < side; i++) {
            for (int p = 0; p < COUNT; p++) {
                sums[p] = signs[p * longStride + i];
            }
            FloatVectors.axpyFour(length, sums, q, i * ldq, left, 0, longStride);
        }
        product(side, length, q, ldq, left, coefficients);
        for (int p = 0; p < COUNT; p++) {
            FloatVectors.axpy(side, -1, signs, p * longStride, coefficients, p * longStride);
        }
        return Math.sqrt(meanSquare(side, coefficients));
    }

    /** out_p = M x_p for the four vectors x_p. */
    private void product(int height, int width, float[] m, int ldm, float[] x, float[] out) {
        for (int i = 0; i < height; i++) {
            FloatVectors.dotFour(width, m, i * ldm, x, 0, longStride, sums);
            for (int p = 0; p < COUNT; p++) {
                out[p * longStride + i] = sums[p];
            }
        }
    }

    private double meanSquare(int length, float[] x) {
        double sum = 0;
        for (int p = 0; p < COUNT; p++) {
            sum += FloatVectors.sumOfSquares(length, x, p * longStride);
        }
        return sum / COUNT;
    }

    /** Marsaglia's xorshift: its bits are as good as signs need, and each update has others. */
    private void drawSigns(int length) {
        for (int i = 0; i < length; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            for (int p = 0; p < COUNT; p++) {
                signs[p * longStride + i] = (state >>> (20 + p) & 1) == 0 ? -1 : 1;
            }
        }
    }

    double worst() {
        return Math.max(residual, Math.max(orthogonalityU, orthogonalityV));
    }

    SvdCertificate certificate() {
        return new SvdCertificate(residual, orthogonalityU, orthogonalityV);
    }
}
