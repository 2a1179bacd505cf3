package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.task.Task;

/**
 * Gradient descent in alternating order without weights: A = W_2 W_1 and the Gram matrices M = W_1^T W_1 and N = W_2 W_2^T
 * determine their own next values, whatever the width. With G = A - Y and B = W_2 W_1', the product between the two updates,
 *
 * <pre>
 *   B  = A - eta N G
 *   M' = M - eta (A^T G + G^T B)
 *   A' = B - eta G M'
 *   N' = N - eta (G B^T + A' G^T)
 * </pre>
 *
 * All is kept in the basis in which Y is diagonal. There a product with Y costs nothing, and since M' is symmetric the upper
 * half of
 *
 * <pre>
 *   M' = M - eta A^T (A + B - Y) + eta Y^T B
 * </pre>
 *
 * is enough: 7 d^3 operations a step for d_in = d_out = d. N' is the symmetric part of N - eta (A' + B) G^T. What has to be
 * done with single elements is done row by row while the rows are in the cache.
 */
final class FloatGramDynamics extends FloatEvolution {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final int START = FloatSymmetric.START;

    private final LabelBasis basis;
    private final Team team;
    private final int stride;
    private final FloatBands bands;
    private final float[][] scratch;
    private final FloatSymmetric inputGram;
    private final FloatSymmetric outputGram;
    /** The diagonal of Y. */
    private final double[] labels;
    /** A* - Y: G - (A* - Y) = A - A*. */
    private final float[] targetGradient;
    /** A, but for its diagonal, which is that of G or of A; {@link #diagonal} has the other one. */
    private float[] a;
    private float[] diagonal;
    /** B, then A' in the same way. */
    private float[] next;
    private float[] nextDiagonal;
    private final float[] work;
    private final float[] gradientTranspose;
    private final double[] trainSquares;
    private final double[] testSquares;
    private final double initialConserved;

