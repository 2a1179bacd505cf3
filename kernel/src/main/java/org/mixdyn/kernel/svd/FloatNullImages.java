package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Vectors whose values are nothing but rounding are not told from one another: what is left of their former images when all
 * others are projected out makes the images an orthonormal set.
 */
final class FloatNullImages {
    private static final int MOST_ROUNDS = 9;

    private final FloatTriplets triplets;
    private final Gemm gemm;
    private final ActiveRows rows;
    private float[] vectors = new float[0];
    private float[] gram = new float[0];
    private float[] product = new float[0];

    FloatNullImages(FloatTriplets triplets, Gemm gemm) {
        this.triplets = triplets;
        this.gemm = gemm;
        rows = new ActiveRows(triplets.side);
    }

    /** Divides the images by their lengths and replaces the null ones; false if they do not make an orthonormal set. */
    boolean normalise() {
        float nullLength = triplets.nullLength();
        int ld = triplets.longStride;
        float[] image = triplets.image;
        rows.clear();
        for (int i = 0; i < triplets.side; i++) {
            if (triplets.lengths[i] <= nullLength) {
                rows.add(i);
                Arrays.fill(image, i * ld, i * ld + triplets.longSide, 0f);
            } else {
                FloatVectors.scale(triplets.longSide, 1 / triplets.lengths[i], image, i * ld, image, i * ld);
            }
        }
        return rows.count() == 0 || complete();
    }

    private boolean complete() {
        if (vectors.length == 0) {
            vectors = new float[triplets.image.length];
            gram = new float[triplets.basis.length];
            product = new float[triplets.image.length];
        }
        int count = rows.count();
        int length = triplets.longSide;
        int ld = triplets.longStride;
        int ldGram = triplets.stride;
        float[] image = triplets.image;
        rows.gather(triplets.imageBefore, ld, length, vectors);
        for (int twice = 0; twice < 2; twice++) {
            gemm.sgemm(false, true, count, triplets.side, length, 1, vectors, 0, ld, image, 0, ld, 0, gram, 0, ldGram);
            gemm.sgemm(false, false, count, length, triplets.side, -1, gram, 0, ldGram, image, 0, ld, 1, vectors, 0,
                    ld);
        }
        // Q <- (3 I - Q Q^T) Q / 2 makes Q orthonormal if it nearly is.
        for (int round = 0; round < MOST_ROUNDS; round++) {
            gemm.sgemm(false, true, count, count, length, -0.5f, vectors, 0, ld, vectors, 0, ld, 0, gram, 0, ldGram);
            float worst = 0;
            for (int a = 0; a < count; a++) {
                gram[a * ldGram + a] += 0.5f;
                worst = Math.max(worst, FloatVectors.sumOfSquares(count, gram, a * ldGram));
            }
            if (!(worst < 0.1f)) {
                return false;
            }
            gemm.sgemm(false, false, count, length, count, 1, gram, 0, ldGram, vectors, 0, ld, 0, product, 0, ld);
            for (int a = 0; a < count; a++) {
                FloatVectors.axpy(length, 1, product, a * ld, vectors, a * ld);
            }
            if (worst <= FloatCorrection.SMALL_TURN * FloatCorrection.SMALL_TURN) {
                for (int a = 0; a < count; a++) {
                    System.arraycopy(vectors, a * ld, image, rows.get(a) * ld, length);
                }
                return true;
            }
        }
        return false;
    }
}
