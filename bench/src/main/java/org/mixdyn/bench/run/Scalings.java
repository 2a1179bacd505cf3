package org.mixdyn.bench.run;

/** The scales of the paper: powers of d, the same bits on every machine. */
public final class Scalings {
    private Scalings() {
    }

    /**
     * Hidden units floor(d^gamma_w), not always a number that a long can hold. A power that is whole but for the rounding of
     * gamma_w counts as that: 243^2.4 is 531441. Beyond 2^47 that is the nearest whole number.
     */
    public static double units(int dim, double gammaW) {
        double power = StrictMath.pow(dim, gammaW);
        double nearest = Math.rint(power);
        // Half an ulp of gamma_w moves the power by this relative to itself, and its own rounding by some 2^-53 more.
        double relative = (2 + Math.abs(Math.log(power))) * 0x1p-53;
        return nearest - power <= relative * power ? nearest : Math.floor(power);
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
