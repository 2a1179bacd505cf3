package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mixdyn.kernel.network.HiddenUnits;
import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.network.Sides;
import org.mixdyn.kernel.network.WidthReduction;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/** What is forgotten is missed: no default stands in for an argument that is null. */
class ArgumentsTest {
    private static final Task TASK = Task.lowRank(4, 5, 2, 1, 1);
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;
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

    /** Squares of sides that no array could hold are refused before anything is made. */
    @Test
    void sidesEndWhereSquaresDo() {
        Task wide = Task.lowRank(1, 50_000, 1, 1, 1);
        Task tall = Task.lowRank(37_001, 1, 1, 1, 1);
        Task together = Task.lowRank(1, 46_000, 1, 1, 1);
        HiddenUnits units = HiddenUnits.gaussian(1, 46_000, 3, 1, Precision.F64, 1);
        for (Precision precision : Precision.values()) {
            refused("outputs and inputs are 1 and 50000; at most 37000 are allowed",
                    () -> SelfConsistent.of(wide, 1, wide.target(), 0.1, precision, 1));
            refused("outputs and inputs are 37001 and 1; at most 37000 are allowed",
                    () -> SelfConsistent.of(tall, 1, tall.target(), 0.1, precision, 1));
            refused("outputs and inputs are 1 and 50000; at most 46000 are allowed",
                    () -> TwoLayer.gaussian(wide, 3, 1, 0.1, UpdateOrder.ALTERNATING, precision, 1, 1));
            String message = "outputs and inputs are 46001 together; at most 46000 are allowed where weights are reduced";
            for (UpdateOrder order : UpdateOrder.values()) {
                refused(message, () -> Reduced.gaussian(together, 1e9, 1, 0.1, order, precision, 1, 1));
                refused(message, () -> Reduced.gaussianWeights(together, 3, 1, 0.1, order, precision, 1, 1));
                refused(message, () -> Reduced.of(together, units, 0.1, order, precision, 1));
            }
        }
        HiddenUnits huge = HiddenUnits.gaussian(Integer.MAX_VALUE, Integer.MAX_VALUE, 3, 1, Precision.F64, 1);
        refused("outputs and inputs are 4294967294 together; at most 46000 are allowed where weights are reduced",
                () -> WidthReduction.factor(huge, 1));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    /** The largest sides that are allowed have padded squares, and halves of three of them, that are arrays. */
    @Test
    void squaresOfTheLargestSidesAreArrays() {
        for (int side : new int[]{Sides.MOST, Sides.MOST_WITH_ROOTS}) {
            assertTrue(FloatSymmetric.size(side, side) <= LARGEST_ARRAY);
            assertTrue(DoubleSymmetric.size(side, side) <= LARGEST_ARRAY);
        }
        assertTrue(FloatTrackedRoot.historySize(Sides.MOST_WITH_ROOTS) <= LARGEST_ARRAY);
        assertTrue(DoubleTrackedRoot.historySize(Sides.MOST_WITH_ROOTS) <= LARGEST_ARRAY);
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
