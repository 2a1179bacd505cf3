package org.mixdyn.kernel.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Each rule at its bound, and their order; the last error of a script stays. */
class StopRuleTest {
    private static final double[] FALLING = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0.9, 0.8, 0.7};

    private static void check(String reason, int iteration, StopRule stop, double[] train, double[] test) {
        Trajectory run = new Recorder(train.length, stop, Recording.BEFORE_UPDATE, 0, null, null)
                .run(new ScriptedDynamics(train, test));
        assertEquals(reason, run.stopReason());
        assertEquals(iteration, run.iteration(run.size() - 1));
    }

    private static void paper(String reason, int iteration, double[] train, double[] test) {
        check(reason, iteration, StopRule.PAPER, train, test);
    }

    @Test
    void nothingHappens() {
        paper("steps", 11, FALLING, FALLING);
        check("steps", 11, StopRule.NEVER, FALLING, FALLING);
    }

    @Test
    void neverIgnoresAllButDivergence() {
        double[] rising = {1, 2, 3, 4, 5, 6, 7};
        check("steps", 6, StopRule.NEVER, new double[]{1, 1e-9, 0, 0, 0, 0, 0}, rising);
        check("diverged", 2, StopRule.NEVER, new double[]{1, 2, Double.NaN, 1, 1}, rising);
        check("diverged", 3, StopRule.NEVER, new double[]{1, 2, 3, Double.POSITIVE_INFINITY, 1}, rising);
    }

    @Test
    void trainErrorCountsFromTheFirstRecordOn() {
        paper("train_error", 0, new double[]{9.9e-4, 1, 1}, FALLING);
        paper("train_error", 2, new double[]{1, 0.5, 9.99e-4, 1, 1}, FALLING);
        paper("steps", 3, new double[]{1, 0.5, 1e-3, 2}, FALLING);
    }

    @Test
    void testErrorHasToRiseTwiceInARowAfterIterationThree() {
        paper("test_error_rose", 4, FALLING, new double[]{1, 2, 3, 4, 5, 6});
        paper("test_error_rose", 4, FALLING, new double[]{5, 4, 3, 3.1, 3.2, 2});
        paper("test_error_rose", 7, FALLING, new double[]{5, 4, 5, 4, 5, 4, 5, 6, 1});
        paper("steps", 11, FALLING, new double[]{1, 2, 3, 4, 4});
        paper("steps", 11, FALLING, new double[]{5, 4, 5, 5, 6, 6, 7, 7});
        paper("steps", 3, new double[]{9, 8, 7, 6}, new double[]{1, 2, 3, 4});
    }

    @Test
    void trainErrorHasToBeFlatAfterADrop() {
        paper("train_error_flat", 5, new double[]{2, 1.9, 1.8, 1.7, 1.6, 1.59985, 1}, FALLING);
        paper("train_error_flat", 5, new double[]{2, 1.9, 1.8, 1.7, 1.6, 1.60015, 1}, FALLING);
        paper("steps", 6, new double[]{2, 1.9, 1.8, 1.7, 1.6, 1.5997, 1.5}, FALLING);
        paper("train_error_flat", 4, new double[]{2, 1.9, 1.9, 1.9, 1.9, 1.5, 1}, FALLING);
        paper("steps", 3, new double[]{2, 1.9, 1.9, 1.9}, FALLING);
    }

    @Test
    void aPlateauBeforeTheDropDoesNotCount() {
        paper("steps", 7, new double[]{2, 2, 2, 2, 2, 1.9999, 1.9999, 1.9905}, FALLING);
        paper("train_error_flat", 8, new double[]{2, 2, 2, 2, 2, 2, 1.991, 1.985, 1.9849, 1}, FALLING);
        paper("steps", 7, new double[]{2, 2, 2, 2, 1.991, 1.9909, 1.9908, 1.9907}, FALLING);
        paper("train_error_flat", 6, new double[]{2, 2, 2, 2, 1.9902, 1.99005, 1.98995, 1.9}, FALLING);
        // Dropped once is dropped for good, also when the error comes back.
        paper("train_error_flat", 6, new double[]{2, 1.9, 1.8, 1.9, 2, 2.1, 2.1, 1}, FALLING);
    }

    @Test
    void rulesAreAskedInOrder() {
        double[] rising = {5, 4, 3, 3, 4, 5, 6};
        paper("train_error", 5, new double[]{2, 1.9, 1.8, 1.7, 1.6, 1e-4, 1}, rising);
        paper("test_error_rose", 5, new double[]{2, 1.9, 1.8, 1.7, 1.6, 1.6, 1}, rising);
        paper("train_error_flat", 4, new double[]{2, 1.9, 1.8, 1.7, 1.7, 1.6, 1}, rising);
        paper("diverged", 5, new double[]{2, 1.9, 1.8, 1.7, 1.6, Double.NEGATIVE_INFINITY, 1}, rising);
        paper("test_error_rose", 4, new double[]{2, 1.9, 1.8, 1.7, 1.6}, new double[]{5, 4, 3, 3.5, 4});
    }

    @Test
    void namesAreThoseOfTheCommandLine() {
        assertEquals("never", StopRule.NEVER.toString());
        assertEquals("paper", StopRule.PAPER.toString());
        assertEquals("before-update", Recording.BEFORE_UPDATE.toString());
        assertEquals("after-update", Recording.AFTER_UPDATE.toString());
    }
}
