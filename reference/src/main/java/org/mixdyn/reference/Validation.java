package org.mixdyn.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The comparison of the kernel with the reference: every row is an error that was measured beside the bound that it must
 * keep. The reference computes in binary64, so what it rounds itself is allowed for in the bounds of binary64.
 */
public final class Validation {
    private Validation() {
    }

    /**
     * One comparison.
     *
     * @param group     what is compared: "product", "decomposition", "tracker", "trajectory", "self-consistent" or "count"
     * @param subject   the shape, and which of its properties
     * @param precision f32 or f64
     * @param error     what was measured; NaN or infinite if the result is not comparable at all
     * @param bound     what the error may be
     */
    public record Row(String group, String subject, String precision, double error, double bound) {
        /** Whether the error is at most the bound; false for NaN. */
        public boolean passed() {
            return error <= bound;
        }
    }

    /** Learns how far a validation has come. */
    public interface Progress {
        /**
         * Called after each check.
         *
         * @param rows  what the check measured
         * @param done  checks so far, this one included
         * @param total checks in all
         */
        void checked(List<Row> rows, int done, int total);
    }

    /** One computation of the kernel, compared with the reference. */
    @FunctionalInterface
    interface Check {
        List<Row> measure();
    }

    /**
     * Runs every comparison; the same seed gives the same matrices.
     *
     * @param threads  threads of the kernel
     * @param progress may be null
     * @return the rows in a fixed order
     * @throws IllegalArgumentException if threads is out of the kernel's range
     */
    public static List<Row> run(int threads, long seed, Progress progress) {
        RandomGenerator.SplittableGenerator random = new SplittableRandom(seed);
        List<Check> checks = new ArrayList<>();
        checks.addAll(ProductChecks.all(threads, random.split()));
        checks.addAll(SingularChecks.all(KernelDecomposers::of, random.split()));
        checks.addAll(TrackerChecks.all(precision -> KernelTrackers.of(precision, threads), random.split()));
        checks.addAll(TrajectoryChecks.all(threads, random.split()));
        checks.addAll(SelfConsistentChecks.all(threads, random.split()));
        checks.addAll(CountChecks.all(precision -> CountChecks.kernel(precision, threads), random.split()));
        List<Row> all = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            List<Row> rows = checks.get(i).measure();
            all.addAll(rows);
            if (progress != null) {
                progress.checked(rows, i + 1, checks.size());
            }
        }
        return all;
    }
}
