package org.mixdyn.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import jdk.incubator.vector.FloatVector;

import org.junit.jupiter.api.Test;

/** Every loop at every length around the number of lanes, at shifting offsets, against plain loops in binary64. */
class FloatVectorsTest {
    private static final int LONGEST = 70;
    private static final int STRIDE = 75;

    private final SplittableRandom random = new SplittableRandom(1948);

    @Test
    void dotProducts() {
        for (int n = 0; n <= LONGEST; n++) {
            int xOffset = n % 7;
            int yOffset = n % 5 + 1;
            float[] x = numbers(n + 20);
            float[] a = numbers(4 * STRIDE + 20);
            float[] sums = new float[FloatVectors.FOUR_SUMS];
            FloatVectors.dotFour(n, x, xOffset, a, yOffset, STRIDE, sums);
            for (int row = 0; row < 4; row++) {
                int from = yOffset + row * STRIDE;
                double expected = 0;
                double magnitude = 0;
                for (int i = 0; i < n; i++) {
                    double product = (double) x[xOffset + i] * a[from + i];
                    expected += product;
                    magnitude += Math.abs(product);
                }
                double bound = (n + 1) * Math.ulp(1f) * magnitude;
                assertEquals(expected, sums[row], bound, "row " + row + " of length " + n);
                assertEquals(expected, FloatVectors.dot(n, x, xOffset, a, from), bound, "length " + n);
            }
            float squares = FloatVectors.dot(n, x, xOffset, x, xOffset);
            assertEquals(squares, FloatVectors.sumOfSquares(n, x, xOffset));
        }
    }

    /** Halves onto halves, to the last bit. */
    @Test
    void sumsOfLanes() {
        int lanes = Lanes.FLOAT.length();
        for (int repeat = 0; repeat < 100; repeat++) {
            float[] x = numbers(lanes);
            float sum = FloatVectors.sum(FloatVector.fromArray(Lanes.FLOAT, x, 0));
            for (int half = lanes / 2; half > 0; half /= 2) {
                for (int i = 0; i < half; i++) {
                    x[i] += x[i + half];
                }
            }
            assertEquals(x[0], sum);
        }
    }

    @Test
    void sumsOfStretchesAndWhatStandsBesideThem() {
        for (int n = 0; n <= LONGEST; n++) {
            int xOffset = n % 6;
            int aOffset = n % 3 + 1;
            float[] x = numbers(n + 20);
            float[] before = numbers(4 * STRIDE + 20);
            float[] alphas = numbers(4);
            float[] four = before.clone();
            float[] one = before.clone();
            float[] expected = before.clone();
            FloatVectors.axpyFour(n, alphas, x, xOffset, four, aOffset, STRIDE);
            for (int row = 0; row < 4; row++) {
                int from = aOffset + row * STRIDE;
                FloatVectors.axpy(n, alphas[row], x, xOffset, one, from);
                for (int i = 0; i < n; i++) {
                    expected[from + i] = Math.fma(alphas[row], x[xOffset + i], before[from + i]);
                }
            }
            assertArrayEquals(expected, one, "length " + n);
            assertArrayEquals(expected, four, "length " + n);
        }
    }

    @Test
    void multiplesOfFourRows() {
        for (int n = 0; n <= LONGEST; n++) {
            int aOffset = n % 3;
            int yOffset = n % 5 + 1;
            int first = n % 4;
            float[] a = numbers(4 * STRIDE + 20);
            float[] alphas = numbers(first + 4);
            float[] sums = numbers(n + 20);
            float[] expected = sums.clone();
            FloatVectors.addFour(n, alphas, first, a, aOffset, STRIDE, sums, yOffset);
            for (int row = 0; row < 4; row++) {
                for (int i = 0; i < n; i++) {
                    expected[yOffset + i] = Math.fma(alphas[first + row], a[aOffset + row * STRIDE + i],
                            expected[yOffset + i]);
                }
            }
            assertArrayEquals(expected, sums, "length " + n);
        }
    }

    @Test
    void meansAndSquaredDistances() {
        for (int n = 0; n <= LONGEST; n++) {
            int xOffset = n % 5;
            int yOffset = n % 3 + 1;
            float[] x = numbers(n + 20);
            float[] y = numbers(n + 20);
            double squares = 0;
            for (int i = 0; i < n; i++) {
                double difference = (double) x[xOffset + i] - y[yOffset + i];
                squares += difference * difference;
            }
            assertEquals(squares, FloatVectors.squaredDistance(n, x, xOffset, y, yOffset),
                    (n + 3) * Math.ulp(1f) * squares, "length " + n);
            float[] means = y.clone();
            FloatVectors.mean(n, x, xOffset, means, yOffset);
            for (int i = 0; i < n; i++) {
                y[yOffset + i] = (x[xOffset + i] + y[yOffset + i]) / 2;
            }
            assertArrayEquals(y, means, "length " + n);
        }
    }

