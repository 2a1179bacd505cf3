package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/** A pair that is turned is exact at once, however far it was from it: no later round has to make up for anything. */
class FloatPairRotationsTest {
    private static final double EPS = Math.ulp(1f);
    private static final int TRIALS = 200;

    private final SplittableRandom random = new SplittableRandom(9);

    @Test
    void aPairBecomesOrthonormalAndItsImagesOrthogonal() {
        int turned = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            turned += turns(new ThinShape(5, 2)) ? 1 : 0;
        }
        assertTrue(turned > TRIALS / 2, turned + " pairs were turned");
    }

    private boolean turns(ThinShape shape) {
        Gemm gemm = Gemm.withThreads(1);
        FloatTriplets triplets = new FloatTriplets(shape, gemm);
        int stride = triplets.stride;
        triplets.basis[0] = (float) random.nextDouble(0.9, 1.1);
        triplets.basis[1] = (float) random.nextDouble(-0.2, 0.2);
        triplets.basis[stride] = (float) random.nextDouble(-0.2, 0.2);
        triplets.basis[stride + 1] = (float) random.nextDouble(0.9, 1.1);
        float[] a = new float[shape.size()];
        for (int i = 0; i < shape.rows(); i++) {
            a[i * shape.stride()] = (float) random.nextDouble(-1, 1);
            a[i * shape.stride() + 1] = (float) random.nextDouble(-1, 1);
        }
        triplets.formImages(a);
        ActiveRows active = new ActiveRows(2);
        active.all();
        FloatGramMatrices grams = new FloatGramMatrices(shape, triplets, active, gemm);
        grams.form();
        FloatPairRotations pairs = new FloatPairRotations(triplets, active, grams,
                new FloatCorrection(shape, triplets, active, grams, gemm));
        assertTrue(pairs.turn(false));
        if (pairs.rotations() == 0) {
            return false;
        }
        float[] p = triplets.basis;
        float[] b = triplets.image;
        int second = triplets.longStride;
        assertEquals(1, FloatVectors.dot(2, p, 0, p, 0), 20 * EPS);
        assertEquals(1, FloatVectors.dot(2, p, stride, p, stride), 20 * EPS);
        assertEquals(0, FloatVectors.dot(2, p, 0, p, stride), 20 * EPS);
        double first = FloatVectors.sumOfSquares(5, b, 0);
        double other = FloatVectors.sumOfSquares(5, b, second);
        double largest = Math.max(first, other);
        assertEquals(0, FloatVectors.dot(5, b, 0, b, second), 50 * EPS * largest);
        assertEquals(first, triplets.squares[0], 50 * EPS * largest);
        assertEquals(other, triplets.squares[1], 50 * EPS * largest);
        return true;
    }
}
