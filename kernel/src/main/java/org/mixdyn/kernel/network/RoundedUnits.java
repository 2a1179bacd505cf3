package org.mixdyn.kernel.network;

import java.util.Objects;

import org.mixdyn.kernel.simd.Precision;

/**
 * Hidden units that are written one by one, and rounded as a network of a precision would.
 *
 * @param outputs   d_out
 * @param inputs    d_in
 * @param width     of the network
 * @param precision of the weights
 * @param unit      writes the weights of one unit
 */
record RoundedUnits(int outputs, int inputs, long width, Precision precision, Unit unit) implements HiddenUnits {
    /** Writes row h of [W_1, W_2^T] to rows[start], ..., rows[start + inputs + outputs - 1]. */
    interface Unit {
        void write(long h, double[] rows, int start);
    }

    RoundedUnits {
        Objects.requireNonNull(precision, "precision");
        if (width < 1) {
            throw new IllegalArgumentException("width is " + width + "; it must be at least 1");
        }
    }

    @Override
    public void read(long first, int count, double[] rows) {
        int n = inputs + outputs;
        if (first < 0 || count < 0 || first > width - count) {
            throw new IllegalArgumentException("first and count are " + first + " and " + count
                    + "; allowed are units from 0 to " + (width - 1));
        }
        if (rows.length < (long) count * n) {
            throw new IllegalArgumentException("rows has " + rows.length + " elements; " + count + " x " + n
                    + " needs " + (long) count * n + " or more");
        }
        for (int i = 0; i < count; i++) {
            unit.write(first + i, rows, i * n);
        }
        if (precision == Precision.F32) {
            for (int i = 0; i < count * n; i++) {
                rows[i] = (float) rows[i];
            }
        }
    }
}
