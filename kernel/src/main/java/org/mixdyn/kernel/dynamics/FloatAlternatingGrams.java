package org.mixdyn.kernel.dynamics;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.task.Task;

/** {@link FloatGramDynamics} in alternating order, where N' is the symmetric part of N - eta (A' + B) G^T. */
final class FloatAlternatingGrams extends FloatGramDynamics {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();

    private final float[][] scratch;

    FloatAlternatingGrams(Task task, double[] r, double eta, Team team) {
        super(task, r, eta, team);
        scratch = new float[team.size()][];
        for (int rank = 0; rank < team.size(); rank++) {
            scratch[rank] = new float[FloatSymmetric.STRIP * outputGram.stride()];
        }
    }

    @Override
    void advance() {
        int count = FloatBands.count(outputs);
        forEach(count, (rank, band) -> first.multiply(rank, band, outputGram, a, diagonal, next));
        swapDiagonal();
        forEach(FloatBands.upperCount(inputs), (rank, part) -> first.updateGram(rank, part, a, next, inputGram));
        swapDiagonal();
        forEach(Math.max(FloatSymmetric.strips(inputs), FloatSymmetric.strips(outputs)), (rank, strip) -> {
            if (strip * FloatSymmetric.STRIP < inputs) {
                inputGram.mirror(strip);
            }
            if (strip * FloatSymmetric.STRIP < outputs) {
                transpose(strip);
            }
        });
        float[] work = first.work();
        forEach(count, (rank, band) -> {
            bands.multiply(rank, band, outputs, inputs, inputs, a, stride, inputGram.elements(), work, stride, false);
            for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, outputs); i++) {
                secondHalfStep(i, work);
            }
            finish(band);
        });
        forEach(count,
                (rank, band) -> bands.multiply(rank, band, outputs, outputs, inputs, work, stride, transpose,
                        outputGram.elements(), outputGram.stride(), true));
        forEach(FloatSymmetric.strips(outputs), (rank, strip) -> outputGram.average(strip, scratch[rank]));
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
    }

    /** Those of N G, the upper half of M', G M' and N'. */
    @Override
    public double flopsPerStep() {
        return (double) outputs * inputs * (4.0 * outputs + 3.0 * inputs + 1);
    }
}
