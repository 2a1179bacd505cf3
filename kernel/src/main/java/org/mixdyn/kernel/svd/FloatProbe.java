package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;
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
    private final Gemm gemm;
    private long state = 0x9E3779B97F4A7C15L;

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
        drawSigns(side);
        combine(1, signs, side, length, q, ldq, 0, left);
        product(side, length, q, ldq, left, coefficients);
        for (int p = 0; p < COUNT; p++) {
            FloatVectors.axpy(side, -1, signs, p * longStride, coefficients, p * longStride);
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
