package org.mixdyn.kernel.dynamics;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;

/**
 * The update W_1' = W_1 - eta W_2^T G of one layer as the products see it that do without weights, in the basis in which Y is
 * diagonal. With M = W_1^T W_1, N = W_2 W_2^T and G = A - Y,
 *
 * <pre>
 *   B  = W_2 W_1'    = A - eta N G
 *   M' = W_1'^T W_1' = M - eta (A^T G + G^T B) = M - eta A^T (A + B - Y) + eta Y^T B
 * </pre>
 *
 * M' is symmetric: its upper half is enough. A product with Y costs next to nothing. The update of the other layer is the same
 * of the transposes, with M and N in each other's places. What has to be done with single elements is done row by row while
 * the rows are in the cache.
 */
final class FloatLayerUpdate {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final int START = FloatSymmetric.START;

    private final int rows;
    private final int cols;
    private final int stride;
    private final double[] labels;
    private final double eta;
    private final FloatBands bands;
    private final float[] work;

    /**
     * The update of W_1 where A is rows x cols.
     *
     * @param labels the diagonal of Y
     */
    FloatLayerUpdate(int rows, int cols, double[] labels, double eta, FloatBands bands) {
        this.rows = rows;
        this.cols = cols;
        this.labels = labels;
        this.eta = eta;
        this.bands = bands;
        stride = FloatSymmetric.padded(cols);
        work = new float[FloatSymmetric.size(rows, cols)];
    }

    /** Room for a matrix of A's shape; what {@link #multiply} leaves here {@link #updateGram} needs. */
    float[] work() {
        return work;
    }

    /**
     * A band of rows of B.
     *
     * @param n        N
     * @param gradient G
     * @param diagonal that of A, whose other elements are those of G
     * @param b        overwritten with B
     */
    void multiply(int rank, int band, FloatSymmetric n, float[] gradient, float[] diagonal, float[] b) {
        bands.multiply(rank, band, rows, cols, rows, n.elements(), n.stride(), gradient, work, stride, false);
        for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, rows); i++) {
            finishRow(i, gradient, diagonal, b);
        }
    }

    /** A row of B = A - eta P, and of -eta (A + B - Y) in the place of P = N G. */
    private void finishRow(int row, float[] gradient, float[] diagonal, float[] b) {
        int from = START + row * stride;
        float p = row < labels.length ? work[from + row] : 0;
        float step = (float) -eta;
        FloatVector minusEta = FloatVector.broadcast(S, step);
        for (int at = from; at < from + stride; at += L) {
            FloatVector old = FloatVector.fromArray(S, gradient, at);
            FloatVector updated = FloatVector.fromArray(S, work, at).fma(minusEta, old);
            updated.intoArray(b, at);
            old.add(updated).mul(minusEta).intoArray(work, at);
        }
        if (row < labels.length) {
            float updated = Math.fma(step, p, diagonal[row]);
            b[from + row] = updated;
            work[from + row] = (float) (step * (diagonal[row] + updated - labels[row]));
        }
    }

    /**
     * Some rows of M' from the diagonal on, once all of B is known.
     *
     * @param part of {@link FloatBands#upperCount}
     * @param a    A
     * @param m    M, overwritten with M'
     */
    void updateGram(int rank, int part, float[] a, float[] b, FloatSymmetric m) {
        bands.multiplyUpper(rank, part, cols, rows, a, work, stride, m.elements(), m.stride(), true);
        int first = FloatBands.upperFirst(part);
        for (int i = first; i < Math.min(FloatBands.upperFirst(part + 1), labels.length); i++) {
            FloatVectors.axpy(cols - first, (float) (eta * labels[i]), b, START + i * stride + first, m.elements(),
                    START + i * m.stride() + first);
        }
    }
}
