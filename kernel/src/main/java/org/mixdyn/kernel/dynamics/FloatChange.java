package org.mixdyn.kernel.dynamics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.FloatColumns;
import org.mixdyn.kernel.network.FloatLayers;
import org.mixdyn.kernel.network.LayerLayout;
import org.mixdyn.kernel.parallel.Team;

/**
 * The change of the weights in one step of gradient descent, -eta Q_l G P_(l-1)^T at a hidden layer. It is a product of two
 * factors whose inner size is the smaller of d_out and d_in: Q_l and (-eta G) P_(l-1)^T, or Q_l (-eta G) and P_(l-1)^T.
 */
final class FloatChange {
    /** Columns of a right factor that one thread computes together. */
    private static final int BLOCK = 128;

    private final FloatLayers layers;
    private final int outputs;
    private final int inputs;
    private final Gemm gemm;
    private final Team team;
    /** Of one thread each, for the blocks of a right factor. */
    private final Gemm[] singles;
    /** -eta G, d_out x d_in. */
    private final FloatColumns gradient;
    /** The left factor where it is not Q_l. */
    private final FloatColumns left;
    /** The right factor, cut like the layer that it changes. */
    private final float[] right;
    private final Team.Work rightWork = (rank, size) -> rightBlocks(rank);
    private final AtomicInteger nextBlock = new AtomicInteger();
    /** Of the right factor that is being computed, and what it is computed from. */
    private LayerLayout layout;
    private FloatColumns forward;

    FloatChange(FloatLayers layers, Gemm gemm, Team team) {
        this.layers = layers;
        this.gemm = gemm;
        this.team = team;
        singles = new Gemm[team.size()];
        Arrays.setAll(singles, rank -> Gemm.withThreads(1));
        DeepShape shape = layers.shape();
        outputs = shape.outputs();
        inputs = shape.inputs();
        gradient = FloatColumns.zeros(outputs, inputs);
        int size = 0;
        for (int l = 2; l < shape.depth(); l++) {
            LayerLayout hidden = layers.hidden(l).layout();
            size = Math.max(size,
                    Math.addExact(hidden.rowStart(0), Math.multiplyExact(hidden.panels() * hidden.stride(), rank())));
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
        nextBlock.set(0);
        team.run(rightWork);
        return right;
    }

    /** Blocks of columns, whichever is next. They are cut by the layout alone, so that the bits do not depend on threads. */
    private void rightBlocks(int rank) {
        int perPanel = Math.ceilDiv(layout.colsPerPanel(), BLOCK);
        int blocks = layout.panels() * perPanel;
        for (int block = nextBlock.getAndIncrement(); block < blocks; block = nextBlock.getAndIncrement()) {
            int panel = block / perPanel;
            int column = block % perPanel * BLOCK;
            int columns = Math.min(BLOCK, layout.colsOf(panel) - column);
            if (columns > 0) {
                rightBlock(singles[rank], panel, column, columns);
            }
        }
    }

    private void rightBlock(Gemm single, int panel, int column, int columns) {
        int from = forward.rowStart(layout.firstCol(panel) + column);
        int to = layout.rowStart(panel * rank()) + column;
        if (outputs <= inputs) {
            single.sgemm(false, true, outputs, columns, inputs, 1, gradient.elements(), gradient.rowStart(0),
                    gradient.stride(), forward.elements(), from, forward.stride(), 0, right, to, layout.stride());
        } else {
            FloatTransposition.transpose(columns, inputs, forward.elements(), from, forward.stride(), right, to,
                    layout.stride());
        }
    }
}
