package org.mixdyn.bench.run;

import org.mixdyn.kernel.observe.Trajectory;

/**
 * What a run gave.
 *
 * @param settings             with the step size resolved
 * @param targetSingularValues the k that are not zero, descending
 * @param flopsPerStep         of the dynamics
 * @param peakGflops           measured: one core's fused multiply-adds on registers, times the threads
 */
public record Outcome(Settings settings, double[] targetSingularValues, Trajectory trajectory, double flopsPerStep,
        double peakGflops) {

    /** Speed of the steps alone; NaN if there were none. */
    public double gflops() {
        return trajectory.steps() == 0 ? Double.NaN : flopsPerStep * trajectory.steps() / trajectory.seconds() * 1e-9;
    }
}
