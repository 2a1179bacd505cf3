package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.FloatColumns;
import org.mixdyn.kernel.network.FloatLayers;
import org.mixdyn.kernel.network.LayerLayout;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;

/**
 * The change of the weights in one step of gradient descent, -eta Q_l G P_(l-1)^T at a hidden layer. It is a product of two
 * factors whose inner size is the smaller of d_out and d_in: Q_l and (-eta G) P_(l-1)^T, or Q_l (-eta G) and P_(l-1)^T.
 */
final class FloatChange {
    private static final int LINE = Precision.F32.lineElements();

    private final FloatLayers layers;
    private final int outputs;
    private final int inputs;
    private final Gemm gemm;
    private final Team team;
    /** One for each thread, for products that are its own. */
    private final Gemm[] own;
    /** -eta G, d_out x d_in. */
    private final FloatColumns gradient;
    /** The left factor where it is not Q_l. */
    private final FloatColumns left;
    /** The right factor, cut like the layer that it changes. */
    private final float[] right;
    private final Team.Work rightWork = this::rightColumns;
    private LayerLayout layout;
    private FloatColumns forward;

    FloatChange(FloatLayers layers, Gemm gemm, Team team) {
        this.layers = layers;
        this.gemm = gemm;
        this.team = team;
        own = new Gemm[team.size()];
        Arrays.setAll(own, rank -> Gemm.withThreads(1));
        DeepShape shape = layers.shape();
        outputs = shape.outputs();
        inputs = shape.inputs();
        gradient = FloatColumns.zeros(outputs, inputs);
        int size = 0;
        for (int l = 2; l < shape.depth(); l++) {
            LayerLayout layout = layers.hidden(l).layout();
            size = Math.max(size,
                    Math.addExact(layout.rowStart(0), Math.multiplyExact(layout.panels() * layout.stride(), rank())));
        }
        right = new float[size];
        left = outputs <= inputs ? null : FloatColumns.zeros(shape.widest(), inputs);
    }

    /** Columns of the left factor, rows of the right one. */
    int rank() {
        return Math.min(outputs, inputs);
    }

    /** The share of one thread in -eta G of G = A - Y. */
    void setGradient(float[] product, double[] labels, double eta, int rank, int size) {
        for (int i = (int) ((long) outputs * rank / size); i < (long) outputs * (rank + 1) / size; i++) {
            int start = gradient.rowStart(i);
            for (int j = 0; j < inputs; j++) {
                gradient.elements()[start + j] = (float) (-eta * (product[i * inputs + j] - labels[i * inputs + j]));
            }
        }
    }

    /** W_1 += Q_1 (-eta G). */
    void addToFirst(FloatColumns q) {
        multiplyByGradient(q, layers.shape().width(1), 1, layers.first());
    }

    /** W_L^T += P_(L-1) (-eta G)^T. */
    void addToLast(FloatColumns p) {
        FloatColumns last = layers.lastTransposed();
        gemm.sgemm(false, true, layers.shape().width(layers.shape().depth() - 1), outputs, inputs, 1, p.elements(),
                p.rowStart(0), p.stride(), gradient.elements(), gradient.rowStart(0), gradient.stride(), 1,
                last.elements(), last.rowStart(0), last.stride());
    }

    /** The left factor of layer l; q is returned or read. */
    FloatColumns left(int l, FloatColumns q) {
        if (outputs <= inputs) {
            return q;
        }
        multiplyByGradient(q, layers.shape().width(l), 0, left);
        return left;
    }

    /** Y = Q (-eta G) + beta Y with so many rows. */
    private void multiplyByGradient(FloatColumns q, int rows, float beta, FloatColumns y) {
        gemm.sgemm(false, false, rows, inputs, outputs, 1, q.elements(), q.rowStart(0), q.stride(),
                gradient.elements(), gradient.rowStart(0), gradient.stride(), beta, y.elements(), y.rowStart(0),
                y.stride());
    }

    /** The right factor of layer l, which the next call overwrites. */
    float[] right(int l, FloatColumns p) {
        layout = layers.hidden(l).layout();
        forward = p;
        team.run(rightWork);
        return right;
    }

    /** The share of one thread: whole cache lines of columns, which may be in several panels. */
    private void rightColumns(int rank, int size) {
        long lines = Math.ceilDiv(layout.cols(), LINE);
        int begin = (int) (lines * rank / size * LINE);
        int end = (int) Math.min(layout.cols(), lines * (rank + 1) / size * LINE);
        for (int panel = 0; panel < layout.panels(); panel++) {
            int from = Math.max(begin, layout.firstCol(panel));
            int to = Math.min(end, layout.firstCol(panel + 1));
            if (from < to) {
                rightPart(own[rank], panel, from, to - from);
            }
        }
    }

    private void rightPart(Gemm alone, int panel, int column, int columns) {
        int from = forward.rowStart(column);
        int to = layout.rowStart(panel * rank()) + column - layout.firstCol(panel);
        if (outputs <= inputs) {
            alone.sgemm(false, true, outputs, columns, inputs, 1, gradient.elements(), gradient.rowStart(0),
                    gradient.stride(), forward.elements(), from, forward.stride(), 0, right, to, layout.stride());
        } else {
            FloatTransposition.transpose(columns, inputs, forward.elements(), from, forward.stride(), right, to,
                    layout.stride());
        }
    }
}
