package org.mixdyn.kernel.observe;

import java.util.Objects;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.svd.DoubleSvd;

/**
 * Runs a dynamics and records it. With {@link Recording#BEFORE_UPDATE} iteration i = 0 .. steps - 1 is: record, end
 * if the stop rule says so, step; with {@link Recording#AFTER_UPDATE} it is: step, record, end if the stop rule says
 * so. Every record has both errors. With spectrumEvery = N &gt; 0 the records 0, N, 2 N, ... and the last one also
 * have the singular values of the product, and every tenth of these records and the last one the conserved drift; a
 * product that is not finite has no singular values. A recorder may run one dynamics after the other, one at a time.
 */
public final class Recorder {
    /** Spectra from one drift to the next: a drift takes two thirds of the operations of a step on the weights. */
    private static final int DRIFT_EVERY = 10;

    private final int steps;
    private final StopRule stop;
    private final Recording recording;
    private final int spectrumEvery;
    private final Listener listener;
    private final Decomposition decomposition;
    private Trajectory trajectory = new Trajectory();

    /** The singular values, descending, of a row-major matrix, which is not modified; a new array each time. */
    interface Decomposition {
        double[] of(int rows, int cols, double[] a);
    }

    /** Is told of each record, once all of it is in the trajectory. */
    public interface Listener {
        /**
         * Called after each record, in the thread that runs the dynamics. What it throws ends the run; the records
         * stay.
         *
         * @param iteration  of the record, from 0
         * @param steps      the most iterations that the run can have
         * @param trainError of the record
         * @param testError  of the record
         */
        void recorded(int iteration, int steps, double trainError, double testError);
    }

    /**
     * A recorder of runs of at most a number of steps.
     *
     * @param steps         the most iterations, at least 1
     * @param stop          when to end before that
     * @param recording     before or after the update
     * @param spectrumEvery iterations from one spectrum to the next, at least 1; 0 records no spectra
     * @param listener      told of each record, or null
     * @throws IllegalArgumentException if steps or spectrumEvery is out of its range
     * @throws NullPointerException     if stop or recording is null
     */
    public Recorder(int steps, StopRule stop, Recording recording, int spectrumEvery, Listener listener) {
        this(steps, stop, recording, spectrumEvery, listener, inDouble());
    }

    Recorder(int steps, StopRule stop, Recording recording, int spectrumEvery, Listener listener,
            Decomposition decomposition) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + "; allowed is at least 1");
        }
        if (spectrumEvery < 0) {
            throw new IllegalArgumentException(
                    "spectrumEvery is " + spectrumEvery + "; allowed is at least 0, where 0 records no spectra");
        }
        this.steps = steps;
        this.stop = Objects.requireNonNull(stop, "stop");
        this.recording = Objects.requireNonNull(recording, "recording");
        this.spectrumEvery = spectrumEvery;
        this.listener = listener;
        this.decomposition = decomposition;
    }

    /** Spectra in binary64, all in one workspace. */
    private static Decomposition inDouble() {
        DoubleSvd svd = new DoubleSvd();
        return (rows, cols, a) -> {
            svd.values(rows, cols, a, 0, cols);
            return svd.singularValues();
        };
    }

    /**
     * Runs a dynamics from where it stands until the stop rule or the number of steps ends it; the dynamics is
     * stepped but not closed.
     *
     * @param dynamics to run; times count from its present state
     * @return all that was recorded
     * @throws RuntimeException whatever the dynamics or the listener throws; {@link #trajectory} then has what was
     *                          recorded until there
     */
    public Trajectory run(Dynamics dynamics) {
        Trajectory run = new Trajectory();
        trajectory = run;
        double[] product = spectrumEvery == 0
                ? null
                : new double[Math.multiplyExact(dynamics.outputs(), dynamics.inputs())];
        for (int i = 0; i < steps; i++) {
            if (recording == Recording.AFTER_UPDATE) {
                step(dynamics);
            }
            run.record(run.steps() * dynamics.stepSize(), dynamics.trainError(), dynamics.testError());
            String reason = stop.reason(run);
            boolean last = reason != null || i == steps - 1;
            if (spectrumEvery > 0 && (last || i % spectrumEvery == 0)) {
                if (last || i / spectrumEvery % DRIFT_EVERY == 0) {
                    run.recordDrift(dynamics.conservedDrift());
                }
                if (Double.isFinite(run.trainError(i))) {
                    dynamics.product(product);
                    run.recordSpectrum(decomposition.of(dynamics.outputs(), dynamics.inputs(), product));
                }
            }
            if (listener != null) {
                listener.recorded(i, steps, run.trainError(i), run.testError(i));
            }
            if (reason != null) {
                run.stopped(reason);
                return run;
            }
            if (recording == Recording.BEFORE_UPDATE) {
                step(dynamics);
            }
        }
        run.stopped(StopRule.STEPS);
        return run;
    }

    private void step(Dynamics dynamics) {
        long start = System.nanoTime();
        dynamics.step();
        trajectory.stepped(System.nanoTime() - start);
    }

    /**
     * What the latest run has recorded so far: complete after {@link #run} returned, and all there is while it goes
     * on or after it ended with an exception, in which cases the stop reason is {@value Trajectory#UNFINISHED}. Empty
     * before the first run.
     */
    public Trajectory trajectory() {
        return trajectory;
    }
}
