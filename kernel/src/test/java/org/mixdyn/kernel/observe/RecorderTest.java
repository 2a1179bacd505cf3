package org.mixdyn.kernel.observe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

/** The loop of the recorder over a scripted dynamics: what is recorded when, and what survives. */
class RecorderTest {
    private static final double[] TRAIN = {2, 1.5, 1.2, 1, 0.9, 0.8, 0.7};
    private static final double[] TEST = {1, 0.6, 0.3, 0.2, 0.3, 0.2, 0.5};

    /** The diagonal of the product, so that a spectrum tells after how many steps it was taken. */
    private static final Recorder.Decomposition DIAGONAL = (rows, cols, a) -> {
        assertEquals(2, rows);
        assertEquals(3, cols);
        return new double[]{a[4], a[0]};
    };

    private static Recorder recorder(int steps, Recording recording, int spectrumEvery) {
        return new Recorder(steps, StopRule.NEVER, recording, spectrumEvery, null, DIAGONAL);
    }

    @Test
    void beforeUpdateStartsWithTheInitialWeights() {
        ScriptedDynamics dynamics = new ScriptedDynamics(TRAIN, TEST);
        Trajectory run = recorder(5, Recording.BEFORE_UPDATE, 0).run(dynamics);
        assertEquals(5, run.size());
        for (int i = 0; i < 5; i++) {
            assertEquals(i, run.iteration(i));
            assertEquals(TRAIN[i], run.trainError(i));
            assertEquals(TEST[i], run.testError(i));
            assertEquals(i * ScriptedDynamics.ETA, run.time(i));
        }
        assertEquals("steps", run.stopReason());
        assertEquals(5, run.steps());
        assertEquals(5, dynamics.stepsTaken());
    }

    @Test
    void afterUpdateStartsWithTheFirstStep() {
        ScriptedDynamics dynamics = new ScriptedDynamics(TRAIN, TEST);
        Trajectory run = recorder(5, Recording.AFTER_UPDATE, 0).run(dynamics);
        assertEquals(5, run.size());
        for (int i = 0; i < 5; i++) {
            assertEquals(i, run.iteration(i));
            assertEquals(TRAIN[i + 1], run.trainError(i));
            assertEquals(TEST[i + 1], run.testError(i));
            assertEquals((i + 1) * ScriptedDynamics.ETA, run.time(i));
        }
        assertEquals("steps", run.stopReason());
        assertEquals(5, run.steps());
        assertEquals(5, dynamics.stepsTaken());
    }

    @Test
    void aStoppedRunStepsNoFurther() {
        double[] train = {2, 1, 1e-4, 1, 1, 1};
        ScriptedDynamics before = new ScriptedDynamics(train, TEST);
        Trajectory run = new Recorder(6, StopRule.PAPER, Recording.BEFORE_UPDATE, 0, null, DIAGONAL).run(before);
        assertEquals(3, run.size());
        assertEquals(2, run.steps());
        assertEquals(2, before.stepsTaken());
        ScriptedDynamics after = new ScriptedDynamics(train, TEST);
        run = new Recorder(6, StopRule.PAPER, Recording.AFTER_UPDATE, 0, null, DIAGONAL).run(after);
        assertEquals(2, run.size());
        assertEquals("train_error", run.stopReason());
        assertEquals(2, after.stepsTaken());
    }

    @Test
    void spectraEveryFewIterationsAndAtTheLast() {
        for (Recording recording : Recording.values()) {
            int ahead = recording == Recording.AFTER_UPDATE ? 1 : 0;
            Trajectory run = recorder(6, recording, 2).run(new ScriptedDynamics(TRAIN, TEST));
            for (int i = 0; i < 6; i++) {
                boolean recorded = i % 2 == 0 || i == 5;
                assertEquals(recorded, run.hasSpectrum(i));
                if (recorded) {
                    assertArrayEquals(new double[]{2 * (i + ahead + 1), i + ahead + 1}, run.singularValues(i));
                    assertEquals(i == 0 || i == 5 ? (i + ahead) * 1e-3 : Double.NaN, run.conservedDrift(i));
                } else {
                    assertTrue(Double.isNaN(run.conservedDrift(i)));
                    int missing = i;
                    var thrown = assertThrows(IllegalArgumentException.class, () -> run.singularValues(missing));
                    assertEquals("i is " + i + ", a record without a spectrum; allowed are those where hasSpectrum(i)",
                            thrown.getMessage());
                }
            }
        }
    }

    @Test
    void everyTenthSpectrumHasTheDrift() {
        double[] errors = new double[45];
        java.util.Arrays.fill(errors, 1);
        Trajectory run = recorder(45, Recording.BEFORE_UPDATE, 2).run(new ScriptedDynamics(errors, errors));
        for (int i = 0; i < 45; i++) {
            assertEquals(i % 20 == 0 || i == 44, !Double.isNaN(run.conservedDrift(i)), "record " + i);
        }
    }

    @Test
    void aStoppedRunEndsWithASpectrum() {
        double[] train = {2, 1, 0.9, 1e-4, 1};
        Trajectory run = new Recorder(9, StopRule.PAPER, Recording.BEFORE_UPDATE, 5, null, DIAGONAL)
                .run(new ScriptedDynamics(train, TEST));
        assertEquals(4, run.size());
        assertTrue(run.hasSpectrum(0));
        assertFalse(run.hasSpectrum(1));
        assertArrayEquals(new double[]{8, 4}, run.singularValues(3));
        assertEquals(3e-3, run.conservedDrift(3));
    }

