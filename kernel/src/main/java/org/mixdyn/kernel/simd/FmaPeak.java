package org.mixdyn.kernel.simd;

import java.util.Objects;

import org.mixdyn.kernel.parallel.Team;

/** The arithmetic ceiling of this machine, measured: fused multiply-adds on registers, without memory. */
public final class FmaPeak {
    /** Of a call: a loop that is entered often is compiled sooner than one that goes on. */
    private static final int STEPS = 1000;
    private static final int CALLS = 200;
    private static final int ROUNDS = 40;

    /** Rounds of several threads last half a second: the system may need a tenth to find a core for each. */
    private static final long NANOSECONDS = 500_000_000;

    /** Calls and steps that have the loop compiled before the rounds. */
    private static final int EARLY_CALLS = 2000;
    private static final int EARLY_STEPS = 16;

    private FmaPeak() {
    }

    /**
     * The best of some tens of short rounds, in GFLOP/s of all threads together; one multiply-add counts two.
     *
     * @param precision of the operands
     * @param threads   that compute at once, from 1 to {@link Team#MAX_THREADS}
     * @throws IllegalArgumentException if threads is not in its range
     */
    public static double gflops(Precision precision, int threads) {
        boolean single = Objects.requireNonNull(precision, "precision") == Precision.F32;
        double best = 0;
        Team team = Team.of(threads);
        double[] sink = new double[threads];
        int lanes = single ? Lanes.FLOAT.length() : Lanes.DOUBLE.length();
        run(team, single, EARLY_CALLS, EARLY_STEPS, sink);
        long begin = System.nanoTime();
        for (int round = 0; round < ROUNDS || threads > 1 && System.nanoTime() - begin < NANOSECONDS; round++) {
            long start = System.nanoTime();
            run(team, single, CALLS, STEPS, sink);
            double seconds = (System.nanoTime() - start) * 1e-9;
            best = Math.max(best, 2.0 * FloatFmaLoop.CHAINS * lanes * STEPS * CALLS * threads / seconds * 1e-9);
        }
        return best;
    }

    private static void run(Team team, boolean single, int calls, int steps, double[] sink) {
        team.run((rank, size) -> {
            double sum = 0;
            for (int call = 0; call < calls; call++) {
                sum += single ? FloatFmaLoop.run(steps) : DoubleFmaLoop.run(steps);
            }
            sink[rank] = sum;
        });
    }
}
