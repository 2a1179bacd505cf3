package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.dynamics.TwoLayer;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.reference.TrajectoryChecks.Case;
import org.mixdyn.reference.TrajectoryChecks.Engine;
import org.mixdyn.reference.Validation.Row;

/** The comparison of trajectories tells apart what differs a little. */
class TrajectoryChecksTest {
    private static final List<Case> CASES = List.of(new Case(11, 14, 31, 0.2), new Case(14, 11, 31, 3));

    @Test
    void theOtherOrderOfUpdatesFails() {
        assertEveryProductFails((task, width, w1, w2, eta, order, precision) -> {
            UpdateOrder other = UpdateOrder.values()[1 - order.ordinal()];
            return TwoLayer.of(task, width, w1, w2, eta, other, precision, 1);
        });
    }

    @Test
    void aStepSizeThatIsOffByATenThousandthFails() {
        assertEveryProductFails((task, width, w1, w2, eta, order, precision) -> TwoLayer.of(task, width, w1, w2,
                eta * (1 + 1e-4), order, precision, 1));
    }

    @Test
    void anInitialWeightThatIsOffFails() {
        assertEveryProductFails((task, width, w1, w2, eta, order, precision) -> {
            double[] spoiled = w1.clone();
            spoiled[5] *= 1.01;
            return TwoLayer.of(task, width, spoiled, w2, eta, order, precision, 1);
        });
    }

    @Test
    void aTrajectoryOfNothingButNaNFails() {
        assertEveryProductFails((task, width, w1, w2, eta, order, precision) -> {
            double[] spoiled = new double[w1.length];
            Arrays.fill(spoiled, Double.NaN);
            return TwoLayer.of(task, width, spoiled, w2, eta, order, precision, 1);
        });
    }

    private static void assertEveryProductFails(Engine engine) {
        for (Case shape : CASES) {
            for (UpdateOrder order : UpdateOrder.values()) {
                List<Row> rows = TrajectoryChecks.rows(shape, order, engine, new SplittableRandom(8)).stream()
                        .filter(row -> row.subject().endsWith(": A")).toList();
                assertEquals(2, rows.size());
                for (Row row : rows) {
                    assertFalse(row.passed(), row::toString);
                }
            }
        }
    }
}
