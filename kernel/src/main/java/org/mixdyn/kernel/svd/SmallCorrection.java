package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;

/**
 * Products X B of a small matrix X, to be added to something of the size of B. The relative error of a product matters as
 * much less as X is smaller than 1: where the elements of X are below 2^-26, a product in binary32 disturbs a sum in
 * binary64 by no more than its own rounding does, at half the cost. In binary32 there is nothing to gain.
 */
final class SmallCorrection {
    private final Gemm gemm;
    private float[] left = new float[0];
    private float[] right = new float[0];
    private float[] product = new float[0];
    private int ldProduct;

    SmallCorrection(Gemm gemm) {
        this.gemm = gemm;
    }

    /** Forms X B in binary32. X is m x k, B is k x n and begins at the first element of its array. */
    void form(int m, int n, int k, float[] x, int xOffset, int ldx, float[] b, int ldb) {
        reserve(m, ldb);
        gemm.sgemm(false, false, m, n, k, 1, x, xOffset, ldx, b, 0, ldb, 0, product, 0, ldProduct);
    }

    /** The same of binary64 operands, with the error of binary32. */
    void form(int m, int n, int k, double[] x, int xOffset, int ldx, double[] b, int ldb) {
        reserve(m, ldb);
        left = round(Storage.size(m, ldx), x, xOffset, left);
        right = round(Storage.size(k, ldb), b, 0, right);
        gemm.sgemm(false, false, m, n, k, 1, left, 0, ldx, right, 0, ldb, 0, product, 0, ldProduct);
    }

    /** Adds n elements of a row of the product to a stretch. */
    void add(int row, int n, float[] to, int offset) {
        int from = row * ldProduct;
        for (int i = 0; i < n; i++) {
            to[offset + i] += product[from + i];
        }
    }

    /** Adds n elements of a row of the product to a stretch. */
    void add(int row, int n, double[] to, int offset) {
        int from = row * ldProduct;
        for (int i = 0; i < n; i++) {
            to[offset + i] += product[from + i];
        }
    }

    private void reserve(int m, int ld) {
        ldProduct = ld;
        int length = Storage.size(m, ld);
        if (product.length < length) {
            product = new float[length];
        }
    }

    private static float[] round(int length, double[] from, int offset, float[] kept) {
        float[] to = kept.length < length ? new float[length] : kept;
        for (int i = 0; i < length; i++) {
            to[i] = (float) from[offset + i];
        }
        return to;
    }
}
