package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent without weights: A = W_2 W_1 and the Gram matrices M = W_1^T W_1 and N = W_2 W_2^T determine their own next
 * values, whatever the width. With G = A - Y and B = A - eta N G, the product once W_1 was updated, alternating order is
 *
 * <pre>
 *   M' = M - eta (A^T G + G^T B)
 *   A' = B - eta G M'
 *   N' = N - eta (G B^T + A' G^T),
 * </pre>
 *
 * and simultaneous order, with C = A - eta G M, the product had W_2 alone been updated,
 *
 * <pre>
 *   M' = M - eta (A^T G + G^T B)
 *   N' = N - eta (A G^T + G C^T)
 *   A' = B + C - A + eta^2 H G,   H = G A^T = A A^T - Y A^T.
 * </pre>
 *
 * All is kept in the basis in which Y is diagonal, where the upper half of one product is enough for a Gram matrix:
 * {@link FloatLayerUpdate}. For d_in = d_out = d a step takes 7 d^3 operations in alternating and 9 d^3 in simultaneous order.
 */
abstract class FloatGramDynamics extends FloatEvolution {
    static final int START = FloatSymmetric.START;

    private final LabelBasis basis;
    final Team team;
    final FloatBands bands;
    /** Distance between rows of A. */
    final int stride;
    /** M. */
    final FloatSymmetric inputGram;
    /** N; its stride is that of the transpose of A. */
    final FloatSymmetric outputGram;
    /** The diagonal of Y. */
    final double[] labels;
    /** A* - Y: G - (A* - Y) = A - A*. */
    private final float[] targetGradient;
    /** A, but for its diagonal, which is that of G, or of A meanwhile; {@link #diagonal} has the other one. */
    float[] a;
    float[] diagonal;
    /** B, then A' in the same way. */
    float[] next;
    private float[] nextDiagonal;
    /** An A that is kept, or room for one; null until one is. The present A becomes it with the next step. */
    private float[] kept;
    private float[] keptDiagonal;
    private boolean keepsPresent;
    /** The update of W_1. */
    final FloatLayerUpdate first;
    /** Room for the transpose of {@link #a}. */
    final float[] transpose;
    private final double[] trainSquares;
    private final double[] testSquares;
    private final double initialConserved;

    /**
     * Starts from the products of weights.
     *
     * @param w1 W_1, row-major units x d_in, not modified
     * @param w2 W_2, row-major d_out x units, not modified
     */
    static FloatGramDynamics of(Task task, int units, double[] w1, double[] w2, double eta, UpdateOrder order,
            Team team) {
        return switch (order) {
            case ALTERNATING -> new FloatAlternatingGrams(task, units, w1, w2, eta, team);
            case SIMULTANEOUS -> new FloatSimultaneousGrams(task, units, w1, w2, eta, team);
        };
    }

