package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * The first-order correction X that makes P orthonormal and B orthogonal, P + X P and B + X B, from their Gram matrices M
 * and G (Ogita and Aishima, Iterative refinement for singular value decomposition, 2020, in the one-sided form of Hestenes):
 *
 * <pre>
 *   t_ij = G_ij - M_ij (G_ii + G_jj) / 2,   X_ij = -M_ij / 2 + t_ij / (G_ii - G_jj),   X_ii = (1 - M_ii) / 2
 * </pre>
 */
final class FloatCorrection {
    /** Vectors that turn by less leave errors below an ulp, their square; and they can be turned in lower precision. */
    static final float SMALL_TURN = (float) Math.sqrt(Math.ulp(1f));

    /** Images are orthogonal when the cosine of their angle is below this. */
    static final float ORTHOGONAL = 4 * Math.ulp(1f);

    /**
     * Images of vectors that turn by less are corrected with them, others are formed anew: what a correction in binary32
     * leaves of the turn moves an image by a few ulp of the longest. In binary32 itself that holds for all.
     */
    private static final float CORRECTED_TURN = Math.max(SMALL_TURN, Math.ulp(1f) * (1 << 24));

    /** Where more of the vectors are active, all are: symmetric Gram matrices cost less then. */
    private static final float MOST_ACTIVE = 0.65f;

    private final FloatTriplets triplets;
    private final ActiveRows active;
    private final FloatGramMatrices grams;
    private final SmallCorrection small;
    private final int side;
    private final int stride;

    /** The rows of X of the active vectors. */
    private final float[] rows;

    /** The square of how far X turns each active vector or its image, and the largest angle towards another. */
    private final float[] turn;
    private final float[] steepest;

    /** The vectors that turn too far for a first-order correction to be the last, and the active ones in the order of need. */
    private final boolean[] again;
    private final int[] sequence;
    private int left;

    /** Those of them whose images are formed anew; they come first in the sequence. */
    private final boolean[] anew;
    private int formed;

    private final float[] gathered;
    private final float[] coefficients;

    FloatCorrection(ThinShape shape, FloatTriplets triplets, ActiveRows active, FloatGramMatrices grams, Gemm gemm) {
        this.triplets = triplets;
        this.active = active;
        this.grams = grams;
        small = new SmallCorrection(gemm);
        side = shape.side();
        stride = shape.shortStride();
        rows = new float[shape.square()];
        turn = new float[side];
        steepest = new float[side];
        again = new boolean[side];
        anew = new boolean[side];
        sequence = new int[side];
        gathered = new float[Math.max(shape.square(), shape.oblong())];
        coefficients = new float[shape.square()];
    }

    /** X of the present Gram matrices. */
    void form() {
        float nullLength = triplets.nullLength();
        float[] g = grams.ofImages;
        float[] m = grams.ofBasis;
        for (int a = 0; a < active.count(); a++) {
            int i = active.get(a);
            int own = a * stride + i;
            float ownSquare = g[own];
            float ownOfBasis = m[own];
            // A vector has no angle with itself; with zeros in their places the loop finds none.
            g[own] = 0;
            m[own] = 0;
            boolean isNull = triplets.lengths[i] <= nullLength;
            float inverse = isNull ? 0 : 1 / triplets.lengths[i];
            // Null images are rounding errors, whose angles with each other mean nothing.
            float sum = FloatPairs.correction(stride, g, m, a * stride, triplets.squares, triplets.lengths, i,
                    ORTHOGONAL, isNull ? nullLength : -1, inverse, rows, steepest, a);
            g[own] = ownSquare;
            m[own] = ownOfBasis;
            float stretch = (1 - ownOfBasis) / 2;
            rows[own] = stretch;
            turn[a] = sum + stretch * stretch;
        }
    }

    /** Whether some angle of active vector a may exceed a limit. */
    boolean mayExceed(int a, float limit) {
        // The angles are got from X by a subtraction, which rounds.
        return !(2 * steepest[a] <= limit);
    }

    /** By how much X turns active vector a towards vector j, the orthonormality of P left aside. */
    float angle(int a, int j) {
        return Math.abs(rows[a * stride + j] + grams.ofBasis[a * stride + j] / 2);
    }

