package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.mixdyn.reference.Matrices.gaussian;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.reference.Validation.Row;

/** The comparison of trackers sees what it must see. */
class TrackerChecksTest {
    private static final int ROWS = 9;
    private static final int COLS = 7;

    @Test
    void theReferenceAgreesWithItself() {
        assertPasses(new Reference(0, 1), true, true, true, true);
    }

    @Test
    void aTrackerThatStandsStillIsSeen() {
        assertPasses(new Reference(1, 1), false, true, false, true);
    }

    @Test
    void aValueBeyondItsBoundIsSeen() {
        assertPasses(new Reference(0, 1.01), true, true, true, false);
    }

    private static void assertPasses(Reference trackers, Boolean... expected) {
        Random random = new Random(5);
        List<DMatrixRMaj> path = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            path.add(gaussian(ROWS, COLS, 1, random));
        }
        List<Row> rows = TrackerChecks.rows("test", path, Precision.F64, trackers);
        assertArrayEquals(expected, rows.stream().map(Row::passed).toArray());
    }

    /**
     * EJML at every step.
     *
     * @param late   by how many steps
     * @param factor of the leading values, each of which is said to be exact
     */
    private record Reference(int late, double factor) implements TrackerChecks.Trackers {
        @Override
        public SingularChecks.Decomposer all(int rows, int cols) {
            List<Singular> seen = new ArrayList<>();
            return new SingularChecks.Decomposer() {
                @Override
                public Singular factors(DMatrixRMaj a) {
                    seen.add(Singular.of(a));
                    return seen.get(Math.max(0, seen.size() - 1 - late));
                }

                @Override
                public double[] values(DMatrixRMaj a) {
                    return Singular.of(a).values();
                }
            };
        }

        @Override
        public TrackerChecks.Leading leading(int rows, int cols, int r) {
            return a -> {
                double[] values = Arrays.copyOf(Singular.of(a).values(), r);
                values[0] *= factor;
                return new double[][]{values, new double[r]};
            };
        }
    }
}
