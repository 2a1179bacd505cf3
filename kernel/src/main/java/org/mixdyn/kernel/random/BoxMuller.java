package org.mixdyn.kernel.random;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;

/**
 * The transform of Box and Muller on whole vectors: two uniform words become sqrt(-2 ln u) (cos 2 pi v, sin 2 pi v).
 * Only + - * / sqrt, fused multiply-add and bit operations are used, each of which IEEE 754 rounds in one way, so that
 * the results have the same bits on every machine and at every vector width. Counts are multiples of the number of lanes.
 */
final class BoxMuller {
    private static final VectorSpecies<Double> S = Lanes.DOUBLE;

    private static final long ONE = Double.doubleToRawLongBits(1);
    private static final long SQRT_HALF = Double.doubleToRawLongBits(Math.sqrt(0.5));
    private static final long FRACTION = (1L << 52) - 1;
    private static final long SIGN = 1L << 63;
    /** Below 2^52 an integer and the low bits of 2^52 plus that integer are the same. */
    private static final double TWO_52 = 0x1p52;
    private static final long TWO_52_BITS = Double.doubleToRawLongBits(TWO_52);
    /** Adding it rounds a small number, of either sign, to an integer held in the low bits. */
    private static final double ROUNDER = 0x1.8p52;
    private static final double LN2_HIGH = 0x1.62e42fefa39efp-1;
    private static final double LN2_LOW = 0x1.abc9e3b39803fp-56;

    private BoxMuller() {
    }

    /** radii[i] = sqrt(-2 ln u_i), u_i in (0, 1] a multiple of 2^-52 from the high bits of words[i]. */
    static void radii(long[] words, double[] radii, int count) {
        for (int i = 0; i < count; i += S.length()) {
            DoubleVector u = oneToTwo(LongVector.fromArray(Lanes.LONG, words, i)).neg().add(2);
            log(u).mul(-2).sqrt().intoArray(radii, i);
        }
    }

    /** turns[i] in [0, 1), a multiple of 2^-52 from the high bits of words[i]. */
    static void turns(long[] words, double[] turns, int count) {
        for (int i = 0; i < count; i += S.length()) {
            oneToTwo(LongVector.fromArray(Lanes.LONG, words, i)).sub(1).intoArray(turns, i);
        }
    }

    /** Puts the high 52 bits of a word behind the binary point: 1 + (word >>> 12) 2^-52. */
    private static DoubleVector oneToTwo(LongVector words) {
        return words.lanewise(VectorOperators.LSHR, 12).or(ONE).reinterpretAsDoubles();
    }

    /**
     * ln u for positive normal u, within 1 ulp. With u = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt(2)), s = f / (2 + f):
     * ln(1 + f) = 2 artanh s = 2 s + s R, R = 2 s^2/3 + 2 s^4/5 + ..., and since 2 s = f - s f this is f - s (f - R),
     * where the rounding of s counts little because f is exact.
     */
    static DoubleVector log(DoubleVector u) {
        LongVector shifted = u.reinterpretAsLongs().add(ONE - SQRT_HALF);
        DoubleVector e = shifted.lanewise(VectorOperators.LSHR, 52).or(TWO_52_BITS).reinterpretAsDoubles()
                .sub(TWO_52 + Double.MAX_EXPONENT);
        DoubleVector f = shifted.and(FRACTION).add(SQRT_HALF).reinterpretAsDoubles().sub(1);
        DoubleVector s = f.div(f.add(2));
        DoubleVector z = s.mul(s);
        DoubleVector p = DoubleVector.broadcast(S, 2.0 / 21);
        p = p.fma(z, constant(2.0 / 19));
        p = p.fma(z, constant(2.0 / 17));
        p = p.fma(z, constant(2.0 / 15));
        p = p.fma(z, constant(2.0 / 13));
        p = p.fma(z, constant(2.0 / 11));
        p = p.fma(z, constant(2.0 / 9));
        p = p.fma(z, constant(2.0 / 7));
        p = p.fma(z, constant(2.0 / 5));
        p = p.fma(z, constant(2.0 / 3));
        DoubleVector bend = s.mul(f.sub(p.mul(z)));
        DoubleVector small = e.fma(constant(LN2_LOW), bend.neg());
        return e.fma(constant(LN2_HIGH), f.add(small));
    }

