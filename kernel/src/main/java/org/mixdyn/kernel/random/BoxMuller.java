package org.mixdyn.kernel.random;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;

/**
 * The transform of Box and Muller on whole vectors: two uniform words become sqrt(-2 ln u) (cos 2 pi v, sin 2 pi v).
 * Only + - * / sqrt, fused multiply-add and bit operations are used, each of which IEEE 754 rounds in one way, so that
 * the results have the same bits on every machine and at every vector width. Counts are multiples of the number of lanes.
 *
 * <p>The loops call nothing but vector operations: C2 always inlines those, while a method of our own is left out, and its
 * vectors put on the heap, once a caller has grown large.
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
        uniforms(words, radii, 2, -1, count);
        logs(radii, radii, count);
        for (int i = 0; i < count; i += S.length()) {
            DoubleVector.fromArray(S, radii, i).mul(-2).sqrt().intoArray(radii, i);
        }
    }

    /** turns[i] in [0, 1), a multiple of 2^-52 from the high bits of words[i]. */
    static void turns(long[] words, double[] turns, int count) {
        uniforms(words, turns, -1, 1, count);
    }

    /** out[i] = shift + slope x_i with x_i in [1, 2) from the high 52 bits of words[i] put behind the binary point. */
    private static void uniforms(long[] words, double[] out, double shift, double slope, int count) {
        DoubleVector shifts = DoubleVector.broadcast(S, shift);
        DoubleVector slopes = DoubleVector.broadcast(S, slope);
        for (int i = 0; i < count; i += S.length()) {
            LongVector.fromArray(Lanes.LONG, words, i).lanewise(LSHR, 12).or(ONE).reinterpretAsDoubles()
                    .fma(slopes, shifts).intoArray(out, i);
        }
    }

    /**
     * logs[i] = ln u_i for positive normal u_i, within 1 ulp; logs may be u. With u = 2^e (1 + f), 1 + f in [sqrt(1/2),
     * sqrt(2)), s = f / (2 + f): ln(1 + f) = 2 artanh s = 2 s + s R, R = 2 s^2/3 + 2 s^4/5 + ..., and since 2 s = f - s f
     * this is f - s (f - R), where the rounding of s counts little because f is exact.
     */
    static void logs(double[] u, double[] logs, int count) {
        for (int i = 0; i < count; i += S.length()) {
            LongVector shifted = DoubleVector.fromArray(S, u, i).reinterpretAsLongs().add(ONE - SQRT_HALF);
            DoubleVector e = shifted.lanewise(LSHR, 52).or(TWO_52_BITS).reinterpretAsDoubles()
                    .sub(TWO_52 + Double.MAX_EXPONENT);
            DoubleVector f = shifted.and(FRACTION).add(SQRT_HALF).reinterpretAsDoubles().sub(1);
            DoubleVector s = f.div(f.add(2));
            DoubleVector z = s.mul(s);
            DoubleVector p = DoubleVector.broadcast(S, 2.0 / 21);
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 19));
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 17));
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 15));
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 13));
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 11));
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 9));
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 7));
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 5));
            p = p.fma(z, DoubleVector.broadcast(S, 2.0 / 3));
            DoubleVector bend = s.mul(f.sub(p.mul(z)));
            DoubleVector small = e.fma(DoubleVector.broadcast(S, LN2_LOW), bend.neg());
            e.fma(DoubleVector.broadcast(S, LN2_HIGH), f.add(small)).intoArray(logs, i);
        }
    }

    /**
     * cosines[i] = cos(2 pi turns[i]), sines[i] = sin(2 pi turns[i]), within 2 ulp, for turns in [0, 1]. The nearest
     * quarter turn is taken off without rounding; the rest, x radians, at most pi/4, goes into both Taylor series, to
     * x^17 and x^16, whose next terms are below 2^-58 of the sums.
     */
    static void sincos(double[] turns, double[] cosines, double[] sines, int count) {
        for (int i = 0; i < count; i += S.length()) {
            DoubleVector turn = DoubleVector.fromArray(S, turns, i);
            DoubleVector rounded = turn.fma(DoubleVector.broadcast(S, 4), DoubleVector.broadcast(S, ROUNDER));
            DoubleVector rest = rounded.sub(ROUNDER).fma(DoubleVector.broadcast(S, -0.25), turn);
            DoubleVector x = rest.mul(2 * Math.PI);
            DoubleVector z = x.mul(x);

            DoubleVector p = DoubleVector.broadcast(S, 1 / 355687428096000.0);
            p = p.fma(z, DoubleVector.broadcast(S, -1 / 1307674368000.0));
            p = p.fma(z, DoubleVector.broadcast(S, 1 / 6227020800.0));
            p = p.fma(z, DoubleVector.broadcast(S, -1 / 39916800.0));
            p = p.fma(z, DoubleVector.broadcast(S, 1 / 362880.0));
            p = p.fma(z, DoubleVector.broadcast(S, -1 / 5040.0));
            p = p.fma(z, DoubleVector.broadcast(S, 1 / 120.0));
            p = p.fma(z, DoubleVector.broadcast(S, -1 / 6.0));
            LongVector sine = x.mul(z).fma(p, x).reinterpretAsLongs();

            DoubleVector q = DoubleVector.broadcast(S, 1 / 20922789888000.0);
            q = q.fma(z, DoubleVector.broadcast(S, -1 / 87178291200.0));
            q = q.fma(z, DoubleVector.broadcast(S, 1 / 479001600.0));
            q = q.fma(z, DoubleVector.broadcast(S, -1 / 3628800.0));
            q = q.fma(z, DoubleVector.broadcast(S, 1 / 40320.0));
            q = q.fma(z, DoubleVector.broadcast(S, -1 / 720.0));
            q = q.fma(z, DoubleVector.broadcast(S, 1 / 24.0));
            DoubleVector parabola = z.fma(DoubleVector.broadcast(S, -0.5), DoubleVector.broadcast(S, 1));
            LongVector cosine = z.mul(z).fma(q, parabola).reinterpretAsLongs();

            // An odd number of quarters swaps the two: all ones or all zeros select, which needs no mask registers.
            LongVector quarters = rounded.reinterpretAsLongs();
            LongVector swap = sine.lanewise(XOR, cosine).and(quarters.and(1).neg());
            // cos is negative one and two quarters on, sin two and three: bit 1 of quarters + 1 and of quarters.
            LongVector cosineSign = quarters.add(1).lanewise(LSHL, 62).and(SIGN);
            LongVector sineSign = quarters.lanewise(LSHL, 62).and(SIGN);
            cosine.lanewise(XOR, swap).lanewise(XOR, cosineSign).reinterpretAsDoubles().intoArray(cosines, i);
            sine.lanewise(XOR, swap).lanewise(XOR, sineSign).reinterpretAsDoubles().intoArray(sines, i);
        }
    }
}
