package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;
import org.mixdyn.reference.Validation.Row;

/** The comparison of counts sees what it must see, and the kernel passes whatever is drawn. */
class CountChecksTest {
    private static final Task TASK = Task.lowRank(30, 20, 3, 0.5, 4);

    @Test
    void theReferenceAgreesWithItself() {
        assertPasses(CountChecksTest::exact, true, true);
    }

    @Test
    void aCountThatIsOneOffIsSeen() {
        assertPasses((a, s) -> exact(a, s) + 1, false, true);
        assertPasses((a, s) -> Math.max(0, exact(a, s) - 1), false, true);
        assertPasses((a, s) -> 21, false, true);
    }

    @Test
    void aCounterThatNeverTellsIsSeen() {
        assertPasses((a, s) -> -1, true, false);
    }

    @Test
    void theKernelPassesWithEverySeed() {
        for (int seed = 0; seed < 40; seed++) {
            CountChecks.all(precision -> CountChecks.kernel(precision, 1), new SplittableRandom(seed))
                    .forEach(check -> check.measure().forEach(row -> assertTrue(row.passed(), row::toString)));
        }
    }

    private static int exact(DMatrixRMaj a, double s) {
        return (int) Arrays.stream(Singular.of(a).values()).filter(value -> value > s).count();
    }

    private static void assertPasses(CountChecks.Counter counter, Boolean... expected) {
        List<Row> rows = CountChecks.rows("test", DMatrixRMaj.wrap(30, 20, TASK.labels()), Precision.F64, counter);
        assertEquals(List.of(expected), rows.stream().map(Row::passed).toList());
    }
}
