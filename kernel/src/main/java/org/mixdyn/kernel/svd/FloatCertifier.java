package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/** Measures the errors of a decomposition by the products themselves, where {@link FloatProbe} estimates them. */
final class FloatCertifier {
    private static final double ULP = Math.ulp(1f);

    private final ThinShape shape;
    private final Gemm gemm;

    FloatCertifier(ThinShape shape, Gemm gemm) {
        this.shape = shape;
        this.gemm = gemm;
    }

    /**
     * The errors of A = U S V^T.
     *
     * @param norm    ||A||_1
     * @param basis   the vectors of the shorter side as rows
     * @param image   the vectors of the longer side as rows
     * @param lengths the singular values, in the order of the rows
     */
    SvdCertificate certify(float[] a, double norm, float[] basis, float[] image, float[] lengths) {
        int rows = shape.rows();
        int cols = shape.cols();
        boolean wide = shape.wide();
        float[] left = wide ? basis : image;
        float[] right = wide ? image : basis;
        int leftStride = wide ? shape.shortStride() : shape.longStride();
        int rightStride = wide ? shape.longStride() : shape.shortStride();
        float[] scaled = left.clone();
        for (int i = 0; i < shape.side(); i++) {
            FloatVectors.scale(rows, lengths[i], left, i * leftStride, scaled, i * leftStride);
        }
        float[] residual = a.clone();
        gemm.sgemm(true, false, rows, cols, shape.side(), -1, scaled, 0, leftStride, right, 0, rightStride, 1,
                residual, 0, shape.stride());
        double error = norm1(rows, cols, residual, shape.stride(), new double[cols]);
        return new SvdCertificate(norm == 0 ? error : error / (norm * shape.longSide() * ULP),
                departure(left, leftStride, rows) / (rows * ULP),
                departure(right, rightStride, cols) / (cols * ULP));
    }

    /** ||I - Q Q^T||_1 of rows that should be orthonormal. */
    private double departure(float[] vectors, int ld, int length) {
        int side = shape.side();
        int stride = shape.shortStride();
        float[] identity = new float[shape.square()];
        for (int i = 0; i < side; i++) {
            identity[i * stride + i] = 1;
        }
        gemm.sgemm(false, true, side, side, length, -1, vectors, 0, ld, vectors, 0, ld, 1, identity, 0, stride);
        return norm1(side, side, identity, stride, new double[side]);
    }

    /**
     * ||A||_1, the largest sum of magnitudes of a column, summed in binary64.
     *
     * @param sums overwritten with those of all columns
     */
    static double norm1(int rows, int cols, float[] a, int lda, double[] sums) {
        Arrays.fill(sums, 0, cols, 0);
        for (int i = 0; i < rows; i++) {
            int row = i * lda;
            for (int j = 0; j < cols; j++) {
                sums[j] += Math.abs(a[row + j]);
            }
        }
        double largest = 0;
        for (int j = 0; j < cols; j++) {
            largest = Math.max(largest, sums[j]);
        }
        return largest;
    }
}
