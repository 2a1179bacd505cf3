package org.mixdyn.kernel.network;

import java.util.Objects;

import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

/**
 * The weights of a network with one hidden layer, A = W_2 W_1, read a few hidden units at a time: they may be held in an
 * array, or drawn as they are asked for and never held at all. Row h of [W_1, W_2^T] belongs to unit h.
 */
public interface HiddenUnits {
    /** Number of hidden units w. */
    long width();

    /**
     * Writes some rows of [W_1, W_2^T].
     *
     * @param first unit of the first row
     * @param count rows, within the width
     * @param rows  row-major count x (inputs + outputs), overwritten
     */
    void read(long first, int count, double[] rows);

    /**
     * Weights from arrays, which are kept, not copied.
     *
     * @param precision to which every weight is rounded as it is read, as a network of that precision would
     * @param w1        W_1, row-major width x inputs
     * @param w2        W_2, row-major outputs x width
     * @throws IllegalArgumentException if an array has the wrong length
     */
    static HiddenUnits of(int outputs, int inputs, int width, Precision precision, double[] w1, double[] w2) {
        Objects.requireNonNull(precision, "precision");
        if (width < 1 || w1.length != (long) width * inputs || w2.length != (long) width * outputs) {
            throw new IllegalArgumentException("w1 and w2 have " + w1.length + " and " + w2.length + " elements; width "
                    + width + " needs " + (long) width * inputs + " and " + (long) width * outputs);
        }
        return new HiddenUnits() {
            @Override
            public long width() {
                return width;
            }

            @Override
            public void read(long first, int count, double[] rows) {
                int n = inputs + outputs;
                for (int h = 0; h < count; h++) {
                    int unit = (int) first + h;
                    System.arraycopy(w1, unit * inputs, rows, h * n, inputs);
                    for (int i = 0; i < outputs; i++) {
                        rows[h * n + inputs + i] = w2[i * width + unit];
                    }
                }
                round(precision, rows, count * n);
            }
        };
    }

    /**
     * The weights that a seed gives a network of every weight: independent N(0, sigma^2), the numbers of
     * {@link FloatPanels#gaussian} or {@link DoublePanels#gaussian}.
     *
     * @param sigma standard deviation of a weight, finite and at least 0
     * @throws IllegalArgumentException if width is below 1, or sigma out of its range
     */
    static HiddenUnits gaussian(int outputs, int inputs, long width, double sigma, Precision precision, long seed) {
        Objects.requireNonNull(precision, "precision");
        InitialWeights.gaussian(sigma);
        if (width < 1) {
            throw new IllegalArgumentException("width is " + width + "; it must be at least 1");
        }
        Gaussian first = new Gaussian(seed, FloatPanels.STREAM);
        Gaussian second = new Gaussian(seed, FloatPanels.STREAM + 1);
        return new HiddenUnits() {
            @Override
            public long width() {
                return width;
            }

            @Override
            public void read(long from, int count, double[] rows) {
                int n = inputs + outputs;
                for (int h = 0; h < count; h++) {
                    first.fill((from + h) * inputs, sigma, rows, h * n, inputs);
                    second.fill((from + h) * outputs, sigma, rows, h * n + inputs, outputs);
                }
                round(precision, rows, count * n);
            }
        };
    }

    private static void round(Precision precision, double[] values, int count) {
        if (precision == Precision.F32) {
            for (int i = 0; i < count; i++) {
                values[i] = (float) values[i];
            }
        }
    }
}
