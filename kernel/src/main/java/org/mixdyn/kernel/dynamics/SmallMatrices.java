package org.mixdyn.kernel.dynamics;

/**
 * Algebra of the r x r matrices that belong to r leading values, in double whatever the precision of the rest. Matrices are
 * row-major without gaps.
 */
final class SmallMatrices {
    /** Rounds of the series: each gains a factor of 0.05 at least, half of the largest ||F||^2. */
    private static final int SERIES = 12;

    /** [X I], r x 2r, which turns into [I X^-1]. */
    private final double[] augmented;
    private final double[] product;
    private final double[] square;

    /**
     * Room for one call at a time.
     *
     * @param most largest r
     */
    SmallMatrices(int most) {
        augmented = new double[2 * most * most];
        product = new double[most * most];
        square = new double[most * most];
    }

    /**
     * T and D of Cayley's rotation onto [I; F]: H = F T, and D = (I + H^T H / 4)^-1.
     *
     * @param gram G = F^T F, of norm 0.1 at most
     * @param t    overwritten with T, which solves T = I - T G T / 4 and commutes with G: each round gains a factor of G / 2
     * @param d    overwritten with D
     * @return false if there is no D
     */
    boolean cayley(int r, double[] gram, double[] t, double[] d) {
        for (int i = 0; i < r * r; i++) {
            t[i] = i % (r + 1) == 0 ? 1 : 0;
        }
        for (int round = 0; round < SERIES; round++) {
            multiply(r, t, gram, product);
            multiply(r, product, t, square);
            for (int i = 0; i < r * r; i++) {
                t[i] = (i % (r + 1) == 0 ? 1 : 0) - 0.25 * square[i];
            }
        }
        // H^T H / 4 = T G T / 4 = I - T.
        for (int i = 0; i < r * r; i++) {
            square[i] = (i % (r + 1) == 0 ? 2 : 0) - t[i];
        }
        return invert(r, square, d);
    }

    /** into = X Y. */
    private static void multiply(int r, double[] x, double[] y, double[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                double sum = 0;
                for (int k = 0; k < r; k++) {
                    sum += x[i * r + k] * y[k * r + j];
                }
                into[i * r + j] = sum;
            }
        }
    }

    /**
     * into = X^-1 by Gauss and Jordan with pivots from the column.
     *
     * @param into overwritten only if there is an inverse
     * @return false if there is none
     */
    boolean invert(int r, double[] x, double[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                augmented[i * 2 * r + j] = x[i * r + j];
                augmented[i * 2 * r + r + j] = i == j ? 1 : 0;
            }
        }
        for (int k = 0; k < r; k++) {
            int pivot = k;
            for (int i = k + 1; i < r; i++) {
                if (Math.abs(augmented[i * 2 * r + k]) > Math.abs(augmented[pivot * 2 * r + k])) {
                    pivot = i;
                }
            }
            double value = augmented[pivot * 2 * r + k];
            if (!(Math.abs(value) > 0)) {
                return false;
            }
            for (int j = 0; j < 2 * r; j++) {
                double swap = augmented[pivot * 2 * r + j];
                augmented[pivot * 2 * r + j] = augmented[k * 2 * r + j];
                augmented[k * 2 * r + j] = swap / value;
            }
            for (int i = 0; i < r; i++) {
                double factor = augmented[i * 2 * r + k];
                if (i != k && factor != 0) {
                    for (int j = 0; j < 2 * r; j++) {
                        augmented[i * 2 * r + j] -= factor * augmented[k * 2 * r + j];
                    }
                }
            }
        }
        for (int i = 0; i < r; i++) {
            System.arraycopy(augmented, i * 2 * r + r, into, i * r, r);
        }
        return true;
    }
}
