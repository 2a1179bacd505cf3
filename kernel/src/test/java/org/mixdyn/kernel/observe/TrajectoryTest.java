package org.mixdyn.kernel.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The smallest test error, and what is derived from a spectrum. */
class TrajectoryTest {
    private static Trajectory withTestErrors(double... errors) {
        Trajectory trajectory = new Trajectory();
        for (double error : errors) {
            trajectory.record(0, 1, error);
        }
        return trajectory;
    }

    @Test
    void theFirstOfTheSmallestTestErrors() {
        Trajectory trajectory = withTestErrors(3, 1, 2, 1, 5);
        assertEquals(1, trajectory.minTestIteration());
        assertEquals(1, trajectory.minTestError());
        assertEquals(0, withTestErrors(1, 2, 3).minTestIteration());
        assertEquals(3, withTestErrors(4, 3, 2, 1).minTestIteration());
    }

    @Test
    void errorsThatAreNoNumbersDoNotCount() {
        assertEquals(2, withTestErrors(Double.NaN, Double.NaN, 7, Double.NaN, 8).minTestIteration());
        assertEquals(1, withTestErrors(Double.POSITIVE_INFINITY, 4).minTestIteration());
        assertTrue(Double.isNaN(withTestErrors(Double.NaN, Double.NaN).minTestError()));
        assertEquals(0, withTestErrors(Double.NaN, Double.NaN, Double.NaN).minTestIteration());
    }

    @Test
    void anEmptyOneHasNothing() {
        Trajectory trajectory = new Trajectory();
        assertEquals(0, trajectory.size());
        assertEquals(0, trajectory.seconds());
        assertThrows(IllegalStateException.class, trajectory::minTestIteration);
        assertThrows(IllegalStateException.class, trajectory::minTestError);
        assertThrows(IndexOutOfBoundsException.class, () -> trajectory.trainError(0));
    }

    @Test
    void indicesEndWithTheRecords() {
        Trajectory trajectory = withTestErrors(1, 2);
        assertEquals(1, trajectory.iteration(1));
        assertThrows(IndexOutOfBoundsException.class, () -> trajectory.iteration(2));
        assertThrows(IndexOutOfBoundsException.class, () -> trajectory.time(2));
        assertThrows(IndexOutOfBoundsException.class, () -> trajectory.trainError(2));
        assertThrows(IndexOutOfBoundsException.class, () -> trajectory.testError(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> trajectory.conservedDrift(2));
        assertThrows(IndexOutOfBoundsException.class, () -> trajectory.hasSpectrum(2));
        assertThrows(IndexOutOfBoundsException.class, () -> trajectory.singularValues(2));
    }

    @Test
    void stepTimesAddUp() {
        Trajectory trajectory = new Trajectory();
        trajectory.stepped(2_000_000_000L);
        trajectory.stepped(500_000_000L);
        assertEquals(2, trajectory.steps());
        assertEquals(2.5, trajectory.seconds());
    }

    @Test
    void stableRank() {
        assertEquals(1, Spectrum.stableRank(new double[]{5, 0, 0}));
        assertEquals(3, Spectrum.stableRank(new double[]{5, 5, 5}));
        assertEquals(1 + 0.25 + 0.0625, Spectrum.stableRank(new double[]{4, 2, 1}));
        assertEquals(1.25, Spectrum.stableRank(new double[]{2e200, 1e200}), 1e-15);
        assertEquals(1.25, Spectrum.stableRank(new double[]{2e-200, 1e-200}), 1e-15);
        assertEquals(0, Spectrum.stableRank(new double[]{0, 0}));
        assertThrows(IllegalArgumentException.class, () -> Spectrum.stableRank(new double[0]));
    }

    @Test
    void active() {
        double[] s = {9, 5, 3, 1};
        assertEquals(4, Spectrum.active(s, 0.5));
        assertEquals(2, Spectrum.active(s, 3));
        assertEquals(0, Spectrum.active(s, 9));
        assertEquals(0, Spectrum.active(new double[0], 0));
    }

    @Test
    void gap() {
        double[] s = {12, 6, 2, 0, 0};
        assertEquals(2, Spectrum.gap(s, 1));
        assertEquals(3, Spectrum.gap(s, 2));
        assertEquals(Double.POSITIVE_INFINITY, Spectrum.gap(s, 3));
        assertTrue(Double.isNaN(Spectrum.gap(s, 4)));
        var thrown = assertThrows(IllegalArgumentException.class, () -> Spectrum.gap(s, 5));
        assertEquals("k is 5; allowed is 1 to 4, below the number of singular values", thrown.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Spectrum.gap(s, 0));
    }
}
