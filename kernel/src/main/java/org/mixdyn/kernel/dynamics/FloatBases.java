package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.FloatColumns;
import org.mixdyn.kernel.network.FloatPanels;
import org.mixdyn.kernel.network.PanelLayout;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.svd.FloatSvd;

/**
 * Orthogonal U and V, n x n, of the basis that {@link FloatSelfConsistent} keeps A in: U^T A V stands for an outputs x inputs
 * matrix A, padded with zeros to n x n. Both are the identity until they are turned for the first time.
 */
final class FloatBases {
    private static final int START = FloatSymmetric.START;

    private final int outputs;
    private final int inputs;
    private final int n;
    private final int stride;
    private final Gemm gemm;
    private boolean original = true;
    private final float[] u;
    private final float[] v;
    private final float[] turned;
    private final float[] rotation;
    /** Of a comparison with weights, once there was one. */
    private float[] factor;

    /**
     * The identity, for matrices of one shape.
     *
     * @param stride   distance between rows of a matrix that stands in the basis, which begin at {@link FloatSymmetric#START}
     * @param rotation room for a matrix, of use to others between two calls
     */
    FloatBases(int outputs, int inputs, int stride, Gemm gemm, float[] rotation) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.stride = stride;
        this.gemm = gemm;
        n = Math.max(outputs, inputs);
        u = new float[n * n];
        v = new float[n * n];
        turned = new float[n * n];
        this.rotation = rotation;
    }

    /** Whether U and V are the identity still. */
    boolean isOriginal() {
        return original;
    }

    /** U = U P and V = V Q with the singular vectors P and Q of a matrix that stands in the basis. */
    void turn(FloatSvd svd) {
        svd.u(rotation);
        turn(u);
        svd.v(rotation);
        turn(v);
        original = false;
    }

    private void turn(float[] basis) {
        if (original) {
            System.arraycopy(rotation, 0, basis, 0, n * n);
        } else {
            gemm.sgemm(false, false, n, n, n, 1, basis, 0, n, rotation, 0, n, 0, turned, 0, n);
            System.arraycopy(turned, 0, basis, 0, n * n);
        }
    }

    /** U = U P and V = V Q after leading values, once the basis was turned by singular vectors. */
    void turn(FloatLeadingRotation leading) {
        leading.turnBases(u, v);
    }

    /** X (3 I - X^T X) / 2 in the place of X = U and of X = V, which takes roundings off them (Schulz, 1933). */
    void makeOrthogonal() {
        makeOrthogonal(u);
        makeOrthogonal(v);
    }

    private void makeOrthogonal(float[] basis) {
        gemm.sgemm(true, false, n, n, n, -0.5f, basis, 0, n, basis, 0, n, 0, rotation, 0, n);
        for (int i = 0; i < n; i++) {
            rotation[i * n + i] += 1.5f;
        }
        gemm.sgemm(false, false, n, n, n, 1, basis, 0, n, rotation, 0, n, 0, turned, 0, n);
        System.arraycopy(turned, 0, basis, 0, n * n);
    }

    /** into = U^T X V, once the basis was turned. */
    void into(double[] x, float[] into) {
        pad(x, rotation, 0, n);
        gemm.sgemm(true, false, n, n, n, 1, u, 0, n, rotation, 0, n, 0, turned, 0, n);
        gemm.sgemm(false, false, n, n, n, 1, turned, 0, n, v, 0, n, 0, into, START, stride);
    }

    /** out = U A V^T without the padding, A standing in the basis. */
    void back(float[] a, double[] out) {
        float[] product = a;
        int start = START;
        int rows = stride;
        if (!original) {
            product = back(a);
            start = 0;
            rows = n;
        }
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                out[i * inputs + j] = product[start + i * rows + j];
            }
        }
    }

    /** U A V^T, row-major n x n, which the next call of any method overwrites; once the basis was turned. */
    float[] back(float[] a) {
        gemm.sgemm(false, false, n, n, n, 1, u, 0, n, a, START, stride, 0, turned, 0, n);
        gemm.sgemm(false, true, n, n, n, 1, turned, 0, n, v, 0, n, 0, rotation, 0, n);
        return rotation;
    }

    /** into = X as a matrix that stands in the basis, and zeros. */
    void pad(double[] x, float[] into) {
        pad(x, into, START, stride);
    }

    private void pad(double[] x, float[] into, int start, int intoStride) {
        Arrays.fill(into, 0);
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                into[start + i * intoStride + j] = (float) x[i * inputs + j];
            }
        }
    }

    /**
     * ||A - U^T W_2 W_1 V||_F^2 by the factors, A standing in the basis, which was turned.
     *
     * @param weights of at most n hidden units
     */
    double squaredDistance(float[] a, FloatPanels weights) {
        if (factor == null) {
            factor = new float[n * n];
        }
        PanelLayout layout = weights.layout();
        for (int i = 0; i < n; i++) {
            System.arraycopy(a, START + i * stride, turned, i * n, n);
        }
        for (int panel = 0; panel < layout.panels(); panel++) {
            int units = layout.unitsOf(panel);
            multiply(units, outputs, weights.w2t(panel), u, rotation);
            multiply(units, inputs, weights.w1(panel), v, factor);
            gemm.sgemm(true, false, n, n, units, 1, rotation, 0, n, factor, 0, n, panel == 0 ? -1 : 1, turned, 0, n);
        }
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += FloatVectors.sumOfSquares(n, turned, i * n);
        }
        return squares;
    }

    /** A product of some rows of weights and a basis. */
    private void multiply(int units, int columns, FloatColumns rows, float[] basis, float[] product) {
        gemm.sgemm(false, false, units, n, columns, 1, rows.elements(), rows.rowStart(0), rows.stride(), basis, 0, n, 0,
                product, 0, n);
    }
}
