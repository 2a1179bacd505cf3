package org.mixdyn.kernel.task;

import org.mixdyn.kernel.random.Gaussian;

/**
 * What a network learns: a target A* (d_out x d_in) and the noisy labels Y = A* + noise E that it sees, E_ij ~ N(0, 1)
 * (arXiv:2405.17580, section 3). The errors of a product A are ||A - Y||_F^2 / (d_out d_in) in training and
 * ||A - A*||_F^2 / (d_out d_in) in the test.
 */
public final class Task {
    /** Streams of random numbers of a task's seed; those from 16 on belong to weights. */
    private static final long STREAM_C = 0;
    private static final long STREAM_D = 1;
    private static final long STREAM_E = 2;

    private final int outputs;
    private final int inputs;
    private final int rank;
    private final double noise;
    private final long seed;
    private final double[] target;
    private final double[] labels;

    private Task(int outputs, int inputs, int rank, double noise, long seed, double[] target, double[] labels) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.rank = rank;
        this.noise = noise;
        this.seed = seed;
        this.target = target;
        this.labels = labels;
    }

    /**
     * The paper's task: A* = C D^T with C: d_out x k, D: d_in x k, entries k^(-1/4) N(0, 1), so that an entry of A* has
     * variance 1 and its k singular values are about sqrt(d_out d_in / k).
     *
     * @param outputs d_out, at least 1
     * @param inputs  d_in, at least 1
     * @param rank    k, from 1 to the smaller of the two
     * @param noise   standard deviation of a label's noise, finite and at least 0
     * @param seed    of A* and E
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public static Task lowRank(int outputs, int inputs, int rank, double noise, long seed) {
        check(outputs, inputs);
        if (rank < 1 || rank > Math.min(outputs, inputs)) {
            throw new IllegalArgumentException(
                    "rank is " + rank + "; allowed are 1 to " + Math.min(outputs, inputs) + ", the smaller dimension");
        }
        if (!(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("noise is " + noise + "; it must be finite and at least 0");
        }
        double scale = Math.sqrt(1 / Math.sqrt(rank));
        double[] c = new double[Math.multiplyExact(outputs, rank)];
        double[] d = new double[Math.multiplyExact(inputs, rank)];
        new Gaussian(seed, STREAM_C).fill(0, scale, c, 0, c.length);
        new Gaussian(seed, STREAM_D).fill(0, scale, d, 0, d.length);
        double[] target = new double[Math.multiplyExact(outputs, inputs)];
        double[] labels = new double[target.length];
        new Gaussian(seed, STREAM_E).fill(0, noise, labels, 0, labels.length);
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                double sum = 0;
                for (int p = 0; p < rank; p++) {
                    sum = Math.fma(c[i * rank + p], d[j * rank + p], sum);
                }
                target[i * inputs + j] = sum;
                labels[i * inputs + j] += sum;
            }
        }
        return new Task(outputs, inputs, rank, noise, seed, target, labels);
    }

    /**
     * Any target and labels; rank and seed are then 0 and noise is NaN.
     *
     * @param target A*, row-major outputs x inputs, copied
     * @param labels Y, row-major outputs x inputs, copied
     * @throws IllegalArgumentException if a size is below 1 or an array has the wrong length
     */
    public static Task of(int outputs, int inputs, double[] target, double[] labels) {
        check(outputs, inputs);
        if (target.length != (long) outputs * inputs || labels.length != target.length) {
            throw new IllegalArgumentException("target and labels have " + target.length + " and " + labels.length
                    + " elements; " + (long) outputs * inputs + " are needed");
        }
        return new Task(outputs, inputs, 0, Double.NaN, 0, target.clone(), labels.clone());
    }

    private static void check(int outputs, int inputs) {
        if (outputs < 1 || inputs < 1) {
            throw new IllegalArgumentException(
                    "outputs and inputs are " + outputs + " and " + inputs + "; both must be at least 1");
        }
    }

    /** d_out, rows of A*. */
    public int outputs() {
        return outputs;
    }

    /** d_in, columns of A*. */
    public int inputs() {
        return inputs;
    }

    /** k, the rank of A*. */
    public int rank() {
        return rank;
    }

    /** Standard deviation of the noise of a label. */
    public double noise() {
        return noise;
    }

    /** What A* and E were drawn from. */
    public long seed() {
        return seed;
    }

    /** A*, row-major outputs x inputs; shared, not to be modified. */
    public double[] target() {
        return target;
    }

    /** Y, row-major outputs x inputs; shared, not to be modified. */
    public double[] labels() {
        return labels;
    }
}
