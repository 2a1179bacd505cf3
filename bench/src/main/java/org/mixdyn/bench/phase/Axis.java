package org.mixdyn.bench.phase;

/**
 * Evenly spaced values of one coordinate of a grid.
 *
 * @param lo    first value
 * @param hi    last value
 * @param count number of values; 1 only if lo and hi are equal
 */
public record Axis(double lo, double hi, int count) {
    /** Values are rounded to so many parts of 1, lest a step of 0.05 leave a trail of digits. */
    private static final double PARTS = 1e9;

    /**
     * Checks the ends.
     *
     * @throws IllegalArgumentException if there is no such axis
     */
    public Axis {
        boolean single = count == 1 && lo == hi;
        if (!(Math.abs(lo) <= 1e3 && Math.abs(hi) <= 1e3) || !(single || count > 1 && lo < hi)) {
            throw new IllegalArgumentException(
                    "an axis from " + lo + " to " + hi + " cannot have " + count + " values");
        }
    }

    /** Value number i, from 0. */
    public double value(int i) {
        double exact = count == 1 ? lo : lo + (hi - lo) * i / (count - 1);
        // Adding 0 turns -0 into 0.
        return Math.rint(exact * PARTS) / PARTS + 0.0;
    }

    /** All values, rising. */
    public double[] values() {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = value(i);
        }
        return values;
    }

    @Override
    public String toString() {
        return lo + ":" + hi + ":" + count;
    }
}
