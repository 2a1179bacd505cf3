package org.mixdyn.kernel.network;

import java.util.SplittableRandom;

import org.mixdyn.kernel.random.Gaussian;

/**
 * Exact width reduction of Gaussian weights. Training commutes with rotations of the hidden units, so with the QR
 * factorisation [W_1, W_2^T] = Q R a network of width n = d_in + d_out that has the weights R follows the same A(t). For
 * independent N(0, sigma^2) weights R = sigma L^T in distribution, L being the Bartlett factor of a Wishart_n(w) matrix:
 * lower triangular, L_ii^2 ~ chi^2 with w - i degrees of freedom (i from 0), L_ij ~ N(0, 1) below the diagonal. So the
 * width w can be any number from n on, at the cost of width n.
 */
public final class Bartlett {
    private static final long STREAM = 18;

    private Bartlett() {
    }

    /**
     * Draws reduced weights.
     *
     * @param width w, at least outputs + inputs
     * @param w1    row-major (inputs + outputs) x inputs, overwritten: the first columns of R
     * @param w2    row-major outputs x (inputs + outputs), overwritten: the last columns of R, transposed
     * @throws IllegalArgumentException if width is below outputs + inputs
     */
    public static void draw(int outputs, int inputs, double width, double sigma, long seed, double[] w1, double[] w2) {
        int n = outputs + inputs;
        if (!(width >= n && width < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "width is " + width + "; the reduced weights of " + outputs + " x " + inputs + " need at least "
                            + n);
        }
        Gaussian normals = new Gaussian(seed, STREAM);
        double[] row = new double[n];
        for (int h = 0; h < n; h++) {
            normals.fill((long) h * n, sigma, row, 0, n);
            row[h] = sigma * Math.sqrt(chiSquared(width - h, seed, h));
            for (int column = 0; column < n; column++) {
                double r = column < h ? 0 : row[column];
                if (column < inputs) {
                    w1[h * inputs + column] = r;
                } else {
                    w2[(column - inputs) * n + h] = r;
                }
            }
        }
    }

    /**
     * A chi^2 number by the method of Marsaglia and Tsang (ACM Transactions on Mathematical Software 26, 2000) for
     * 2 Gamma(freedom / 2): a cubed shifted normal, accepted more than 95 times in a hundred.
     */
    static double chiSquared(double freedom, long seed, long index) {
        if (freedom < 2) {
            // Gamma(1/2) is half the square of a normal; below 2 degrees of freedom only 1 occurs for whole widths.
            double[] normal = new double[1];
            new Gaussian(seed, STREAM + 1).fill(index << 20, normal, 0, 1);
            return normal[0] * normal[0];
        }
        double d = freedom / 2 - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        Gaussian normals = new Gaussian(seed, STREAM + 1);
        SplittableRandom uniforms = new SplittableRandom(seed ^ (index + 1) * 0x9E3779B97F4A7C15L);
        double[] normal = new double[1];
        for (long attempt = 0;; attempt++) {
            normals.fill((index << 20) + attempt, normal, 0, 1);
            double x = normal[0];
            double v = 1 + c * x;
            v = v * v * v;
            // StrictMath: the draw must not depend on the machine.
            if (v > 0 && StrictMath.log(1 - uniforms.nextDouble()) < x * x / 2 + d - d * v + d * StrictMath.log(v)) {
                return 2 * d * v;
            }
        }
    }
}
