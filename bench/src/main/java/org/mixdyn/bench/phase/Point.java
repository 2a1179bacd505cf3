package org.mixdyn.bench.phase;

import org.mixdyn.bench.run.Scalings;

/**
 * One network of a phase diagram.
 *
 * @param width  floor(d^gamma_w)
 * @param sigma2 d^gamma_sigma2
 * @param seed   of the task, which all points share
 */
record Point(double gammaSigma2, double gammaW, long width, double sigma2, long seed) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    static Point of(int dim, double gammaSigma2, double gammaW, long seed) {
        return new Point(gammaSigma2, gammaW, (long) Scalings.units(dim, gammaW), Scalings.variance(dim, gammaSigma2),
                seed);
    }

    /** Seed of the weights: of the task's seed and the coordinates alone, whatever else is in the grid. */
    long weightSeed() {
        return mix(mix(mix(seed + GOLDEN) ^ Double.doubleToLongBits(gammaSigma2)) ^ Double.doubleToLongBits(gammaW));
    }

    /** sigma^2 w. */
    double threshold() {
        return sigma2 * width;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014): a bijection that spreads every bit. */
    private static long mix(long z) {
        long first = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long second = (first ^ (first >>> 27)) * 0x94D049BB133111EBL;
        return second ^ (second >>> 31);
    }
}
