package org.mixdyn.kernel.network;

import org.mixdyn.kernel.parallel.Team;

/**
 * Exact width reduction of given weights. Training commutes with rotations of the hidden units, so with the QR
 * factorisation [W_1, W_2^T] = Q R a network of width n = d_in + d_out that has the weights R follows the same A(t), to
 * rounding. {@link Bartlett} draws R without weights to factorise.
 */
public final class WidthReduction {
    /** Rows of a panel at least, so that the products are longer than they are wide. */
    private static final int FEWEST_ROWS = 512;

    private WidthReduction() {
    }

    /**
     * R of given weights, in 2 w n^2 operations and memory for max(n, {@value #FEWEST_ROWS}) rows, whatever the width. The
     * bits do not depend on the number of threads.
     *
     * @param units   read once, in order
     * @param threads that share the products, from 1 to {@link Team#MAX_THREADS}
     * @param w1      row-major (inputs + outputs) x inputs, overwritten: the first columns of R
     * @param w2      row-major outputs x (inputs + outputs), overwritten: the last columns of R, transposed
     * @throws IllegalArgumentException if threads is not in its range, or an array has the wrong length
     */
    public static void factor(int outputs, int inputs, HiddenUnits units, int threads, double[] w1, double[] w2) {
        int n = outputs + inputs;
        GivenWeights.checkLengths(outputs, inputs, n, w1, w2);
        int most = (int) Math.min(units.width(), Math.max(n, FEWEST_ROWS));
        TallSkinnyQr qr = new TallSkinnyQr(n, most, threads);
        double[] panel = new double[Math.multiplyExact(most, n)];
        for (long first = 0; first < units.width(); first += most) {
            int rows = (int) Math.min(most, units.width() - first);
            units.read(first, rows, panel);
            qr.add(rows, panel);
        }
        split(outputs, inputs, 0, n, qr.r(), w1, w2);
    }

    /**
     * The weights W_1 = R(:, 1..d_in) and W_2 = R(:, d_in+1..n)^T of some rows of R, n = d_in + d_out.
     *
     * @param first number in R of the first of these rows
     * @param rows  number of them
     * @param r     the rows alone, row-major rows x n
     * @param w1    row-major n x inputs, of which rows first .. first + rows - 1 are overwritten
     * @param w2    row-major outputs x n, of which columns first .. first + rows - 1 are overwritten
     */
    static void split(int outputs, int inputs, int first, int rows, double[] r, double[] w1, double[] w2) {
        int n = outputs + inputs;
        for (int h = 0; h < rows; h++) {
            System.arraycopy(r, h * n, w1, (first + h) * inputs, inputs);
        }
        for (int i = 0; i < outputs; i++) {
            for (int h = 0; h < rows; h++) {
                w2[i * n + first + h] = r[h * n + inputs + i];
            }
        }
    }
}
