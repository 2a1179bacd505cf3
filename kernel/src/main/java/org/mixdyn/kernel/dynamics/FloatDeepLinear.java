package org.mixdyn.kernel.dynamics;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.gemm.FloatMacroKernel;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.FloatLayer;
import org.mixdyn.kernel.network.FloatLayers;
import org.mixdyn.kernel.network.LayerLayout;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent on the weights of A = W_L ... W_1. Every matrix product has few columns, d_in or d_out. With the
 * forward products P_l = W_l ... W_1 and the backward products Q_l = (W_L ... W_(l+1))^T, a step of a hidden layer is
 *
 * <pre>
 *   W_l += Q_l R_(l-1)         R_l = -eta G P_l^T, P_l of before the step, or of after it
 *   P_l  = W_l P_(l-1)         on the way up
 *   Q_(l-1) = W_l^T Q_l        on the way down, when all layers are new
 * </pre>
 *
 * at 2 n_l n_(l-1) d flops each. Where d_out &gt; d_in the update is summed over the inputs instead: Q_l (-eta G) takes the
 * place of Q_l, and P_l^T that of R_l. P_1 and Q_(L-1) are W_1 and W_L^T themselves.
 *
 * <p>The weights are read twice a step and written once: on the way up a block of W_l is updated and multiplied while it is
 * in the cache. Blocks of rows on the way up, and of columns on the way down, are independent of each other: threads take
 * whichever is next.
 */
final class FloatDeepLinear implements Dynamics {
    private static final int KC = BlockSizes.of(Precision.F32).kc();
    private static final int MC = BlockSizes.of(Precision.F32).mc();
    private static final int MR = BlockSizes.of(Precision.F32).mr();
    /** Elements of a cache line. */
    private static final int LINE = 64 / Precision.F32.bytes();
    /** Rows of a block on the way down, which with the columns of a panel fills a part of the second-level cache. */
    private static final int DOWN = 256;
    /** Columns of the matrix that stands for the conserved quantities of a wide layer. */
    private static final int TEST_VECTORS = 64;
    private static final long TEST_STREAM = 1024;

    private final Task task;
    private final DeepShape shape;
    private final int depth;
    private final int outputs;
    private final int inputs;
    private final int outputStride;
    private final int inputStride;
    /** Terms that the update of a weight sums. */
    private final int rank;
    private final int rankStride;
    private final FloatLayers layers;
    private final double eta;
    private final boolean simultaneous;
    private final Team team;
    private final Gemm gemm;
    private final FloatMacroKernel[] macroKernels;
    /** P_l at l, n_l x d_in. */
    private final float[][] forward;
    /** Q_l at l, n_l x d_out. */
    private final float[][] backward;
    /** The left factor of an update where it is not Q_l. */
    private final float[] left;
    /** A block of rows of the left factor, transposed, for each thread. */
    private final float[][] leftBlocks;
    /**
     * The right factors of the update under way and of the next layer's, rank x n_l, cut like the layer that it changes; of
     * W_L^T at last its change.
     */
    private float[] right;
    private float[] nextRight;
    private final float[] product;
    /** -eta G, d_out x d_in. */
    private final float[] gradient;
    private final float[] testVectors;
    private final float[] testInner;
    private final float[] testOuter;
    private final double initialConserved;
    private final Team.Work up = (member, size) -> upBlocks(member);
    private final Team.Work down = (member, size) -> downBlocks(member);
    private final AtomicInteger nextBlock = new AtomicInteger();
    /** What a thread has read ahead, kept so that it is read at all. */
    private final float[] touched;
    private int current;
    private int blockSize;

