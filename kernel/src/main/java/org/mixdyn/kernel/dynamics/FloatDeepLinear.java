package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.network.DeepShape;
import org.mixdyn.kernel.network.FloatLayer;
import org.mixdyn.kernel.network.FloatLayers;
import org.mixdyn.kernel.network.LayerLayout;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent on the weights of A = W_L ... W_1. Every matrix product has few columns, d_in or d_out. With the
 * forward products P_l = W_l ... W_1 and the backward products Q_l = (W_L ... W_(l+1))^T, a step of a hidden layer is
 *
 * <pre>
 *   W_l += Q_l R_(l-1)^T       R_l = P_l (-eta G)^T, P_l of before the step, or of after it
 *   P_l  = W_l P_(l-1)         on the way up
 *   Q_(l-1) = W_l^T Q_l        on the way down, when all layers are new
 * </pre>
 *
 * at 2 n_l n_(l-1) d flops each. Where d_out &gt; d_in the update is summed over the inputs instead: Q_l (-eta G) takes the
 * place of Q_l, and P_l that of R_l. P_1 and Q_(L-1) are W_1 and W_L^T themselves.
 */
final class FloatDeepLinear implements Dynamics {
    /** Columns of the matrix that stands for the conserved quantities of a wide layer. */
    private static final int TEST_VECTORS = 64;
    private static final long TEST_STREAM = 20;

    private final Task task;
    private final DeepShape shape;
    private final int depth;
    private final int outputs;
    private final int inputs;
    private final int rank;
    private final FloatLayers layers;
    private final double eta;
    private final boolean simultaneous;
    private final Gemm gemm;
    /** P_l at l. */
    private final float[][] forward;
    /** Q_l at l. */
    private final float[][] backward;
    /** The left factor of an update where it is not Q_l. */
    private final float[] left;
    /** The right factors of the update under way and of the next layer's, n_l x rank. */
    private float[] right;
    private float[] nextRight;
    private final float[] product;
    private final float[] gradient;
    private final float[] testVectors;
    private final float[] testInner;
    private final float[] testOuter;
    private final double initialConserved;

    FloatDeepLinear(Task task, FloatLayers layers, double eta, UpdateOrder order, int threads) {
        this.task = task;
        this.layers = layers;
        this.eta = eta;
        shape = layers.shape();
        depth = shape.depth();
        outputs = task.outputs();
        inputs = task.inputs();
        rank = Math.min(outputs, inputs);
        simultaneous = order == UpdateOrder.SIMULTANEOUS;
        gemm = Gemm.withThreads(threads);
        forward = new float[depth][];
        backward = new float[depth][];
        forward[1] = layers.first();
        backward[depth - 1] = layers.lastTransposed();
        for (int l = 2; l < depth; l++) {
            forward[l] = new float[shape.width(l) * inputs];
            backward[l - 1] = new float[shape.width(l - 1) * outputs];
        }
        int widest = shape.widest();
        left = new float[outputs > inputs ? widest * rank : 0];
        right = new float[widest * rank];
        nextRight = new float[widest * rank];
        product = new float[outputs * inputs];
        gradient = new float[outputs * inputs];
        int columns = Math.min(widest, TEST_VECTORS);
        testVectors = new float[widest * columns];
        testInner = new float[Math.max(widest, Math.max(outputs, inputs)) * columns];
        testOuter = new float[widest * columns];
        for (int l = 2; l < depth; l++) {
            multiply(l, false, 1, forward[l - 1], inputs, 0, forward[l]);
        }
        multiply(depth, false, 1, forward[depth - 1], inputs, 0, product);
        sweepDown();
        initialConserved = conservedNorm();
    }