    /**
     * Starts from the products of weights.
     *
     * @param w1 W_1, row-major units x d_in, not modified
     * @param w2 W_2, row-major d_out x units, not modified
     */
    FloatGramDynamics(Task task, int units, double[] w1, double[] w2, double eta, Team team) {
        super(task, eta);
        this.team = team;
        basis = new LabelBasis(task);
        stride = FloatSymmetric.padded(inputs);
        int size = FloatSymmetric.size(outputs, inputs);
        a = new float[size];
        next = new float[size];
        work = new float[size];
        targetGradient = new float[size];
        gradientTranspose = new float[size];
        inputGram = new FloatSymmetric(inputs);
        outputGram = new FloatSymmetric(outputs);
        labels = new double[Math.min(outputs, inputs)];
        diagonal = new float[labels.length];
        nextDiagonal = new float[labels.length];
        trainSquares = new double[outputs];
        testSquares = new double[outputs];
        bands = new FloatBands(team);
        scratch = new float[team.size()][];
        for (int rank = 0; rank < team.size(); rank++) {
            scratch[rank] = new float[L * outputGram.stride()];
        }
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
        for (int i = 0; i < outputs; i++) {
            measureRow(i, a);
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
    public void step() {
        int count = FloatBands.count(outputs);
        forEach(count, (rank, band) -> {
            bands.multiply(rank, band, outputs, inputs, outputs, outputGram.elements(), outputGram.stride(), a, work,
                    stride,
                    false);
            for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, outputs); i++) {
                halfStep(i);
            }
        });
        swapDiagonal();
        forEach(FloatBands.upperCount(inputs), this::updateInputGram);
        swapDiagonal();
        forEach(Math.max(FloatSymmetric.strips(inputs), FloatSymmetric.strips(outputs)), (rank, strip) -> {
            if (strip * L < inputs) {
                inputGram.mirror(strip);
            }
            if (strip * L < outputs) {
                FloatTransposition.strip(stride, a, at(strip * L, 0), stride, gradientTranspose, START + strip * L,
                        outputGram.stride());
            }
        });
        forEach(count, (rank, band) -> {
            bands.multiply(rank, band, outputs, inputs, inputs, a, stride, inputGram.elements(), work, stride, false);
            for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, outputs); i++) {
                secondHalfStep(i);
            }
        });
        forEach(count,
                (rank, band) -> bands.multiply(rank, band, outputs, outputs, inputs, work, stride, gradientTranspose,
                        outputGram.elements(), outputGram.stride(), true));
        forEach(FloatSymmetric.strips(outputs), (rank, strip) -> outputGram.average(strip, scratch[rank]));
        float[] spare = a;
        a = next;
        next = spare;
        spare = diagonal;
        diagonal = nextDiagonal;
        nextDiagonal = spare;
    }

    /** Where element (i, j) of A, and of what has its stride, stands. */
    private int at(int i, int j) {
        return START + i * stride + j;
    }

    private void forEach(int parts, Parts work) {
        Parts.forEach(team, parts, work);
    }

    /** A row of B = A - eta P, and of -eta (A + B - Y) in the place of P = N G. */
    private void halfStep(int row) {
        int from = at(row, 0);
        float p = row < labels.length ? work[from + row] : 0;
        float step = (float) -eta;
        FloatVector minusEta = FloatVector.broadcast(S, step);
        for (int at = from; at < from + stride; at += L) {
            FloatVector old = FloatVector.fromArray(S, a, at);
            FloatVector b = FloatVector.fromArray(S, work, at).fma(minusEta, old);
            b.intoArray(next, at);
            old.add(b).mul(minusEta).intoArray(work, at);
        }
        if (row < labels.length) {
            float b = Math.fma(step, p, diagonal[row]);
            next[from + row] = b;
            work[from + row] = (float) (step * (diagonal[row] + b - labels[row]));
        }
    }

    /** Some rows of M' from the diagonal on. */
    private void updateInputGram(int rank, int part) {
        int s = inputGram.stride();
        float[] m = inputGram.elements();
        bands.multiplyUpper(rank, part, inputs, outputs, a, work, stride, m, s, true);
        int first = FloatBands.upperFirst(part);
        for (int i = first; i < Math.min(FloatBands.upperFirst(part + 1), labels.length); i++) {
            FloatVectors.axpy(inputs - first, (float) (eta * labels[i]), next, at(i, first), m, START + i * s + first);
        }
    }

    /** A row of A' = B - eta Q in the place of B, and of -eta (B + A') in the place of Q = G M'. */
    private void secondHalfStep(int row) {
        FloatVector minusEta = FloatVector.broadcast(S, (float) -eta);
        int from = at(row, 0);
        for (int at = from; at < from + stride; at += L) {
            FloatVector b = FloatVector.fromArray(S, next, at);
            FloatVector product = FloatVector.fromArray(S, work, at).fma(minusEta, b);
            product.intoArray(next, at);
            b.add(product).mul(minusEta).intoArray(work, at);
        }
        if (row < labels.length) {
            nextDiagonal[row] = next[from + row];
            next[from + row] = (float) (next[from + row] - labels[row]);
        }
        measureRow(row, next);
    }

    /** Squares of a row of G and of A - A*. */
    private void measureRow(int row, float[] gradient) {
        int from = at(row, 0);
        trainSquares[row] = FloatVectors.sumOfSquares(stride, gradient, from);
        testSquares[row] = FloatVectors.squaredDistance(stride, gradient, from, targetGradient, from);
    }

    /** What stands on the diagonal of A's array changes places with {@link #diagonal}. */
    private void swapDiagonal() {
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
    void writeProduct(double[] out) {
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                out[i * inputs + j] = a[at(i, j)];
            }
            if (i < labels.length) {
                out[i * inputs + i] = diagonal[i];
            }
        }
        basis.turnBack(out);
    }

    /** Those of P, Q, the upper half of M' and N'. */
    @Override
    public double flopsPerStep() {
        return (double) outputs * inputs * (4.0 * outputs + 3.0 * inputs + 1);
    }
}
