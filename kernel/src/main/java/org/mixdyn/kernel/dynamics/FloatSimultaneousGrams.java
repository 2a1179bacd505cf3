package org.mixdyn.kernel.dynamics;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.task.Task;

/** {@link FloatGramDynamics} in simultaneous order. The update of W_2 is that of a first layer in the transposed network. */
final class FloatSimultaneousGrams extends FloatGramDynamics {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();

    private final FloatLayerUpdate second;
    private final int transposeStride;
    /** C^T. */
    private final float[] other;
    /** A A^T, then eta^2 H. */
    private final FloatSymmetric square;

    FloatSimultaneousGrams(Task task, double[] r, double eta, Team team) {
        super(task, r, eta, team);
        second = new FloatLayerUpdate(inputs, outputs, labels, eta, bands);
        transposeStride = outputGram.stride();
        other = new float[transpose.length];
        square = new FloatSymmetric(outputs);
    }

    @Override
    void advance() {
        forEach(FloatSymmetric.strips(outputs), (rank, strip) -> transpose(strip));
        updateEither();
        for (int i = 0; i < labels.length; i++) {
            transpose[START + i * transposeStride + i] = diagonal[i];
        }
        swapDiagonal();
        updateGrams();
        forEach(FloatBands.count(outputs), (rank, band) -> {
            for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, outputs); i++) {
                addOther(i);
                squareToH(i);
            }
        });
        swapDiagonal();
        forEach(FloatBands.count(outputs), (rank, band) -> {
            bands.multiply(rank, band, outputs, inputs, outputs, square.elements(), transposeStride, a, next, stride,
                    true);
            finish(band);
        });
    }

    /** B and C^T of G and G^T. */
    private void updateEither() {
        int count = FloatBands.count(outputs);
        forEach(count + FloatBands.count(inputs), (rank, band) -> {
            if (band < count) {
                first.multiply(rank, band, outputGram, a, diagonal, next);
            } else {
                second.multiply(rank, band - count, inputGram, transpose, diagonal, other);
            }
        });
    }

    /** M', N' and A A^T of A and A^T; then C in the place of what {@link #first} has kept for M'. */
    private void updateGrams() {
        int parts = FloatBands.upperCount(inputs);
        forEach(parts + FloatBands.upperCount(outputs), (rank, part) -> {
            if (part < parts) {
                first.updateGram(rank, part, a, next, inputGram);
            } else {
                second.updateGram(rank, part - parts, transpose, other, outputGram);
                bands.multiplyUpper(rank, part - parts, outputs, inputs, transpose, transpose, transposeStride,
                        square.elements(), transposeStride, false);
            }
        });
        forEach(FloatSymmetric.strips(inputs), (rank, strip) -> {
            inputGram.mirror(strip);
            int row = strip * FloatSymmetric.STRIP;
            FloatTransposition.strip(transposeStride, other, START + row * transposeStride, transposeStride,
                    first.work(), START + row, stride);
        });
        forEach(FloatSymmetric.strips(outputs), (rank, strip) -> {
            outputGram.mirror(strip);
            square.mirror(strip);
        });
    }

    /** A row of B + (C - A) in the place of B. */
    private void addOther(int row) {
        float[] c = first.work();
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

    /** Those of N G, G M, the upper halves of M', N' and A A^T, and H G. */
    @Override
    public double flopsPerStep() {
        return (double) outputs * inputs * (6.0 * outputs + 3.0 * inputs + 3);
    }
}
