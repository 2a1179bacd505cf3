package org.mixdyn.kernel.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.mixdyn.kernel.random.Gaussian;

class BartlettTest {
    private static final int DRAWS = 20_000;

    /** chi^2 of f degrees of freedom has mean f and variance 2 f; the sample's has variance (kurtosis - 1) / DRAWS. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3, 4, 7, 60, 401, 1e4, 1e6, 1e9, 1e12, 1e15, 0x1p53})
    void meanAndVarianceAreThoseOfChiSquared(double freedom) {
        double mean = 0;
        double square = 0;
        for (int i = 0; i < DRAWS; i++) {
            double standard = (Bartlett.chiSquared(freedom, 5, i) - freedom) / Math.sqrt(2 * freedom);
            mean += standard / DRAWS;
            square += standard * standard / DRAWS;
        }
        assertEquals(0, mean, 4 / Math.sqrt(DRAWS));
        assertEquals(1, square, 4 * Math.sqrt((2 + 12 / freedom) / DRAWS));
    }

    /** Even degrees of freedom: P(chi^2 > x) = exp(-x/2) sum_{i < f/2} (x/2)^i / i!. */
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8, 20, 60})
    void fewDegreesOfFreedomHaveTheirDistribution(int freedom) {
        // One attempt in twenty is refused at most: so many draws tell whether the right ones are.
        assertDistribution(freedom, 20 * DRAWS, x -> {
            double term = 1;
            double sum = 1;
            for (int i = 1; i < freedom / 2; i++) {
                term *= x / 2 / i;
                sum += term;
            }
            return 1 - Math.exp(-x / 2) * sum;
        });
    }

    /** (chi^2 / f)^(1/3) is normal with mean 1 - 2/(9 f) and variance 2/(9 f) up to terms in 1/f (Wilson and Hilferty). */
    @ParameterizedTest
    @ValueSource(doubles = {1e5, 1e8, 1e12, 1e15})
    void manyDegreesOfFreedomHaveTheirDistribution(double freedom) {
        assertDistribution(freedom, DRAWS, x -> {
            // ln(x / f) / 3 = ln of the cube root; expm1 keeps the digits that x / f near 1 would lose.
            double root = Math.expm1(Math.log1p((x - freedom) / freedom) / 3);
            return normal((root + 2 / (9 * freedom)) / Math.sqrt(2 / (9 * freedom)));
        });
    }

    private static void assertDistribution(double freedom, int draws, DoubleUnaryOperator cumulative) {
        double[] sample = new double[draws];
        Arrays.setAll(sample, i -> Bartlett.chiSquared(freedom, 11, i));
        assertDistribution(sample, cumulative);
    }

    /** The statistic of Kolmogorov and Smirnov exceeds 1.95 / sqrt(n) in one sample of a thousand. */
    private static void assertDistribution(double[] sample, DoubleUnaryOperator cumulative) {
        Arrays.sort(sample);
        double largest = 0;
        for (int i = 0; i < sample.length; i++) {
            double p = cumulative.applyAsDouble(sample[i]);
            largest = Math.max(largest, Math.max(p - i / (double) sample.length, (i + 1.0) / sample.length - p));
        }
        assertTrue(largest <= 1.95 / Math.sqrt(sample.length), "distance " + largest);
    }

    /** Phi by Taylor's series of erf, exact to 1e-12 within six standard deviations. */
    private static double normal(double z) {
        if (Math.abs(z) > 6) {
            return z > 0 ? 1 : 0;
        }
        double term = z;
        double sum = z;
        for (int i = 1; i < 120; i++) {
            term *= -z * z / (2 * i);
            sum += term / (2 * i + 1);
        }
        return 0.5 + sum / Math.sqrt(2 * Math.PI);
    }

    /** No two attempts share a number, whatever the seed, be they at one diagonal element or at neighbours. */
    @Test
    void attemptsShareNothing() {
        for (long seed : new long[]{0, 1, 2, Long.MIN_VALUE, 0x9E3779B97F4A7C15L}) {
            Gaussian normals = new Gaussian(seed, Streams.CHI_SQUARED);
            Set<Double> seen = new HashSet<>();
            double[] numbers = new double[3];
            for (int index = 0; index < 30; index++) {
                for (int attempt = 0; attempt < 30; attempt++) {
                    Bartlett.draw(normals, index, attempt, numbers);
                    for (double number : numbers) {
                        assertTrue(seen.add(number), "index " + index + ", attempt " + attempt + ": " + number);
                    }
                }
            }
        }
    }

    /** P(e > x) = exp(-x), and x and e do not know of each other: their products have the mean 0. */
    @Test
    void attemptsTakeANormalAndAnExponentialNumber() {
        Gaussian normals = new Gaussian(3, Streams.CHI_SQUARED);
        double[] numbers = new double[3];
        double[] normal = new double[DRAWS];
        double[] exponential = new double[DRAWS];
        double product = 0;
        for (int i = 0; i < DRAWS; i++) {
            Bartlett.draw(normals, i / 100, i % 100, numbers);
            normal[i] = numbers[0];
            exponential[i] = numbers[1];
            product += Math.abs(normal[i]) * (exponential[i] - 1) / DRAWS;
        }
        assertEquals(0, product, 4 / Math.sqrt(DRAWS));
        assertDistribution(normal, BartlettTest::normal);
        assertDistribution(exponential, x -> -Math.expm1(-x));
    }

    /** R^T R is Wishart: its mean is w I; here its trace and a corner, over draws. */
    @Test
    void weightsAreTriangularWithTheRightScale() {
        double width = 1e10;
        double trace = 0;
        for (int seed = 0; seed < 100; seed++) {
            double[] r = Bartlett.draw(7, width, 1e-5, seed);
            for (int h = 0; h < 7; h++) {
                for (int j = 0; j < 7; j++) {
                    assertTrue(h <= j || r[h * 7 + j] == 0);
                    trace += r[h * 7 + j] * r[h * 7 + j] / 100;
                }
            }
        }
        assertEquals(7, trace, 1e-3);
    }

    /** Every element is the deviate of its place. */
    @Test
    void elementsAreThoseOfTheirPlaces() {
        int n = 51;
        double sigma = 0.3;
        double width = 1000;
        double[] r = Bartlett.draw(n, width, sigma, 8);
        double[] normals = new double[n * n];
        new Gaussian(8, Streams.BARTLETT).fill(0, normals, 0, n * n);
        for (int h = 0; h < n; h++) {
            for (int j = 0; j < n; j++) {
                double expected = j < h ? 0 : sigma * normals[h * n + j];
                if (j == h) {
                    expected = sigma * Math.sqrt(Bartlett.chiSquared(width - h, 8, h));
                }
                assertEquals(expected, r[h * n + j], "row " + h + ", column " + j);
            }
        }
    }

    @Test
    void refusesWidthsThatHaveNoSuchFactor() {
        for (double width : new double[]{6, 7.5, Double.NaN, Double.POSITIVE_INFINITY, 0x1p54}) {
            assertThrows(IllegalArgumentException.class,
                    () -> Bartlett.draw(7, width, 1, 1), "width " + width);
        }
    }
}
