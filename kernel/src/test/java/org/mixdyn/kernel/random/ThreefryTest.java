package org.mixdyn.kernel.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;

/** The published answers, and the definition round by round. */
class ThreefryTest {
    private static final int LANES = Lanes.LONG.length();

    @Test
    void publishedAnswers() {
        check(0, 0, 0, 0, 0xc2b6e3a8c2c69865L, 0x6f81ed42f350084dL);
        check(-1, -1, -1, -1, 0xe02cb7c4d95d277aL, 0xd06633d0893b8b68L);
        check(0xa4093822299f31d0L, 0x082efa98ec4e6c89L, 0x243f6a8885a308d3L, 0x13198a2e03707344L, 0x263c7d30bb0f0af1L,
                0x56be8361d3311526L);
    }

    private static void check(long key0, long key1, long counter0, long counter1, long expected0, long expected1) {
        long[] first = new long[LANES];
        long[] second = new long[LANES];
        Threefry.words(key0, key1, counter0, counter1, first, second, LANES);
        assertEquals(Long.toHexString(expected0), Long.toHexString(first[0]));
        assertEquals(Long.toHexString(expected1), Long.toHexString(second[0]));
    }

    @Test
    void everyLaneFollowsTheDefinition() {
        SplittableRandom random = new SplittableRandom(11);
        int count = 5 * LANES;
        long[] first = new long[count];
        long[] second = new long[count];
        for (int repeat = 0; repeat < 50; repeat++) {
            long key0 = random.nextLong();
            long key1 = random.nextLong();
            long counter0 = random.nextLong();
            long counter1 = random.nextLong();
            Threefry.words(key0, key1, counter0, counter1, first, second, count);
            for (int i = 0; i < count; i++) {
                long[] expected = definition(key0, key1, counter0 + i, counter1);
                assertEquals(expected[0], first[i], "word 0 of counter " + i);
                assertEquals(expected[1], second[i], "word 1 of counter " + i);
            }
        }
    }

    private static long[] definition(long key0, long key1, long counter0, long counter1) {
        int[] rotations = {16, 42, 12, 31, 16, 32, 24, 21};
        long[] key = {key0, key1, 0x1BD11BDAA9FC1A22L ^ key0 ^ key1};
        long x = counter0 + key[0];
        long y = counter1 + key[1];
        for (int round = 0; round < 20; round++) {
            x += y;
            y = Long.rotateLeft(y, rotations[round % 8]) ^ x;
            if (round % 4 == 3) {
                int injection = round / 4 + 1;
                x += key[injection % 3];
                y += key[(injection + 1) % 3] + injection;
            }
        }
        return new long[]{x, y};
    }
}