    FloatDeepLinear(Task task, FloatLayers layers, double eta, UpdateOrder order, int threads) {
        this.task = task;
        this.layers = layers;
        this.eta = eta;
        shape = layers.shape();
        depth = shape.depth();
        outputs = task.outputs();
        inputs = task.inputs();
        outputStride = layers.outputStride();
        inputStride = layers.inputStride();
        rank = Math.min(outputs, inputs);
        rankStride = Math.min(outputStride, inputStride);
        simultaneous = order == UpdateOrder.SIMULTANEOUS;
        team = Team.of(threads);
        gemm = Gemm.withThreads(threads);
        macroKernels = new FloatMacroKernel[threads];
        Arrays.setAll(macroKernels, member -> new FloatMacroKernel());
        forward = new float[depth][];
        backward = new float[depth][];
        forward[1] = layers.first();
        backward[depth - 1] = layers.lastTransposed();
        for (int l = 2; l < depth; l++) {
            forward[l] = new float[shape.width(l) * inputStride];
            backward[l - 1] = new float[shape.width(l - 1) * outputStride];
        }
        int widest = shape.widest();
        int factor = shape.width(depth - 1) * outputStride;
        for (int l = 2; l < depth; l++) {
            LayerLayout layout = layers.hidden(l).layout();
            factor = Math.max(factor, layout.panels() * layout.stride() * rank);
        }
        touched = new float[threads];
        leftBlocks = new float[threads][rank * MC];
        left = new float[outputs > inputs ? widest * rankStride : 0];
        right = new float[factor];
        nextRight = new float[factor];
        product = new float[outputs * inputs];
        gradient = new float[outputs * inputStride];
        int columns = Math.min(widest, TEST_VECTORS);
        testVectors = new float[widest * columns];
        testInner = new float[Math.max(widest, Math.max(outputs, inputs)) * columns];
        testOuter = new float[widest * columns];
        for (int l = 2; l < depth; l++) {
            multiply(l, false, 1, forward[l - 1], inputs, inputStride, 0, forward[l]);
        }
        total();
        sweepDown();
        initialConserved = conservedNorm();
    }

