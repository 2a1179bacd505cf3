package org.mixdyn.kernel.network;

import java.util.Arrays;
import java.util.SplittableRandom;

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

    /** Rows of R that are made together: a cache line of the transpose in W_2, twice over. */
    private static final int BAND = 16;

    private Bartlett() {
    }

    /**
     * Draws reduced weights.
     *
     * @param width w, a whole number from outputs + inputs to 2^53
     * @param sigma standard deviation of a weight, finite and at least 0
     * @param w1    row-major (inputs + outputs) x inputs, overwritten: the first columns of R
     * @param w2    row-major outputs x (inputs + outputs), overwritten: the last columns of R, transposed
     * @throws IllegalArgumentException if width or sigma is not in its range, or an array has the wrong length
     */
    public static void draw(int outputs, int inputs, double width, double sigma, long seed, double[] w1, double[] w2) {
        int n = outputs + inputs;
        if (!(width >= n && width <= LARGEST_WIDTH && width == Math.rint(width))) {
            throw new IllegalArgumentException(
                    "width is " + width + "; the reduced weights of " + outputs + " x " + inputs
                            + " need a whole number from " + n + " to 2^53");
        }
        InitialWeights.gaussian(sigma);
        GivenWeights.checkLengths(outputs, inputs, n, w1, w2);
        Gaussian normals = new Gaussian(seed, Streams.BARTLETT);
        double[] band = new double[Math.multiplyExact(BAND, n)];
        for (int first = 0; first < n; first += BAND) {
            int rows = Math.min(BAND, n - first);
            normals.fillTriangle(sigma, band, 0, first, rows, n);
            for (int i = 0; i < rows; i++) {
                int h = first + i;
                Arrays.fill(band, i * n, i * n + h, 0);
                band[i * n + h] = sigma * Math.sqrt(chiSquared(width - h, seed, h));
            }
            WidthReduction.split(outputs, inputs, first, rows, band, w1, w2);
        }
    }

    /**
     * A chi^2 number by the method of Marsaglia and Tsang (ACM Transactions on Mathematical Software 26, 2000) for
     * 2 Gamma(freedom / 2): d v with v = (1 + c x)^3 of a normal x, accepted more than 95 times in a hundred. What decides
     * is x^2 / 2 + d - d v + d ln v. It is of order 1 at most while d may be 10^15, so it is taken as
     * x^2 / 2 - d (y - ln(1 + y)) with y = v - 1 expanded, which loses no more than sqrt(d) roundings.
     *
     * @param freedom a whole number of at least 1
     */
    static double chiSquared(double freedom, long seed, long index) {
        Gaussian normals = new Gaussian(seed, Streams.CHI_SQUARED);
        double[] normal = new double[1];
        if (freedom < 2) {
            normals.fill(index << 20, normal, 0, 1);
            return normal[0] * normal[0];
        }
        double d = freedom / 2 - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        SplittableRandom uniforms = new SplittableRandom(seed ^ (index + 1) * 0x9E3779B97F4A7C15L);
        for (long attempt = 0;; attempt++) {
            normals.fill((index << 20) + attempt, normal, 0, 1);
            double x = normal[0];
            double y = c * x * (3 + c * x * (3 + c * x));
            // StrictMath: the draw must not depend on the machine.
            if (y > -1 && StrictMath.log(1 - uniforms.nextDouble()) < x * x / 2 - d * (y - StrictMath.log1p(y))) {
                return 2 * d * (1 + y);
            }
        }
    }
}
