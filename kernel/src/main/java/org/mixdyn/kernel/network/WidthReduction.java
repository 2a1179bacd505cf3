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
     * @param units   read once, in order; of at most {@link Sides#MOST} outputs and inputs together
     * @param threads that share the products, from 1 to {@link Team#MAX_THREADS}
     * @return R, row-major n x n with n = d_in + d_out, zero below the diagonal
     * @throws IllegalArgumentException if an argument is not in its range
     */
    public static double[] factor(HiddenUnits units, int threads) {
        Sides.checkSum((long) units.outputs() + units.inputs());
        int n = units.outputs() + units.inputs();
        int most = (int) Math.min(units.width(), Math.max(n, FEWEST_ROWS));
        TallSkinnyQr qr = new TallSkinnyQr(n, most, threads);
        double[] panel = new double[most * n];
        for (long first = 0; first < units.width(); first += most) {
            int rows = (int) Math.min(most, units.width() - first);
            units.read(first, rows, panel);
            qr.add(rows, panel);
        }
        return qr.r();
    }
}