    /**
     * cosines[i] = cos(2 pi turns[i]), sines[i] = sin(2 pi turns[i]), within 2 ulp, for turns in [0, 1]. The nearest
     * quarter turn is taken off without rounding; the rest, at most an eighth of a turn, goes into the series of both.
     */
    static void sincos(double[] turns, double[] cosines, double[] sines, int count) {
        for (int i = 0; i < count; i += S.length()) {
            DoubleVector turn = DoubleVector.fromArray(S, turns, i);
            DoubleVector rounded = turn.fma(constant(4), constant(ROUNDER));
            LongVector quarters = rounded.reinterpretAsLongs();
            DoubleVector x = rounded.sub(ROUNDER).fma(constant(-0.25), turn).mul(2 * Math.PI);
            DoubleVector z = x.mul(x);
            LongVector sine = sine(x, z).reinterpretAsLongs();
            LongVector cosine = cosine(z).reinterpretAsLongs();

            // An odd number of quarters swaps the two: all ones or all zeros select, which needs no mask registers.
            LongVector odd = quarters.and(1).neg();
            LongVector swap = sine.lanewise(VectorOperators.XOR, cosine).and(odd);
            // cos is negative one and two quarters on, sin two and three: bit 1 of quarters + 1 and of quarters.
            LongVector cosineSign = quarters.add(1).lanewise(VectorOperators.LSHL, 62).and(SIGN);
            LongVector sineSign = quarters.lanewise(VectorOperators.LSHL, 62).and(SIGN);
            cosine.lanewise(VectorOperators.XOR, swap).lanewise(VectorOperators.XOR, cosineSign).reinterpretAsDoubles()
                    .intoArray(cosines, i);
            sine.lanewise(VectorOperators.XOR, swap).lanewise(VectorOperators.XOR, sineSign).reinterpretAsDoubles()
                    .intoArray(sines, i);
        }
    }

    /** sin x = x - x^3/3! + ... to x^17 for |x| <= pi/4, where the next term is below 2^-60 of the sum; z = x^2. */
    private static DoubleVector sine(DoubleVector x, DoubleVector z) {
        DoubleVector p = constant(1 / 355687428096000.0);
        p = p.fma(z, constant(-1 / 1307674368000.0));
        p = p.fma(z, constant(1 / 6227020800.0));
        p = p.fma(z, constant(-1 / 39916800.0));
        p = p.fma(z, constant(1 / 362880.0));
        p = p.fma(z, constant(-1 / 5040.0));
        p = p.fma(z, constant(1 / 120.0));
        p = p.fma(z, constant(-1 / 6.0));
        return x.mul(z).fma(p, x);
    }

    /** cos x = 1 - x^2/2! + ... to x^16 for |x| <= pi/4, where the next term is below 2^-58; z = x^2. */
    private static DoubleVector cosine(DoubleVector z) {
        DoubleVector p = constant(1 / 20922789888000.0);
        p = p.fma(z, constant(-1 / 87178291200.0));
        p = p.fma(z, constant(1 / 479001600.0));
        p = p.fma(z, constant(-1 / 3628800.0));
        p = p.fma(z, constant(1 / 40320.0));
        p = p.fma(z, constant(-1 / 720.0));
        p = p.fma(z, constant(1 / 24.0));
        return z.mul(z).fma(p, z.fma(constant(-0.5), constant(1)));
    }

    private static DoubleVector constant(double value) {
        return DoubleVector.broadcast(S, value);
    }
}
