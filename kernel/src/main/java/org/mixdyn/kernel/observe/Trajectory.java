package org.mixdyn.kernel.observe;

import java.util.Arrays;
import java.util.Objects;

/**
 * What was recorded of a run, record i from 0 to size() - 1 in order of time. A recorder adds to it while it runs and
 * never takes anything away; a method that is given an i outside throws IndexOutOfBoundsException.
 */
public final class Trajectory {
    /** Stop reason of a run that goes on, or that an exception ended. */
    public static final String UNFINISHED = "unfinished";

    private int size;
    private double[] times = new double[64];
    private double[] trainErrors = new double[64];
    private double[] testErrors = new double[64];
    private double[] drifts = new double[64];
    private double[][] spectra = new double[64][];
    private double lowestTrainError = Double.POSITIVE_INFINITY;
    private int minTestIteration;
    private int steps;
    private long nanoseconds;
    private String stopReason = UNFINISHED;

    Trajectory() {
    }

    void record(double time, double trainError, double testError) {
        if (size == times.length) {
            int capacity = Math.multiplyExact(2, size);
            times = Arrays.copyOf(times, capacity);
            trainErrors = Arrays.copyOf(trainErrors, capacity);
            testErrors = Arrays.copyOf(testErrors, capacity);
            drifts = Arrays.copyOf(drifts, capacity);
            spectra = Arrays.copyOf(spectra, capacity);
        }
        times[size] = time;
        trainErrors[size] = trainError;
        testErrors[size] = testError;
        drifts[size] = Double.NaN;
        // Math.min would let a NaN in for good.
        lowestTrainError = trainError < lowestTrainError ? trainError : lowestTrainError;
        double least = testErrors[minTestIteration];
        if (testError < least || Double.isNaN(least) && !Double.isNaN(testError)) {
            minTestIteration = size;
        }
        size++;
    }

    /** Adds the conserved drift to the latest record. */
    void recordDrift(double drift) {
        drifts[size - 1] = drift;
    }

    /** Adds all singular values, which are kept, to the latest record. */
    void recordSpectrum(double[] singularValues) {
        spectra[size - 1] = singularValues;
    }

    void stepped(long nanosecondsOfStep) {
        steps++;
        nanoseconds += nanosecondsOfStep;
    }

    void stopped(String reason) {
        stopReason = reason;
    }

    double lowestTrainError() {
        return lowestTrainError;
    }

    /** Number of records. */
    public int size() {
        return size;
    }

    /** Iteration number of record i, as files count it: i itself, from 0. */
    public int iteration(int i) {
        return Objects.checkIndex(i, size);
    }

    /** Training time of the product in record i: the number of steps it has seen times the step size. */
    public double time(int i) {
        return times[Objects.checkIndex(i, size)];
    }

    /** ||A - Y||_F^2 / (d_out d_in) of record i. */
    public double trainError(int i) {
        return trainErrors[Objects.checkIndex(i, size)];
    }

    /** ||A - A*||_F^2 / (d_out d_in) of record i. */
    public double testError(int i) {
        return testErrors[Objects.checkIndex(i, size)];
    }

    /** Relative drift of the conserved quantity at record i; NaN where it was not recorded or the dynamics has none. */
    public double conservedDrift(int i) {
        return drifts[Objects.checkIndex(i, size)];
    }

    /** Whether the singular values of record i were recorded. */
    public boolean hasSpectrum(int i) {
        return spectra[Objects.checkIndex(i, size)] != null;
    }

    /**
     * All singular values of A at record i, descending; a copy.
     *
     * @throws IllegalArgumentException if they were not recorded there
     */
    public double[] singularValues(int i) {
        if (!hasSpectrum(i)) {
            throw new IllegalArgumentException(
                    "i is " + i + ", a record without a spectrum; allowed are those where hasSpectrum(i)");
        }
        return spectra[i].clone();
    }

    /**
     * The first iteration of the smallest test error; errors that are not numbers do not count. Where there are no others it is
     * the first iteration of all.
     *
     * @throws IllegalStateException if nothing is recorded
     */
    public int minTestIteration() {
        if (size == 0) {
            throw new IllegalStateException("nothing is recorded yet");
        }
        return minTestIteration;
    }

    /**
     * The smallest test error; NaN if none is a number.
     *
     * @throws IllegalStateException if nothing is recorded
     */
    public double minTestError() {
        return testErrors[minTestIteration()];
    }

    /** One of the reasons of {@link StopRule}, or {@value #UNFINISHED}. */
    public String stopReason() {
        return stopReason;
    }

    /** Steps that were taken: with {@link #seconds} and the flops of a step, the rate of the arithmetic. */
    public int steps() {
        return steps;
    }

    /** Wall-clock seconds of the steps alone, without records and spectra. */
    public double seconds() {
        return nanoseconds * 1e-9;
    }
}
