package org.mixdyn.kernel.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;

/** The deviates as a function of position, as numbers and as a distribution; bounds are five standard errors. */
class GaussianTest {
    private static final int MILLION = 1_000_000;

    private static double[] normals(long seed, long stream, int count) {
        double[] out = new double[count];
        new Gaussian(seed, stream).fill(0, out, 0, count);
        return out;
    }

    @Test
    void followsTheDefinition() {
        long seed = -123456789;
        long stream = 17;
        int lanes = Lanes.LONG.length();
        for (long pair : new long[]{0, 1, 127, 128, 5_000_000_000L, Long.MAX_VALUE / 2 - lanes}) {
            long[] first = new long[lanes];
            long[] second = new long[lanes];
            Threefry.words(seed, stream, pair, 0, first, second, lanes);
            double[] out = new double[2 * lanes];
            new Gaussian(seed, stream).fill(2 * pair, out, 0, 2 * lanes);
            for (int i = 0; i < lanes; i++) {
                double u = 1 - (first[i] >>> 12) * 0x1p-52;
                double v = (second[i] >>> 12) * 0x1p-52;
                double radius = StrictMath.sqrt(-2 * StrictMath.log(u));
                assertEquals(radius * StrictMath.cos(2 * Math.PI * v), out[2 * i], 1e-14);
                assertEquals(radius * StrictMath.sin(2 * Math.PI * v), out[2 * i + 1], 1e-14);
            }
        }
    }

    @Test
    void sameBitsOnEveryMachineAndAtEveryWidth() {
        CRC32C sum = new CRC32C();
        for (double x : normals(2024, 16, 100_001)) {
            long bits = Double.doubleToRawLongBits(x);
            for (int shift = 0; shift < 64; shift += 8) {
                sum.update((int) (bits >>> shift));
            }
        }
        assertEquals("fd308969", Long.toHexString(sum.getValue()), Lanes.describe());
    }

    @Test
    void anyPieceEqualsThatPieceOfTheWhole() {
        Gaussian gaussian = new Gaussian(3, 4);
        double[] whole = normals(3, 4, 3000);
        SplittableRandom random = new SplittableRandom(1);
        for (int repeat = 0; repeat < 2000; repeat++) {
            int index = random.nextInt(3000);
            int length = random.nextInt(Math.min(repeat % 3 == 0 ? 3000 : 40, 3001 - index));
            int offset = random.nextInt(9);
            double[] piece = new double[length + offset + 5];
            Arrays.fill(piece, 77);
            double[] expected = piece.clone();
            System.arraycopy(whole, index, expected, offset, length);
            gaussian.fill(index, piece, offset, length);
            assertArrayEquals(expected, piece, "index " + index + ", length " + length);
        }
    }

    @Test
    void piecesEqualTheWholeFarOut() {
        long start = (1L << 62) + 12345;
        double[] whole = new double[1001];
        new Gaussian(8, 9).fill(start, whole, 0, 1001);
        double[] pieces = new double[1001];
        for (int done = 0; done < 1001; done += 7) {
            new Gaussian(8, 9).fill(start + done, pieces, done, 7);
        }
        assertArrayEquals(whole, pieces);
    }

    @Test
    void scaledAndRoundedOnes() {
        int count = 1003;
        double scale = 0.3;
        double[] normals = normals(5, 6, count + 3);
        double[] scaled = new double[count];
        float[] rounded = new float[count + 2];
        Arrays.fill(rounded, 77);
        Gaussian gaussian = new Gaussian(5, 6);
        gaussian.fill(3, scale, scaled, 0, count);
        gaussian.fill(3, scale, rounded, 1, count);
        for (int i = 0; i < count; i++) {
            assertEquals(scale * normals[i + 3], scaled[i]);
            assertEquals((float) (scale * normals[i + 3]), rounded[i + 1]);
        }
        assertEquals(77, rounded[0]);
        assertEquals(77, rounded[count + 1]);
    }

