package org.mixdyn.bench.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Collections;
import java.util.List;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.observe.Recording;
import org.mixdyn.kernel.observe.Spectrum;
import org.mixdyn.kernel.observe.StopRule;
import org.mixdyn.kernel.simd.Precision;

/**
 * Everything that determines a run, with every scaling resolved to a number.
 *
 * @param dim           d of the scalings w = d^gamma_w and sigma^2 = d^gamma_sigma2
 * @param dimIn         d_in
 * @param dimOut        d_out
 * @param rank          k of the target
 * @param noise         standard deviation of the labels' noise
 * @param depth         number of weight matrices
 * @param width         w, the largest hidden width
 * @param widths        all depth - 1 of them, from the inputs on
 * @param gammaW        NaN if the width was given instead
 * @param init          how the weights are drawn
 * @param lambda        of lambda-balanced weights, else NaN
 * @param sigma2        variance of an initial weight
 * @param gammaSigma2   NaN if the variance was given instead
 * @param eta           step size; NaN until the task that it depends on is drawn, if etaScale was given
 * @param etaScale      q of the paper's step size; NaN if eta was given
 * @param steps         iterations at most
 * @param spectrumEvery iterations from one spectrum to the next, 0 for none
 */
public record Settings(int dim, int dimIn, int dimOut, int rank, double noise, int depth, long width,
        List<Long> widths, double gammaW, Initialization init, double lambda, double sigma2, double gammaSigma2,
        double eta, double etaScale, int steps, StopRule stop, Engine engine,
        UpdateOrder update, Precision precision, Recording recording, int spectrumEvery, int threads, long seed) {

    /** The same with the step size that follows from the task. */
    public Settings withEta(double resolved) {
        return new Settings(dim, dimIn, dimOut, rank, noise, depth, width, widths, gammaW, init, lambda, sigma2,
                gammaSigma2, resolved,
                etaScale, steps, stop, engine, update, precision, recording, spectrumEvery, threads, seed);
    }

    /** The same with every hidden layer at another width. */
    public Settings withWidth(long other) {
        return new Settings(dim, dimIn, dimOut, rank, noise, depth, other, Collections.nCopies(depth - 1, other),
                gammaW, init, lambda, sigma2, gammaSigma2, eta,
                etaScale, steps, stop, engine, update, precision, recording, spectrumEvery, threads, seed);
    }

    /** The same computed in another way. */
    public Settings withEngine(Engine other) {
        return new Settings(dim, dimIn, dimOut, rank, noise, depth, width, widths, gammaW, init, lambda, sigma2,
                gammaSigma2, eta,
                etaScale, steps, stop, other, update, precision, recording, spectrumEvery, threads, seed);
    }

    /** The engine that runs: never {@link Engine#AUTO}. */
    @JsonIgnore
    public Engine resolvedEngine() {
        return engine == Engine.AUTO && init != Initialization.GAUSSIAN
                ? Engine.DIRECT
                : engine.resolve(depth, width, dimIn, dimOut);
    }

    /** sigma^2 w, the singular value that parts lazy from active in a network with one hidden layer; NaN for others. */
    @JsonIgnore
    public double threshold() {
        return depth == 2 ? sigma2 * width : Double.NaN;
    }

    /**
     * Singular values above the threshold, w at most, for all others are rounding errors; null where there is no
     * threshold.
     */
    Integer active(double[] singularValues) {
        if (depth > 2) {
            return null;
        }
        return (int) Math.min(width, Spectrum.active(singularValues, threshold()));
    }

    /** s_k / s_(k+1); NaN where the target has full rank, and there is no s_(k+1). */
    double gap(double[] singularValues) {
        return rank < singularValues.length ? Spectrum.gap(singularValues, rank) : Double.NaN;
    }
}
