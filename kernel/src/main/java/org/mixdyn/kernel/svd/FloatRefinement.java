package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;

/**
 * Rounds that make P orthonormal and B orthogonal. Each forms the Gram matrices of the vectors at work, turns the worst
 * pairs exactly, corrects all others to first order, and leaves to the next round as few vectors as it takes such that the
 * others turned, among themselves, by less than the square root of the rounding unit. Convergence is quadratic.
 */
final class FloatRefinement {
    private static final int MOST_ROUNDS = 9;

    private final ActiveRows active;
    private final FloatGramMatrices grams;
    private final FloatCorrection correction;
    private final FloatPairRotations pairs;
    private long rounds;

    FloatRefinement(ThinShape shape, FloatTriplets triplets, Gemm gemm) {
        active = new ActiveRows(shape.side());
        grams = new FloatGramMatrices(shape, triplets, active, gemm);
        correction = new FloatCorrection(shape, triplets, active, grams, gemm);
        pairs = new FloatPairRotations(triplets, active, grams, correction);
    }

    /** False if P and B are too far from it. */
    boolean run() {
        active.all();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            rounds++;
            grams.form();
            if (!pairs.turn(round == 0) || !correction.chooseNext()) {
                return false;
            }
            correction.apply();
            if (active.count() == 0) {
                return true;
            }
        }
        return false;
    }

    /** Rounds so far. */
    long rounds() {
        return rounds;
    }

    /** Exact rotations of pairs so far. */
    long rotations() {
        return pairs.rotations();
    }
}
