package org.mixdyn.bench.plot;

/**
 * The singular values of one run, for a picture.
 *
 * @param name       of the dynamics, for the legend; that of the first is not shown
 * @param iterations where spectra were recorded, rising
 * @param values     of each of those iterations: all singular values, descending
 * @param active     of each of those iterations: how many are active; empty where there is no threshold between lazy and
 *                   active
 */
public record SpectrumCurve(String name, int[] iterations, double[][] values, int[] active) {
}
