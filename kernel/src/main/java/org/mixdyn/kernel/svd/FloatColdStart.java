package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

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

    private final boolean[] taken;

    /** Of each new vector the row that it takes, and whether it points away from the former vector that it resembles most. */
    private final int[] row;
    private final boolean[] turned;
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
        taken = new boolean[shape.side()];
        row = new int[shape.side()];
        turned = new boolean[shape.side()];
    }

    /**
     * The triplets of a matrix, the images divided by their lengths. Every vector of the shorter side has a nonnegative product
     * with the former one that it resembles most.
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
            float sign = turned[i] ? -1 : 1;
            FloatVectors.scale(triplets.side, sign, vectors, i * triplets.stride, triplets.basis, j * triplets.stride);
            FloatVectors.scale(triplets.longSide, sign, images, i * triplets.longStride, triplets.image,
                    j * triplets.longStride);
            triplets.lengths[j] = values[i];
        }
    }

    /** Every new vector takes the row of the former one that it resembles most, or, if that is taken, of those that are left. */
    private void match(float[] former) {
        int side = triplets.side;
        int stride = triplets.stride;
        gemm.sgemm(false, true, side, side, side, 1, vectors, 0, stride, former, 0, stride, 0, products, 0, stride);
        Arrays.fill(taken, false);
        for (int i = 0; i < side; i++) {
            float most = FloatVectors.maxAbs(side, products, i * stride);
            int j = 0;
            while (resemblance(i, j) != most) {
                j++;
            }
            turned[i] = products[i * stride + j] < 0;
            row[i] = taken[j] ? NONE : j;
            taken[j] = true;
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
        float most = -1;
        for (int j = 0; j < row.length; j++) {
            if (!taken[j] && resemblance(i, j) > most) {
                best = j;
                most = resemblance(i, j);
            }
        }
        return best;
    }

    private float resemblance(int i, int j) {
        return Math.abs(products[i * triplets.stride + j]);
    }

    /** Decompositions so far. */
    long starts() {
        return starts;
    }
}
