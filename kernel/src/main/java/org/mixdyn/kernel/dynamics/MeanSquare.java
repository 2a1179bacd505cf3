package org.mixdyn.kernel.dynamics;

/** Mean square distances of matrices, summed in double whatever the precision of A; the same bits at all vector widths. */
public final class MeanSquare {
    private MeanSquare() {
    }

    /**
     * sum_i (a_i - y_i)^2 / n over the n elements of a.
     *
     * @throws IndexOutOfBoundsException if y is shorter than a
     */
    public static double distance(float[] a, double[] y) {
        return FloatMeanSquare.distance(a, y);
    }

    /**
     * sum_i (a_i - y_i)^2 / n over the n elements of a.
     *
     * @throws IndexOutOfBoundsException if y is shorter than a
     */
    public static double distance(double[] a, double[] y) {
        return DoubleMeanSquare.distance(a, y);
    }
}
