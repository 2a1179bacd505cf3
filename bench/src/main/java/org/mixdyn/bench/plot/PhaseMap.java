package org.mixdyn.bench.plot;

/**
 * One quantity over the phase diagram.
 *
 * @param id       of the picture, also its file's name without the suffix
 * @param title    in bold
 * @param subtitle in grey below it
 * @param quantity beside the colour bar
 * @param x        gamma_sigma2 of the columns, rising
 * @param y        gamma_w of the rows, rising
 * @param values   of row y and column x; NaN where there is none
 * @param levels   that part the colours, rising, two at least
 * @param contours values that have a contour line
 * @param tick     distance of the numbers at the colour bar
 * @param lines    the boundaries that theory draws
 * @param smooth   whether values between points of the grid are interpolated, which counts are not
 */
public record PhaseMap(String id, String title, String subtitle, String quantity, double[] x, double[] y,
        double[][] values, double[] levels, double[] contours, double tick, PhaseLines lines,
        boolean smooth) {
}
