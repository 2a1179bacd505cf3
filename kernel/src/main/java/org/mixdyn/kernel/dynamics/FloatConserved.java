package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.FloatColumns;
import org.mixdyn.kernel.network.FloatLayerPass;
import org.mixdyn.kernel.network.FloatLayers;
import org.mixdyn.kernel.network.LayerLayout;
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

    private final FloatLayers layers;
    private final DeepShape shape;
    private final Gemm gemm;
    private final FloatLayerPass pass;
    private final float[] vectors;
    private final float[] inner;
    private final float[] below;
    private final float[] above;

    FloatConserved(FloatLayers layers, Gemm gemm, FloatLayerPass pass) {
        this.layers = layers;
        this.gemm = gemm;
        this.pass = pass;
        shape = layers.shape();
        int widest = shape.widest();
        int stride = LayerLayout.stride(Math.min(widest, DeepLinear.TEST_VECTORS), Precision.F32);
        vectors = new float[widest * stride];
        inner = new float[Math.max(widest, Math.max(shape.outputs(), shape.inputs())) * stride];
        below = new float[widest * stride];
        above = new float[widest * stride];
    }

    /** Of the weights as they are now. */
    double norm() {
        double squares = 0;
        for (int l = 1; l < shape.depth(); l++) {
            int units = shape.width(l);
            int columns = Math.min(units, DeepLinear.TEST_VECTORS);
            int stride = LayerLayout.stride(columns, Precision.F32);
            setVectors(l, units, columns, stride);
            FloatColumns omega = new FloatColumns(vectors, columns, stride);
            FloatColumns between = new FloatColumns(inner, columns, stride);
            multiplyTransposed(l, omega, between);
            multiply(l, between, new FloatColumns(below, columns, stride));
            multiply(l + 1, omega, between);
            multiplyTransposed(l + 1, between, new FloatColumns(above, columns, stride));
            for (int i = 0; i < units; i++) {
                for (int j = i * stride; j < i * stride + columns; j++) {
                    double m = (double) below[j] - above[j];
                    squares += m * m;
                }
            }
        }
        return Math.sqrt(squares);
    }

    private void setVectors(int l, int units, int columns, int stride) {
        Arrays.fill(vectors, 0);
        if (units == columns) {
            for (int i = 0; i < units; i++) {
                vectors[i * stride + i] = 1;
            }
        } else {
            new Gaussian(0, STREAM + l).fill(0, 1 / Math.sqrt(columns), vectors, 0, units, columns, stride);
        }
    }

    /** y = W_l x. */
    private void multiply(int l, FloatColumns x, FloatColumns y) {
        if (l == 1) {
            ends(false, shape.width(1), shape.inputs(), layers.first(), layers.inputStride(), x, y);
        } else if (l == shape.depth()) {
            ends(true, shape.outputs(), shape.width(l - 1), layers.lastTransposed(), layers.outputStride(), x, y);
        } else {
            pass.multiply(layers.hidden(l), x, y);
        }
    }

    /** y = W_l^T x. */
    private void multiplyTransposed(int l, FloatColumns x, FloatColumns y) {
        if (l == 1) {
            ends(true, shape.inputs(), shape.width(1), layers.first(), layers.inputStride(), x, y);
        } else if (l == shape.depth()) {
            ends(false, shape.width(l - 1), shape.outputs(), layers.lastTransposed(), layers.outputStride(), x, y);
        } else {
            pass.multiplyTransposed(layers.hidden(l), x, y);
        }
    }

    private void ends(boolean transposed, int rows, int cols, float[] w, int ldw, FloatColumns x, FloatColumns y) {
        gemm.sgemm(transposed, false, rows, x.columns(), cols, 1, w, 0, ldw, x.elements(), 0, x.stride(), 0,
                y.elements(), 0, y.stride());
    }
}
