package org.mixdyn.bench.run;

/** The scales of the paper: powers of d, the same bits on every machine. */
public final class Scalings {
    private Scalings() {
    }

    /** Hidden units floor(d^gamma_w), not always a number that a long can hold. */
    public static double units(int dim, double gammaW) {
        double power = StrictMath.pow(dim, gammaW);
        double nearest = Math.rint(power);
        // A power that should be whole may come out some ulps below it: 243^2.4 is 531441.
        return nearest - power <= 4 * Math.ulp(power) ? nearest : Math.floor(power);
    }

    /**
     * Whether binary32 holds the sum of the squares of d elements of the product of two layers of initial weights, each of
     * variance sigma^4 w, with room to spare.
     */
    public static boolean fitBinary32(int dim, double sigma2, double width) {
        return dim * sigma2 * sigma2 * width <= 1e36;
    }

    /** Variance d^gamma_sigma2 of an initial weight. */
    public static double variance(int dim, double gammaSigma2) {
        return StrictMath.pow(dim, gammaSigma2);
    }
}