    @Test
    void withoutSpectraThereAreNone() {
        Trajectory run = new Recorder(3, StopRule.NEVER, Recording.BEFORE_UPDATE, 0, null, (rows, cols, a) -> {
            throw new AssertionError("asked for a spectrum");
        }).run(new ScriptedDynamics(TRAIN, TEST));
        for (int i = 0; i < 3; i++) {
            assertFalse(run.hasSpectrum(i));
            assertTrue(Double.isNaN(run.conservedDrift(i)));
        }
    }

    @Test
    void theDecompositionGivesTheSpectraOfAllProducts() {
        Recorder recorder = new Recorder(4, StopRule.NEVER, Recording.BEFORE_UPDATE, 1, null);
        for (int repeat = 0; repeat < 2; repeat++) {
            Trajectory run = recorder.run(new ScriptedDynamics(TRAIN, TEST));
            for (int i = 0; i < 4; i++) {
                assertArrayEquals(new double[]{2 * (i + 1), i + 1}, run.singularValues(i), 1e-14);
            }
        }
    }

    @Test
    void aSpectrumIsACopy() {
        Trajectory run = recorder(1, Recording.BEFORE_UPDATE, 1).run(new ScriptedDynamics(TRAIN, TEST));
        run.singularValues(0)[0] = -1;
        assertEquals(2, run.singularValues(0)[0]);
    }

    @Test
    void divergenceEndsTheRunAndKeepsIt() {
        double[] train = {2, 1, Double.NaN, 1};
        Trajectory run = recorder(9, Recording.BEFORE_UPDATE, 1)
                .run(new ScriptedDynamics(train, new double[]{1, 0.5, Double.NaN, 0}));
        assertEquals("diverged", run.stopReason());
        assertEquals(3, run.size());
        assertEquals(1, run.trainError(1));
        assertTrue(Double.isNaN(run.trainError(2)));
        assertTrue(run.hasSpectrum(1));
        assertFalse(run.hasSpectrum(2), "a product that is not finite has no singular values");
        assertEquals(2e-3, run.conservedDrift(2));
        assertEquals(1, run.minTestIteration());
        assertEquals(0.5, run.minTestError());
    }

    @Test
    void theListenerHearsEveryRecordOnceItIsComplete() {
        List<String> heard = new ArrayList<>();
        Recorder[] self = new Recorder[1];
        self[0] = new Recorder(4, StopRule.NEVER, Recording.AFTER_UPDATE, 3, (iteration, steps, train, test) -> {
            heard.add(iteration + "/" + steps + " " + train + " " + test);
            assertEquals(iteration + 1, self[0].trajectory().size());
            assertEquals(iteration % 3 == 0, self[0].trajectory().hasSpectrum(iteration));
            assertEquals(Trajectory.UNFINISHED, self[0].trajectory().stopReason());
        }, DIAGONAL);
        Trajectory run = self[0].run(new ScriptedDynamics(TRAIN, TEST));
        assertEquals(List.of("0/4 1.5 0.6", "1/4 1.2 0.3", "2/4 1.0 0.2", "3/4 0.9 0.3"), heard);
        assertSame(run, self[0].trajectory());
        assertEquals("steps", run.stopReason());
    }

    @Test
    void anExceptionLosesNothing() {
        Recorder recorder = recorder(9, Recording.BEFORE_UPDATE, 2);
        assertEquals(0, recorder.trajectory().size());
        var thrown = assertThrows(IllegalStateException.class,
                () -> recorder.run(new ScriptedDynamics(TRAIN, TEST).failingAtStep(3)));
        assertEquals("scripted failure", thrown.getMessage());
        Trajectory run = recorder.trajectory();
        assertEquals(4, run.size());
        assertEquals(TRAIN[3], run.trainError(3));
        assertArrayEquals(new double[]{6, 3}, run.singularValues(2));
        assertEquals(3, run.steps());
        assertEquals("unfinished", run.stopReason());

        Trajectory next = recorder.run(new ScriptedDynamics(TRAIN, TEST));
        assertEquals(9, next.size());
        assertEquals(4, run.size(), "the next run leaves it alone");
    }

    @Test
    void longRunsAreKeptWhole() {
        int steps = 1000;
        double[] train = new double[steps];
        double[] test = new double[steps];
        for (int i = 0; i < steps; i++) {
            train[i] = steps - i;
            test[i] = Math.abs(i - 700) + 1;
        }
        Trajectory run = recorder(steps, Recording.BEFORE_UPDATE, 10).run(new ScriptedDynamics(train, test));
        for (int i = 0; i < steps; i++) {
            assertEquals(train[i], run.trainError(i));
            assertEquals(test[i], run.testError(i));
            assertEquals(i * ScriptedDynamics.ETA, run.time(i));
            assertEquals(i % 10 == 0 || i == steps - 1, run.hasSpectrum(i));
        }
        assertEquals(700, run.minTestIteration());
        assertEquals(1, run.minTestError());
    }

    @Test
    void refusesWhatIsOutOfRange() {
        var steps = assertThrows(IllegalArgumentException.class, () -> recorder(0, Recording.BEFORE_UPDATE, 0));
        assertEquals("steps is 0; allowed is at least 1", steps.getMessage());
        var every = assertThrows(IllegalArgumentException.class, () -> recorder(1, Recording.BEFORE_UPDATE, -1));
        assertEquals("spectrumEvery is -1; allowed is at least 0, where 0 records no spectra", every.getMessage());
        assertThrows(NullPointerException.class, () -> recorder(1, null, 0));
        assertThrows(NullPointerException.class,
                () -> new Recorder(1, null, Recording.AFTER_UPDATE, 0, null, DIAGONAL));
    }
}
