package org.mixdyn.kernel.dynamics;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.gemm.FloatMacroKernel;
import org.mixdyn.kernel.network.FloatPanelSum;
import org.mixdyn.kernel.network.FloatPanels;
import org.mixdyn.kernel.network.PanelLayout;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent on the weights of A = W_2 W_1. A step passes over the weights once: a panel of hidden units is updated
 * with the gradient of the last A, and its share of the next A is added while it is in the cache,
 *
 * <pre>
 *   W_1p   += W_2p^T (-eta G)
 *   W_2p^T += W_1p (-eta G^T)     W_1p of before the step, or of after it
 *   A'     += W_2p W_1p
 * </pre>
 *
 * The gradient is packed once a step. Panels are independent of each other but for the sum, whose order is fixed.
 */
final class FloatTwoLayer extends FloatDescent {
    private static final int KC = BlockSizes.of(Precision.F32).kc();

    private final FloatPanels weights;
    private final PanelLayout layout;
    private final Team team;
    private final boolean simultaneous;
    private final float[] gradient;
    private final float[] stepGradient;
    private final float[] stepTranspose;
    private final FloatPanelSum sum;
    /** Sums of Gram matrices, kept: memory that each record left behind would pile up until the heap is full. */
    private final FloatPanelSum inputGrams;
    private final FloatPanelSum outputGrams;
    private final float[] gram;
    private final FloatMacroKernel[] macroKernels;
    private final float[][] before;
    private final double initialConserved;

    FloatTwoLayer(Task task, FloatPanels weights, double eta, UpdateOrder order, Team team) {
        super(task, eta);
        this.weights = weights;
        this.team = team;
        layout = weights.layout();
        simultaneous = order == UpdateOrder.SIMULTANEOUS;
        gradient = new float[outputs * inputs];
        stepGradient = new float[outputs * layout.inputStride()];
        stepTranspose = new float[inputs * layout.outputStride()];
        sum = new FloatPanelSum(layout, outputs, inputs);
        inputGrams = new FloatPanelSum(layout, inputs, inputs);
        outputGrams = inputs == outputs ? inputGrams : new FloatPanelSum(layout, outputs, outputs);
        gram = new float[Math.max(inputs * inputs, outputs * outputs)];
        macroKernels = new FloatMacroKernel[team.size()];
        before = new float[team.size()][];
        for (int rank = 0; rank < team.size(); rank++) {
            macroKernels[rank] = new FloatMacroKernel();
            before[rank] = simultaneous ? new float[layout.unitsPerPanel() * layout.inputStride()] : null;
        }
        forEachGroup(sum, (rank, group, panel) -> addProduct(rank, group, panel));
        sum.total(team, product);
        initialConserved = conservedNorm();
    }

    @Override
    public void step() {
        double[] labels = task.labels();
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) (product[i] - labels[i]);
        }
        float minusEta = (float) -eta;
        int s1 = layout.inputStride();
        int s2 = layout.outputStride();
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                float g = minusEta * gradient[i * inputs + j];
                stepGradient[i * s1 + j] = g;
                stepTranspose[j * s2 + i] = g;
            }
        }
        forEachGroup(sum, (rank, group, panel) -> {
            update(rank, panel);
            addProduct(rank, group, panel);
        });
        sum.total(team, product);
    }

    private void update(int rank, int panel) {
        float[] w1 = weights.w1(panel);
        float[] w2t = weights.w2t(panel);
        float[] seen = w1;
        if (simultaneous) {
            seen = before[rank];
            System.arraycopy(w1, 0, seen, 0, w1.length);
        }
        addTo(rank, w1, layout.inputStride(), w2t, layout.outputStride(), outputs, stepGradient);
        addTo(rank, w2t, layout.outputStride(), seen, layout.inputStride(), inputs, stepTranspose);
    }

    /** C += A B for a panel C, a panel A of k columns, and B with rows like those of C. */
    private void addTo(int rank, float[] c, int cStride, float[] a, int aStride, int k, float[] b) {
        for (int p = 0; p < k; p += KC) {
            macroKernels[rank].multiply(layout.unitsPerPanel(), cStride, Math.min(KC, k - p), a, p, aStride, b,
                    p * cStride,
                    cStride, c, 0, cStride, true);
        }
    }

    private void addProduct(int rank, int group, int panel) {
        sum.add(macroKernels[rank], group, panel, weights.w2t(panel), layout.outputStride(), weights.w1(panel),
                layout.inputStride());
    }

    private interface PanelWork {
        void execute(int rank, int group, int panel);
    }

    private void forEachGroup(FloatPanelSum of, PanelWork work) {
        AtomicInteger next = new AtomicInteger();
        team.run((rank, size) -> {
            for (int group = next.getAndIncrement(); group < of.groups(); group = next.getAndIncrement()) {
                for (int panel = of.firstPanel(group); panel < of.firstPanel(group + 1); panel++) {
                    work.execute(rank, group, panel);
                }
            }
        });
    }

    /** With M = W_1 W_1^T - W_2^T W_2: ||M||^2 = ||W_1^T W_1||^2 + ||W_2 W_2^T||^2 - 2 ||W_2 W_1||^2. */
    private double conservedNorm() {
        double squares = gramSquares(inputGrams, inputs, layout.inputStride(), weights::w1)
                + gramSquares(outputGrams, outputs, layout.outputStride(), weights::w2t)
                - 2 * squares(product, product.length);
        return Math.sqrt(Math.max(0, squares));
    }

    private double gramSquares(FloatPanelSum grams, int cols, int stride, IntFunction<float[]> matrix) {
        forEachGroup(grams,
                (rank, group, panel) -> grams.add(macroKernels[rank], group, panel, matrix.apply(panel), stride,
                        matrix.apply(panel), stride));
        grams.total(team, gram);
        return squares(gram, cols * cols);
    }

    private static double squares(float[] x, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum;
    }

    @Override
    public double conservedDrift() {
        return Math.abs(conservedNorm() - initialConserved) / initialConserved;
    }

    @Override
    public double flopsPerStep() {
        return 6.0 * layout.width() * outputs * inputs;
    }
}
