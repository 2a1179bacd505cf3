package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;

/** New triplets by {@link FloatSvd}, with the signs of the former ones. */
final class FloatColdStart {
    private final ThinShape shape;
    private final FloatTriplets triplets;
    private final Gemm gemm;
    private final FloatSvd svd = new FloatSvd();
    private final float[] products;
    private long starts;

    FloatColdStart(ThinShape shape, FloatTriplets triplets, Gemm gemm) {
        this.shape = shape;
        this.triplets = triplets;
        this.gemm = gemm;
        products = new float[shape.square()];
    }

    /**
     * The triplets of a matrix, the images divided by their lengths.
     *
     * @param former the P before, or null; each new vector has a nonnegative product with the one that it resembles most
     */
    void decompose(float[] a, float[] former) {
        starts++;
        svd.factor(shape.rows(), shape.cols(), a, 0, shape.stride());
        svd.rows(false, triplets.basis, triplets.stride);
        svd.rows(true, triplets.image, triplets.longStride);
        svd.values(triplets.lengths);
        if (former != null) {
            keepSigns(former);
        }
    }

    private void keepSigns(float[] former) {
        int side = triplets.side;
        int stride = triplets.stride;
        gemm.sgemm(false, true, side, side, side, 1, triplets.basis, 0, stride, former, 0, stride, 0, products, 0,
                stride);
        for (int i = 0; i < side; i++) {
            float most = 0;
            for (int j = 0; j < side; j++) {
                float x = products[i * stride + j];
                most = Math.abs(x) > Math.abs(most) ? x : most;
            }
            if (most < 0) {
                triplets.negate(i);
            }
        }
    }

    /** Decompositions so far. */
    long starts() {
        return starts;
    }
}