    @Override
    public void step() {
        double[] labels = task.labels();
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) (-eta * (product[i] - labels[i]));
        }
        if (simultaneous) {
            project(1);
        }
        gemm.sgemm(false, false, shape.width(1), inputs, outputs, 1, backward[1], 0, outputs, gradient, 0, inputs, 1,
                layers.first(), 0, inputs);
        if (!simultaneous) {
            project(1);
        }
        for (int l = 2; l < depth; l++) {
            float[] current = nextRight;
            nextRight = right;
            right = current;
            if (simultaneous) {
                project(l);
            }
            update(l);
            multiply(l, false, 1, forward[l - 1], inputs, 0, forward[l]);
            if (!simultaneous) {
                project(l);
            }
        }
        updateLast();
        multiply(depth, false, 1, forward[depth - 1], inputs, 0, product);
        sweepDown();
    }

    /** The next right factor, from P_l. */
    private void project(int l) {
        if (outputs <= inputs) {
            gemm.sgemm(false, true, shape.width(l), outputs, inputs, 1, forward[l], 0, inputs, gradient, 0, inputs, 0,
                    nextRight, 0, outputs);
        } else {
            System.arraycopy(forward[l], 0, nextRight, 0, shape.width(l) * inputs);
        }
    }

    /** W_l += left right^T. */
    private void update(int l) {
        float[] factor = backward[l];
        if (outputs > inputs) {
            factor = left;
            gemm.sgemm(false, false, shape.width(l), inputs, outputs, 1, backward[l], 0, outputs, gradient, 0, inputs,
                    0, left, 0, inputs);
        }
        FloatLayer layer = layers.hidden(l);
        int cols = layer.layout().cols();
        int stride = layer.layout().stride();
        for (int panel = 0; panel < layer.layout().panels(); panel++) {
            gemm.sgemm(false, true, layer.layout().rowsOf(panel), cols, rank, 1, factor,
                    layer.layout().firstRow(panel) * rank, rank, right, 0, rank, 1, layer.panel(panel), 0, stride);
        }
    }

    /** W_L^T += P_(L-1) (-eta G)^T, whose right side is the next right factor or follows from it. */
    private void updateLast() {
        float[] last = layers.lastTransposed();
        if (outputs <= inputs) {
            for (int i = 0; i < last.length; i++) {
                last[i] += nextRight[i];
            }
        } else {
            gemm.sgemm(false, true, shape.width(depth - 1), outputs, inputs, 1, nextRight, 0, inputs, gradient, 0,
                    inputs, 1, last, 0, outputs);
        }
    }

    /** All backward products. */
    private void sweepDown() {
        for (int l = depth - 1; l >= 2; l--) {
            multiply(l, true, 1, backward[l], outputs, 0, backward[l - 1]);
        }
    }

    /** y = alpha op(W_l) x + beta y, op being the transpose where transposed is true; x and y have columns columns. */
    private void multiply(int l, boolean transposed, float alpha, float[] x, int columns, float beta, float[] y) {
        int rows = shape.width(transposed ? l - 1 : l);
        int inner = shape.width(transposed ? l : l - 1);
        if (l == 1) {
            gemm.sgemm(transposed, false, rows, columns, inner, alpha, layers.first(), 0, inputs, x, 0, columns, beta,
                    y, 0, columns);
        } else if (l == depth) {
            gemm.sgemm(!transposed, false, rows, columns, inner, alpha, layers.lastTransposed(), 0, outputs, x, 0,
                    columns, beta, y, 0, columns);
        } else {
            multiplyHidden(layers.hidden(l), transposed, alpha, x, columns, beta, y);
        }
    }

    private void multiplyHidden(FloatLayer layer, boolean transposed, float alpha, float[] x, int columns, float beta,
            float[] y) {
        LayerLayout layout = layer.layout();
        for (int panel = 0; panel < layout.panels(); panel++) {
            int rows = layout.rowsOf(panel);
            int from = layout.firstRow(panel) * columns;
            if (transposed) {
                gemm.sgemm(true, false, layout.cols(), columns, rows, alpha, layer.panel(panel), 0, layout.stride(), x,
                        from, columns, panel == 0 ? beta : 1, y, 0, columns);
            } else {
                gemm.sgemm(false, false, rows, columns, layout.cols(), alpha, layer.panel(panel), 0, layout.stride(),
                        x, 0, columns, beta, y, from, columns);
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
            multiply(l, true, 1, testVectors, columns, 0, testInner);
            multiply(l, false, 1, testInner, columns, 0, testOuter);
            multiply(l + 1, false, 1, testVectors, columns, 0, testInner);
            multiply(l + 1, true, -1, testInner, columns, 1, testOuter);
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
