package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.dynamics.SelfConsistent;
import org.mixdyn.kernel.task.Task;
import org.mixdyn.reference.SelfConsistentChecks.Case;
import org.mixdyn.reference.SelfConsistentChecks.Engine;
import org.mixdyn.reference.Validation.Row;

/** The comparison of the self-consistent dynamics tells apart what differs a little. */
class SelfConsistentChecksTest {
    @Test
    void theKernelPasses() {
        assertAll(true, (task, s, product, eta, precision) -> SelfConsistent.of(task, s, product, eta, precision, 1));
    }

    @Test
    void aScaleThatIsOffByAThousandthFails() {
        assertAll(false, (task, s, product, eta, precision) -> SelfConsistent.of(task, s * 1.001, product, eta,
                precision, 1));
    }

    @Test
    void aStepSizeThatIsOffByAThousandthFails() {
        assertAll(false, (task, s, product, eta, precision) -> SelfConsistent.of(task, s, product, eta * 1.001,
                precision, 1));
    }

    @Test
    void aLabelThatIsOffFails() {
        assertAll(false, (task, s, product, eta, precision) -> {
            double[] labels = task.labels().clone();
            labels[3] += 0.01;
            return SelfConsistent.of(Task.of(task.outputs(), task.inputs(), task.target(), labels), s, product, eta,
                    precision, 1);
        });
    }

    @Test
    void anotherStartFails() {
        assertAll(false, (task, s, product, eta, precision) -> {
            double[] zero = product.clone();
            Arrays.fill(zero, 0);
            return SelfConsistent.of(task, s, zero, eta, precision, 1);
        });
    }

    private static void assertAll(boolean passed, Engine engine) {
        for (Case shape : List.of(new Case(9, 9, 0.4), new Case(13, 8, 0.1), new Case(8, 13, 2))) {
            List<Row> rows = SelfConsistentChecks.rows(shape, engine, new SplittableRandom(5));
            assertEquals(2, rows.size());
            for (Row row : rows) {
                assertEquals(passed, row.passed(), row::toString);
            }
        }
    }
}
