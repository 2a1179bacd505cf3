package org.mixdyn.kernel.dynamics;

/**
 * Mean square distances of matrices, summed in double whatever the precision of A. Eight sums run side by side, for one
 * alone would wait for each of its additions; their order is fixed.
 */
public final class MeanSquare {
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
        double s0 = sums[0];
        double s1 = sums[1];
        double s2 = sums[2];
        double s3 = sums[3];
        double s4 = sums[4];
        double s5 = sums[5];
        double s6 = sums[6];
        double s7 = sums[7];
        double[] d = differences;
        int i = 0;
        for (; i <= count - SUMS; i += SUMS) {
            s0 += d[i] * d[i];
            s1 += d[i + 1] * d[i + 1];
            s2 += d[i + 2] * d[i + 2];
            s3 += d[i + 3] * d[i + 3];
            s4 += d[i + 4] * d[i + 4];
            s5 += d[i + 5] * d[i + 5];
            s6 += d[i + 6] * d[i + 6];
            s7 += d[i + 7] * d[i + 7];
        }
        for (; i < count; i++) {
            s0 += d[i] * d[i];
        }
        sums[0] = s0;
        sums[1] = s1;
        sums[2] = s2;
        sums[3] = s3;
        sums[4] = s4;
        sums[5] = s5;
        sums[6] = s6;
        sums[7] = s7;
    }

    private double total() {
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }
}
