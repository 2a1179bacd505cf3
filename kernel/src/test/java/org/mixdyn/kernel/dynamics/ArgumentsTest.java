package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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

    @Test
    void aProductNeedsRoomForAllOfItsElements() {
        for (Precision precision : Precision.values()) {
            for (UpdateOrder order : UpdateOrder.values()) {
                requiresRoom(TwoLayer.gaussian(TASK, 3, 0.1, 0.1, order, precision, 1, 1));
                requiresRoom(DeepLinear.drawn(TASK, List.of(3L, 3L), WEIGHTS, 0.1, order, precision, 1, 1));
                requiresRoom(Reduced.gaussian(TASK, 30, 0.1, 0.1, order, precision, 1, 1));
            }
            requiresRoom(SelfConsistent.of(TASK, 1, new double[20], 0.1, precision, 1));
            // Beyond s the equation takes a basis of its own.
            requiresRoom(SelfConsistent.of(TASK, 1e-3, TASK.target(), 0.1, precision, 1));
        }
    }

    /** The elements of A are all that is written, and nothing is written of an A that does not fit. */
    private static void requiresRoom(Dynamics dynamics) {
        double[] tooShort = new double[19];
        assertEquals("a has 19 elements; 4 x 5 needs 20 or more",
                assertThrows(IllegalArgumentException.class, () -> dynamics.product(tooShort)).getMessage());
        assertArrayEquals(new double[19], tooShort);
        double[] exact = new double[20];
        dynamics.product(exact);
        double[] longer = new double[22];
        Arrays.fill(longer, Double.NaN);
        dynamics.product(longer);
        assertArrayEquals(exact, Arrays.copyOf(longer, 20));
        assertArrayEquals(new double[]{Double.NaN, Double.NaN}, Arrays.copyOfRange(longer, 20, 22));
        dynamics.close();
    }
}
