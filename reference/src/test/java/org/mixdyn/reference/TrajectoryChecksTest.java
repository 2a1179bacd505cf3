package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.reference.TrajectoryChecks.Case;
import org.mixdyn.reference.TrajectoryChecks.Engine;
import org.mixdyn.reference.Validation.Row;

/** The comparison of trajectories tells apart what differs a little. */
class TrajectoryChecksTest {
    private static final Engine KERNEL = TrajectoryChecks.kernel(1);
    private static final List<Case> CASES = List.of(new Case(11, 14, 31, 0.2), new Case(14, 11, 31, 3),
            new Case(14, 11, List.of(19L, 31L, 16L), 0.3), new Case(11, 14, List.of(31L, 19L), 1));

    @Test
    void theOtherOrderOfUpdatesFails() {
        assertEveryProductFails((task, widths, weights, eta, order, precision) -> {
            UpdateOrder other = UpdateOrder.values()[1 - order.ordinal()];
            return KERNEL.start(task, widths, weights, eta, other, precision);
        });
    }

    @Test
    void aStepSizeThatIsOffByATenThousandthFails() {
        assertEveryProductFails((task, widths, weights, eta, order, precision) -> KERNEL.start(task, widths, weights,
                eta * (1 + 1e-4), order, precision));
    }

    @Test
    void anInitialWeightThatIsOffFails() {
        assertEveryProductFails((task, widths, weights, eta, order, precision) -> {
            double[][] spoiled = weights.clone();
            spoiled[0] = weights[0].clone();
            spoiled[0][5] *= 1.01;
            return KERNEL.start(task, widths, spoiled, eta, order, precision);
        });
    }

    @Test
    void aTrajectoryOfNothingButNaNFails() {
        assertEveryProductFails((task, widths, weights, eta, order, precision) -> {
            double[][] spoiled = weights.clone();
            spoiled[0] = new double[weights[0].length];
            Arrays.fill(spoiled[0], Double.NaN);
            return KERNEL.start(task, widths, spoiled, eta, order, precision);
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
