package org.mixdyn.bench.plot;

/**
 * The errors of one run, for a picture.
 *
 * @param name       of the dynamics, for the legend; that of the first is not shown
 * @param iterations where the errors were recorded, rising
 * @param train      training errors, as many
 * @param test       test errors, as many
 */
public record ErrorCurve(String name, int[] iterations, double[] train, double[] test) {
}
