package org.mixdyn.kernel.task;

import org.mixdyn.kernel.random.Gaussian;

/**
 * A product A* (outputs x inputs) that is to be found, and the labels Y that are seen of it. Train errors are distances to
 * Y, test errors distances to A*. The two matrices are shared with whoever asks for them and are not to be modified.
 */
public final class Task {
    /** Stream of {@link Gaussian} that the left factor C is drawn from, row-major. */
    public static final long LEFT_STREAM = 0;
    /** Stream of {@link Gaussian} that the right factor D is drawn from, row-major. */
    public static final long RIGHT_STREAM = 1;
    /** Stream of {@link Gaussian} that the noise E is drawn from, row-major. */
    public static final long NOISE_STREAM = 2;
    /** Streams below this one are kept for tasks; weights use it and those above, so that both may share a seed. */
    public static final long FIRST_FREE_STREAM = 16;

    /** What a Java array can hold on every virtual machine. */
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

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
     * A* = C D^T and Y = A* + noise E, with C outputs x rank and D inputs x rank of entries rank^(-1/4) N(0, 1), so that
     * the entries of A* have variance 1, and E outputs x inputs of entries N(0, 1), all independent. A pure function of
     * its arguments; C, D and E keep their values when only noise changes.
     *
     * @param outputs rows of A*, at least 1
     * @param inputs  columns of A*, at least 1
     * @param rank    from 1 to the smaller of outputs and inputs
     * @param noise   standard deviation of the noise, finite and not negative
     * @param seed    any number
     * @throws IllegalArgumentException if an argument is out of its range or a matrix does not fit an array
     */
    public static Task lowRank(int outputs, int inputs, int rank, double noise, long seed) {
        check(outputs, inputs, rank, noise);
        return ofFactors(outputs, inputs, rank, noise, seed, factor(outputs, rank, seed, LEFT_STREAM),
                factor(inputs, rank, seed, RIGHT_STREAM));
    }

