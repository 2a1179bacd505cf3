package org.mixdyn.bench.run;

import java.util.List;
import java.util.Locale;
import org.mixdyn.kernel.task.Task;

/**
 * How the target A* of a task comes to be: drawn by the paper's law, C D^T with Gaussian factors, or with given singular
 * values between singular vectors that the seed draws; and whether the noise of its labels has a given size.
 *
 * @param kind           where its singular values come from, in a word
 * @param singularValues of A*, falling; empty where the law draws them with the rest
 * @param noise          of the labels, null where it is any draw
 * @param source         the same for readers of the results
 */
public record Target(Kind kind, List<Double> singularValues, Noise noise, String source) {
    /** By the law of the paper, anew for each seed. */
    public static final Target DRAWN = new Target(Kind.DRAWN, List.of(), null,
            "drawn for each seed by the authors' law, A* = C D^T");

    /**
     * Noise E of deviation 1 on whose size the draw is conditioned.
     *
     * @param squares mean of the squares of its entries, ||E||^2 / d^2
     * @param along   mean of the products of its entries with those of A*, with its sign
     */
    public record Noise(double squares, double along) {
    }

    /** Where the singular values come from. */
    public enum Kind {
        /** The law of the paper. */
        DRAWN,
        /** Whoever asked for them. */
        GIVEN,
        /** Numbers that the authors print. */
        INFERRED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Values that somebody asks for. */
    public static Target of(List<Double> singularValues) {
        return new Target(Kind.GIVEN, List.copyOf(singularValues), null, "of given singular values");
    }

    /**
     * A* and the labels of a seed.
     *
     * @param deviation standard deviation of the labels' noise
     */
    public Task task(int outputs, int inputs, int rank, double deviation, long seed) {
        Task task = singularValues.isEmpty()
                ? Task.lowRank(outputs, inputs, rank, deviation, seed)
                : Task.withSingularValues(outputs, inputs,
                        singularValues.stream().mapToDouble(Double::doubleValue).toArray(), deviation, seed);
        if (noise == null || deviation == 0) {
            return task;
        }
        double size = (double) outputs * inputs;
        return task.withNoise(size * noise.squares * deviation * deviation, size * noise.along * deviation);
    }

    /**
     * Targets for what the paper's authors publish: they give neither matrices nor seeds, so singular values are inferred
     * from numbers that they print or draw. All runs of a sweep share one target, and what is particular to it shifts all
     * of them alike; once its singular values are right, singular vectors, noise and weights may be any draw.
     */
    public enum Published {
        /**
         * d = 500. A direction that is learnt to the end, noise with it, has the singular value s + d / s on the average:
         * the five plateaus of the figure, solved for s.
         */
        FIGURE1(500, List.of(242.64, 233.16, 220.53, 213.25, 196.25), null,
                "solved from the five plateaus s + d/s of figure 1"),
        /**
         * d = 200. One number is fitted, the stable rank ||A*||_F^2 / ||A*||_op^2 = 3.45: the most of the 69 places at which
         * the panel of the stable rank was read off come out in their colour bands; at 3.3 and at 3.6 far fewer do.
         * ||A*||^2 = d^2, and the singular values below the largest are those that the law leads to expect beside it.
         */
        FIGURE2(200, List.of(107.68, 94.89, 87.10, 80.35, 73.20), null,
                "their stable rank, 3.45, is fitted to the second panel of figure 2, the rest is what the law leads to"
                        + " expect beside it"),
        /**
         * d = 200. Two numbers are printed, the initial errors for the smallest weights: ||A*||^2 = 1.0122 d^2 and
         * ||A* + E||^2 = 2.0022 d^2. Two are fitted to every other pair of the 60 printed runs, by least squares of means
         * over several seeds from 101 on, in units of what is called agreement: the stable rank of A*, 3.97, to stop
         * iterations and errors, and how the second printed number is shared between ||E||^2 and 2 &lt;E, A*&gt;, to the
         * test errors, which that shifts by a hundredth from seed to seed. The other 30 runs, left to check it, would have
         * given the same. The singular values below the largest are those that the law leads to expect beside it; fitting
         * them all did no better on those 30. What {@link #FIGURE2} is fitted to asks for another target.
         */
        PRINTED_RUNS(200, List.of(100.98, 96.27, 90.23, 83.81, 76.52), new Noise(1.0025, -0.00625),
                "the sum of their squares, 1.0122 d^2, and the first train error, 2.0022, are printed; their stable rank,"
                        + " 3.97, and the size of the noise are fitted to 30 of the 60 printed runs; the rest is what the"
                        + " law leads to expect beside them");

        private final int dim;
        private final Target target;

        Published(int dim, List<Double> singularValues, Noise noise, String evidence) {
            this.dim = dim;
            target = new Target(Kind.INFERRED, singularValues, noise,
                    "of singular values that the authors do not publish; these are inferred: " + evidence);
        }

        /** d of what is published. */
        public int dim() {
            return dim;
        }

        /** The target; as many singular values as its rank. */
        public Target target() {
            return target;
        }

        /** Whether it is a target for a task of that shape. */
        public boolean fits(int outputs, int inputs, int rank) {
            return outputs == dim && inputs == dim && rank == target.singularValues.size();
        }
    }
}
