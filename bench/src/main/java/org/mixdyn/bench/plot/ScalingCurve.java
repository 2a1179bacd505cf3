package org.mixdyn.bench.plot;

/**
 * A curve of a scaling study.
 *
 * @param name for the legend
 * @param x    abscissas
 * @param y    ordinates; where one is not a number the curve has a gap
 */
public record ScalingCurve(String name, double[] x, double[] y) {
}