    private static void check(int outputs, int inputs, int rank, double noise) {
        checkedSize(outputs, inputs);
        if (rank < 1 || rank > Math.min(outputs, inputs)) {
            throw new IllegalArgumentException("rank is " + rank + "; allowed is 1 to " + Math.min(outputs, inputs)
                    + ", the smaller of outputs and inputs");
        }
        if (!(noise >= 0 && noise < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("noise is " + noise + "; allowed is a finite number of at least 0");
        }
    }

    /** A* = L R^T and Y = A* + noise E. Y begins as the noise, so that without any it is A* to the last bit. */
    private static Task ofFactors(int outputs, int inputs, int rank, double noise, long seed, double[] left,
            double[] right) {
        double[] target = new double[outputs * inputs];
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                double sum = 0;
                for (int k = 0; k < rank; k++) {
                    sum += left[i * rank + k] * right[j * rank + k];
                }
                target[i * inputs + j] = sum;
            }
        }
        double[] labels = new double[target.length];
        new Gaussian(seed, NOISE_STREAM).fill(0, noise, labels, 0, labels.length);
        for (int i = 0; i < labels.length; i++) {
            labels[i] += target[i];
        }
        return new Task(outputs, inputs, rank, noise, seed, target, labels);
    }

    /**
     * A* = U S V^T with given singular values and independent, uniformly distributed singular vectors, and Y = A* + noise E
     * as in {@link #lowRank}: a draw of its A* on condition of the singular values, for their vectors are uniform whatever
     * they are. U and V come from the factors C and D of the seed by the orthogonalisation of Gram and Schmidt.
     *
     * @param outputs        rows of A*, at least 1
     * @param inputs         columns of A*, at least 1
     * @param singularValues from 1 to min(outputs, inputs) positive finite numbers
     * @param noise          standard deviation of the noise, finite and not negative
     * @param seed           any number
     * @throws IllegalArgumentException if an argument is out of its range or a matrix does not fit an array
     */
    public static Task withSingularValues(int outputs, int inputs, double[] singularValues, double noise, long seed) {
        for (double value : singularValues) {
            if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "a singular value is " + value + "; allowed are finite numbers above 0");
            }
        }
        int rank = singularValues.length;
        check(outputs, inputs, rank, noise);
        double[] left = orthonormal(factor(outputs, rank, seed, LEFT_STREAM), rank);
        double[] right = orthonormal(factor(inputs, rank, seed, RIGHT_STREAM), rank);
        for (int i = 0; i < left.length; i++) {
            left[i] *= singularValues[i % rank];
        }
        return ofFactors(outputs, inputs, rank, noise, seed, left, right);
    }

    /**
     * The same A* with noise E' = c / ||A*||^2 A* + t (E - &lt;E, A*&gt; / ||A*||^2 A*) of a given size and a given product with
     * A*: a draw of Gaussian noise on condition of those two numbers, for what is orthogonal to A* is uniform in direction.
     *
     * @param squares ||E'||_F^2, more than along^2 / ||A*||_F^2
     * @param along   c = &lt;E', A*&gt;, the sum of the products of the entries
     * @return a new task, which shares A* with this one; its {@link #noise} is still the standard deviation of E
     * @throws IllegalArgumentException if there is no such noise, as where this task has none
     */
    public Task withNoise(double squares, double along) {
        double targetSquares = 0;
        double drawnAlong = 0;
        double drawnSquares = 0;
        for (int i = 0; i < target.length; i++) {
            double e = labels[i] - target[i];
            targetSquares += target[i] * target[i];
            drawnAlong += e * target[i];
            drawnSquares += e * e;
        }
        double across = squares - along * along / targetSquares;
        double drawnAcross = drawnSquares - drawnAlong * drawnAlong / targetSquares;
        double scale = Math.sqrt(across / drawnAcross);
        if (!(across > 0 && scale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("no multiple of this noise has squares of " + squares + " and " + along
                    + " along the target");
        }
        double[] others = new double[labels.length];
        for (int i = 0; i < target.length; i++) {
            double e = labels[i] - target[i];
            others[i] = target[i] + along / targetSquares * target[i]
                    + scale * (e - drawnAlong / targetSquares * target[i]);
        }
        return new Task(outputs, inputs, rank, noise, seed, target, others);
    }

    /** Makes the columns orthonormal, each projected twice, which leaves rounding alone. */
    private static double[] orthonormal(double[] columns, int rank) {
        int rows = columns.length / rank;
        for (int k = 0; k < rank; k++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int other = 0; other < k; other++) {
                    double along = dot(columns, rows, rank, k, other);
                    for (int i = 0; i < rows; i++) {
                        columns[i * rank + k] -= along * columns[i * rank + other];
                    }
                }
            }
            double length = Math.sqrt(dot(columns, rows, rank, k, k));
            for (int i = 0; i < rows; i++) {
                columns[i * rank + k] /= length;
            }
        }
        return columns;
    }

    private static double dot(double[] columns, int rows, int rank, int first, int second) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += columns[i * rank + first] * columns[i * rank + second];
        }
        return sum;
    }

    /**
     * A task of given matrices, which are kept, not copied. Nothing is known of how they were made: {@link #rank} is 0,
     * {@link #noise} NaN and {@link #seed} 0.
     *
     * @param outputs rows, at least 1
     * @param inputs  columns, at least 1
     * @param target  A*, row-major outputs x inputs, finite
     * @param labels  Y, row-major outputs x inputs, finite
     * @throws IllegalArgumentException if an argument is out of its range, of the wrong length or not finite
     */
    public static Task of(int outputs, int inputs, double[] target, double[] labels) {
        int size = checkedSize(outputs, inputs);
        checkMatrix("target", target, size);
        checkMatrix("labels", labels, size);
        return new Task(outputs, inputs, 0, Double.NaN, 0, target, labels);
    }

    private static int checkedSize(int outputs, int inputs) {
        checkSide("outputs", outputs);
        checkSide("inputs", inputs);
        long size = (long) outputs * inputs;
        if (size > LARGEST_ARRAY) {
            throw new IllegalArgumentException(
                    "outputs x inputs is " + outputs + " x " + inputs + "; allowed are up to " + LARGEST_ARRAY
                            + " elements");
        }
        return (int) size;
    }

    private static void checkSide(String name, int side) {
        if (side < 1) {
            throw new IllegalArgumentException(name + " is " + side + "; allowed is at least 1");
        }
    }

    private static void checkMatrix(String name, double[] matrix, int size) {
        if (matrix.length != size) {
            throw new IllegalArgumentException(
                    name + " has " + matrix.length + " elements; allowed is outputs x inputs, " + size);
        }
        for (int i = 0; i < size; i++) {
            if (!Double.isFinite(matrix[i])) {
                throw new IllegalArgumentException(
                        name + " is " + matrix[i] + " at element " + i + "; allowed are finite numbers");
            }
        }
    }

    /** rows x rank deviates of variance rank^(-1/2); the two roots round alike everywhere, which a power need not. */
    private static double[] factor(int rows, int rank, long seed, long stream) {
        double[] factor = new double[rows * rank];
        new Gaussian(seed, stream).fill(0, 1 / Math.sqrt(Math.sqrt(rank)), factor, 0, factor.length);
        return factor;
    }

    /** Rows of A* and Y, d_out. */
    public int outputs() {
        return outputs;
    }

    /** Columns of A* and Y, d_in. */
    public int inputs() {
        return inputs;
    }

    /** Rank k of A*, or 0 if the matrices were given. */
    public int rank() {
        return rank;
    }

    /** Standard deviation of the entries of Y - A*, or NaN if the matrices were given. */
    public double noise() {
        return noise;
    }

    /** Seed that the matrices were drawn with, or 0 if they were given. */
    public long seed() {
        return seed;
    }

    /** A*, row-major outputs x inputs; the task's own array, not to be modified. */
    public double[] target() {
        return target;
    }

    /** Y, row-major outputs x inputs; the task's own array, not to be modified. */
    public double[] labels() {
        return labels;
    }
}