    @Override
    public void step() {
        double[] labels = task.labels();
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                gradient[i * inputStride + j] = (float) (-eta * (product[i * inputs + j] - labels[i * inputs + j]));
            }
        }
        if (simultaneous) {
            project(1);
        }
        gemm.sgemm(false, false, shape.width(1), inputs, outputs, 1, backward[1], 0, outputStride, gradient, 0,
                inputStride, 1, layers.first(), 0, inputStride);
        if (!simultaneous) {
            project(1);
        }
        for (int l = 2; l < depth; l++) {
            float[] factor = nextRight;
            nextRight = right;
            right = factor;
            if (simultaneous) {
                project(l);
            }
            sweepUp(l);
            if (!simultaneous) {
                project(l);
            }
        }
        float[] last = layers.lastTransposed();
        for (int i = 0; i < last.length; i++) {
            last[i] += nextRight[i];
        }
        total();
        sweepDown();
    }

    /** Writes R_l, or at the last hidden layer the change P_l (-eta G)^T of W_L^T, as the next right factor. */
    private void project(int l) {
        int units = shape.width(l);
        if (l == depth - 1) {
            gemm.sgemm(false, true, units, outputs, inputs, 1, forward[l], 0, inputStride, gradient, 0, inputStride, 0,
                    nextRight, 0, outputStride);
            return;
        }
        LayerLayout layout = layers.hidden(l + 1).layout();
        int stride = layout.stride();
        for (int panel = 0; panel < layout.panels(); panel++) {
            int from = layout.firstCol(panel) * inputStride;
            if (outputs <= inputs) {
                gemm.sgemm(false, true, outputs, layout.colsOf(panel), inputs, 1, gradient, 0, inputStride, forward[l],
                        from, inputStride, 0, nextRight, panel * rank * stride, stride);
            } else {
                transpose(layout.colsOf(panel), inputs, forward[l], from, inputStride, nextRight,
                        panel * rank * stride, stride);
            }
        }
    }

    /** y = x^T. */
    private static void transpose(int rows, int cols, float[] x, int x0, int ldx, float[] y, int y0, int ldy) {
        // A few rows at a time: what is written of each row of y stays together.
        for (int i0 = 0; i0 < rows; i0 += 16) {
            int i1 = Math.min(rows, i0 + 16);
            for (int j = 0; j < cols; j++) {
                for (int i = i0; i < i1; i++) {
                    y[y0 + j * ldy + i] = x[x0 + i * ldx + j];
                }
            }
        }
    }

    /** W_l += Q_l R_(l-1) and P_l = W_l P_(l-1). */
    private void sweepUp(int l) {
        if (outputs > inputs) {
            gemm.sgemm(false, false, shape.width(l), inputs, outputs, 1, backward[l], 0, outputStride, gradient, 0,
                    inputStride, 0, left, 0, inputStride);
        }
        // Blocks of about the same size, as many for each thread.
        int rows = shape.width(l);
        int rounds = (int) ((rows + (long) MC * team.size() - 1) / ((long) MC * team.size()));
        int blocks = rounds * team.size();
        current = l;
        blockSize = Math.min(MC, ((rows + blocks - 1) / blocks + MR - 1) / MR * MR);
        nextBlock.set(0);
        team.run(up);
    }

    /** Q_(l-1) = W_l^T Q_l for all hidden layers, the last one first. */
    private void sweepDown() {
        for (int l = depth - 1; l >= 2; l--) {
            LayerLayout layout = layers.hidden(l).layout();
            current = l;
            // A panel is one block unless there are more threads than panels.
            int parts = (team.size() + layout.panels() - 1) / layout.panels();
            blockSize = ((layout.colsPerPanel() + parts - 1) / parts + MR - 1) / MR * MR;
            nextBlock.set(0);
            team.run(down);
        }
    }

    private void upBlocks(int member) {
        int rows = layers.hidden(current).layout().rows();
        for (int row = nextBlock.getAndAdd(blockSize); row < rows; row = nextBlock.getAndAdd(blockSize)) {
            upBlock(member, row, Math.min(blockSize, rows - row));
        }
    }

    private void upBlock(int member, int row, int rows) {
        LayerLayout layout = layers.hidden(current).layout();
        FloatMacroKernel kernel = macroKernels[member];
        float[] factor = leftBlocks[member];
        int stride = layout.stride();
        transpose(rows, rank, outputs > inputs ? left : backward[current], row * rankStride, rankStride, factor, 0,
                rows);
        for (int panel = 0; panel < layout.panels(); panel++) {
            float[] weights = layers.hidden(current).panel(panel);
            int columns = layout.colsOf(panel);
            touched[member] = touch(weights, row * stride, (row + rows) * stride);
            for (int p = 0; p < rank; p += KC) {
                kernel.multiplyTransposed(rows, columns, Math.min(KC, rank - p), factor, p * rows, rows, right,
                        (panel * rank + p) * stride, stride, weights, row * stride, stride, true);
            }
            kernel.multiply(rows, inputs, columns, weights, row * stride, stride, forward[current - 1],
                    layout.firstCol(panel) * inputStride, inputStride, forward[current], row * inputStride, inputStride,
                    panel > 0);
        }
    }

    private void downBlocks(int member) {
        LayerLayout layout = layers.hidden(current).layout();
        int perPanel = (layout.colsPerPanel() + blockSize - 1) / blockSize;
        int blocks = layout.panels() * perPanel;
        for (int block = nextBlock.getAndIncrement(); block < blocks; block = nextBlock.getAndIncrement()) {
            int panel = block / perPanel;
            int column = block % perPanel * blockSize;
            downBlock(member, panel, column, Math.min(blockSize, layout.colsOf(panel) - column));
        }
    }

    private void downBlock(int member, int panel, int column, int columns) {
        LayerLayout layout = layers.hidden(current).layout();
        int stride = layout.stride();
        int to = (layout.firstCol(panel) + column) * outputStride;
        float[] weights = layers.hidden(current).panel(panel);
        for (int row = 0; row < layout.rows(); row += DOWN) {
            int rows = Math.min(DOWN, layout.rows() - row);
            touched[member] = touch(weights, row * stride, (row + rows) * stride);
            macroKernels[member].multiplyTransposed(columns, outputs, rows, weights, row * stride + column, stride,
                    backward[current], row * outputStride, outputStride, backward[current - 1], to, outputStride,
                    row > 0);
        }
    }

    /**
     * Reads every cache line of a block in the order of memory, which the processor foresees, where a product would wait
     * for each row; no instruction that prefetches is within reach.
     */
    private static float touch(float[] block, int from, int to) {
        float even = 0;
        float odd = 0;
        for (int i = from; i < to - LINE; i += 2 * LINE) {
            even += block[i];
            odd += block[i + LINE];
        }
        return even + odd;
    }

    /** A = W_L P_(L-1). */
    private void total() {
        gemm.sgemm(true, false, outputs, inputs, shape.width(depth - 1), 1, layers.lastTransposed(), 0, outputStride,
                forward[depth - 1], 0, inputStride, 0, product, 0, inputs);
    }

    /** y = alpha op(W_l) x + beta y, op being the transpose where transposed is true; rows of x and y are ld apart. */
    private void multiply(int l, boolean transposed, float alpha, float[] x, int columns, int ld, float beta,
            float[] y) {
        int rows = shape.width(transposed ? l - 1 : l);
        int inner = shape.width(transposed ? l : l - 1);
        if (l == 1) {
            gemm.sgemm(transposed, false, rows, columns, inner, alpha, layers.first(), 0, inputStride, x, 0, ld, beta,
                    y, 0, ld);
        } else if (l == depth) {
            gemm.sgemm(!transposed, false, rows, columns, inner, alpha, layers.lastTransposed(), 0, outputStride, x, 0,
                    ld, beta, y, 0, ld);
        } else {
            multiplyHidden(layers.hidden(l), transposed, alpha, x, columns, ld, beta, y);
        }
    }

    private void multiplyHidden(FloatLayer layer, boolean transposed, float alpha, float[] x, int columns, int ld,
            float beta, float[] y) {
        LayerLayout layout = layer.layout();
        for (int panel = 0; panel < layout.panels(); panel++) {
            int cols = layout.colsOf(panel);
            int from = layout.firstCol(panel) * ld;
            if (transposed) {
                gemm.sgemm(true, false, cols, columns, layout.rows(), alpha, layer.panel(panel), 0, layout.stride(), x,
                        0,
                        ld, beta, y, from, ld);
            } else {
                gemm.sgemm(false, false, layout.rows(), columns, cols, alpha, layer.panel(panel), 0, layout.stride(), x,
                        from, ld, panel == 0 ? beta : 1, y, 0, ld);
            }
        }
    }

    /**
     * sqrt(sum_l ||M_l Omega_l||_F^2), M_l = W_l W_l^T - W_(l+1)^T W_(l+1), n_l x n_l. Omega_l is the identity up to width
     * {@value #TEST_VECTORS}, and beyond it {@value #TEST_VECTORS} columns of fixed N(0, 1/{@value #TEST_VECTORS}) numbers,
     * so that ||M_l Omega_l||^2 has the mean ||M_l||^2 (Hutchinson, Communications in Statistics 19, 1990) and is conserved
     * where M_l is, at the cost of products with few columns.
     */
    private double conservedNorm() {
        double squares = 0;
        for (int l = 1; l < depth; l++) {
            int units = shape.width(l);
            int columns = Math.min(units, TEST_VECTORS);
            setTestVectors(l, units, columns);
            multiply(l, true, 1, testVectors, columns, columns, 0, testInner);
            multiply(l, false, 1, testInner, columns, columns, 0, testOuter);
            multiply(l + 1, false, 1, testVectors, columns, columns, 0, testInner);
            multiply(l + 1, true, -1, testInner, columns, columns, 1, testOuter);
            for (int i = 0; i < units * columns; i++) {
                squares += (double) testOuter[i] * testOuter[i];
            }
        }
        return Math.sqrt(squares);
    }

    private void setTestVectors(int l, int units, int columns) {
        if (units == columns) {
            Arrays.fill(testVectors, 0, units * units, 0);
            for (int i = 0; i < units; i++) {
                testVectors[i * units + i] = 1;
            }
        } else {
            new Gaussian(0, TEST_STREAM + l).fill(0, 1 / Math.sqrt(columns), testVectors, 0, units * columns);
        }
    }

    @Override
    public double conservedDrift() {
        return Math.abs(conservedNorm() - initialConserved) / initialConserved;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public Precision precision() {
        return Precision.F32;
    }

    @Override
    public double stepSize() {
        return eta;
    }

    @Override
    public double trainError() {
        return MeanSquare.distance(product, task.labels());
    }

    @Override
    public double testError() {
        return MeanSquare.distance(product, task.target());
    }

    @Override
    public void product(double[] a) {
        for (int i = 0; i < product.length; i++) {
            a[i] = product[i];
        }
    }

    /** The products with the weights; those of P_l and Q_l with G, a fraction d / n_l of them, are counted too. */
    @Override
    public double flopsPerStep() {
        double square = (double) outputs * inputs;
        double ends = 2 * square * (shape.width(1) + 2.0 * shape.width(depth - 1));
        double hidden = 0;
        for (int l = 2; l < depth; l++) {
            double cells = (double) shape.width(l) * shape.width(l - 1);
            hidden += 2 * cells * (inputs + outputs + rank);
            hidden += 2 * square * (outputs <= inputs ? shape.width(l - 1) : shape.width(l));
        }
        return ends + hidden;
    }

    @Override
    public void close() {
        // Weights and buffers belong to the heap alone.
    }
}
