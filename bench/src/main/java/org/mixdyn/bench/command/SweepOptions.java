package org.mixdyn.bench.command;

import java.util.function.IntToLongFunction;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Memory;
import org.mixdyn.kernel.parallel.Team;
import picocli.CommandLine.Option;

/** Seeds, threads and the second chance of commands that run many networks. */
final class SweepOptions {
    /** A sweep keeps the result of every run in memory. */
    private static final int MOST_RUNS = 1_000_000;
    private static final int MOST_SEEDS = 1000;

    @Option(names = "--seed", paramLabel = "N", description = "first seed (${DEFAULT-VALUE})")
    private String seed;

    @Option(names = "--seeds", paramLabel = "N", description = "consecutive seeds, whose means are shown (${DEFAULT-VALUE})")
    private String seeds;

    @Option(names = "--threads", paramLabel = "N", description = "runs side by side (${DEFAULT-VALUE}, this machine's processors)")
    private String threads;

    @Option(names = "--fresh", description = "gives up what the output folder holds of a sweep that was broken off")
    private boolean fresh;

    long seed() {
        return Values.whole("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE - MOST_SEEDS);
    }

    /** Number of seeds for so many points. */
    int seeds(long points) {
        int number = Values.small("--seeds", seeds, 1, MOST_SEEDS);
        if (points * number > MOST_RUNS) {
            throw new BadInput("--seeds", seeds,
                    "allowed are grids and seeds of at most " + MOST_RUNS + " runs together");
        }
        return number;
    }

    int threads() {
        return Values.small("--threads", threads, 1, Team.MAX_THREADS);
    }

    /**
     * Refuses a d whose sweep does not fit into memory.
     *
     * @param option that gave d
     * @param needed bytes for a d
     */
    void checkMemory(String option, int dim, int seeds, IntToLongFunction needed) {
        long available = Memory.available();
        if (needed.applyAsLong(dim) <= available) {
            return;
        }
        int fits = dim - 1;
        while (fits > 0 && needed.applyAsLong(fits) > available) {
            fits--;
        }
        throw new BadInput(option, Integer.toString(dim), "allowed is up to " + fits + " here with --seeds " + seeds
                + " and --threads " + threads() + ": " + Memory.text(needed.applyAsLong(dim))
                + " of memory are needed and " + Memory.text(available) + " are available");
    }

    boolean fresh() {
        return fresh;
    }
}
