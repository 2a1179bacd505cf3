package org.mixdyn.bench.run;

/** The scales of the paper: powers of d, the same bits on every machine. */
public final class Scalings {
    private Scalings() {
    }

    /** Hidden units floor(d^gamma_w), not always a number that a long can hold. */
    public static double units(int dim, double gammaW) {
        // A power that should be whole may come out an ulp below it: 100^1.5 is 1000.
        return Math.floor(StrictMath.pow(dim, gammaW) * (1 + 4 * Math.ulp(1.0)));
    }

    /** Variance d^gamma_sigma2 of an initial weight. */
    public static double variance(int dim, double gammaSigma2) {
        return StrictMath.pow(dim, gammaSigma2);
    }
}
