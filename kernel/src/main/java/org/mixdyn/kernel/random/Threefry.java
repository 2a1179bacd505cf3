package org.mixdyn.kernel.random;

import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;

/**
 * Threefry-2x64 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): a
 * keyed bijection of 128-bit counters whose outputs pass for independent uniform words. One counter a lane.
 */
final class Threefry {
    private static final VectorSpecies<Long> S = Lanes.LONG;
    private static final LongVector LANE = LongVector.zero(S).addIndex(1);
    /** Keeps the extended key from being zero when the key is. */
    private static final long PARITY = 0x1BD11BDAA9FC1A22L;

    private Threefry() {
    }

    /**
     * Encrypts the counters (counter0 + i, counter1), i from 0 to count - 1, under the key (key0, key1). Five passes of
     * four rounds go over the counters: C2 stops inlining vector operations in a body of twenty rounds.
     *
     * @param first  word 0 of counter i is written to first[i]
     * @param second word 1 of counter i is written to second[i]
     * @param count  a multiple of the number of lanes
     */
    static void words(long key0, long key1, long counter0, long counter1, long[] first, long[] second, int count) {
        long key2 = PARITY ^ key0 ^ key1;
        start(counter0 + key0, counter1 + key1, first, second, count);
        evenRounds(first, second, key1, key2 + 1, count);
        oddRounds(first, second, key2, key0 + 2, count);
        evenRounds(first, second, key0, key1 + 3, count);
        oddRounds(first, second, key1, key2 + 4, count);
        evenRounds(first, second, key2, key0 + 5, count);
    }

    private static void start(long x, long y, long[] first, long[] second, int count) {
        for (int i = 0; i < count; i += S.length()) {
            LANE.add(x + i).intoArray(first, i);
            LongVector.broadcast(S, y).intoArray(second, i);
        }
    }

    /** Rounds 0-3, 8-11 and 16-19, and the key after them. */
    private static void evenRounds(long[] first, long[] second, long keyX, long keyY, int count) {
        for (int i = 0; i < count; i += S.length()) {
            LongVector x = LongVector.fromArray(S, first, i);
            LongVector y = LongVector.fromArray(S, second, i);
            x = x.add(y);
            y = y.lanewise(ROL, 16).lanewise(XOR, x);
            x = x.add(y);
            y = y.lanewise(ROL, 42).lanewise(XOR, x);
            x = x.add(y);
            y = y.lanewise(ROL, 12).lanewise(XOR, x);
            x = x.add(y);
            y = y.lanewise(ROL, 31).lanewise(XOR, x);
            x.add(keyX).intoArray(first, i);
            y.add(keyY).intoArray(second, i);
        }
    }

    /** Rounds 4-7 and 12-15, and the key after them. */
    private static void oddRounds(long[] first, long[] second, long keyX, long keyY, int count) {
        for (int i = 0; i < count; i += S.length()) {
            LongVector x = LongVector.fromArray(S, first, i);
            LongVector y = LongVector.fromArray(S, second, i);
            x = x.add(y);
            y = y.lanewise(ROL, 16).lanewise(XOR, x);
            x = x.add(y);
            y = y.lanewise(ROL, 32).lanewise(XOR, x);
            x = x.add(y);
            y = y.lanewise(ROL, 24).lanewise(XOR, x);
            x = x.add(y);
            y = y.lanewise(ROL, 21).lanewise(XOR, x);
            x.add(keyX).intoArray(first, i);
            y.add(keyY).intoArray(second, i);
        }
    }
}
