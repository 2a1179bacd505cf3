package org.mixdyn.kernel.dynamics;

import java.util.List;
import java.util.Objects;

import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.DoubleLayers;
import org.mixdyn.kernel.network.FloatLayers;
import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.network.LayerLayout;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent on the weights of a linear network of any depth L &gt;= 2, A = W_L ... W_2 W_1 with W_l: n_l x n_(l-1),
 * n_0 = d_in, n_L = d_out, on the loss (1/2) ||A - Y||_F^2:
 *
 * <pre>
 *   G = A - Y,   W_l' = W_l - eta (W_L ... W_(l+1))^T G (W_(l-1) ... W_1)^T
 * </pre>
 *
 * In alternating order the layers move one after the other, W_1 first: the layers below in the formula are the new ones,
 * those above and G are the old ones. For L = 2 both orders are those of {@link TwoLayer}, which is faster there.
 *
 * <p>A fresh dynamics holds the product of its initial weights. The bits of a trajectory depend on the seed, the shape, the
 * precision and the machine's vector unit and caches, not on the number of threads.
 *
 * <p>Its conserved drift is that of sqrt(sum_l ||M_l||_F^2), M_l = W_l W_l^T - W_(l+1)^T W_(l+1); beyond width 64, where the
 * matrices M_l cost more than a step, it is estimated by the products of M_l with 64 fixed Gaussian vectors.
 */
public final class DeepLinear {
    /** Columns that the matrices M_l are multiplied with where they are wider. */
    static final int TEST_VECTORS = 64;

    private DeepLinear() {
    }

    /**
     * Bytes that a network's weights and work space occupy, to a few per cent.
     *
     * @param threads that share a step
     * @throws IllegalArgumentException if a size is out of the range of {@link DeepShape} or {@link LayerLayout}, or a width
     *                                  has test vectors that are no array
     */
    public static long bytes(int outputs, int inputs, List<Long> widths, Precision precision, int threads) {
        DeepShape shape = shape(outputs, inputs, widths);
        long inputStride = LayerLayout.stride(inputs, precision);
        long outputStride = LayerLayout.stride(outputs, precision);
        long largerStride = Math.max(inputStride, outputStride);
        long ends = shape.width(1) * inputStride + shape.width(shape.depth() - 1) * outputStride;
        long products = 0;
        long hidden = 0;
        for (int l = 1; l < shape.depth(); l++) {
            // P_l and Q_l are in one place.
            products += shape.width(l) * largerStride;
            hidden += l == 1 ? 0 : new LayerLayout(shape.width(l), shape.width(l - 1), precision).bytes();
        }
        long widest = Math.max(shape.widest(), Math.max(outputs, inputs));
        // Old products of two layers, the factors of a change, whose panels are padded, and four sets of test vectors.
        long factors = 4 * (widest + 1024) * largerStride
                + 4 * widest * LayerLayout.stride((int) Math.min(widest, TEST_VECTORS), precision);
        // Each of these arrays begins some elements before its first row.
        long starts = (shape.depth() + 10L) * precision.lineStart();
        // Of each thread packed parts of both operands of a product, of A perhaps many rows, and a block of a left factor.
        BlockSizes blocks = BlockSizes.of(precision);
        long rows = Math.max(blocks.mc(), Math.min(widest, blocks.nc()));
        long own = threads * ((blocks.mc() + rows) * Math.min(blocks.kc(), largerStride) + blocks.mc() * largerStride);
        // What a task and a decomposition need.
        return hidden + (ends + products + factors + starts + own) * precision.bytes()
                + 24L * Double.BYTES * outputStride * inputStride;
    }

    /**
     * Bytes that drawing weights needs besides, for a while.
     *
     * @throws IllegalArgumentException if such weights do not exist at that shape
     */
    public static long drawingBytes(int outputs, int inputs, List<Long> widths, Initialization kind,
            Precision precision) {
        return kind.frameBytes(shape(outputs, inputs, widths), precision);
    }

    /**
     * Weights drawn from the seed.
     *
     * @param task      what is to be learned
     * @param widths    n_1, ..., n_(L-1)
     * @param initial   law of the weights
     * @param eta       step size, finite and above 0
     * @param order     in which the layers are updated
     * @param precision of the weights and products
     * @param threads   that share a step, from 1 to {@link Team#MAX_THREADS}
     * @param seed      any number
     * @return a dynamics that holds the product of the initial weights
     * @throws IllegalArgumentException if an argument is out of its range, or such weights do not exist at that shape
     */
    public static Dynamics drawn(Task task, List<Long> widths, InitialWeights initial, double eta, UpdateOrder order,
            Precision precision, int threads, long seed) {
        StepSize.check(eta, precision);
        Objects.requireNonNull(order, "order");
        DeepShape shape = shape(task.outputs(), task.inputs(), widths);
        Team team = Team.of(threads);
        return switch (precision) {
            case F32 -> new FloatDeepLinear(task, FloatLayers.drawn(shape, initial, seed, team), eta, order, threads);
            case F64 -> new DoubleDeepLinear(task, DoubleLayers.drawn(shape, initial, seed, team), eta, order, threads);
        };
    }

    /**
     * Starts from given weights.
     *
     * @param task      what is to be learned
     * @param widths    n_1, ..., n_(L-1)
     * @param weights   W_1, ..., W_L, row-major, copied and rounded
     * @param eta       step size, finite and above 0
     * @param order     in which the layers are updated
     * @param precision of the weights and products
     * @param threads   that share a step, from 1 to {@link Team#MAX_THREADS}
     * @return a dynamics that holds the product of the initial weights
     * @throws IllegalArgumentException if an argument is out of its range or an array has the wrong length
     */
    public static Dynamics of(Task task, List<Long> widths, double[][] weights, double eta, UpdateOrder order,
            Precision precision, int threads) {
        StepSize.check(eta, precision);
        Objects.requireNonNull(order, "order");
        DeepShape shape = shape(task.outputs(), task.inputs(), widths);
        Team team = Team.of(threads);
        return switch (precision) {
            case F32 -> new FloatDeepLinear(task, FloatLayers.of(shape, weights, team), eta, order, threads);
            case F64 -> new DoubleDeepLinear(task, DoubleLayers.of(shape, weights, team), eta, order, threads);
        };
    }

    /** The shape, if the test vectors of its widest layer are an array. */
    private static DeepShape shape(int outputs, int inputs, List<Long> widths) {
        DeepShape shape = DeepShape.of(outputs, inputs, widths);
        int most = LayerLayout.mostRows(TEST_VECTORS);
        if (shape.widest() > most) {
            throw new IllegalArgumentException("a width is " + shape.widest() + "; allowed are 1 to " + most);
        }
        return shape;
    }
}
