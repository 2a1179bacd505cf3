package org.mixdyn.bench.run;

import org.mixdyn.kernel.observe.Trajectory;

/**
 * What a run gave.
 *
 * @param settings             with the step size resolved
 * @param target               how A* came to be
 * @param substeps             steps of the self-consistent dynamics to an iteration
 * @param targetSingularValues the k that are not zero, descending
 * @param flopsPerStep         of the dynamics
 * @param peakGflops           measured: one core's fused multiply-adds on registers, times the threads
 */
public record Outcome(Settings settings, Target target, int substeps, double[] targetSingularValues,
        Trajectory trajectory, double flopsPerStep, double peakGflops) {

    /** Speed of the steps alone; NaN if there were none. */
    public double gflops() {
        return trajectory.steps() == 0 ? Double.NaN : flopsPerStep * trajectory.steps() / trajectory.seconds() * 1e-9;
    }
}
