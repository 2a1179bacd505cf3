package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/** Orthonormal bases X of the spaces that a few long rows span. */
final class FloatOrthonormalisation {
    /** Part of a row, squared, that no former one explains; rounding is multiplied by its inverse. */
    private static final float LEAST_PIVOT = 0.25f;

    private final int count;
    private final int length;
    private final Gemm gemm;
    private final FloatSvd svd;
    /** The Gram matrix of the rows, then its Cholesky factor. */
    private final float[] gram;

    /**
     * One for some number of rows of one length, at least as long as there are rows.
     *
     * @param svd for rows that are nearly dependent
     */
    FloatOrthonormalisation(int count, int length, Gemm gemm, FloatSvd svd) {
        this.count = count;
        this.length = length;
        this.gemm = gemm;
        this.svd = svd;
        gram = new float[count * count];
    }

    /** X of given rows, which may be the same array; both have count rows without gaps. */
    void basis(float[] rows, float[] x) {
        if (!byCholesky(rows, x)) {
            svd.factor(count, length, rows, 0, length);
            svd.rows(true, x, length);
        }
    }

    /**
     * By the Cholesky factor L of the Gram matrix of the rows, of length 1: X = L^-1 rows. False if a row is nearly a
     * combination of others: then rounding would make X far from orthonormal.
     */
    private boolean byCholesky(float[] rows, float[] x) {
        for (int i = 0; i < count; i++) {
            float norm = (float) Math.sqrt(FloatVectors.sumOfSquares(length, rows, i * length));
            if (norm <= Float.MIN_NORMAL) {
                return false;
            }
            FloatVectors.scale(length, 1 / norm, rows, i * length, x, i * length);
        }
        gemm.sgemm(false, true, count, count, length, 1, x, 0, length, x, 0, length, 0, gram, 0, count);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j <= i; j++) {
                float rest = gram[i * count + j] - FloatVectors.dot(j, gram, i * count, gram, j * count);
                if (j < i) {
                    gram[i * count + j] = rest / gram[j * count + j];
                } else if (rest < LEAST_PIVOT) {
                    return false;
                } else {
                    gram[i * count + i] = (float) Math.sqrt(rest);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < i; j++) {
                FloatVectors.axpy(length, -gram[i * count + j], x, j * length, x, i * length);
            }
            FloatVectors.scale(length, 1 / gram[i * count + i], x, i * length, x, i * length);
        }
        return true;
    }
}
