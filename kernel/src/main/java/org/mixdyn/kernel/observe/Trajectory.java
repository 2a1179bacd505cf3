package org.mixdyn.kernel.observe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a {@link Recorder} recorded of one run, in order. */
public final class Trajectory {
    private record Record(int iteration, double time, double trainError, double testError, double[] singularValues,
            double conservedDrift) {
    }

    private final List<Record> records = Collections.synchronizedList(new ArrayList<>());
    private String stopReason = "running";
    private double seconds;
    private int steps;

    Trajectory() {
    }

    void add(int iteration, double time, double trainError, double testError) {
        records.add(new Record(iteration, time, trainError, testError, null, Double.NaN));
    }

    void addSpectrumToLast(double[] singularValues, double conservedDrift) {
        Record last = records.removeLast();
        records.add(new Record(last.iteration, last.time, last.trainError, last.testError, singularValues,
                conservedDrift));
    }

    void stepped(double secondsOfStep) {
        seconds += secondsOfStep;
        steps++;
    }

    void stopped(String reason) {
        stopReason = reason;
    }

    /** Number of records. */
    public int size() {
        return records.size();
    }

    /** Iteration of record i, counted from 0. */
    public int iteration(int i) {
        return records.get(i).iteration;
    }

    /** Time of record i: steps taken times the step size. */
    public double time(int i) {
        return records.get(i).time;
    }

    /** ||A - Y||_F^2 / (d_out d_in) at record i. */
    public double trainError(int i) {
        return records.get(i).trainError;
    }

    /** ||A - A*||_F^2 / (d_out d_in) at record i. */
    public double testError(int i) {
        return records.get(i).testError;
    }

    /** Drift of the conserved quantity at record i; NaN where no spectrum was recorded. */
    public double conservedDrift(int i) {
        return records.get(i).conservedDrift;
    }

    /** True if record i holds singular values. */
    public boolean hasSpectrum(int i) {
        return records.get(i).singularValues != null;
    }

    /**
     * All singular values of A at record i, descending; a copy.
     *
     * @throws IllegalStateException if none were recorded there
     */
    public double[] singularValues(int i) {
        if (!hasSpectrum(i)) {
            throw new IllegalStateException("no singular values were recorded at iteration " + iteration(i));
        }
        return records.get(i).singularValues.clone();
    }

    /** Index of the record with the least test error, the first of equals. */
    private int minTest() {
        int best = 0;
        for (int i = 1; i < size(); i++) {
            if (testError(i) < testError(best)) {
                best = i;
            }
        }
        return best;
    }

    /** Iteration at which the test error was least. */
    public int minTestIteration() {
        return iteration(minTest());
    }

    /** The least test error recorded. */
    public double minTestError() {
        return testError(minTest());
    }

    /** Why the run ended: steps, train_error, test_error_rose, train_error_flat or diverged; running until then. */
    public String stopReason() {
        return stopReason;
    }

    /** Seconds that the steps took, without observations. */
    public double seconds() {
        return seconds;
    }

    /** Steps that were taken. */
    public int steps() {
        return steps;
    }
}
