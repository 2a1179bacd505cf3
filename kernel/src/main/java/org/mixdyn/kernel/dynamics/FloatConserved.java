package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.FloatColumns;
import org.mixdyn.kernel.network.FloatLayerPass;
import org.mixdyn.kernel.network.FloatLayers;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

/**
 * sqrt(sum_l ||M_l Omega_l||_F^2), M_l = W_l W_l^T - W_(l+1)^T W_(l+1), n_l x n_l. Omega_l is the identity up to width T =
 * {@value DeepLinear#TEST_VECTORS}, and beyond it T columns of fixed N(0, 1/T) numbers, so that ||M_l Omega_l||^2 has the
 * mean ||M_l||^2 (Hutchinson, Communications in Statistics 19, 1990) and is conserved where M_l is, at the cost of products
 * with few columns.
 */
final class FloatConserved {
    private static final long STREAM = 1024;

    /** How large the norm is at least, in rounding units of what it is the difference of: a hundred times its errors. */
    private static final double LEAST = 1000;

    private final FloatLayers layers;
    private final DeepShape shape;
    private final Gemm gemm;
    private final FloatLayerPass pass;
    private final FloatColumns vectors;
    private final FloatColumns inner;
    private final FloatColumns below;
    private final FloatColumns above;

    FloatConserved(FloatLayers layers, Gemm gemm, FloatLayerPass pass) {
        this.layers = layers;
        this.gemm = gemm;
        this.pass = pass;
        shape = layers.shape();
        int widest = shape.widest();
        int columns = Math.min(widest, DeepLinear.TEST_VECTORS);
        vectors = FloatColumns.zeros(widest, columns);
        inner = FloatColumns.zeros(Math.max(widest, Math.max(shape.outputs(), shape.inputs())), columns);
        below = FloatColumns.zeros(widest, columns);
        above = FloatColumns.zeros(widest, columns);
    }

    /** Of the weights as they are now; NaN where rounding errors hide it, as of balanced weights. */
    double norm() {
        double squares = 0;
        double parts = 0;
        for (int l = 1; l < shape.depth(); l++) {
            int units = shape.width(l);
            int columns = Math.min(units, DeepLinear.TEST_VECTORS);
            FloatColumns omega = vectors.first(columns);
            FloatColumns between = inner.first(columns);
            setVectors(l, units, omega);
            multiplyTransposed(l, omega, between);
            multiply(l, between, below.first(columns));
            multiply(l + 1, omega, between);
            multiplyTransposed(l + 1, between, above.first(columns));
            for (int i = 0; i < units; i++) {
                // Both have the same strides.
                int start = below.rowStart(i);
                for (int j = start; j < start + columns; j++) {
                    double m = (double) below.elements()[j] - above.elements()[j];
                    squares += m * m;
                    parts += (double) below.elements()[j] * below.elements()[j]
                            + (double) above.elements()[j] * above.elements()[j];
                }
            }
        }
        double norm = Math.sqrt(squares);
        return norm > LEAST * Precision.F32.unitRoundoff() * Math.sqrt(parts) ? norm : Double.NaN;
    }

    private static void setVectors(int l, int units, FloatColumns omega) {
        int columns = omega.columns();
        Arrays.fill(omega.elements(), 0);
        if (units == columns) {
            for (int i = 0; i < units; i++) {
                omega.elements()[omega.rowStart(i) + i] = 1;
            }
        } else {
            new Gaussian(0, STREAM + l).fill(0, 1 / Math.sqrt(columns), omega.elements(), omega.rowStart(0), units,
                    columns, omega.stride());
        }
    }

    /** y = W_l x. */
    private void multiply(int l, FloatColumns x, FloatColumns y) {
        if (l == 1) {
            ends(false, shape.width(1), shape.inputs(), layers.first(), x, y);
        } else if (l == shape.depth()) {
            ends(true, shape.outputs(), shape.width(l - 1), layers.lastTransposed(), x, y);
        } else {
            pass.multiply(layers.hidden(l), x, y);
        }
    }

    /** y = W_l^T x. */
    private void multiplyTransposed(int l, FloatColumns x, FloatColumns y) {
        if (l == 1) {
            ends(true, shape.inputs(), shape.width(1), layers.first(), x, y);
        } else if (l == shape.depth()) {
            ends(false, shape.width(l - 1), shape.outputs(), layers.lastTransposed(), x, y);
        } else {
            pass.multiplyTransposed(layers.hidden(l), x, y);
        }
    }

    private void ends(boolean transposed, int rows, int cols, FloatColumns w, FloatColumns x, FloatColumns y) {
        gemm.sgemm(transposed, false, rows, x.columns(), cols, 1, w.elements(), w.rowStart(0), w.stride(),
                x.elements(), x.rowStart(0), x.stride(), 0, y.elements(), y.rowStart(0), y.stride());
    }
}
