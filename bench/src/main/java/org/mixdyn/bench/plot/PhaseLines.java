package org.mixdyn.bench.plot;

/**
 * The three boundaries of the phase diagram (arXiv:2405.17580), with x = gamma_sigma2 and y = gamma_w: lazy above
 * x + y = 1; noise of the initial weights without bounds right of x = -y / 2; too few hidden units below y = log_d k.
 *
 * @param dim  d
 * @param rank k of the target
 */
public record PhaseLines(int dim, int rank) {
    /** gamma_w at which w = k. */
    public double underparameterised() {
        return Math.log(rank) / Math.log(dim);
    }
}