    FloatGramDynamics(Task task, int units, double[] w1, double[] w2, double eta, Team team) {
        super(task, eta);
        this.team = team;
        basis = new LabelBasis(task);
        stride = FloatSymmetric.padded(inputs);
        int size = FloatSymmetric.size(outputs, inputs);
        a = new float[size];
        next = new float[size];
        targetGradient = new float[size];
        transpose = new float[FloatSymmetric.size(inputs, outputs)];
        inputGram = new FloatSymmetric(inputs);
        outputGram = new FloatSymmetric(outputs);
        labels = new double[Math.min(outputs, inputs)];
        diagonal = new float[labels.length];
        nextDiagonal = new float[labels.length];
        trainSquares = new double[FloatBands.count(outputs)];
        testSquares = new double[trainSquares.length];
        bands = new FloatBands(team);
        first = new FloatLayerUpdate(outputs, inputs, labels, eta, bands);
        Task aligned = basis.aligned();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = aligned.labels()[i * inputs + i];
        }
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                double y = i == j ? labels[i] : 0;
                targetGradient[at(i, j)] = (float) (aligned.target()[i * inputs + j] - y);
            }
        }
        multiplyWeights(units, basis.turnInputs(units, w1), basis.turnOutputs(units, w2));
        for (int i = 0; i < labels.length; i++) {
            diagonal[i] = (float) (a[at(i, i)] - labels[i]);
        }
        swapDiagonal();
        for (int band = 0; band < trainSquares.length; band++) {
            measure(band, a);
        }
        initialConserved = conservedNorm();
    }

    /** A, M and N. Units without weights on one side, as triangular factors have them, are left out. */
    private void multiplyWeights(int units, double[] w1, double[] w2) {
        int seen = units;
        while (seen > 1 && isZero(w1, (seen - 1) * inputs, inputs)) {
            seen--;
        }
        float[] first = new float[seen * inputs];
        for (int i = 0; i < first.length; i++) {
            first[i] = (float) w1[i];
        }
        float[] second = new float[outputs * units];
        for (int i = 0; i < second.length; i++) {
            second[i] = (float) w2[i];
        }
        Gemm gemm = Gemm.withThreads(team.size());
        gemm.sgemm(false, false, outputs, inputs, seen, 1, second, 0, units, first, 0, inputs, 0, a, START, stride);
        gemm.sgemm(true, false, inputs, inputs, seen, 1, first, 0, inputs, first, 0, inputs, 0, inputGram.elements(),
                START, inputGram.stride());
        gemm.sgemm(false, true, outputs, outputs, units, 1, second, 0, units, second, 0, units, 0,
                outputGram.elements(), START, outputGram.stride());
        forEach(FloatSymmetric.strips(inputs), (rank, strip) -> inputGram.mirror(strip));
        forEach(FloatSymmetric.strips(outputs), (rank, strip) -> outputGram.mirror(strip));
    }

    private static boolean isZero(double[] x, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (x[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final void step() {
        advance();
        float[] spare = a;
        float[] spareDiagonal = diagonal;
        a = next;
        diagonal = nextDiagonal;
        if (keepsPresent) {
            next = kept;
            nextDiagonal = keptDiagonal;
            kept = spare;
            keptDiagonal = spareDiagonal;
            keepsPresent = false;
        } else {
            next = spare;
            nextDiagonal = spareDiagonal;
        }
    }

    /**
     * Makes A' in {@link #next}, band by band with {@link #finish}, and M' and N'. {@link #a} has the diagonal of G, before and
     * afterwards.
     */
    abstract void advance();

    /** A strip of rows of {@link #a} becomes columns of {@link #transpose}. */
    final void transpose(int strip) {
        int first = strip * FloatSymmetric.STRIP;
        FloatTransposition.strip(stride, a, at(first, 0), stride, transpose, START + first, outputGram.stride());
    }

    /** Where element (i, j) of A, and of what has its stride, stands. */
    final int at(int i, int j) {
        return START + i * stride + j;
    }

    final void forEach(int parts, Parts work) {
        Parts.forEach(team, parts, work);
    }

    /** A band of A' was made: its gradient and errors. */
    final void finish(int band) {
        for (int i = band * FloatBands.ROWS; i < Math.min(FloatBands.end(band, outputs), labels.length); i++) {
            int at = at(i, i);
            nextDiagonal[i] = next[at];
            next[at] = (float) (next[at] - labels[i]);
        }
        measure(band, next);
    }

    /** Squares of a band of G and of A - A*, in one stretch: what rows are padded with are zeros. */
    private void measure(int band, float[] gradient) {
        int from = at(band * FloatBands.ROWS, 0);
        int count = at(FloatBands.end(band, outputs), 0) - from;
        trainSquares[band] = FloatVectors.sumOfSquares(count, gradient, from);
        testSquares[band] = FloatVectors.squaredDistance(count, gradient, from, targetGradient, from);
    }

    /** What stands on the diagonal of A's array changes places with {@link #diagonal}. */
    final void swapDiagonal() {
        for (int i = 0; i < labels.length; i++) {
            float swap = a[at(i, i)];
            a[at(i, i)] = diagonal[i];
            diagonal[i] = swap;
        }
    }

    /** With C = W_1 W_1^T - W_2^T W_2: ||C||^2 = ||M||^2 + ||N||^2 - 2 ||A||^2. */
    private double conservedNorm() {
        double squares = 0;
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                double x = i == j ? diagonal[i] : a[at(i, j)];
                squares += x * x;
            }
        }
        return Math.sqrt(Math.max(0, inputGram.squares() + outputGram.squares() - 2 * squares));
    }

    @Override
    public double conservedDrift() {
        return Math.abs(conservedNorm() - initialConserved) / initialConserved;
    }

    @Override
    public double trainError() {
        return Arrays.stream(trainSquares).sum() / ((double) outputs * inputs);
    }

    @Override
    public double testError() {
        return Arrays.stream(testSquares).sum() / ((double) outputs * inputs);
    }

    @Override
    boolean holdsProduct() {
        return basis.isOriginal();
    }

    @Override
    double squaredDistance(float[] b, int from, int bStride) {
        // With the diagonal of A in its place.
        swapDiagonal();
        double squares = 0;
        for (int i = 0; i < outputs; i++) {
            squares += FloatVectors.squaredDistance(inputs, a, at(i, 0), b, from + i * bStride);
        }
        swapDiagonal();
        return squares;
    }

    @Override
    void writeProduct(double[] out) {
        write(a, diagonal, out);
    }

    private void write(float[] x, float[] diagonalOfX, double[] out) {
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                out[i * inputs + j] = x[at(i, j)];
            }
            if (i < labels.length) {
                out[i * inputs + i] = diagonalOfX[i];
            }
        }
        basis.turnBack(out);
    }

    /** Copies nothing: the next step leaves the arrays of A alone. */
    @Override
    void keep() {
        if (kept == null) {
            kept = new float[a.length];
            keptDiagonal = new float[diagonal.length];
        }
        keepsPresent = true;
    }

    @Override
    void writeKept(double[] out) {
        if (keepsPresent) {
            writeProduct(out);
        } else {
            write(kept, keptDiagonal, out);
        }
    }
}
