package org.mixdyn.kernel.network;

import org.mixdyn.kernel.random.Gaussian;

/**
 * The reduced weights R of {@link WidthReduction} for independent N(0, sigma^2) weights, which need not be made for it:
 * R = sigma L^T in distribution, L being the Bartlett factor of a Wishart_n(w) matrix: lower triangular, L_ii^2 ~ chi^2
 * with w - i degrees of freedom (i from 0), L_ij ~ N(0, 1) below the diagonal. So the width w can be any number from n on,
 * at the cost of width n.
 */
public final class Bartlett {
    /** Largest width: below it every number of degrees of freedom is exact. */
    public static final double LARGEST_WIDTH = 0x1p53;

    private Bartlett() {
    }

    /**
     * Draws reduced weights.
     *
     * @param n     d_in + d_out, at most {@link Sides#MOST}
     * @param width w, a whole number from n to 2^53
     * @param sigma standard deviation of a weight, finite and at least 0
     * @return R, row-major n x n, zero below the diagonal
     * @throws IllegalArgumentException if an argument is not in its range
     */
    public static double[] draw(int n, double width, double sigma, long seed) {
        Sides.checkSum(n);
        if (!(width >= n && width <= LARGEST_WIDTH && width == Math.rint(width))) {
            throw new IllegalArgumentException("width is " + width + "; reduced weights of " + n
                    + " inputs and outputs need a whole number from " + n + " to 2^53");
        }
        InitialWeights.gaussian(sigma);
        double[] r = new double[n * n];
        new Gaussian(seed, Streams.BARTLETT).fillTriangle(sigma, r, n);
        for (int h = 0; h < n; h++) {
            r[h * n + h] = sigma * Math.sqrt(chiSquared(width - h, seed, h));
        }
        return r;
    }

    /**
     * A chi^2 number by the method of Marsaglia and Tsang (ACM Transactions on Mathematical Software 26, 2000) for
     * 2 Gamma(freedom / 2): d v with v = (1 + c x)^3 of a normal x, accepted more than 95 times in a hundred: where
     * x^2 / 2 + d - d v + d ln v is above -e, e being exponential. It is of order 1 at most while d may be 10^15, so it is
     * taken as x^2 / 2 - d (y - ln(1 + y)) with y = v - 1 expanded, which loses no more than sqrt(d) roundings.
     *
     * @param freedom a whole number of at least 1
     */
    static double chiSquared(double freedom, long seed, long index) {
        Gaussian normals = new Gaussian(seed, Streams.CHI_SQUARED);
        double[] numbers = new double[3];
        if (freedom < 2) {
            draw(normals, index, 0, numbers);
            return numbers[0] * numbers[0];
        }
        double d = freedom / 2 - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        for (long attempt = 0;; attempt++) {
            draw(normals, index, attempt, numbers);
            double x = numbers[0];
            double y = c * x * (3 + c * x * (3 + c * x));
            // StrictMath: the draw must not depend on the machine.
            if (y > -1 && -numbers[1] < x * x / 2 - d * (y - StrictMath.log1p(y))) {
                return 2 * d * (1 + y);
            }
        }
    }

    /**
     * What an attempt at number index takes, from places in the stream that are its own: a normal number, and an exponential
     * one of mean 1, half the sum of the squares of two more.
     *
     * @param numbers the two, and room for one more
     */
    static void draw(Gaussian normals, long index, long attempt, double[] numbers) {
        normals.fill((index << 20) + 3 * attempt, numbers, 0, 3);
        numbers[1] = (numbers[1] * numbers[1] + numbers[2] * numbers[2]) / 2;
    }
}
