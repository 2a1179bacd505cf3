package org.mixdyn.kernel.dynamics;

/**
 * Mean square distances of matrices, summed in double whatever the precision of A. Eight sums run side by side, for one
 * alone would wait for each of its additions; their order is fixed.
 */
public final class MeanSquare {
    private static final int SUMS = 8;

    private MeanSquare() {
    }

    /**
     * sum_i (a_i - y_i)^2 / n over the n elements of a.
     *
     * @throws IndexOutOfBoundsException if y is shorter than a
     */
    public static double distance(float[] a, double[] y) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = 0;
        for (; i <= a.length - SUMS; i += SUMS) {
            double d0 = a[i] - y[i];
            double d1 = a[i + 1] - y[i + 1];
            double d2 = a[i + 2] - y[i + 2];
            double d3 = a[i + 3] - y[i + 3];
            double d4 = a[i + 4] - y[i + 4];
            double d5 = a[i + 5] - y[i + 5];
            double d6 = a[i + 6] - y[i + 6];
            double d7 = a[i + 7] - y[i + 7];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
            s4 += d4 * d4;
            s5 += d5 * d5;
            s6 += d6 * d6;
            s7 += d7 * d7;
        }
        for (; i < a.length; i++) {
            double difference = a[i] - y[i];
            s0 += difference * difference;
        }
        return (((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))) / a.length;
    }

    /**
     * sum_i (a_i - y_i)^2 / n over the n elements of a.
     *
     * @throws IndexOutOfBoundsException if y is shorter than a
     */
    public static double distance(float[] a, float[] y) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = 0;
        for (; i <= a.length - SUMS; i += SUMS) {
            double d0 = (double) a[i] - y[i];
            double d1 = (double) a[i + 1] - y[i + 1];
            double d2 = (double) a[i + 2] - y[i + 2];
            double d3 = (double) a[i + 3] - y[i + 3];
            double d4 = (double) a[i + 4] - y[i + 4];
            double d5 = (double) a[i + 5] - y[i + 5];
            double d6 = (double) a[i + 6] - y[i + 6];
            double d7 = (double) a[i + 7] - y[i + 7];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
            s4 += d4 * d4;
            s5 += d5 * d5;
            s6 += d6 * d6;
            s7 += d7 * d7;
        }
        for (; i < a.length; i++) {
            double difference = (double) a[i] - y[i];
            s0 += difference * difference;
        }
        return (((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))) / a.length;
    }

    /**
     * sum_i (a_i - y_i)^2 / n over the n elements of a.
     *
     * @throws IndexOutOfBoundsException if y is shorter than a
     */
    public static double distance(double[] a, double[] y) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = 0;
        for (; i <= a.length - SUMS; i += SUMS) {
            double d0 = a[i] - y[i];
            double d1 = a[i + 1] - y[i + 1];
            double d2 = a[i + 2] - y[i + 2];
            double d3 = a[i + 3] - y[i + 3];
            double d4 = a[i + 4] - y[i + 4];
            double d5 = a[i + 5] - y[i + 5];
            double d6 = a[i + 6] - y[i + 6];
            double d7 = a[i + 7] - y[i + 7];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
            s4 += d4 * d4;
            s5 += d5 * d5;
            s6 += d6 * d6;
            s7 += d7 * d7;
        }
        for (; i < a.length; i++) {
            double difference = a[i] - y[i];
            s0 += difference * difference;
        }
        return (((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))) / a.length;
    }
}
