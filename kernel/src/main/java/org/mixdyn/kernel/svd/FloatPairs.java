package org.mixdyn.kernel.svd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;

/** Vector loops over the rows of Gram matrices and of the corrections that are made from them. */
final class FloatPairs {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();

    private FloatPairs() {
    }

    /**
     * One row of the first-order correction that makes nearly orthogonal vectors orthogonal: with the row i of the Gram
     * matrices G of the images and M of the vectors, and the squared lengths g of the images,
     *
     * <pre>
     *   t_j = G_ij - M_ij (g_i + g_j) / 2,   x_j = -M_ij / 2 + t_j / (g_i - g_j)
     * </pre>
     *
     * without the last term where |t_j| is at most tolerance sqrt(g_i g_j), or sqrt(g_j) at most floor.
     *
     * @param n        elements, a multiple of all numbers of lanes
     * @param lengths  square roots of g
     * @param inverse  1 / sqrt(g_i), or 0 where it is to have no effect
     * @param x        overwritten
     * @param angles   its element at is overwritten by the largest |t_j / (g_i - g_j)| that is not left out
     * @return the sum of the squares of |x_j| max(1, sqrt(g_j / g_i)): how far the vectors and their images turn
     */
    static float correction(int n, float[] gram, float[] gramOfVectors, int row, float[] squares, float[] lengths,
            int i, float tolerance, float floor, float inverse, float[] x, float[] angles, int at) {
        FloatVector gi = FloatVector.broadcast(SPECIES, squares[i]);
        FloatVector allowed = FloatVector.broadcast(SPECIES, tolerance * lengths[i]);
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        FloatVector scale = FloatVector.broadcast(SPECIES, inverse);
        FloatVector half = FloatVector.broadcast(SPECIES, -0.5f);
        FloatVector one = FloatVector.broadcast(SPECIES, 1f);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sum = zero;
        FloatVector largest = zero;
        for (int j = 0; j < n; j += LANES) {
            FloatVector gj = FloatVector.fromArray(SPECIES, squares, j);
            FloatVector sj = FloatVector.fromArray(SPECIES, lengths, j);
            FloatVector m = FloatVector.fromArray(SPECIES, gramOfVectors, row + j).mul(half);
            FloatVector t = m.fma(gi.add(gj), FloatVector.fromArray(SPECIES, gram, row + j));
            VectorMask<Float> turned = t.abs().compare(VectorOperators.GT, sj.mul(allowed))
                    .and(sj.compare(VectorOperators.GT, least));
            FloatVector angle = zero.blend(t.div(gi.sub(gj)), turned);
            largest = angle.abs().max(largest);
            FloatVector xs = m.add(angle);
            xs.intoArray(x, row + j);
            FloatVector weighted = xs.mul(sj.mul(scale).max(one));
            sum = weighted.fma(weighted, sum);
        }
        angles[at] = largest.reduceLanes(VectorOperators.MAX);
        return FloatVectors.sum(sum);
    }

    /** (d, x) <- (x, x - d) for one row of each. Returns the sum of the squares of the new d. */
    static float shift(int n, float[] d, float[] x, int offset) {
        // C2 makes vectors of this by itself; ours became objects in some processes, for good.
        for (int j = offset; j < offset + n; j++) {
            float before = d[j];
            d[j] = x[j];
            x[j] -= before;
        }
        return FloatVectors.sumOfSquares(n, d, offset);
    }
}
