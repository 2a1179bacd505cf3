package org.mixdyn.kernel.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;

/** Logarithm, sine and cosine against the strict ones of the JDK and against long arithmetic. */
class BoxMullerTest {
    private static final int COUNT = 1 << 18;
    private static final MathContext DIGITS = new MathContext(50);
    private static final BigDecimal QUARTER = new BigDecimal("0.25");
    private static final BigDecimal TWO_PI = new BigDecimal("6.2831853071795864769252867665590057683943387987502116");

    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void logarithmAgreesWithStrictMath() {
        double[] u = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            u[i] = switch (i % 4) {
                case 0 -> 1 - random.nextDouble();
                case 1 -> Math.scalb(1 - random.nextDouble(), -random.nextInt(50));
                case 2 -> 1 - Math.scalb(random.nextDouble(), -random.nextInt(50));
                default -> Math.sqrt(0.5) + Math.scalb(random.nextDouble() - 0.5, -random.nextInt(50));
            };
        }
        double[] edges = {1, 0x1p-52, Math.nextDown(1.0), 0.5, Math.sqrt(0.5), Math.nextDown(Math.sqrt(0.5)),
                Math.nextUp(Math.sqrt(0.5)), Double.MIN_NORMAL, Double.MAX_VALUE, Math.nextUp(1.0), 1e-300, 3};
        System.arraycopy(edges, 0, u, 0, edges.length);
        double[] logs = new double[COUNT];
        BoxMuller.logs(u, logs, COUNT);
        assertEquals(0, logs[0]);
        for (int i = 0; i < COUNT; i++) {
            double expected = StrictMath.log(u[i]);
            // StrictMath is itself within 1 ulp.
            assertTrue(Math.abs(logs[i] - expected) <= 2 * Math.ulp(expected), "log " + u[i] + " gave " + logs[i]);
        }
    }

    @Test
    void logarithmAgainstItsSeries() {
        double[] u = new double[1 << 12];
        for (int i = 0; i < u.length; i++) {
            u[i] = i % 2 == 0 ? 1 - random.nextDouble() : Math.scalb(1 - random.nextDouble(), -random.nextInt(52));
        }
        double[] logs = new double[u.length];
        BoxMuller.logs(u, logs, u.length);
        for (int i = 0; i < u.length; i++) {
            within(0.9, longLog(u[i]), logs[i], "log of " + u[i]);
        }
    }

    @Test
    void sineAndCosineOfTurnsAreWithinTwoUlp() {
        double[] turns = new double[1 << 12];
        for (int i = 0; i < turns.length; i++) {
            int near = random.nextInt(9);
            double away = Math.scalb((double) random.nextInt(-1 << 20, 1 << 20), -24 - random.nextInt(29));
            turns[i] = i % 2 == 0 ? random.nextDouble() : Math.clamp(near / 8.0 + away, 0, 1);
        }
        double[] edges = {0, 0.25, 0.5, 0.75, 1, 0.125, 0.375, 0.625, 0.875, 0x1p-52, 1 - 0x1p-52, 0.25 - 0x1p-52};
        System.arraycopy(edges, 0, turns, 0, edges.length);
        double[] cosines = new double[turns.length];
        double[] sines = new double[turns.length];
        BoxMuller.sincos(turns, cosines, sines, turns.length);
        for (int i = 0; i < turns.length; i++) {
            within(2, longSine(new BigDecimal(turns[i])), sines[i], "sin of turn " + turns[i]);
            within(2, longSine(new BigDecimal(turns[i]).add(QUARTER)), cosines[i], "cos of turn " + turns[i]);
        }
    }

    @Test
    void sineAndCosineAgreeWithStrictMathOnEveryOctant() {
        double[] turns = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            turns[i] = random.nextDouble();
        }
        double[] cosines = new double[COUNT];
        double[] sines = new double[COUNT];
        BoxMuller.sincos(turns, cosines, sines, COUNT);
        for (int i = 0; i < COUNT; i++) {
            int quarters = (int) Math.rint(4 * turns[i]);
            double angle = 2 * Math.PI * (turns[i] - quarters / 4.0);
            double sine = StrictMath.sin(angle);
            double cosine = StrictMath.cos(angle);
            double expectedSine = switch (quarters % 4) {
                case 0 -> sine;
                case 1 -> cosine;
                case 2 -> -sine;
                default -> -cosine;
            };
            double expectedCosine = switch (quarters % 4) {
                case 0 -> cosine;
                case 1 -> -sine;
                case 2 -> -cosine;
                default -> sine;
            };
            assertEquals(expectedSine, sines[i], 4 * Math.ulp(expectedSine));
            assertEquals(expectedCosine, cosines[i], 4 * Math.ulp(expectedCosine));
        }
    }

    @Test
    void uniformsUseTheHighBitsAndTheRightEnds() {
        int count = Lanes.DOUBLE.length() * 2;
        long[] words = new long[count];
        words[1] = -1;
        words[2] = 1L << 63;
        words[3] = 0xFFF;
        double[] radii = new double[count];
        double[] turns = new double[count];
        BoxMuller.radii(words, radii, count);
        BoxMuller.turns(words, turns, count);
        assertEquals(0, Math.abs(radii[0]), "u is 1 for a word of zeros");
        assertEquals(StrictMath.sqrt(104 * StrictMath.log(2)), radii[1], 2e-15, "u is 2^-52 for a word of ones");
        assertEquals(StrictMath.sqrt(2 * StrictMath.log(2)), radii[2], 4e-16);
        assertEquals(0, Math.abs(radii[3]), "the low 12 bits are not used");
        assertEquals(0, turns[0]);
        assertEquals(1 - 0x1p-52, turns[1]);
        assertEquals(0.5, turns[2]);
        assertEquals(0, turns[3]);
    }

    private static void within(double ulps, BigDecimal expected, double actual, String what) {
        double error = expected.subtract(new BigDecimal(actual)).abs().doubleValue();
        double bound = ulps * Math.ulp(expected.doubleValue());
        assertTrue(error <= bound, () -> what + " gave " + actual + ", off by " + error + ", allowed " + bound);
    }

    /** sin(2 pi turn) by its series in 50 digits, after the nearest half turn is taken off. */
    private static BigDecimal longSine(BigDecimal turn) {
        long halves = Math.round(2 * turn.doubleValue());
        BigDecimal rest = turn.subtract(BigDecimal.valueOf(halves).divide(BigDecimal.TWO));
        BigDecimal x = rest.multiply(TWO_PI, DIGITS);
        BigDecimal square = x.multiply(x, DIGITS);
        BigDecimal sum = x;
        BigDecimal term = x;
        for (int n = 2; n < 60; n += 2) {
            term = term.multiply(square, DIGITS).divide(BigDecimal.valueOf(-n * (n + 1L)), DIGITS);
            sum = sum.add(term, DIGITS);
        }
        return halves % 2 == 0 ? sum : sum.negate();
    }

    /** ln u = e ln 2 + 2 artanh((m - 1) / (m + 1)) in 50 digits, u = 2^e m; ln 2 = 2 artanh(1/3). */
    private static BigDecimal longLog(double u) {
        int e = Math.getExponent(u);
        BigDecimal m = new BigDecimal(Math.scalb(u, -e));
        BigDecimal fraction = m.subtract(BigDecimal.ONE).divide(m.add(BigDecimal.ONE), DIGITS);
        BigDecimal ln2 = longDoubleArtanh(BigDecimal.ONE.divide(BigDecimal.valueOf(3), DIGITS));
        return ln2.multiply(BigDecimal.valueOf(e)).add(longDoubleArtanh(fraction));
    }

    private static BigDecimal longDoubleArtanh(BigDecimal s) {
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal power = s;
        for (int n = 1; n < 110; n += 2) {
            sum = sum.add(power.divide(BigDecimal.valueOf(n), DIGITS));
            power = power.multiply(s, DIGITS).multiply(s, DIGITS);
        }
        return sum.multiply(BigDecimal.TWO);
    }
}
