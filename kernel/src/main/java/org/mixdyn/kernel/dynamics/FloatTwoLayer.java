package org.mixdyn.kernel.dynamics;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

import org.mixdyn.kernel.gemm.FloatLeftOperand;
import org.mixdyn.kernel.gemm.FloatMacroKernel;
import org.mixdyn.kernel.gemm.FloatRightOperand;
import org.mixdyn.kernel.network.FloatColumns;
import org.mixdyn.kernel.network.FloatPanelSum;
import org.mixdyn.kernel.network.FloatPanels;
import org.mixdyn.kernel.network.PanelLayout;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatReadAhead;
import org.mixdyn.kernel.simd.Lanes;
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
    /**
     * Rows of a panel so short that a product reads them as they come: of two cache lines, or of four where units take 512 bits of
     * binary32 as a whole.
     */
    private static final int SHORT_ROW = (Lanes.WHOLE_512 && Precision.F32.bytes() == 4 ? 256 : 128)
            / Precision.F32.bytes();

    private final FloatPanels weights;
    private final PanelLayout layout;
    private final Team team;
    private final boolean simultaneous;
    /** A - Y, zero-padded to what products compute of its columns and of those of its transpose. */
    private final float[] gradient;
    /** -eta G and its transpose. */
    private final FloatRightOperand change;
    private final FloatRightOperand changeTransposed;
    private final FloatPanelSum sum;
    /** Sums of Gram matrices, kept: memory that each record left behind would pile up until the heap is full. */
    private final FloatPanelSum inputGrams;
    private final FloatPanelSum outputGrams;
    private final float[] gram;
    private final FloatMacroKernel[] macroKernels;
    private final FloatLeftOperand[] leftOperands;
    private final FloatReadAhead[] readAhead;
    private final FloatColumns[] before;
    private final AtomicInteger nextGroup = new AtomicInteger();
    private final Team.Work stepWork = this::step;
    private final double initialConserved;

    FloatTwoLayer(Task task, FloatPanels weights, double eta, UpdateOrder order, Team team) {
        super(task, eta);
        this.weights = weights;
        this.team = team;
        layout = weights.layout();
        simultaneous = order == UpdateOrder.SIMULTANEOUS;
        gradient = new float[layout.computedColumns(outputs) * layout.computedColumns(inputs)];
        change = new FloatRightOperand(outputs, layout.computedColumns(inputs));
        changeTransposed = new FloatRightOperand(inputs, layout.computedColumns(outputs));
        sum = new FloatPanelSum(layout, outputs, inputs);
        inputGrams = new FloatPanelSum(layout, inputs, inputs);
        outputGrams = inputs == outputs ? inputGrams : new FloatPanelSum(layout, outputs, outputs);
        gram = new float[Math.max(inputs * inputs, outputs * outputs)];
        macroKernels = new FloatMacroKernel[team.size()];
        leftOperands = new FloatLeftOperand[team.size()];
        readAhead = new FloatReadAhead[team.size()];
        before = new FloatColumns[team.size()];
        for (int rank = 0; rank < team.size(); rank++) {
            macroKernels[rank] = new FloatMacroKernel();
            leftOperands[rank] = FloatPanelSum.leftOperand(layout);
            readAhead[rank] = new FloatReadAhead();
            before[rank] = simultaneous ? FloatColumns.zeros(layout.mostRows(), inputs, layout.inputStride()) : null;
        }
        forEachGroup(sum, this::addProduct);
        sum.total(team, product);
        initialConserved = conservedNorm();
    }

    /** The weights themselves, not a copy. */
    FloatPanels weights() {
        return weights;
    }

    @Override
    public void step() {
        nextGroup.set(0);
        team.run(stepWork);
    }

    /** The share of one thread in a step. */
    private void step(int rank, int size) {
        subtractLabels((int) ((long) outputs * rank / size), (int) ((long) outputs * (rank + 1) / size));
        team.barrier();
        if (rank == 0) {
            change.set((float) -eta, gradient, layout.computedColumns(inputs));
        }
        if (rank == size - 1) {
            changeTransposed.setTransposed((float) -eta, gradient, layout.computedColumns(inputs));
        }
        team.barrier();
        for (int group = nextGroup.getAndIncrement(); group < sum.groups(); group = nextGroup.getAndIncrement()) {
            for (int panel = sum.firstPanel(group); panel < sum.firstPanel(group + 1); panel++) {
                update(rank, panel);
                addProduct(rank, group, panel);
            }
        }
        team.barrier();
        sum.addUp(product, rank, size);
    }

    private void subtractLabels(int from, int to) {
        double[] labels = task.labels();
        int stride = layout.computedColumns(inputs);
        for (int i = from; i < to; i++) {
            for (int j = 0; j < inputs; j++) {
                gradient[i * stride + j] = (float) (product[i * inputs + j] - labels[i * inputs + j]);
            }
        }
    }

    private void update(int rank, int panel) {
        int rows = layout.rowsOf(panel);
        FloatColumns w1 = weights.w1(panel);
        FloatColumns w2t = weights.w2t(panel);
        FloatColumns seen = w1;
        if (Math.max(w1.stride(), w2t.stride()) > SHORT_ROW) {
            readAhead[rank].read(w1.elements(), 0, w1.elements().length);
            readAhead[rank].read(w2t.elements(), 0, w2t.elements().length);
        }
        if (simultaneous) {
            seen = before[rank];
            System.arraycopy(w1.elements(), 0, seen.elements(), 0, w1.elements().length);
        }
        addProduct(rank, change, rows, w2t, w1);
        addProduct(rank, changeTransposed, rows, seen, w2t);
    }

    /** C += A B of some rows, B being packed. */
    private void addProduct(int rank, FloatRightOperand b, int rows, FloatColumns a, FloatColumns c) {
        b.addProduct(macroKernels[rank], rows, a.elements(), a.rowStart(0), a.stride(), c.elements(), c.rowStart(0),
                c.stride());
    }

    private void addProduct(int rank, int group, int panel) {
        sum.add(macroKernels[rank], leftOperands[rank], group, panel, weights.w2t(panel), weights.w1(panel));
    }

    private interface PanelWork {
        void execute(int rank, int group, int panel);
    }

    private void forEachGroup(FloatPanelSum of, PanelWork work) {
        nextGroup.set(0);
        team.run((rank, size) -> {
            for (int group = nextGroup.getAndIncrement(); group < of.groups(); group = nextGroup.getAndIncrement()) {
                for (int panel = of.firstPanel(group); panel < of.firstPanel(group + 1); panel++) {
                    work.execute(rank, group, panel);
                }
            }
        });
    }

    private double conservedNorm() {
        double ofGrams = gramSquares(inputGrams, inputs, weights::w1) + gramSquares(outputGrams, outputs, weights::w2t);
        return ConservedNorm.of(ofGrams, squares(product, product.length), Precision.F32);
    }

    private double gramSquares(FloatPanelSum grams, int cols, IntFunction<FloatColumns> matrix) {
        forEachGroup(grams,
                (rank, group, panel) -> grams.add(macroKernels[rank], leftOperands[rank], group, panel,
                        matrix.apply(panel), matrix.apply(panel)));
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