    @Test
    void multiplesInPlaceAndElsewhere() {
        for (int n = 0; n <= LONGEST; n++) {
            int offset = n % 4 + 1;
            float[] x = numbers(n + 10);
            float[] expected = numbers(n + 10);
            float[] elsewhere = expected.clone();
            float[] inPlace = x.clone();
            FloatVectors.scale(n, -0.7f, x, offset, elsewhere, offset - 1);
            FloatVectors.scale(n, -0.7f, inPlace, offset, inPlace, offset);
            for (int i = 0; i < n; i++) {
                expected[offset - 1 + i] = -0.7f * x[offset + i];
                x[offset + i] *= -0.7f;
            }
            assertArrayEquals(expected, elsewhere, "length " + n);
            assertArrayEquals(x, inPlace, "length " + n);
        }
    }

    @Test
    void roundedAndWidened() {
        for (int n = 0; n <= LONGEST; n++) {
            double[] x = new double[n + 3];
            for (int i = 0; i < x.length; i++) {
                x[i] = Math.sin(n + i) / 3;
            }
            float[] rounded = numbers(n + 4);
            float[] before = rounded.clone();
            FloatVectors.round(n, x, 2, rounded, 1);
            double[] widened = new double[n + 2];
            FloatVectors.widen(n, rounded, 1, widened, 1);
            for (int i = 0; i < n; i++) {
                assertEquals((float) x[i + 2], rounded[i + 1]);
                assertEquals(rounded[i + 1], widened[i + 1]);
            }
            assertEquals(before[0], rounded[0]);
            assertEquals(before[n + 1], rounded[n + 1]);
            assertEquals(0, widened[0]);
            assertEquals(0, widened[n + 1]);
        }
    }

    @Test
    void pairsOfSums() {
        for (int n = 0; n <= LONGEST; n++) {
            int xOffset = n % 4;
            int yOffset = n % 3 + 1;
            float[] x = numbers(n + 10);
            float[] y = numbers(n + 10);
            float[] newX = x.clone();
            float[] newY = y.clone();
            FloatVectors.combine(n, 0.3f, -0.7f, 1.1f, 0.2f, newX, xOffset, newY, yOffset);
            for (int i = 0; i < n; i++) {
                float xi = x[xOffset + i];
                float yi = y[yOffset + i];
                x[xOffset + i] = Math.fma(xi, 0.3f, yi * -0.7f);
                y[yOffset + i] = Math.fma(xi, 1.1f, yi * 0.2f);
            }
            assertArrayEquals(x, newX, "length " + n);
            assertArrayEquals(y, newY, "length " + n);
        }
    }

    @Test
    void rotations() {
        float c = 0.8f;
        float s = -0.6f;
        for (int n = 0; n <= LONGEST; n++) {
            int xOffset = n % 3;
            int yOffset = n % 5 + 1;
            float[] x = numbers(n + 10);
            float[] y = numbers(n + 10);
            float[] rotatedX = x.clone();
            float[] rotatedY = y.clone();
            FloatVectors.rotate(n, c, s, rotatedX, xOffset, rotatedY, yOffset);
            for (int i = 0; i < n; i++) {
                float xi = x[xOffset + i];
                float yi = y[yOffset + i];
                x[xOffset + i] = Math.fma(xi, c, yi * s);
                y[yOffset + i] = Math.fma(xi, -s, yi * c);
            }
            assertArrayEquals(x, rotatedX, "length " + n);
            assertArrayEquals(y, rotatedY, "length " + n);
        }
    }

    @Test
    void largestMagnitudes() {
        for (int n = 0; n <= LONGEST; n++) {
            float[] x = numbers(n + 10);
            x[2] = 100;
            x[3 + n] = -100;
            float expected = 0;
            for (int i = 0; i < n; i++) {
                expected = Math.max(expected, Math.abs(x[3 + i]));
            }
            assertEquals(expected, FloatVectors.maxAbs(n, x, 3), "length " + n);
            for (int i = 0; i < n; i++) {
                float kept = x[3 + i];
                x[3 + i] = -2;
                assertEquals(2f, FloatVectors.maxAbs(n, x, 3), "place " + i + " of " + n);
                x[3 + i] = 0f / 0f;
                assertTrue(Float.isNaN(FloatVectors.maxAbs(n, x, 3)), "NaN at " + i + " of " + n);
                x[3 + i] = -1f / 0f;
                assertEquals(1f / 0f, FloatVectors.maxAbs(n, x, 3), "infinity at " + i + " of " + n);
                x[3 + i] = kept;
            }
        }
    }

    private float[] numbers(int length) {
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }
}
