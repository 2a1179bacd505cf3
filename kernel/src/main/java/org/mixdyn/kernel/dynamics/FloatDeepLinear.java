package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.FloatColumns;
import org.mixdyn.kernel.network.FloatLayerPass;
import org.mixdyn.kernel.network.FloatLayers;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent on the weights of A = W_L ... W_1. Every matrix product has few columns, d_in or d_out. A step needs the
 * forward products P_l = W_l ... W_1 and the backward products Q_l = (W_L ... W_(l+1))^T of the old weights, at
 * 2 n_l n_(l-1) d flops for each hidden layer, and as many for its change.
 *
 * <p>A simultaneous step is one sweep over the weights, which are read and written once. Steps go up and down in turn. One
 * that goes up finds Q_l of all layers from the step before. At layer l it multiplies the old weights with the old P_(l-1),
 * changes them by Q_l and P_(l-1), and multiplies the new ones with the new P_(l-1): above the last layer it knows the new A
 * and the new P_l of all layers, which the next step, going down, begins with. That one is the same for the transposes.
 *
 * <p>In alternating order, layer l needs the new P_(l-1) and the old Q_l: a step goes up, changing the weights, and then
 * down for the next Q_l.
 *
 * <p>P_1 and Q_(L-1) are W_1 and W_L^T themselves. Elsewhere P_l and Q_l share their memory: where one is made, the other
 * has just been used.
 */
final class FloatDeepLinear extends FloatDescent {
    private final FloatLayers layers;
    private final DeepShape shape;
    private final int depth;
    private final boolean simultaneous;
    private final Team team;
    private final Gemm gemm;
    private final FloatLayerPass pass;
    private final FloatChange change;
    private final FloatConserved conserved;
    /** P_l at l, n_l x d_in. */
    private final FloatColumns[] forward;
    /** Q_l at l, n_l x d_out. */
    private final FloatColumns[] backward;
    /** P_l or Q_l of the weights before the step, of one layer and of the next: the layers take turns. */
    private final FloatColumns[] oldForward;
    private final FloatColumns[] oldBackward;
    private final double initialConserved;
    private final Team.Work beginWork = this::begin;
    /** Whether P_l of all layers are known, rather than Q_l. */
    private boolean atTop = true;

    FloatDeepLinear(Task task, FloatLayers layers, double eta, UpdateOrder order, int threads) {
        super(task, eta);
        this.layers = layers;
        shape = layers.shape();
        depth = shape.depth();
        simultaneous = order == UpdateOrder.SIMULTANEOUS;
        team = Team.of(threads);
        gemm = Gemm.withThreads(threads);
        change = new FloatChange(layers, gemm, team);
        pass = new FloatLayerPass(team, change.rank());
        conserved = new FloatConserved(layers, gemm, pass);
        forward = new FloatColumns[depth];
        backward = new FloatColumns[depth];
        for (int l = 1; l < depth; l++) {
            FloatColumns shared = depth == 2 ? null : FloatColumns.zeros(shape.width(l), Math.max(inputs, outputs));
            forward[l] = l == 1 ? layers.first() : shared.first(inputs);
            backward[l] = l == depth - 1 ? layers.lastTransposed() : shared.first(outputs);
        }
        oldForward = new FloatColumns[2];
        oldBackward = new FloatColumns[2];
        for (int i = 0; i < 2 && simultaneous; i++) {
            FloatColumns shared = FloatColumns.zeros(shape.widest(), Math.max(inputs, outputs));
            oldForward[i] = new FloatColumns(shared.elements(), inputs, layers.first().stride());
            oldBackward[i] = new FloatColumns(shared.elements(), outputs, layers.lastTransposed().stride());
        }
        for (int l = 2; l < depth; l++) {
            pass.multiply(layers.hidden(l), forward[l - 1], forward[l]);
        }
        multiplyAtTop();
        if (!simultaneous) {
            goDown();
        }
        initialConserved = conserved.norm();
    }

