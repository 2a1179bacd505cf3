package org.mixdyn.kernel.simd;

import java.util.Arrays;

import org.mixdyn.kernel.parallel.Team;

/** The memory ceiling of this machine, measured. */
public final class MemoryBandwidth {
    private static final int ROUNDS = 12;

    /** Elements of a call: a loop that is entered often is compiled sooner than one that goes on. */
    private static final int BLOCK = 1 << 13;

    private MemoryBandwidth() {
    }

    /**
     * The best of some rounds of y = x + y with arrays far larger than the caches, in GB/s of all threads together; x and y are
     * read, y is written, so that a pair of elements counts three times its bytes.
     *
     * @param threads that stream at once, from 1 to {@link Team#MAX_THREADS}
     * @throws IllegalArgumentException if threads is not in its range
     */
    public static double gigabytesPerSecond(int threads) {
        Team team = Team.of(threads);
        int size = (int) Math.clamp(4 * Caches.L3 / Float.BYTES / threads, 1 << 20, 1 << 26);
        float[][] x = new float[threads][];
        float[][] y = new float[threads][];
        team.run((rank, of) -> {
            x[rank] = new float[size];
            y[rank] = new float[size];
        });
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            team.run((rank, of) -> {
                for (int i = 0; i < size; i += BLOCK) {
                    FloatVectors.axpy(Math.min(BLOCK, size - i), 1, x[rank], i, y[rank], i);
                }
            });
            double seconds = (System.nanoTime() - start) * 1e-9;
            best = Math.max(best, 3.0 * size * Float.BYTES * threads / seconds * 1e-9);
        }
        return best;
    }

    /**
     * The median of some rounds of reading so many bytes, in GB/s of all threads together: from memory, or from a cache that
     * holds them all. Whole cache lines count, of which one element each is read.
     *
     * @param threads that read at once, each its own share
     * @throws IllegalArgumentException if threads is out of the range of {@link Team}, or bytes not in 1 MB .. 8 GB for each
     */
    public static double readGigabytesPerSecond(long bytes, int threads) {
        Team team = Team.of(threads);
        long elements = bytes / Float.BYTES / threads;
        if (elements < 1 << 18 || elements >= 1L << 31) {
            throw new IllegalArgumentException(
                    bytes + " bytes on " + threads + " threads; allowed are 1 MB to 8 GB for each");
        }
        int size = (int) (elements / BLOCK * BLOCK);
        float[][] x = new float[threads][];
        FloatReadAhead[] readers = new FloatReadAhead[threads];
        team.run((rank, of) -> {
            x[rank] = new float[size];
            readers[rank] = new FloatReadAhead();
        });
        double[] rates = new double[ROUNDS + 1];
        // The first rounds warm up.
        for (int round = -ROUNDS; round < rates.length; round++) {
            long start = System.nanoTime();
            team.run((rank, of) -> {
                for (int i = 0; i < size; i += BLOCK) {
                    readers[rank].read(x[rank], i, i + BLOCK);
                }
            });
            rates[Math.max(0, round)] = 1.0 * size * Float.BYTES * threads / (System.nanoTime() - start);
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }
}
