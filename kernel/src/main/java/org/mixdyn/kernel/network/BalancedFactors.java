package org.mixdyn.kernel.network;

import java.util.Arrays;

import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.svd.DoubleSvd;

/**
 * The part of rank r of a Gaussian matrix, U S V^T, which balanced weights start from.
 *
 * @param rank r
 * @param ut   U^T, row-major r x outputs
 * @param s    r singular values, descending
 * @param vt   V^T, row-major r x inputs
 */
record BalancedFactors(int rank, double[] ut, double[] s, double[] vt) {
    /**
     * Draws it; r is the least of outputs, inputs and hidden widths.
     *
     * @param outputs   rows of the Gaussian matrix
     * @param inputs    its columns
     * @param narrowest least hidden width
     * @param entry     standard deviation of an entry of the Gaussian matrix
     */
    static BalancedFactors draw(int outputs, int inputs, int narrowest, double entry, long seed) {
        double[] a = new double[outputs * inputs];
        new Gaussian(seed, Streams.BALANCED).fill(0, entry, a, 0, a.length);
        DoubleSvd svd = new DoubleSvd();
        svd.factor(outputs, inputs, a, 0, inputs);
        int all = Math.min(outputs, inputs);
        int rank = Math.min(narrowest, all);
        double[] u = new double[outputs * all];
        double[] v = new double[inputs * all];
        svd.u(u);
        svd.v(v);
        return new BalancedFactors(rank, transposed(u, outputs, all, rank), Arrays.copyOf(svd.singularValues(), rank),
                transposed(v, inputs, all, rank));
    }

    /** The first columns of a rows x cols matrix as rows, so many as count says. */
    private static double[] transposed(double[] x, int rows, int cols, int count) {
        double[] t = new double[count * rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < count; j++) {
                t[j * rows + i] = x[i * cols + j];
            }
        }
        return t;
    }

    /** S_1 of W_1 = H S_1 V^T and S_2 of W_2 = U S_2 H^T: S_1 S_2 = S, S_2^2 - S_1^2 = lambda I. */
    double[][] split(double lambda) {
        double[] lower = new double[rank];
        double[] upper = new double[rank];
        for (int i = 0; i < rank; i++) {
            // The larger of both first: the other one would be a difference.
            double larger = Math.sqrt((Math.abs(lambda) + Math.hypot(lambda, 2 * s[i])) / 2);
            double smaller = larger == 0 ? 0 : s[i] / larger;
            lower[i] = lambda < 0 ? larger : smaller;
            upper[i] = lambda < 0 ? smaller : larger;
        }
        return new double[][]{lower, upper};
    }

    /** S^power. */
    double[] power(double power) {
        double[] result = new double[rank];
        for (int i = 0; i < rank; i++) {
            result[i] = Math.pow(s[i], power);
        }
        return result;
    }

    /** diag(scales) x for an x of r rows. */
    static double[] scaled(double[] scales, double[] x) {
        double[] result = new double[x.length];
        int cols = x.length / scales.length;
        for (int i = 0; i < scales.length; i++) {
            for (int j = 0; j < cols; j++) {
                result[i * cols + j] = scales[i] * x[i * cols + j];
            }
        }
        return result;
    }
}
