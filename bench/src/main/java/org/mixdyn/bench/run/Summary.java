package org.mixdyn.bench.run;

import org.mixdyn.kernel.observe.Spectrum;
import org.mixdyn.kernel.observe.Trajectory;

/**
 * summary.json: what came out of a run, what went in, and where it was made.
 *
 * @param trainError           at the last recorded iteration
 * @param testError            at the last recorded iteration
 * @param minTestError         the least
 * @param minTestIteration     where it was
 * @param iterations           index of the last recorded iteration, from 0
 * @param stopReason           steps, train_error, test_error_rose, train_error_flat or diverged
 * @param seconds              of the steps, without observations
 * @param gflops               speed of the steps
 * @param peakFraction         gflops as a share of peakGflops
 * @param peakGflops           one core's measured fused multiply-adds on registers, times the threads
 * @param threshold            sigma^2 w; this and active only for one hidden layer, else null
 * @param spectrumIteration    of the last spectrum, to which the next four belong; null without spectra
 * @param active               singular values above the threshold
 * @param stableRank           ||A||_F^2 / ||A||_op^2
 * @param gap                  s_k / s_(k+1), k the rank of the target; null if that is full
 * @param conservedDrift       relative change of the norm of all W_l W_l^T - W_(l+1)^T W_(l+1) since the start; null for
 *                             balanced weights, where it starts at zero, and where rounding errors hide it
 * @param targetSingularValues of A*, the k that are not zero
 * @param target               how A* came to be
 * @param substeps             steps of the self-consistent dynamics, where it runs, to an iteration
 * @param settings             every other one, resolved
 */
public record Summary(double trainError, double testError, double minTestError, int minTestIteration, int iterations,
        String stopReason, double seconds, double gflops, double peakFraction, double peakGflops, double threshold,
        Integer spectrumIteration, Integer active, double stableRank, double gap, double conservedDrift,
        double[] targetSingularValues, Target target, int substeps, Settings settings, Environment environment) {

    /** Of a run on this machine. */
    public static Summary of(Outcome outcome) {
        Trajectory trajectory = outcome.trajectory();
        Settings settings = outcome.settings();
        int last = trajectory.size() - 1;
        int observed = last;
        while (observed >= 0 && !trajectory.hasSpectrum(observed)) {
            observed--;
        }
        double[] values = observed < 0 ? null : trajectory.singularValues(observed);
        return new Summary(trajectory.trainError(last), trajectory.testError(last), trajectory.minTestError(),
                trajectory.minTestIteration(), trajectory.iteration(last), trajectory.stopReason(),
                trajectory.seconds(), outcome.gflops(), outcome.gflops() / outcome.peakGflops(), outcome.peakGflops(),
                settings.threshold(), values == null ? null : trajectory.iteration(observed),
                values == null ? null : settings.active(values),
                values == null ? Double.NaN : Spectrum.stableRank(values),
                values == null ? Double.NaN : settings.gap(values),
                values == null ? Double.NaN : trajectory.conservedDrift(observed),
                outcome.targetSingularValues(), outcome.target(), outcome.substeps(), settings, Environment.now());
    }
}
