package org.mixdyn.kernel;

/** Operations on small row-major matrices in binary64, as their definitions have them: one loop an index. */
public final class NaiveMatrix {
    private NaiveMatrix() {
    }

    /** X Y with X of rows x inner elements and Y of inner x cols. */
    public static double[] times(double[] x, int rows, int inner, double[] y, int cols) {
        double[] z = new double[rows * cols];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < inner; k++) {
                for (int j = 0; j < cols; j++) {
                    z[i * cols + j] += x[i * inner + k] * y[k * cols + j];
                }
            }
        }
        return z;
    }

    /** X^T of rows x cols elements. */
    public static double[] transposed(double[] x, int rows, int cols) {
        double[] t = new double[x.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                t[j * rows + i] = x[i * cols + j];
            }
        }
        return t;
    }

    /** ||X||_F. */
    public static double norm(double[] x) {
        return distance(x, new double[x.length]);
    }

    /** ||X - Y||_F. */
    public static double distance(double[] x, double[] y) {
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            squares += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(squares);
    }
}
