package org.mixdyn.kernel.svd;

import java.util.Arrays;

/**
 * Exact plane rotations of the pairs that are too far from orthogonal images for a first-order correction, mainly
 * neighbours whose values nearly coincide (Hestenes).
 */
final class FloatPairRotations {
    /** Pairs that X would turn by more are turned exactly, in any case. */
    private static final float LARGE_TURN = 0.03f;

    /** Pairs that X would turn by less are left to X. */
    private static final float LEAST_TURN = FloatCorrection.SMALL_TURN / 16;

    /** As many of the pairs that X would turn most, per vector, are turned exactly too. */
    private static final float EXACT_PER_VECTOR = 0.125f;

    /** More exact rotations than this per vector cost more than a new decomposition. */
    private static final int MOST_PER_VECTOR = 6;

    private static final int SWEEPS = 4;

    private final FloatTriplets triplets;
    private final ActiveRows active;
    private final FloatGramMatrices grams;
    private final FloatCorrection correction;
    private final int stride;

    private int[] first = new int[64];
    private int[] second = new int[64];
    private int pairs;
    private final int[] pairsByExponent = new int[64];
    private long rotations;

    FloatPairRotations(FloatTriplets triplets, ActiveRows active, FloatGramMatrices grams,
            FloatCorrection correction) {
        this.triplets = triplets;
        this.active = active;
        this.grams = grams;
        this.correction = correction;
        stride = triplets.stride;
    }

    /** Rotations so far. */
    long rotations() {
        return rotations;
    }

    /**
     * Turns the pairs of active vectors that X would turn most, and leaves X formed.
     *
     * @param limited whether to give up where there are too many pairs
     * @return false if it gave up
     */
    boolean turn(boolean limited) {
        float threshold = 0;
        int turned = 0;
        for (int sweep = 0;; sweep++) {
            correction.form();
            if (sweep == SWEEPS) {
                return true;
            }
            if (sweep == 0) {
                threshold = threshold();
            }
            collect(threshold);
            turned += pairs;
            if (limited && turned > MOST_PER_VECTOR * triplets.side) {
                return false;
            }
            if (pairs == 0) {
                return true;
            }
            for (int p = 0; p < pairs; p++) {
                turnPair(first[p], second[p], threshold);
            }
        }
    }

    /** The power of two that a few pairs exceed, at most the large turn. */
    private float threshold() {
        Arrays.fill(pairsByExponent, 0);
        for (int a = 0; a < active.count(); a++) {
            if (!correction.mayExceed(a, LEAST_TURN)) {
                continue;
            }
            for (int b = a + 1; b < active.count(); b++) {
                int e = -Math.getExponent(correction.angle(a, active.get(b)));
                pairsByExponent[Math.clamp(e, 0, pairsByExponent.length - 1)]++;
            }
        }
        int e = 0;
        float count = 0;
        while (e < pairsByExponent.length - 1
                && count + pairsByExponent[e] <= EXACT_PER_VECTOR * active.count()) {
            count += pairsByExponent[e];
            e++;
        }
        return Math.max(LEAST_TURN, Math.min(LARGE_TURN, Math.scalb(1f, 1 - e)));
    }

    private void collect(float threshold) {
        pairs = 0;
        for (int a = 0; a < active.count(); a++) {
            if (!correction.mayExceed(a, threshold)) {
                continue;
            }
            for (int b = a + 1; b < active.count(); b++) {
                if (correction.angle(a, active.get(b)) > threshold) {
                    if (pairs == first.length) {
                        first = Arrays.copyOf(first, 2 * pairs);
                        second = Arrays.copyOf(second, 2 * pairs);
                    }
                    first[pairs] = a;
                    second[pairs] = b;
                    pairs++;
                }
            }
        }
    }

    /** Makes the active vectors a and b orthonormal and their images orthogonal, exactly, unless little is to be done. */
    private void turnPair(int a, int b, float threshold) {
        int i = active.get(a);
        int j = active.get(b);
        int rowA = a * stride;
        int rowB = b * stride;
        float mii = grams.ofBasis[rowA + i];
        float mij = grams.ofBasis[rowA + j];
        float mjj = grams.ofBasis[rowB + j];
        float gii = grams.ofImages[rowA + i];
        float gij = grams.ofImages[rowA + j];
        float gjj = grams.ofImages[rowB + j];
        float t = gij - mij * (gii + gjj) / 2;
        if (!(Math.abs(t) > threshold * Math.abs(gii - gjj)
                && Math.abs(t) > FloatCorrection.ORTHOGONAL * Math.sqrt(gii) * Math.sqrt(gjj))) {
            return;
        }
        // Gram-Schmidt: p_i / sqrt(m_ii), and what of p_j is orthogonal to it.
        float ofI = 1 / (float) Math.sqrt(mii);
        float ofJ = 1 / (float) Math.sqrt(mjj - mij / mii * mij);
        float mixed = -mij / mii * ofJ;
        float hii = ofI * ofI * gii;
        float hij = ofI * (ofJ * gij + mixed * gii);
        float hjj = ofJ * (ofJ * gjj + 2 * mixed * gij) + mixed * mixed * gii;
        if (hij == 0) {
            return;
        }
        float cotangent = (hjj - hii) / (2 * hij);
        float tangent = Math.copySign(1 / (Math.abs(cotangent) + (float) Math.sqrt(1 + cotangent * cotangent)),
                cotangent);
        float c = 1 / (float) Math.sqrt(1 + tangent * tangent);
        float s = -tangent * c;
        float xx = c * ofI + s * mixed;
        float xy = s * ofJ;
        float yx = c * mixed - s * ofI;
        float yy = c * ofJ;
        triplets.combine(i, j, xx, xy, yx, yy);
        grams.turn(a, b, xx, xy, yx, yy);
        triplets.setSquare(i, grams.ofImages[rowA + i]);
        triplets.setSquare(j, grams.ofImages[rowB + j]);
        rotations++;
    }
}
