package org.mixdyn.kernel.network;

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

    private Bartlett() {
    }

    /**
     * Draws reduced weights.
     *
     * @param n     d_in + d_out
     * @param width w, a whole number from n to 2^53
     * @param sigma standard deviation of a weight, finite and at least 0
     * @return R, row-major n x n, zero below the diagonal
     * @throws IllegalArgumentException if width or sigma is not in its range
     */
    public static double[] draw(int n, double width, double sigma, long seed) {
        if (!(width >= n && width <= LARGEST_WIDTH && width == Math.rint(width))) {
            throw new IllegalArgumentException("width is " + width + "; reduced weights of " + n
                    + " inputs and outputs need a whole number from " + n + " to 2^53");
        }
        InitialWeights.gaussian(sigma);
        double[] r = new double[Math.multiplyExact(n, n)];
        new Gaussian(seed, Streams.BARTLETT).fillTriangle(sigma, r, n);
        for (int h = 0; h < n; h++) {
            r[h * n + h] = sigma * Math.sqrt(chiSquared(width - h, seed, h));
        }
        return r;
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