    @Test
    void trianglesAreRowsOfTheWhole() {
        int n = 301;
        double[] whole = normals(5, 6, n * n);
        Gaussian gaussian = new Gaussian(5, 6);
        double[] out = new double[n * n + 1];
        Arrays.fill(out, -99);
        gaussian.fillTriangle(0.5, out, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                assertEquals(j < i ? -99 : 0.5 * whole[i * n + j], out[i * n + j], "row " + i + ", column " + j);
            }
        }
        assertEquals(-99, out[n * n]);
        assertThrows(IndexOutOfBoundsException.class, () -> gaussian.fillTriangle(1, new double[n * n - 1], n));
    }

    @Test
    void moments() {
        int count = 4 * MILLION;
        double[] x = normals(1, 16, count);
        double[] sums = new double[7];
        for (double value : x) {
            double power = 1;
            for (int k = 1; k <= 6; k++) {
                power *= value;
                sums[k] += power;
            }
        }
        double[] expected = {1, 0, 1, 0, 3, 0, 15};
        // var(x^k) = (2k - 1)!! - (E x^k)^2
        double[] variance = {0, 1, 2, 15, 96, 945, 10395 - 225};
        for (int k = 1; k <= 6; k++) {
            assertEquals(expected[k], sums[k] / count, 5 * Math.sqrt(variance[k] / count), "moment " + k);
        }
    }

    @Test
    void distanceOfKolmogorovAndSmirnov() {
        for (long seed = 0; seed < 2; seed++) {
            double[] x = normals(seed, 16, MILLION);
            Arrays.sort(x);
            double distance = 0;
            for (int i = 0; i < MILLION; i++) {
                double p = distribution(x[i]);
                distance = Math.max(distance, Math.max(p - (double) i / MILLION, (i + 1.0) / MILLION - p));
            }
            // Exceeded with probability 0.001 by true normal deviates.
            assertTrue(distance * Math.sqrt(MILLION) < 1.95, "distance " + distance);
        }
    }

    /** The normal distribution function by its series around 0. */
    private static double distribution(double x) {
        double term = x;
        double sum = x;
        for (int k = 3; Math.abs(term) > 1e-12 * Math.abs(sum); k += 2) {
            term *= x * x / k;
            sum += term;
        }
        return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    @Test
    void tails() {
        int count = 10 * MILLION;
        double[] x = normals(7, 16, count);
        double[] thresholds = {3, 4, 4.5};
        double[] twoSided = {2.699796063e-3, 6.334248366e-5, 6.795346249e-6};
        double largest = 0;
        int[] beyond = new int[3];
        int positive = 0;
        for (double value : x) {
            double size = Math.abs(value);
            largest = Math.max(largest, size);
            for (int i = 0; i < 3; i++) {
                beyond[i] += size > thresholds[i] ? 1 : 0;
            }
            positive += value > 4 ? 1 : 0;
        }
        for (int i = 0; i < 3; i++) {
            double expected = twoSided[i] * count;
            assertEquals(expected, beyond[i], 5 * Math.sqrt(expected), "beyond " + thresholds[i]);
        }
        assertEquals(beyond[1] / 2.0, positive, 5 * Math.sqrt(beyond[1]) / 2, "one side beyond 4");
        // The largest of 1e7 is 5.33 in the median; 4.95 and 6.2 have probabilities below 0.001 and 0.006.
        assertTrue(largest > 4.95 && largest < 6.2, "largest " + largest);
    }

    @Test
    void streamsSeedsNeighboursAndHalvesAreUncorrelated() {
        double[] x = normals(1, 16, MILLION + 8);
        for (double[] other : new double[][]{normals(1, 17, MILLION + 8), normals(2, 16, MILLION + 8),
                normals(16, 1, MILLION + 8), normals(1, 16 + (1L << 32), MILLION + 8)}) {
            uncorrelated(x, other, 0);
        }
        for (int lag = 1; lag <= 8; lag++) {
            uncorrelated(x, x, lag);
        }
    }

    private static void uncorrelated(double[] x, double[] y, int lag) {
        double product = 0;
        double squares = 0;
        for (int i = 0; i < MILLION; i++) {
            product += x[i] * y[i + lag];
            squares += (x[i] * x[i] - 1) * (y[i + lag] * y[i + lag] - 1);
        }
        assertEquals(0, product / MILLION, 5e-3, "correlation");
        assertEquals(0, squares / MILLION, 1e-2, "correlation of the squares");
        assertNotEquals(x[0], y[lag]);
    }

    @Test
    void anInstanceIsSharedByThreads() throws InterruptedException {
        Gaussian gaussian = new Gaussian(21, 22);
        double[] shared = new double[100_000];
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            int start = t * 25_000;
            threads[t] = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 25_000; i += 125) {
                    gaussian.fill(start + i, shared, start + i, 125);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertArrayEquals(normals(21, 22, 100_000), shared);
    }

    @Test
    void rejectsRangesThatDoNotExist() {
        Gaussian gaussian = new Gaussian(0, 0);
        double[] out = new double[10];
        var negative = assertThrows(IllegalArgumentException.class, () -> gaussian.fill(-1, out, 0, 1));
        assertEquals("index is -1; allowed is 0 to 2^63 - 1 - length, length 1", negative.getMessage());
        assertThrows(IllegalArgumentException.class, () -> gaussian.fill(Long.MAX_VALUE, out, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> gaussian.fill(0, out, 5, 6));
        assertThrows(IndexOutOfBoundsException.class, () -> gaussian.fill(0, 1, new float[3], -1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> gaussian.fill(0, out, 0, -1));
        gaussian.fill(Long.MAX_VALUE - 10, out, 0, 10);
        gaussian.fill(0, out, 10, 0);
    }
}
