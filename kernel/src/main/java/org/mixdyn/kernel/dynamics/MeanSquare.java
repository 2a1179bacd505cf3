package org.mixdyn.kernel.dynamics;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;

/**
 * Mean square distances of matrices, summed in double whatever the precision of A. Eight sums run side by side, for one
 * alone would wait for each of its additions; their order is fixed.
 */
public final class MeanSquare {
    private static final VectorSpecies<Double> S = Lanes.DOUBLE;
    private static final int L = S.length();

    /** A multiple of the lanes of a vector. */
    private static final int SUMS = 8;

    /** Differences that are squared together, in the first-level cache; a multiple of the number of sums. */
    private static final int BLOCK = 512;

    private final double[] differences = new double[BLOCK];
    private final double[] sums = new double[SUMS];

    private MeanSquare() {
    }

    /**
     * sum_i (a_i - y_i)^2 / n over the n elements of a.
     *
     * @throws IndexOutOfBoundsException if y is shorter than a
     */
    public static double distance(float[] a, double[] y) {
        return distance(a.length, (from, count, differences) -> {
            for (int i = 0; i < count; i++) {
                differences[i] = a[from + i] - y[from + i];
            }
        });
    }

    /**
     * sum_i (a_i - y_i)^2 / n over the n elements of a.
     *
     * @throws IndexOutOfBoundsException if y is shorter than a
     */
    public static double distance(float[] a, float[] y) {
        return distance(a.length, (from, count, differences) -> {
            for (int i = 0; i < count; i++) {
                differences[i] = (double) a[from + i] - y[from + i];
            }
        });
    }

    /**
     * sum_i (a_i - y_i)^2 / n over the n elements of a.
     *
     * @throws IndexOutOfBoundsException if y is shorter than a
     */
    public static double distance(double[] a, double[] y) {
        return distance(a.length, (from, count, differences) -> {
            for (int i = 0; i < count; i++) {
                differences[i] = a[from + i] - y[from + i];
            }
        });
    }

    /** Writes a_i - y_i for count elements from one on. */
    private interface Differences {
        void write(int from, int count, double[] differences);
    }

    private static double distance(int n, Differences block) {
        MeanSquare square = new MeanSquare();
        for (int from = 0; from < n; from += BLOCK) {
            int count = Math.min(BLOCK, n - from);
            block.write(from, count, square.differences);
            square.add(count);
        }
        return square.total() / n;
    }

    /** Adds the squares of the first differences; only the last block may be no multiple of eight. */
    private void add(int count) {
        int whole = count / SUMS * SUMS;
        for (int lane = 0; lane < SUMS; lane += L) {
            DoubleVector sum = DoubleVector.fromArray(S, sums, lane);
            for (int i = lane; i < whole; i += SUMS) {
                DoubleVector difference = DoubleVector.fromArray(S, differences, i);
                sum = sum.add(difference.mul(difference));
            }
            sum.intoArray(sums, lane);
        }
        for (int i = whole; i < count; i++) {
            sums[0] += differences[i] * differences[i];
        }
    }

    private double total() {
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }
}
