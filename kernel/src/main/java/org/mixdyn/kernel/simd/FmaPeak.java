package org.mixdyn.kernel.simd;

import org.mixdyn.kernel.parallel.Team;

/** The arithmetic ceiling of this machine, measured: fused multiply-adds on registers, without memory. */
public final class FmaPeak {
    private static final int STEPS = 200_000;
    private static final int ROUNDS = 40;

    private FmaPeak() {
    }

    /**
     * The best of some tens of short rounds, in GFLOP/s of all threads together; one multiply-add counts two.
     *
     * @param precision of the operands
     * @param threads   that compute at once
     */
    public static double gflops(Precision precision, int threads) {
        double[] best = new double[1];
        float[] sinks = new float[16 * threads];
        double[] sinksDouble = new double[16 * threads];
        Team team = Team.of(threads);
        boolean single = precision == Precision.F32;
        int lanes = single ? Lanes.FLOAT.length() : Lanes.DOUBLE.length();
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            team.run((rank, size) -> {
                if (single) {
                    sinks[16 * rank] += FloatFmaLoop.run(STEPS);
                } else {
                    sinksDouble[16 * rank] += DoubleFmaLoop.run(STEPS);
                }
            });
            double seconds = (System.nanoTime() - start) * 1e-9;
            best[0] = Math.max(best[0], 2.0 * FloatFmaLoop.CHAINS * lanes * STEPS * threads / seconds * 1e-9);
        }
        return best[0];
    }
}
