package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Precision;

/** Mean square distances against exact sums, and of the same bits at every vector width. */
class MeanSquareTest {
    private static final int LONGEST = 133;

    @Test
    void distancesAreExactButForRoundings() {
        Random random = new Random(1);
        for (int n = 1; n <= LONGEST; n++) {
            float[] single = new float[n];
            double[] a = new double[n];
            double[] y = new double[n + n % 3];
            Arrays.fill(y, Double.NaN);
            BigDecimal ofSingle = BigDecimal.ZERO;
            BigDecimal ofDouble = BigDecimal.ZERO;
            for (int i = 0; i < n; i++) {
                single[i] = (float) random.nextGaussian();
                a[i] = random.nextGaussian();
                y[i] = random.nextGaussian();
                ofSingle = ofSingle.add(new BigDecimal(single[i]).subtract(new BigDecimal(y[i])).pow(2));
                ofDouble = ofDouble.add(new BigDecimal(a[i]).subtract(new BigDecimal(y[i])).pow(2));
            }
            // Two roundings of a difference count twice in its square; a sum has one a term, and one more.
            double bound = (n + 5) * Precision.F64.unitRoundoff();
            double expected = ofSingle.doubleValue() / n;
            assertEquals(expected, MeanSquare.distance(single, y), bound * expected, n + " floats");
            expected = ofDouble.doubleValue() / n;
            assertEquals(expected, MeanSquare.distance(a, y), bound * expected, n + " doubles");
        }
    }

    /** Element i belongs to sum i modulo 32, and then the sums are added in pairs. */
    @Test
    void sumsAreTheSameAtEveryVectorWidth() {
        float[] single = new float[LONGEST];
        double[] widened = new double[LONGEST];
        double[] a = new Random(2).doubles(LONGEST).toArray();
        double[] y = new Random(3).doubles(LONGEST).toArray();
        for (int i = 0; i < LONGEST; i++) {
            single[i] = (float) a[i];
            widened[i] = single[i];
        }
        assertEquals(distance(a, y), MeanSquare.distance(a, y));
        assertEquals(distance(widened, y), MeanSquare.distance(single, y));
    }

    private static double distance(double[] a, double[] y) {
        int sums = 32;
        double[] sum = new double[sums];
        for (int i = 0; i < LONGEST; i++) {
            sum[i % sums] = Math.fma(a[i] - y[i], a[i] - y[i], sum[i % sums]);
        }
        for (int count = sums / 2; count > 0; count /= 2) {
            for (int i = 0; i < count; i++) {
                sum[i] += sum[i + count];
            }
        }
        return sum[0] / LONGEST;
    }

    @Test
    void shortOperandsAreRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> MeanSquare.distance(new float[40], new double[39]));
        assertThrows(IndexOutOfBoundsException.class, () -> MeanSquare.distance(new double[40], new double[39]));
    }
}
