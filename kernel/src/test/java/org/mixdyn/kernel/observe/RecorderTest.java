package org.mixdyn.kernel.observe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.simd.Precision;

class RecorderTest {
    /** Errors that follow a script; the product after n steps is diag(3, n). */
    private static final class Scripted implements Dynamics {
        private final double[] train;
        private final double[] test;
        private int step;

        Scripted(double[] train, double[] test) {
            this.train = train;
            this.test = test;
        }

        @Override
        public int outputs() {
            return 2;
        }

        @Override
        public int inputs() {
            return 2;
        }

        @Override
        public Precision precision() {
            return Precision.F64;
        }

        @Override
        public void step() {
            step++;
        }

        @Override
        public double stepSize() {
            return 0.5;
        }

        @Override
        public double trainError() {
            return train[step];
        }

        @Override
        public double testError() {
            return test[step];
        }

        @Override
        public void product(double[] a) {
            a[0] = 3;
            a[1] = 0;
            a[2] = 0;
            a[3] = step;
        }

        @Override
        public double conservedDrift() {
            return 0.1 * step;
        }

        @Override
        public double flopsPerStep() {
            return 1;
        }

        @Override
        public void close() {
            // Nothing to free.
        }
    }

    private static final double[] FALLING = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0.5};

    private static Trajectory run(double[] train, double[] test, StopRule stop, Recording recording, int every) {
        return new Recorder(9, stop, recording, every, null).run(new Scripted(train, test));
    }

    private static void assertStop(String reason, int iteration, Trajectory trajectory) {
        assertEquals(reason, trajectory.stopReason());
        assertEquals(iteration, trajectory.iteration(trajectory.size() - 1));
    }

    @Test
    void iterationsAndTimesCountAsThePaperDoes() {
        Trajectory before = run(FALLING, FALLING, StopRule.PAPER, Recording.BEFORE_UPDATE, 0);
        assertStop("steps", 8, before);
        assertEquals(9, before.trainError(0));
        assertEquals(0, before.time(0));
        assertEquals(4, before.time(8));
        assertEquals(8, before.steps());
        Trajectory after = run(FALLING, FALLING, StopRule.PAPER, Recording.AFTER_UPDATE, 0);
        assertStop("steps", 8, after);
        assertEquals(8, after.trainError(0));
        assertEquals(0.5, after.time(0));
        assertEquals(9, after.steps());
        assertEquals(0.5, after.minTestError());
        assertEquals(8, after.minTestIteration());
    }

    @Test
    void stopsWhenTheTrainErrorIsSmallAtAnyIteration() {
        double[] train = {9, 0.00099, 7, 6, 5, 4, 3, 2, 1};
        assertStop("train_error", 1, run(train, FALLING, StopRule.PAPER, Recording.BEFORE_UPDATE, 0));
    }

    @Test
    void stopsWhenTheTestErrorRoseTwiceFromTheFifthRecordOn() {
        double[] early = {1, 2, 3, 4, 3, 4, 3, 4, 5, 6};
        assertStop("test_error_rose", 8, run(FALLING, early, StopRule.PAPER, Recording.BEFORE_UPDATE, 0));
        double[] late = {5, 4, 1, 2, 3, 4, 3, 4, 3, 6};
        assertStop("test_error_rose", 4, run(FALLING, late, StopRule.PAPER, Recording.BEFORE_UPDATE, 0));
        assertStop("steps", 8, run(FALLING, late, StopRule.NEVER, Recording.BEFORE_UPDATE, 0));
    }

    @Test
    void stopsWhenTheTrainErrorIsFlatOnceItHasDropped() {
        double[] plateauFirst = {1, 1, 1, 1, 1, 1, 0.98, 0.9799, 0.5, 0.5};
        assertStop("train_error_flat", 7, run(plateauFirst, FALLING, StopRule.PAPER, Recording.BEFORE_UPDATE, 0));
    }

    @Test
    void stopsWhenItDivergesWhateverTheRule() {
        double[] train = {1, 2, Double.NaN, 1, 1, 1, 1, 1, 1, 1};
        assertStop("diverged", 2, run(train, FALLING, StopRule.NEVER, Recording.BEFORE_UPDATE, 1));
    }

    @Test
    void recordsSpectraAtMultiplesAndAtTheEnd() {
        Trajectory trajectory = run(FALLING, FALLING, StopRule.NEVER, Recording.BEFORE_UPDATE, 3);
        for (int i = 0; i < 9; i++) {
            assertEquals(i % 3 == 0 || i == 8, trajectory.hasSpectrum(i), "iteration " + i);
        }
        assertArrayEquals(new double[]{8, 3}, trajectory.singularValues(8), 1e-15);
        assertEquals(0.8, trajectory.conservedDrift(8), 1e-15);
        assertThrows(IllegalStateException.class, () -> trajectory.singularValues(1));
        assertFalse(run(FALLING, FALLING, StopRule.NEVER, Recording.BEFORE_UPDATE, 0).hasSpectrum(8));
    }

    @Test
    void readsNumbersOffASpectrum() {
        double[] s = {4, 2, 2, 0};
        assertEquals(1.5, Spectrum.stableRank(s));
        assertEquals(1, Spectrum.active(s, 2));
        assertEquals(3, Spectrum.active(s, 1));
        assertEquals(2, Spectrum.gap(s, 1));
        assertEquals(Double.POSITIVE_INFINITY, Spectrum.gap(s, 3));
        assertTrue(Double.isNaN(Spectrum.stableRank(new double[2])));
        assertThrows(IllegalArgumentException.class, () -> Spectrum.gap(s, 0));
    }
}
