package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.mixdyn.kernel.network.HiddenUnits;
import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/** What is forgotten is missed: no default stands in for an argument that is null. */
class ArgumentsTest {
    private static final Task TASK = Task.lowRank(4, 5, 2, 1, 1);
    private static final InitialWeights WEIGHTS = InitialWeights.gaussian(0.1);

    @Test
    void anOrderOfUpdatesIsNeeded() {
        double[] w1 = new double[3 * 5];
        double[] w2 = new double[4 * 3];
        HiddenUnits units = HiddenUnits.of(4, 5, 3, Precision.F64, w1, w2);
        for (Precision precision : Precision.values()) {
            requiresOrder(() -> TwoLayer.drawn(TASK, 3, WEIGHTS, 0.1, null, precision, 1, 1));
            requiresOrder(() -> TwoLayer.of(TASK, 3, w1, w2, 0.1, null, precision, 1));
            requiresOrder(() -> DeepLinear.drawn(TASK, List.of(3L, 3L), WEIGHTS, 0.1, null, precision, 1, 1));
            requiresOrder(() -> DeepLinear.of(TASK, List.of(3L), new double[][]{w1, w2}, 0.1, null, precision, 1));
            requiresOrder(() -> Reduced.gaussian(TASK, 30, 0.1, 0.1, null, precision, 1, 1));
            requiresOrder(() -> Reduced.gaussianWeights(TASK, 30, 0.1, 0.1, null, precision, 1, 1));
            requiresOrder(() -> Reduced.of(TASK, units, 0.1, null, precision, 1));
        }
        requiresOrder(() -> Reduced.elements(TASK, null));
    }

    private static void requiresOrder(Runnable call) {
        assertEquals("order", assertThrows(NullPointerException.class, call::run).getMessage());
    }

    @Test
    void aDistanceIsOneOfProductsOfOneShape() {
        for (Precision precision : Precision.values()) {
            try (SelfConsistent.Equation equation = SelfConsistent.of(TASK, 1, new double[20], 0.1, precision, 1);
                    Dynamics other = TwoLayer.gaussian(Task.lowRank(5, 4, 2, 1, 1), 3, 0.1, 0.1,
                            UpdateOrder.SIMULTANEOUS, precision, 1, 1)) {
                String message = assertThrows(IllegalArgumentException.class, () -> equation.distance(other))
                        .getMessage();
                assertTrue(message.contains("5 x 4") && message.contains("4 x 5"), message);
            }
        }
    }
}