    /**
     * Chooses which of the active vectors will be active in the next round: as few as possible such that X turns the
     * others little as far as they are concerned among themselves. Those come last in the sequence.
     *
     * @return false if some turn is too large for a first-order correction to be of use
     */
    boolean chooseNext() {
        Arrays.fill(again, false);
        int count = active.count();
        for (int a = 0; a < count; a++) {
            if (!(turn[a] < 4)) {
                return false;
            }
        }
        left = 0;
        while (true) {
            int most = -1;
            for (int a = 0; a < count; a++) {
                if (!again[active.get(a)] && (most < 0 || turn[a] > turn[most])) {
                    most = a;
                }
            }
            if (most < 0 || turn[most] <= SMALL_TURN * SMALL_TURN) {
                break;
            }
            int i = active.get(most);
            again[i] = true;
            sequence[left++] = most;
            for (int a = 0; a < count; a++) {
                float x = weight(active.get(a), i) * rows[a * stride + i];
                turn[a] = Math.max(0, turn[a] - x * x);
            }
        }
        formed = 0;
        Arrays.fill(anew, false);
        for (int p = 0; p < left; p++) {
            int a = sequence[p];
            if (FloatVectors.sumOfSquares(side, rows, a * stride) > CORRECTED_TURN * CORRECTED_TURN) {
                anew[active.get(a)] = true;
                sequence[p] = sequence[formed];
                sequence[formed++] = a;
            }
        }
        int last = left;
        for (int a = 0; a < count; a++) {
            if (!again[active.get(a)]) {
                sequence[last++] = a;
            }
        }
        return true;
    }

    /** How much more the image of i turns towards that of j than i towards j. */
    private float weight(int i, int j) {
        float[] lengths = triplets.lengths;
        return lengths[j] > lengths[i] && lengths[i] > 0 ? lengths[j] / lengths[i] : 1;
    }

    /**
     * Corrects P and B, and makes those vectors active that are to be corrected again. Images of vectors that turn far are
     * formed anew, so that corrections in lower precision are enough for all: what that leaves of a small turn is below
     * an ulp, and of a large one, in P alone, less than the next round has to correct anyway. Where only the image turns
     * far, as short ones do, to form it anew would bring back the rounding errors of P, which may be long beside it.
     */
    void apply() {
        if (!active.isAll()) {
            correctOthers();
        }
        correctActive();
        active.all(anew);
        triplets.formImages(active);
        active.all(again);
        triplets.measureImages();
        if (active.count() > MOST_ACTIVE * side) {
            active.all();
        }
    }

    /**
     * Adds to the vectors that are not active their corrections by the active ones. X is known from the side of the active:
     * x_ji = -M_ij / 2 - t_j / (g_i - g_j). As among the active, what turns again does not matter yet: its products with
     * the others may still be large, and second-order terms with them.
     */
    private void correctOthers() {
        int count = active.count();
        int others = side - count;
        int ld = Storage.stride(count);
        int row = 0;
        int next = 0;
        for (int j = 0; j < side; j++) {
            if (next < count && active.get(next) == j) {
                next++;
                continue;
            }
            float ofVector = 0;
            float ofImage = 0;
            for (int a = 0; a < count; a++) {
                int at = a * stride + j;
                float x = -grams.ofBasis[at] - rows[at];
                if (again[active.get(a)]) {
                    x = 0;
                }
                float weighted = weight(j, active.get(a)) * x;
                ofVector += x * x;
                ofImage += weighted * weighted;
                coefficients[row * ld + a] = x;
            }
            again[j] = ofImage > SMALL_TURN * SMALL_TURN;
            anew[j] = ofVector > CORRECTED_TURN * CORRECTED_TURN;
            row++;
        }
        // The active vectors themselves are still what they were: they are corrected after this.
        addToOthers(others, ld, triplets.basis, stride, side);
        addToOthers(others, ld, triplets.image, triplets.longStride, triplets.longSide);
    }

    private void addToOthers(int others, int ld, float[] target, int ldTarget, int length) {
        active.gather(target, ldTarget, length, gathered);
        small.form(others, length, active.count(), coefficients, 0, ld, gathered, ldTarget);
        int row = 0;
        int next = 0;
        for (int j = 0; j < side; j++) {
            if (next < active.count() && active.get(next) == j) {
                next++;
            } else {
                small.add(row++, length, target, j * ldTarget);
            }
        }
    }

    /** Adds X P to P and X B to B, for the active rows; for those that do not turn again without what does. */
    private void correctActive() {
        int count = active.count();
        for (int p = 0; p < count; p++) {
            System.arraycopy(rows, sequence[p] * stride, gathered, p * stride, side);
            for (int q = 0; q < left && p >= left; q++) {
                gathered[p * stride + active.get(sequence[q])] = 0;
            }
        }
        addToActive(0, triplets.basis, stride, side);
        addToActive(formed, triplets.image, triplets.longStride, triplets.longSide);
    }

    private void addToActive(int from, float[] target, int ldTarget, int length) {
        int count = active.count();
        small.form(count - from, length, side, gathered, from * stride, stride, target, ldTarget);
        for (int p = from; p < count; p++) {
            small.add(p - from, length, target, active.get(sequence[p]) * ldTarget);
        }
    }
}
