package org.mixdyn.kernel.observe;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.svd.DoubleSvd;

/**
 * Runs a dynamics and records its errors at every iteration, and its singular values and conserved quantity at every n-th
 * one and at the last.
 */
public final class Recorder {
    /** Told after each record. */
    @FunctionalInterface
    public interface Listener {
        /** One more record; iteration counts from 0 to at most steps - 1. */
        void recorded(int iteration, int steps, double trainError, double testError);
    }

    private final int steps;
    private final StopRule stop;
    private final Recording recording;
    private final int spectrumEvery;
    private final Listener listener;

    /**
     * A recorder for any number of runs.
     *
     * @param steps         records at most, at least 1
     * @param spectrumEvery iterations from one spectrum to the next, 0 for none
     * @param listener      told after each record, or null
     * @throws IllegalArgumentException if steps is below 1 or spectrumEvery negative
     */
    public Recorder(int steps, StopRule stop, Recording recording, int spectrumEvery, Listener listener) {
        if (steps < 1 || spectrumEvery < 0) {
            throw new IllegalArgumentException("steps and spectrumEvery are " + steps + " and " + spectrumEvery
                    + "; steps must be at least 1 and spectrumEvery not negative");
        }
        this.steps = steps;
        this.stop = stop;
        this.recording = recording;
        this.spectrumEvery = spectrumEvery;
        this.listener = listener;
    }

    /**
     * Runs until the stop rule or the number of steps ends it. With {@link Recording#BEFORE_UPDATE} the last record is not
     * followed by a step.
     *
     * @param dynamics advanced, not closed
     */
    public Trajectory run(Dynamics dynamics) {
        Trajectory trajectory = new Trajectory();
        Observer observer = new Observer(dynamics, trajectory);
        for (int iteration = 0; iteration < steps; iteration++) {
            if (recording == Recording.AFTER_UPDATE) {
                step(dynamics, trajectory);
            }
            trajectory.add(iteration, trajectory.steps() * dynamics.stepSize(), dynamics.trainError(),
                    dynamics.testError());
            String reason = stop.reason(trajectory);
            if (reason == null && iteration == steps - 1) {
                reason = "steps";
            }
            boolean finite = Double.isFinite(trajectory.trainError(iteration));
            if (spectrumEvery > 0 && finite && (reason != null || iteration % spectrumEvery == 0)) {
                observer.spectrum();
            }
            if (listener != null) {
                listener.recorded(iteration, steps, trajectory.trainError(iteration), trajectory.testError(iteration));
            }
            if (reason != null) {
                trajectory.stopped(reason);
                break;
            }
            if (recording == Recording.BEFORE_UPDATE) {
                step(dynamics, trajectory);
            }
        }
        return trajectory;
    }

    private static void step(Dynamics dynamics, Trajectory trajectory) {
        long start = System.nanoTime();
        dynamics.step();
        trajectory.stepped((System.nanoTime() - start) * 1e-9);
    }

    private static final class Observer {
        private final Dynamics dynamics;
        private final Trajectory trajectory;
        private final DoubleSvd svd = new DoubleSvd();
        private final double[] product;

        Observer(Dynamics dynamics, Trajectory trajectory) {
            this.dynamics = dynamics;
            this.trajectory = trajectory;
            product = new double[dynamics.outputs() * dynamics.inputs()];
        }

        void spectrum() {
            dynamics.product(product);
            svd.values(dynamics.outputs(), dynamics.inputs(), product, 0, dynamics.inputs());
            trajectory.addSpectrumToLast(svd.singularValues(), dynamics.conservedDrift());
        }
    }
}
