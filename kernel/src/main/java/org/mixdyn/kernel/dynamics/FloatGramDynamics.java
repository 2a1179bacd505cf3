package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Precision;
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

    private final Alignment alignment;
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
    /** A* but for its diagonal, where zeros are; {@link #targetDiagonal} has it. Beside the diagonal G is A. */
    private final float[] targetBeside;
    private final double[] targetDiagonal;
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
     * Starts from the products of reduced weights.
     *
     * @param r [W_1, W_2^T], row-major n x n with n = d_in + d_out, zero below the diagonal; not modified
     */
    static FloatGramDynamics of(Task task, double[] r, double eta, UpdateOrder order, Team team) {
        return switch (order) {
            case ALTERNATING -> new FloatAlternatingGrams(task, r, eta, team);
            case SIMULTANEOUS -> new FloatSimultaneousGrams(task, r, eta, team);
        };
    }

    FloatGramDynamics(Task task, double[] r, double eta, Team team) {
        super(task, eta);
        this.team = team;
        alignment = new Alignment(task);
        stride = FloatSymmetric.padded(inputs);
        int size = FloatSymmetric.size(outputs, inputs);
        a = new float[size];
        next = new float[size];
        targetBeside = new float[size];
        transpose = new float[FloatSymmetric.size(inputs, outputs)];
        inputGram = new FloatSymmetric(inputs);
        outputGram = new FloatSymmetric(outputs);
        labels = new double[Math.min(outputs, inputs)];
        targetDiagonal = new double[labels.length];
        diagonal = new float[labels.length];
        nextDiagonal = new float[labels.length];
        trainSquares = new double[FloatBands.count(outputs)];
        testSquares = new double[trainSquares.length];
        bands = new FloatBands(team);
        first = new FloatLayerUpdate(outputs, inputs, labels, eta, bands);
        Task aligned = alignment.aligned();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = aligned.labels()[i * inputs + i];
        }
        for (int i = 0; i < outputs; i++) {
            FloatVectors.round(inputs, aligned.target(), i * inputs, targetBeside, at(i, 0));
        }
        for (int i = 0; i < labels.length; i++) {
            targetDiagonal[i] = aligned.target()[i * inputs + i];
            targetBeside[at(i, i)] = 0;
        }
        multiplyWeights(r);
        for (int i = 0; i < labels.length; i++) {
            diagonal[i] = a[at(i, i)];
        }
        for (int band = 0; band < trainSquares.length; band++) {
            measure(band, a, diagonal);
        }
        initialConserved = conservedNorm();
    }

    /** A, M and N. Of the n units only the first d_in have weights W_1. */
    private void multiplyWeights(double[] r) {
        int n = outputs + inputs;
        int outputStride = outputGram.stride();
        float[] w1 = new float[FloatSymmetric.size(inputs, inputs)];
        float[] w2 = new float[FloatSymmetric.size(n, outputs)];
        double[] turned = alignment.turnWeights(n, r);
        for (int h = 0; h < inputs; h++) {
            FloatVectors.round(inputs, turned, h * n, w1, START + h * stride);
        }
        for (int h = 0; h < n; h++) {
            FloatVectors.round(outputs, turned, h * n + inputs, w2, START + h * outputStride);
        }
        Gemm.withThreads(team.size()).sgemm(true, false, outputs, Precision.F32.wholeVectors(inputs), inputs, 1, w2,
                START, outputStride, w1, START, stride, 0, a, START, stride);
        forEach(FloatBands.upperCount(inputs), (rank, part) -> bands.multiplyUpper(rank, part, inputs, inputs, w1, w1,
                stride, inputGram.elements(), inputGram.stride(), false));
        forEach(FloatBands.upperCount(outputs), (rank, part) -> bands.multiplyUpper(rank, part, outputs, n, w2, w2,
                outputStride, outputGram.elements(), outputStride, false));
        forEach(FloatSymmetric.strips(inputs), (rank, strip) -> inputGram.mirror(strip));
        forEach(FloatSymmetric.strips(outputs), (rank, strip) -> outputGram.mirror(strip));
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
            nextDiagonal[i] = next[at(i, i)];
        }
        measure(band, next, nextDiagonal);
    }

    /**
     * Squares of a band of G and of A - A*, and the diagonal of G in the place of that of A. Stop rules compare errors that differ by
     * 10^-8 of themselves from step to step where sigma^2 w is small, so no digits may be lost: the large elements, those on the
     * diagonal, are squared in double, and the others are added a row at a time.
     */
    private void measure(int band, float[] x, float[] diagonalOfX) {
        double train = 0;
        double test = 0;
        for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, outputs); i++) {
            if (i < labels.length) {
                x[at(i, i)] = 0;
            }
            train += FloatVectors.sumOfSquares(stride, x, at(i, 0));
            test += FloatVectors.squaredDistance(stride, x, at(i, 0), targetBeside, at(i, 0));
            if (i < labels.length) {
                double gradient = diagonalOfX[i] - labels[i];
                double apart = diagonalOfX[i] - targetDiagonal[i];
                train += gradient * gradient;
                test += apart * apart;
                x[at(i, i)] = (float) gradient;
            }
        }
        trainSquares[band] = train;
        testSquares[band] = test;
    }

    /** What stands on the diagonal of A's array changes places with {@link #diagonal}. */
    final void swapDiagonal() {
        for (int i = 0; i < labels.length; i++) {
            float swap = a[at(i, i)];
            a[at(i, i)] = diagonal[i];
            diagonal[i] = swap;
        }
    }

    private double conservedNorm() {
        swapDiagonal();
        double squares = 0;
        for (int i = 0; i < outputs; i++) {
            squares += FloatVectors.sumOfSquares(inputs, a, at(i, 0));
        }
        swapDiagonal();
        return ConservedNorm.of(inputGram.squares() + outputGram.squares(), squares, Precision.F32);
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
        return alignment.isIdentity();
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
        alignment.turnBack(out);
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
