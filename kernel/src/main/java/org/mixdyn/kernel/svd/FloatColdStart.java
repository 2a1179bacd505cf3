package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;

/** New triplets by {@link FloatSvd}, in the rows of the former ones that they resemble. */
final class FloatColdStart {
    private static final int NONE = -1;

    private final ThinShape shape;
    private final FloatTriplets triplets;
    private final Gemm gemm;
    private final FloatSvd svd;
    private final float[] vectors;
    private final float[] images;
    private final float[] values;
    private final float[] products;

    /** For each new vector the row that it takes; for each row the new vector most like it, and whether it is taken. */
    private final int[] row;
    private final int[] nearest;
    private final boolean[] taken;
    private long starts;

    FloatColdStart(ThinShape shape, FloatTriplets triplets, Gemm gemm) {
        this.shape = shape;
        this.triplets = triplets;
        this.gemm = gemm;
        svd = new FloatSvd(gemm.threads());
        vectors = new float[shape.square()];
        images = new float[shape.oblong()];
        values = new float[shape.side()];
        products = new float[shape.square()];
        row = new int[shape.side()];
        nearest = new int[shape.side()];
        taken = new boolean[shape.side()];
    }

    /**
     * The triplets of a matrix, the images divided by their lengths.
     *
     * @param former the P before, or null
     */
    void decompose(float[] a, float[] former) {
        starts++;
        svd.factor(shape.rows(), shape.cols(), a, 0, shape.stride());
        svd.rows(false, vectors, triplets.stride);
        svd.rows(true, images, triplets.longStride);
        svd.values(values);
        if (former == null) {
            for (int i = 0; i < row.length; i++) {
                row[i] = i;
            }
        } else {
            match(former);
        }
        for (int i = 0; i < row.length; i++) {
            int j = row[i];
            System.arraycopy(vectors, i * triplets.stride, triplets.basis, j * triplets.stride, triplets.side);
            System.arraycopy(images, i * triplets.longStride, triplets.image, j * triplets.longStride,
                    triplets.longSide);
            triplets.lengths[j] = values[i];
        }
    }

    /** Those that resemble each other most first, then every other vector the free row that it resembles most. */
    private void match(float[] former) {
        int side = triplets.side;
        int stride = triplets.stride;
        gemm.sgemm(false, true, side, side, side, 1, former, 0, stride, vectors, 0, stride, 0, products, 0, stride);
        for (int j = 0; j < side; j++) {
            nearest[j] = 0;
            for (int i = 1; i < side; i++) {
                nearest[j] = resemblance(i, j) > resemblance(nearest[j], j) ? i : nearest[j];
            }
        }
        Arrays.fill(taken, false);
        for (int i = 0; i < side; i++) {
            int j = mostAlike(i);
            row[i] = nearest[j] == i ? j : NONE;
            taken[j] |= nearest[j] == i;
        }
        for (int i = 0; i < side; i++) {
            if (row[i] == NONE) {
                row[i] = mostAlike(i);
                taken[row[i]] = true;
            }
        }
    }

    /** The free row that new vector i resembles most. */
    private int mostAlike(int i) {
        int best = NONE;
        for (int j = 0; j < row.length; j++) {
            if (!taken[j] && (best == NONE || resemblance(i, j) > resemblance(i, best))) {
                best = j;
            }
        }
        return best;
    }

    private float resemblance(int i, int j) {
        return Math.abs(products[j * triplets.stride + i]);
    }

    /** Decompositions so far. */
    long starts() {
        return starts;
    }
}
