package org.mixdyn.kernel.network;

import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

/**
 * The weights of a network with one hidden layer, A = W_2 W_1, read a few hidden units at a time: they may be held in an
 * array, or drawn as they are asked for and never held at all. Row h of [W_1, W_2^T] belongs to unit h.
 */
public interface HiddenUnits {
    /** d_out. */
    int outputs();

    /** d_in. */
    int inputs();

    /** Number of hidden units w. */
    long width();

    /**
     * Writes some rows of [W_1, W_2^T].
     *
     * @param first unit of the first row
     * @param count rows, within the width
     * @param rows  row-major count x (inputs + outputs), overwritten from its beginning
     * @throws IllegalArgumentException if units are asked for that there are not, or rows is too short
     */
    void read(long first, int count, double[] rows);

    /**
     * Weights from arrays, which are kept, not copied.
     *
     * @param precision to which every weight is rounded as it is read, as a network of that precision would
     * @param w1        W_1, row-major width x inputs
     * @param w2        W_2, row-major outputs x width
     * @throws IllegalArgumentException if width is below 1, or an array has the wrong length
     */
    static HiddenUnits of(int outputs, int inputs, int width, Precision precision, double[] w1, double[] w2) {
        GivenWeights.checkLengths(outputs, inputs, width, w1, w2);
        return new RoundedUnits(outputs, inputs, width, precision, (h, rows, start) -> {
            System.arraycopy(w1, (int) h * inputs, rows, start, inputs);
            for (int i = 0; i < outputs; i++) {
                rows[start + inputs + i] = w2[i * width + (int) h];
            }
        });
    }

    /**
     * The weights that a seed gives a network of every weight: independent N(0, sigma^2), the numbers of
     * {@link FloatPanels#gaussian} or {@link DoublePanels#gaussian}.
     *
     * @param width     hidden units, at least 1
     * @param sigma     standard deviation of a weight, finite and at least 0
     * @param precision to which every weight is rounded
     * @param seed      any number
     * @throws IllegalArgumentException if width is below 1, or sigma out of its range
     */
    static HiddenUnits gaussian(int outputs, int inputs, long width, double sigma, Precision precision, long seed) {
        InitialWeights.gaussian(sigma);
        Gaussian first = new Gaussian(seed, Streams.FIRST);
        Gaussian last = new Gaussian(seed, Streams.LAST);
        return new RoundedUnits(outputs, inputs, width, precision, (h, rows, start) -> {
            first.fill(h * inputs, sigma, rows, start, inputs);
            last.fill(h * outputs, sigma, rows, start + inputs, outputs);
        });
    }
}
