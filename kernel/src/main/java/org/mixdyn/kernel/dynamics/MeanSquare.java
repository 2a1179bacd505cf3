package org.mixdyn.kernel.dynamics;

/** Mean square distances, summed in double whatever the precision of A. */
final class MeanSquare {
    private MeanSquare() {
    }

    /** sum_i (a_i - y_i)^2 / n. */
    static double distance(float[] a, double[] y) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] - y[i];
            squares += difference * difference;
        }
        return squares / a.length;
    }

    /** sum_i (a_i - y_i)^2 / n. */
    static double distance(double[] a, double[] y) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] - y[i];
            squares += difference * difference;
        }
        return squares / a.length;
    }
}
