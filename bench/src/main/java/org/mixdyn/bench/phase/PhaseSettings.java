package org.mixdyn.bench.phase;

import org.mixdyn.bench.run.Target;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.observe.StopRule;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/**
 * Everything that determines the numbers of a sweep: all but the number of threads.
 *
 * @param dim         d, inputs and outputs
 * @param rank        k of the target
 * @param noise       standard deviation of the labels' noise
 * @param target      how A* comes to be
 * @param gammaSigma2 exponents of the variance, sigma^2 = d^gamma_sigma2
 * @param gammaW      exponents of the width, w = floor(d^gamma_w)
 * @param seed        first seed
 * @param seeds       number of seeds, consecutive
 * @param etaScale    q of the paper's step size
 * @param steps       iterations at most
 * @param distance    whether the self-consistent dynamics runs beside each network
 * @param substeps    Euler steps of the self-consistent dynamics to one of gradient descent
 */
public record PhaseSettings(int dim, int rank, double noise, Target target, Axis gammaSigma2, Axis gammaW, long seed,
        int seeds,
        double etaScale, int steps, StopRule stop, UpdateOrder update, Precision precision, boolean distance,
        int substeps) {

    /** Points of the grid times seeds. */
    public int runs() {
        return Math.multiplyExact(Math.multiplyExact(gammaSigma2.count(), gammaW.count()), seeds);
    }

    /** Run number i from 0: the seeds of a point, the widths of a variance, the variances. */
    public Point point(int i) {
        int seedIndex = i % seeds;
        double y = gammaW.value(i / seeds % gammaW.count());
        double x = gammaSigma2.value(i / seeds / gammaW.count());
        return Point.of(dim, x, y, seed + seedIndex);
    }

    /** A* and the labels of the i-th seed from 0, which all points share. */
    public Task task(int i) {
        return target.task(dim, dim, rank, noise, seed + i);
    }
}
