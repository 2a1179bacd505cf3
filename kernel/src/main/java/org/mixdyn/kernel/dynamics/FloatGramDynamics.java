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
 * {@link FloatLayerUpdate}. In alternating order N' is the symmetric part of N - eta (A' + B) G^T. For d_in = d_out = d a step
 * takes 7 d^3 operations in alternating and 9 d^3 in simultaneous order.
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
    private final FloatLayerUpdate first;
    /** G^T, then A^T. */
    private final float[] transpose;
    /** What simultaneous order needs beside; else null. */
    private final Simultaneous simultaneous;
    private final double[] trainSquares;
    private final double[] testSquares;
    private final double initialConserved;

    /**
     * Starts from the products of weights.
     *
     * @param w1 W_1, row-major units x d_in, not modified
     * @param w2 W_2, row-major d_out x units, not modified
     */
    FloatGramDynamics(Task task, int units, double[] w1, double[] w2, double eta, UpdateOrder order, Team team) {
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
        trainSquares = new double[outputs];
        testSquares = new double[outputs];
        bands = new FloatBands(team);
        first = new FloatLayerUpdate(outputs, inputs, labels, eta, bands);
        simultaneous = order == UpdateOrder.SIMULTANEOUS ? new Simultaneous() : null;
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
        if (simultaneous == null) {
            stepInTurn();
        } else {
            simultaneous.step();
        }
        float[] spare = a;
        a = next;
        next = spare;
        spare = diagonal;
        diagonal = nextDiagonal;
        nextDiagonal = spare;
    }

    private void stepInTurn() {
        int count = FloatBands.count(outputs);
        forEach(count, (rank, band) -> first.multiply(rank, band, outputGram, a, diagonal, next));
        swapDiagonal();
        forEach(FloatBands.upperCount(inputs), (rank, part) -> first.updateGram(rank, part, a, next, inputGram));
        swapDiagonal();
        forEach(Math.max(FloatSymmetric.strips(inputs), FloatSymmetric.strips(outputs)), (rank, strip) -> {
            if (strip * L < inputs) {
                inputGram.mirror(strip);
            }
            if (strip * L < outputs) {
                transpose(strip);
            }
        });
        float[] work = first.work();
        forEach(count, (rank, band) -> {
            bands.multiply(rank, band, outputs, inputs, inputs, a, stride, inputGram.elements(), work, stride, false);
            for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, outputs); i++) {
                secondHalfStep(i, work);
            }
        });
        forEach(count,
                (rank, band) -> bands.multiply(rank, band, outputs, outputs, inputs, work, stride, transpose,
                        outputGram.elements(), outputGram.stride(), true));
        forEach(FloatSymmetric.strips(outputs), (rank, strip) -> outputGram.average(strip, scratch[rank]));
    }

    /** A strip of rows of A's array as columns of {@link #transpose}. */
    private void transpose(int strip) {
        FloatTransposition.strip(stride, a, at(strip * L, 0), stride, transpose, START + strip * L,
                outputGram.stride());
    }

    /** Where element (i, j) of A, and of what has its stride, stands. */
    private int at(int i, int j) {
        return START + i * stride + j;
    }

    private void forEach(int parts, Parts work) {
        Parts.forEach(team, parts, work);
    }

    /** A row of A' = B - eta Q in the place of B, and of -eta (B + A') in the place of Q = G M'. */
    private void secondHalfStep(int row, float[] work) {
        FloatVector minusEta = FloatVector.broadcast(S, (float) -eta);
        int from = at(row, 0);
        for (int at = from; at < from + stride; at += L) {
            FloatVector b = FloatVector.fromArray(S, next, at);
            FloatVector product = FloatVector.fromArray(S, work, at).fma(minusEta, b);
            product.intoArray(next, at);
            b.add(product).mul(minusEta).intoArray(work, at);
        }
        finishRow(row);
    }

    /** A row of A' was made: its gradient and errors. */
    private void finishRow(int row) {
        if (row < labels.length) {
            int at = at(row, row);
            nextDiagonal[row] = next[at];
            next[at] = (float) (next[at] - labels[row]);
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

    /** Those of N G, G M or G M' and the upper half of M'; then N', or the upper halves of N' and A A^T and the product H G. */
    @Override
    public double flopsPerStep() {
        double others = simultaneous == null ? 4.0 * outputs + 1 : 6.0 * outputs + 3;
        return (double) outputs * inputs * (others + 3.0 * inputs);
    }

    /** Steps in simultaneous order. The update of W_2 is that of a first layer in the transposed network. */
    private final class Simultaneous {
        private final FloatLayerUpdate second = new FloatLayerUpdate(inputs, outputs, labels, eta, bands);
        private final int transposeStride = outputGram.stride();
        /** C^T. */
        private final float[] other = new float[transpose.length];
        /** A A^T, then eta^2 H. */
        private final FloatSymmetric square = new FloatSymmetric(outputs);

        void step() {
            forEach(FloatSymmetric.strips(outputs), (rank, strip) -> transpose(strip));
            int count = FloatBands.count(outputs);
            int otherCount = FloatBands.count(inputs);
            forEach(count + otherCount, (rank, band) -> {
                if (band < count) {
                    first.multiply(rank, band, outputGram, a, diagonal, next);
                } else {
                    second.multiply(rank, band - count, inputGram, transpose, diagonal, other);
                }
            });
            for (int i = 0; i < labels.length; i++) {
                transpose[START + i * transposeStride + i] = diagonal[i];
            }
            swapDiagonal();
            int parts = FloatBands.upperCount(inputs);
            int otherParts = FloatBands.upperCount(outputs);
            forEach(parts + otherParts, (rank, part) -> {
                if (part < parts) {
                    first.updateGram(rank, part, a, next, inputGram);
                } else {
                    second.updateGram(rank, part - parts, transpose, other, outputGram);
                    bands.multiplyUpper(rank, part - parts, outputs, inputs, transpose, transpose, transposeStride,
                            square.elements(), transposeStride, false);
                }
            });
            float[] c = first.work();
            forEach(Math.max(FloatSymmetric.strips(inputs), FloatSymmetric.strips(outputs)), (rank, strip) -> {
                if (strip * L < inputs) {
                    inputGram.mirror(strip);
                    FloatTransposition.strip(transposeStride, other, START + strip * L * transposeStride,
                            transposeStride, c, START + strip * L, stride);
                }
                if (strip * L < outputs) {
                    outputGram.mirror(strip);
                    square.mirror(strip);
                }
            });
            forEach(count, (rank, band) -> {
                for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, outputs); i++) {
                    addOther(i, c);
                    squareToH(i);
                }
            });
            swapDiagonal();
            forEach(count, (rank, band) -> {
                bands.multiply(rank, band, outputs, inputs, outputs, square.elements(), transposeStride, a, next,
                        stride,
                        true);
                for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, outputs); i++) {
                    finishRow(i);
                }
            });
        }

        /** A row of B + (C - A) in the place of B. */
        private void addOther(int row, float[] c) {
            for (int at = at(row, 0); at < at(row, 0) + stride; at += L) {
                FloatVector.fromArray(S, c, at).sub(FloatVector.fromArray(S, a, at))
                        .add(FloatVector.fromArray(S, next, at)).intoArray(next, at);
            }
        }

        /** A row of eta^2 (A A^T - Y A^T) in the place of A A^T. */
        private void squareToH(int row) {
            int from = START + row * transposeStride;
            float[] h = square.elements();
            if (row < labels.length) {
                FloatVectors.axpy(outputs, (float) -labels[row], transpose, from, h, from);
            }
            FloatVectors.scale(outputs, (float) (eta * eta), h, from, h, from);
        }
    }
}
