package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Predicts the vectors P of the next step by polynomials in time through the last ones, the degree chosen for each vector by
 * what would have served it best at the last step.
 */
final class FloatPrediction {
    /** Highest degree, and the differences that it needs to be chosen. */
    private static final int DEGREE = 6;
    private static final int DIFFERENCES = DEGREE + 2;

    /** A prediction is far off if it is at a larger distance from the vector. */
    private static final float FAR = 0.03f;

    /** A vector with a smaller product with the one that it was predicted from may resemble another one more. */
    private static final float CLEAR = 0.71f;

    private final FloatTriplets triplets;
    private final int side;
    private final int stride;

    /** The last P and its backward differences in time; the one beyond the last is work space. */
    private final float[][] differences = new float[DIFFERENCES + 1][];
    private final float[] squares = new float[DIFFERENCES];
    private int known;
    private int far;

    FloatPrediction(FloatTriplets triplets) {
        this.triplets = triplets;
        side = triplets.side;
        stride = triplets.stride;
        for (int m = 0; m < differences.length; m++) {
            differences[m] = new float[triplets.basis.length];
        }
    }

    /** The P that was given last. */
    float[] last() {
        return differences[0];
    }

    /** The vectors for which the best degree would have been far off at the last step. */
    int far() {
        return far;
    }

    /** Forgets all former ones and starts from the present P, which is its own prediction. */
    void start() {
        known = 1;
        far = 0;
        System.arraycopy(triplets.basis, 0, differences[0], 0, triplets.basis.length);
    }

    /** Every vector gets a nonnegative product with the former one that it resembles most. */
    void keepSigns() {
        for (int i = 0; i < side; i++) {
            float along = product(i, i);
            if (Math.abs(along) < CLEAR) {
                for (int j = 0; j < side; j++) {
                    float other = product(i, j);
                    along = Math.abs(other) > Math.abs(along) ? other : along;
                }
            }
            if (along < 0) {
                triplets.negate(i);
            }
        }
    }

    /** Of a present vector with a former one. */
    private float product(int i, int former) {
        return FloatVectors.dot(side, triplets.basis, i * stride, differences[0], former * stride);
    }

    /** Takes the present P as the next one, and overwrites it with a prediction. */
    void advance() {
        float[] basis = triplets.basis;
        known = Math.min(known + 1, DIFFERENCES);
        far = 0;
        float[] newest = differences[known];
        for (int i = 0; i < side; i++) {
            int row = i * stride;
            System.arraycopy(basis, row, newest, row, side);
            for (int m = 0; m < known; m++) {
                squares[m] = FloatPairs.shift(side, differences[m], newest, row);
            }
            // The difference of order m + 1 is the error that the degree m would have had.
            int degree = 0;
            for (int m = 1; m <= DEGREE && m + 1 < known; m++) {
                if (squares[m + 1] < squares[degree + 1]) {
                    degree = m;
                }
            }
            far += squares[degree + 1] > FAR * FAR ? 1 : 0;
            for (int m = 1; m <= degree; m++) {
                FloatVectors.axpy(side, 1, differences[m], row, basis, row);
            }
        }
    }
}
