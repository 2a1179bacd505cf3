package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.FloatSvd;

class FloatLeadingRotationTest {
    private static final double ROUNDOFF = Precision.F32.unitRoundoff();

    private static final int START = FloatSymmetric.START;

    private static FloatLeadingRotation rotation(int n) {
        return rotation(n, 1);
    }

    private static FloatLeadingRotation rotation(int n, int threads) {
        Team team = Team.of(threads);
        return new FloatLeadingRotation(n, n / 2, team, new FloatBands(team), new FloatSvd(threads));
    }

    /** Leading values from 1 to 2, the others below that by the gap, and coupling between them. */
    private static float[] graded(int n, int r, double gap, double coupling) {
        int stride = FloatSymmetric.padded(n);
        float[] a = new float[FloatSymmetric.size(n, n)];
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                boolean leads = i < r || j < r;
                double size = leads ? coupling / n : 0.1 / (gap * n);
                a[START + i * stride + j] = (float) (size * (random.nextDouble() - 0.5));
            }
            a[START + i * stride + i] += (float) (i < r ? 1 + random.nextDouble() : random.nextDouble() / gap);
        }
        return a;
    }

    @ParameterizedTest
    @CsvSource({"40,5,10,0.1", "40,20,2,0.05", "33,1,1e6,0.01", "64,8,1e4,0.1"})
    void decouplesLeadingValues(int n, int r, double gap, double coupling) {
        int stride = FloatSymmetric.padded(n);
        float[] a = graded(n, r, gap, coupling);
        float[] original = a.clone();
        float[] u = identity(n);
        float[] v = identity(n);
        FloatLeadingRotation rotation = rotation(n);
        assertTrue(rotation.decouple(a, r));
        rotation.turnBases(u, v);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double ofU = 0;
                double ofV = 0;
                double back = 0;
                for (int k = 0; k < n; k++) {
                    ofU += (double) u[START + k * stride + i] * u[START + k * stride + j];
                    ofV += (double) v[START + k * stride + i] * v[START + k * stride + j];
                    double row = 0;
                    for (int l = 0; l < n; l++) {
                        row += (double) a[START + k * stride + l] * v[START + j * stride + l];
                    }
                    back += u[START + i * stride + k] * row;
                }
                assertEquals(i == j ? 1 : 0, ofU, 50 * ROUNDOFF, "U at " + i + ", " + j);
                assertEquals(i == j ? 1 : 0, ofV, 50 * ROUNDOFF, "V at " + i + ", " + j);
                assertEquals(original[START + i * stride + j], back, 100 * ROUNDOFF, "U A V^T at " + i + ", " + j);
                if (i != j && (i < r || j < r)) {
                    // Eight rounds at most, each of which shrinks it by the square of the gap, or what a round too few leaves.
                    double left = Math.pow(gap, -16) + Math.sqrt(ROUNDOFF) * Math.pow(gap, -2);
                    assertEquals(0, a[START + i * stride + j], 100 * ROUNDOFF + coupling * left,
                            "coupling at " + i + ", " + j);
                }
            }
        }
        float[] turned = original.clone();
        rotation.turn(turned);
        for (int i = 0; i < a.length; i++) {
            assertEquals(a[i], turned[i], 50 * ROUNDOFF);
        }
        for (float[] matrix : new float[][]{a, u, v, turned}) {
            assertPaddedWithZeros(n, matrix);
        }
    }

    private static void assertPaddedWithZeros(int n, float[] matrix) {
        int stride = FloatSymmetric.padded(n);
        for (int i = 0; i < matrix.length; i++) {
            if (i < START || i >= START + n * stride || (i - START) % stride >= n) {
                assertEquals(0, matrix[i], "padding at " + i);
            }
        }
    }

    /** What a larger r, or a call that failed with infinities, left in an instance does not reach the next call. */
    @Test
    void earlierCallsLeaveNoTrace() {
        int n = 41;
        FloatLeadingRotation used = rotation(n);
        assertTrue(used.decouple(graded(n, 20, 2, 0.05), 20));
        assertSameBits(n, 5, graded(n, 5, 10, 0.1), rotation(n), used);
        float[] singular = graded(n, 1, 10, 0.1);
        singular[START] = Float.MIN_VALUE;
        assertFalse(used.decouple(singular, 1));
        float[] diagonal = identity(n);
        diagonal[START] = 3;
        assertSameBits(n, 1, diagonal, rotation(n), used);
    }

    @Test
    void hasTheSameBitsForAnyNumberOfThreads() {
        assertSameBits(41, 5, graded(41, 5, 10, 0.1), rotation(41), rotation(41, 3));
        assertSameBits(64, 20, graded(64, 20, 2, 0.05), rotation(64), rotation(64, 3));
    }

    private static void assertSameBits(int n, int r, float[] a, FloatLeadingRotation one, FloatLeadingRotation other) {
        float[][] results = new float[8][];
        for (int i = 0; i < 8; i += 4) {
            FloatLeadingRotation rotation = i == 0 ? one : other;
            results[i] = a.clone();
            results[i + 1] = a.clone();
            results[i + 2] = identity(n);
            results[i + 3] = identity(n);
            assertTrue(rotation.decouple(results[i], r));
            rotation.turn(results[i + 1]);
            rotation.turnBases(results[i + 2], results[i + 3]);
        }
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(results[i], results[i + 4]);
        }
    }

    private static float[] identity(int n) {
        float[] identity = new float[FloatSymmetric.size(n, n)];
        for (int i = 0; i < n; i++) {
            identity[START + i * FloatSymmetric.padded(n) + i] = 1;
        }
        return identity;
    }

    /** The small block is S / gap all the same: what is left of it in exact arithmetic, to a rounding of its own size. */
    @Test
    void keepsSmallValues() {
        int n = 24;
        int r = 2;
        int stride = FloatSymmetric.padded(n);
        float[] a = graded(n, r, 1e8, 1e-4);
        double[] exact = new double[n * n];
        for (int i = r; i < n; i++) {
            for (int j = r; j < n; j++) {
                // B - E S^-1 C with the 2 x 2 block S inverted in double; rotations by 1e-6 leave squares of that.
                double s00 = a[START];
                double s01 = a[START + 1];
                double s10 = a[START + stride];
                double s11 = a[START + stride + 1];
                double determinant = s00 * s11 - s01 * s10;
                double e0 = a[START + i * stride];
                double e1 = a[START + i * stride + 1];
                double c0 = a[START + j];
                double c1 = a[START + stride + j];
                double x0 = (s11 * c0 - s01 * c1) / determinant;
                double x1 = (s00 * c1 - s10 * c0) / determinant;
                exact[i * n + j] = a[START + i * stride + j] - (e0 * x0 + e1 * x1);
            }
        }
        assertTrue(rotation(n).decouple(a, r));
        for (int i = r; i < n; i++) {
            for (int j = r; j < n; j++) {
                assertEquals(exact[i * n + j], a[START + i * stride + j], 1e-8 * (200 * ROUNDOFF + 1e-10));
            }
        }
    }

    @Test
    void leavesAMatrixAloneThatIsFarFromDiagonal() {
        float[] a = graded(20, 3, 2, 60);
        float[] before = a.clone();
        assertFalse(rotation(20).decouple(a, 3));
        assertArrayEquals(before, a);
    }
}
