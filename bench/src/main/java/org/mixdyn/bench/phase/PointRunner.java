package org.mixdyn.bench.phase;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.dynamics.Reduced;
import org.mixdyn.kernel.dynamics.SelfConsistent;
import org.mixdyn.kernel.dynamics.StepSize;
import org.mixdyn.kernel.dynamics.TwoLayer;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.observe.Recorder;
import org.mixdyn.kernel.observe.Recording;
import org.mixdyn.kernel.observe.Spectrum;
import org.mixdyn.kernel.observe.Trajectory;
import org.mixdyn.kernel.task.Task;

/**
 * Runs points one after the other on the calling thread. Buffers serve from point to point. A network of at least d_in +
 * d_out hidden units is reduced to so many; a narrower one is trained as it is.
 */
final class PointRunner {
    private final PhaseSettings settings;
    private final double[] product;
    private final SingularValues singularValues;
    private double flops;

    PointRunner(PhaseSettings settings) {
        this.settings = settings;
        product = new double[Math.multiplyExact(settings.dim(), settings.dim())];
        singularValues = new SingularValues(settings.dim(), settings.precision());
    }

    /** Floating-point operations of all steps so far. */
    double flops() {
        return flops;
    }

    /** Operations that a run will take, roughly; the larger ones are to be begun first. */
    static double expectedCost(PhaseSettings settings, Point point) {
        double narrow = 6.0 * point.width();
        double reduced = settings.dim() * (settings.update() == UpdateOrder.ALTERNATING ? 7.0 : 9.0);
        // Fitted by eye to runs at d = 200: an active network waits for its singular values to grow.
        double steps = 100 + 150 * Math.max(0, 1 - point.gammaSigma2() - point.gammaW());
        double step = (point.width() < 2 * settings.dim() ? narrow : reduced)
                + (settings.distance() ? 20.0 * settings.dim() * settings.substeps() : 0);
        return step * Math.min(settings.steps(), steps * settings.etaScale() / 50);
    }

    PointResult run(Task task, double targetNorm, Point point) {
        double eta = StepSize.paper(settings.etaScale(), point.sigma2(), point.width(), settings.dim(), targetNorm);
        try (Dynamics network = network(task, point, eta);
                SelfConsistent.Equation formula = settings.distance() ? formula(task, point, eta, network) : null) {
            return run(network, formula, point, eta);
        }
    }

    private PointResult run(Dynamics network, SelfConsistent.Equation formula, Point point, double eta) {
        double[] least = {Double.POSITIVE_INFINITY};
        double[] farthest = {0};
        Trajectory trajectory = new Recorder(settings.steps(), settings.stop(), Recording.BEFORE_UPDATE, 0,
                (iteration, steps, train, test) -> {
                    boolean better = test < least[0];
                    boolean compared = formula != null && Double.isFinite(train) && Double.isFinite(farthest[0]);
                    if (better) {
                        network.keepProduct();
                    }
                    if (formula != null && !Double.isFinite(train)) {
                        farthest[0] = Double.POSITIVE_INFINITY;
                    }
                    if (compared) {
                        farthest[0] = Math.max(farthest[0], formula.distance(network));
                        step(formula);
                    }
                    least[0] = better ? test : least[0];
                }).run(network);
        flops += trajectory.steps() * network.flopsPerStep();
        boolean known = least[0] < Double.POSITIVE_INFINITY;
        double[] values = known ? bestValues(network) : null;
        int last = trajectory.size() - 1;
        return new PointResult(trajectory.iteration(last), trajectory.stopReason(), trajectory.trainError(0),
                trajectory.testError(0), trajectory.trainError(last), trajectory.testError(last),
                trajectory.minTestError(), trajectory.minTestIteration(),
                known ? Spectrum.stableRank(values) : Double.NaN,
                known ? (int) Math.min(point.width(), Spectrum.active(values, point.threshold())) : 0,
                farthest[0] > 0 && Double.isFinite(farthest[0]) ? StrictMath.log(farthest[0]) : Double.NaN, eta);
    }

    private void step(Dynamics formula) {
        for (int i = 0; i < settings.substeps(); i++) {
            formula.step();
        }
        flops += settings.substeps() * formula.flopsPerStep();
    }

    private Dynamics network(Task task, Point point, double eta) {
        double sigma = Math.sqrt(point.sigma2());
        return point.width() < Reduced.fewestUnits(task)
                ? TwoLayer.gaussian(task, point.width(), sigma, eta, settings.update(), settings.precision(), 1,
                        point.weightSeed())
                : Reduced.gaussian(task, point.width(), sigma, eta, settings.update(), settings.precision(), 1,
                        point.weightSeed());
    }

    private SelfConsistent.Equation formula(Task task, Point point, double eta, Dynamics network) {
        network.product(product);
        return SelfConsistent.of(task, point.threshold(), product, eta / settings.substeps(), settings.precision(), 1);
    }

    /** Of the product that is kept. */
    private double[] bestValues(Dynamics network) {
        network.keptProduct(product);
        return singularValues.of(product);
    }
}