    @Override
    public void step() {
        team.run(beginWork);
        if (!simultaneous) {
            alternatingStep();
        } else if (atTop) {
            stepDown();
            atTop = false;
        } else {
            stepUp();
            atTop = true;
        }
    }

    /** The share of one thread in -eta G, and in a copy of the weights that a simultaneous step changes first but needs later. */
    private void begin(int rank, int size) {
        change.setGradient(product, task.labels(), eta, rank, size);
        if (simultaneous) {
            float[] from = (atTop ? backward[depth - 1] : forward[1]).elements();
            float[] to = (atTop ? oldBackward : oldForward)[0].elements();
            int start = (int) ((long) from.length * rank / size);
            int end = (int) ((long) from.length * (rank + 1) / size);
            System.arraycopy(from, start, to, start, end - start);
        }
    }

    private void stepUp() {
        FloatColumns old = oldForward[0];
        FloatColumns next = oldForward[1];
        change.addToFirst(backward[1]);
        for (int l = 2; l < depth; l++) {
            pass.up(layers.hidden(l), old, next, change.left(l, backward[l]), change.right(l, old), forward[l - 1],
                    forward[l]);
            FloatColumns done = old;
            old = next;
            next = done;
        }
        change.addToLast(old);
        multiplyAtTop();
    }

    private void stepDown() {
        FloatColumns old = oldBackward[0];
        FloatColumns next = oldBackward[1];
        change.addToLast(forward[depth - 1]);
        for (int l = depth - 1; l >= 2; l--) {
            pass.down(layers.hidden(l), old, next, change.left(l, old), change.right(l, forward[l - 1]), backward[l],
                    backward[l - 1]);
            FloatColumns done = old;
            old = next;
            next = done;
        }
        change.addToFirst(old);
        // A = Q_1^T W_1.
        multiply(backward[1], forward[1], shape.width(1));
    }

    private void alternatingStep() {
        change.addToFirst(backward[1]);
        for (int l = 2; l < depth; l++) {
            pass.up(layers.hidden(l), null, null, change.left(l, backward[l]), change.right(l, forward[l - 1]),
                    forward[l - 1], forward[l]);
        }
        change.addToLast(forward[depth - 1]);
        multiplyAtTop();
        goDown();
    }

    /** Q_(l-1) = W_l^T Q_l for all hidden layers. */
    private void goDown() {
        for (int l = depth - 1; l >= 2; l--) {
            pass.multiplyTransposed(layers.hidden(l), backward[l], backward[l - 1]);
        }
    }

    /** A = W_L P_(L-1). */
    private void multiplyAtTop() {
        multiply(backward[depth - 1], forward[depth - 1], shape.width(depth - 1));
    }

    /** A = Q^T P of the same layer. */
    private void multiply(FloatColumns q, FloatColumns p, int units) {
        gemm.sgemm(true, false, outputs, inputs, units, 1, q.elements(), q.rowStart(0), q.stride(), p.elements(),
                p.rowStart(0), p.stride(), 0,
                product, 0, inputs);
    }

    @Override
    public double conservedDrift() {
        return Math.abs(conserved.norm() - initialConserved) / initialConserved;
    }

    /** The products with the weights; those of P_l and Q_l with G, a fraction d / n_l of them, are counted too. */
    @Override
    public double flopsPerStep() {
        double square = (double) outputs * inputs;
        double ends = 2 * square * (shape.width(1) + 2.0 * shape.width(depth - 1));
        double hidden = 0;
        for (int l = 2; l < depth; l++) {
            double cells = (double) shape.width(l) * shape.width(l - 1);
            hidden += 2 * cells * (inputs + outputs + change.rank());
            hidden += 2 * square * (outputs <= inputs ? shape.width(l - 1) : shape.width(l));
        }
        return ends + hidden;
    }
}
