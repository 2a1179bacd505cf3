package org.mixdyn.bench.run;

import java.util.List;
import java.util.Locale;
import org.mixdyn.kernel.task.Task;

/**
 * How the target A* of a task comes to be: drawn by the paper's law, C D^T with Gaussian factors, or with given singular
 * values between singular vectors that the seed draws.
 *
 * @param singularValues of A*, falling; empty where the law draws them with the rest
 * @param kind           where they come from, in a word
 * @param source         the same for readers of the results
 */
public record Target(Kind kind, List<Double> singularValues, String source) {
    /** By the law of the paper, anew for each seed. */
    public static final Target DRAWN = new Target(Kind.DRAWN, List.of(), "drawn for each seed by the authors' law,"
            + " A* = C D^T");

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
        return new Target(Kind.GIVEN, List.copyOf(singularValues), "of given singular values");
    }

    /** A* and the labels of a seed. */
    public Task task(int outputs, int inputs, int rank, double noise, long seed) {
        return singularValues.isEmpty()
                ? Task.lowRank(outputs, inputs, rank, noise, seed)
                : Task.withSingularValues(outputs, inputs,
                        singularValues.stream().mapToDouble(Double::doubleValue).toArray(), noise, seed);
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
        FIGURE1(500, List.of(242.64, 233.16, 220.53, 213.25, 196.25),
                "solved from the five plateaus s + d/s of figure 1"),
        /**
         * d = 200. One number is fitted: the stable rank of A*, 3.45, for which most of the 69 places of the stable rank's
         * panel come out in the colour band that was read off there. Where it is larger or smaller by 0.15, half as many
         * do. ||A*||^2 / d^2 = 1 and the four other singular values are what the law leads to expect beside it.
         */
        FIGURE2(200, List.of(107.68, 94.89, 87.10, 80.35, 73.20),
                "a stable rank of 3.45, fitted to the second panel of figure 2, and what the law leads to expect beside"
                        + " it"),
        /**
         * d = 200. The squares' sum is the initial test error that is printed for the smallest weights, 1.0122 d^2, and how
         * it is shared out is a least-squares fit, four numbers, to the stop iterations and errors of every other pair of
         * the 60 printed runs, means over the seeds 101, 102 and 103. The other 30 are left to check it. The sum of the
         * second, third and fourth is known better than each; and figure 2 was of another draw, for this one's stable rank
         * is 3.85.
         */
        PRINTED_RUNS(200, List.of(102.51, 97.16, 84.03, 83.69, 80.47),
                "the printed initial test error is the sum of their squares, and they are fitted to 30 of the 60 printed"
                        + " runs");

        private final int dim;
        private final Target target;

        Published(int dim, List<Double> singularValues, String evidence) {
            this.dim = dim;
            target = new Target(Kind.INFERRED, singularValues,
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
