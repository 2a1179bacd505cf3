package org.mixdyn.kernel.simd;

/**
 * Brings memory into the caches before it is worked on. No instruction that prefetches is within reach; but a loop that
 * does nothing but read a stretch in order has many lines under way at a time, and the processor foresees more, where a
 * product would wait for each of its rows. An instance belongs to one thread at a time.
 */
public final class FloatReadAhead {
    private static final int LINE = Precision.F32.lineElements();

    /** Kept so that the compiler does not leave the reading out. */
    private float sum;

    /** Reads an element of each 64 bytes of block[from], ..., block[to - 1]; the last two lines may be left out. */
    public void read(float[] block, int from, int to) {
        float even = 0;
        float odd = 0;
        for (int i = from; i < to - LINE; i += 2 * LINE) {
            even += block[i];
            odd += block[i + LINE];
        }
        sum = even + odd;
    }
}
