package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.FloatColumns;
import org.mixdyn.kernel.network.FloatPanels;
import org.mixdyn.kernel.network.PanelLayout;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.svd.FloatSvd;

/**
 * Orthogonal U and V, n x n, of the basis that {@link FloatSelfConsistent} keeps A in: U^T A V stands for an outputs x inputs
 * matrix A, padded with zeros to n x n. Both are the identity until they are turned for the first time. They have the stride
 * of what stands in the basis, for {@link FloatBands} to read them as they are.
 */
final class FloatBases {
    private static final int START = FloatSymmetric.START;

    private final int outputs;
    private final int inputs;
    private final int n;
    private final int stride;
    private final Team team;
    private final FloatBands bands;
    private final Gemm gemm;
    private boolean original = true;
    private final float[] u;
    private final float[] v;
    /**
     * A rotation without gaps, or with the stride of the bases: V^T, a matrix before it is turned, 3/2 I - X^T X / 2, or what of
     * weights is turned by U. Its padding may hold anything between two calls: where it is read in whole vectors it was written
     * so before.
     */
    private final float[] rotation;
    /** A product with one of the bases, or a basis that is to be. Its padding is zero, and stays so. */
    private final float[] turned;
    /** A product with both, or what of weights is turned by V; its padding is zero too. */
    private final float[] product;
    /** What the bands of a comparison add to the squared distance. */
    private final double[] squares;

    /**
     * The identity, for matrices of one shape.
     *
     * @param stride   distance between rows of a matrix that stands in the basis, which begin at {@link FloatSymmetric#START}
     * @param rotation room for a matrix, of use to others between two calls
     * @param turned   the same, as long as they leave zeros where rows are padded
     * @param product  the same
     */
    FloatBases(int outputs, int inputs, int stride, Team team, FloatBands bands, Gemm gemm, float[] rotation,
            float[] turned, float[] product) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.stride = stride;
        this.team = team;
        this.bands = bands;
        this.gemm = gemm;
        this.rotation = rotation;
        this.turned = turned;
        this.product = product;
        n = Math.max(outputs, inputs);
        u = new float[FloatSymmetric.size(n, n)];
        v = new float[FloatSymmetric.size(n, n)];
        squares = new double[FloatBands.count(n)];
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
            for (int i = 0; i < n; i++) {
                System.arraycopy(rotation, i * n, basis, START + i * stride, n);
            }
        } else {
            gemm.sgemm(false, false, n, n, n, 1, basis, START, stride, rotation, 0, n, 0, turned, START, stride);
            take(basis);
        }
    }

    /** The basis becomes what is in turned, with the padding: zeros, as products write none but these there, nor do others. */
    private void take(float[] basis) {
        System.arraycopy(turned, 0, basis, 0, basis.length);
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
        gemm.sgemm(true, false, n, n, n, -0.5f, basis, START, stride, basis, START, stride, 0, rotation, START, stride);
        for (int i = 0; i < n; i++) {
            rotation[START + i * stride + i] += 1.5f;
        }
        gemm.sgemm(false, false, n, n, n, 1, basis, START, stride, rotation, START, stride, 0, turned, START, stride);
        take(basis);
    }

    /** into = U^T X V, once the basis was turned. */
    void into(double[] x, float[] into) {
        pad(x, rotation);
        gemm.sgemm(true, false, n, n, n, 1, u, START, stride, rotation, START, stride, 0, turned, START, stride);
        gemm.sgemm(false, false, n, n, n, 1, turned, START, stride, v, START, stride, 0, into, START, stride);
    }

    /** out = U A V^T without the padding, A standing in the basis. */
    void back(float[] a, double[] out) {
        float[] from = original ? a : back(a);
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                out[i * inputs + j] = from[START + i * stride + j];
            }
        }
    }

    /** U A V^T with the stride of A, which the next call of any method overwrites; once the basis was turned. */
    float[] back(float[] a) {
        Parts.forEach(team, FloatSymmetric.strips(n), (rank, strip) -> {
            int first = strip * FloatSymmetric.STRIP;
            FloatTransposition.strip(stride, v, START + first * stride, stride, rotation, START + first, stride);
        });
        Parts.forEach(team, FloatBands.count(n), (rank, band) -> {
            bands.multiply(rank, band, n, n, n, u, stride, a, turned, stride, false);
            bands.multiply(rank, band, n, n, n, turned, stride, rotation, product, stride, false);
        });
        return product;
    }

    /** into = X as a matrix that stands in the basis, and zeros. */
    void pad(double[] x, float[] into) {
        Arrays.fill(into, 0);
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                into[START + i * stride + j] = (float) x[i * inputs + j];
            }
        }
    }

    /**
     * ||A - U^T W_2 W_1 V||_F^2 by the factors, A standing in the basis, which was turned.
     *
     * @param weights of at most n hidden units
     */
    double squaredDistance(float[] a, FloatPanels weights) {
        PanelLayout layout = weights.layout();
        int last = layout.panels() - 1;
        for (int panel = 0; panel <= last; panel++) {
            int number = panel;
            int units = layout.unitsOf(panel);
            multiply(units, outputs, weights.w2t(panel), u, rotation);
            multiply(units, inputs, weights.w1(panel), v, product);
            Parts.forEach(team, squares.length, (rank, band) -> {
                bands.multiplyTransposed(rank, band, n, n, units, rotation, product, turned, stride, number > 0);
                if (number == last) {
                    squares[band] = squaredDistance(band, a);
                }
            });
        }
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        return sum;
    }

    /** A product of some rows of weights and a basis. */
    private void multiply(int units, int columns, FloatColumns rows, float[] basis, float[] into) {
        Parts.forEach(team, FloatBands.count(units), (rank, band) -> bands.multiply(rank, band, units, n, columns,
                rows.elements(), rows.stride(), basis, into, stride, false));
    }

    /** The part of a band in the squared distance of A from what {@link #turned} holds. */
    private double squaredDistance(int band, float[] a) {
        double sum = 0;
        for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, n); i++) {
            int row = START + i * stride;
            sum += FloatVectors.squaredDistance(n, a, row, turned, row);
        }
        return sum;
    }
}
