package org.mixdyn.kernel.dynamics;

import java.util.List;
import java.util.Objects;

import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.DoublePanels;
import org.mixdyn.kernel.network.FloatPanels;
import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.network.PanelLayout;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent on the weights of a network with one hidden layer, A = W_2 W_1, W_1: width x d_in, W_2: d_out x width,
 * on the loss (1/2) ||A - Y||_F^2 (arXiv:2405.17580, section 2):
 *
 * <pre>
 *   G = A - Y,  W_1' = W_1 - eta W_2^T G,  W_2' = W_2 - eta G W_1^T   (or W_1'^T, in alternating order)
 * </pre>
 *
 * A fresh dynamics holds the product of its initial weights. The bits of a trajectory depend on the seed, the shape, the
 * precision and the machine's vector unit and caches, not on the number of threads.
 */
public final class TwoLayer {
    private TwoLayer() {
    }

    /**
     * Bytes that a network's weights and work space occupy, to a few per cent.
     *
     * @param threads that share a step
     * @throws IllegalArgumentException if a size is out of the range of {@link PanelLayout}
     */
    public static long bytes(int outputs, int inputs, long width, Precision precision, int threads) {
        PanelLayout layout = new PanelLayout(outputs, inputs, width, precision);
        long in = layout.inputStride();
        long out = layout.outputStride();
        // Of each group a partial sum of A, and of both Gram matrices, which share theirs where they are of one size.
        long sums = layout.groups() * (out * in + in * in + (out == in ? 0 : out * out));
        // Of each thread the weights of a panel before they change, and a packed one.
        long own = 2L * threads * layout.mostRows() * Math.max(in, out);
        long gram = Math.max(in * in, out * out);
        // And what a task needs, and the gradient.
        return layout.bytes() + (own + sums + gram) * precision.bytes() + 12L * Double.BYTES * out * in;
    }

    /**
     * Bytes that drawing weights needs besides, for a while.
     *
     * @throws IllegalArgumentException if such weights do not exist at that width
     */
    public static long drawingBytes(int outputs, int inputs, long width, Initialization kind, Precision precision) {
        if (kind == Initialization.GAUSSIAN) {
            return 0;
        }
        DeepShape shape = DeepShape.of(outputs, inputs, List.of(width));
        return kind.frameBytes(shape, precision) + shape.weights() * precision.bytes();
    }

    /**
     * Independent N(0, sigma^2) weights, drawn from the seed.
     *
     * @param task      what is to be learned
     * @param width     hidden units, at least 1
     * @param sigma     standard deviation of a weight, finite and at least 0
     * @param eta       step size, finite and above 0
     * @param order     in which the layers are updated
     * @param precision of the weights and products
     * @param threads   that share a step, from 1 to {@link Team#MAX_THREADS}
     * @param seed      any number
     * @return a dynamics that holds the product of the initial weights
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Dynamics gaussian(Task task, long width, double sigma, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        return drawn(task, width, InitialWeights.gaussian(sigma), eta, order, precision, threads, seed);
    }

    /**
     * Weights drawn from the seed.
     *
     * @param task      what is to be learned
     * @param width     hidden units, at least 1; where the weights are not Gaussian, at most those of {@link DeepShape}
     * @param initial   law of the weights
     * @param eta       step size, finite and above 0
     * @param order     in which the layers are updated
     * @param precision of the weights and products
     * @param threads   that share a step, from 1 to {@link Team#MAX_THREADS}
     * @param seed      any number
     * @return a dynamics that holds the product of the initial weights
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Dynamics drawn(Task task, long width, InitialWeights initial, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        StepSize.check(eta, precision);
        Objects.requireNonNull(order, "order");
        Team team = Team.of(threads);
        return switch (precision) {
            case F32 -> new FloatTwoLayer(task,
                    FloatPanels.drawn(task.outputs(), task.inputs(), width, initial, seed, team), eta, order, team);
            case F64 -> new DoubleTwoLayer(task,
                    DoublePanels.drawn(task.outputs(), task.inputs(), width, initial, seed, team), eta, order, team);
        };
    }

    /**
     * Starts from given weights.
     *
     * @param task      what is to be learned
     * @param width     hidden units, at least 1
     * @param w1        W_1, row-major width x d_in, copied and rounded
     * @param w2        W_2, row-major d_out x width, copied and rounded
     * @param eta       step size, finite and above 0
     * @param order     in which the layers are updated
     * @param precision of the weights and products
     * @param threads   that share a step, from 1 to {@link Team#MAX_THREADS}
     * @return a dynamics that holds the product of the initial weights
     * @throws IllegalArgumentException if an argument is out of its range or an array has the wrong length
     */
    public static Dynamics of(Task task, int width, double[] w1, double[] w2, double eta, UpdateOrder order,
            Precision precision, int threads) {
        StepSize.check(eta, precision);
        Objects.requireNonNull(order, "order");
        Team team = Team.of(threads);
        return switch (precision) {
            case F32 -> new FloatTwoLayer(task, FloatPanels.of(task.outputs(), task.inputs(), width, w1, w2, team), eta,
                    order, team);
            case F64 -> new DoubleTwoLayer(task, DoublePanels.of(task.outputs(), task.inputs(), width, w1, w2, team),
                    eta, order, team);
        };
    }
}
