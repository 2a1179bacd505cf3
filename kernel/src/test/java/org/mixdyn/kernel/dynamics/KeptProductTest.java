package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/** A product that is kept stays what it was while the dynamics goes on. */
class KeptProductTest {
    private static final int OUTPUTS = 13;
    private static final int INPUTS = 18;
    private static final double ETA = 1e-4;

    private static List<Dynamics> dynamics(Precision precision) {
        Task task = Task.lowRank(OUTPUTS, INPUTS, 3, 0.5, 1);
        List<Dynamics> all = new ArrayList<>();
        for (UpdateOrder order : UpdateOrder.values()) {
            all.add(TwoLayer.gaussian(task, 20, 0.3, ETA, order, precision, 1, 1));
            all.add(DeepLinear.drawn(task, List.of(20L, 15L), InitialWeights.gaussian(0.3), ETA, order, precision, 1,
                    1));
            all.add(Reduced.gaussian(task, 1000, 0.1, ETA, order, precision, 1, 1));
            all.add(Reduced.gaussian(Reduced.aligned(task, precision), 1000, 0.1, ETA, order, precision, 1, 1));
        }
        double[] start = new double[OUTPUTS * INPUTS];
        all.getFirst().product(start);
        all.add(SelfConsistent.of(task, 1, start, ETA, precision, 1));
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void laterStepsLeaveItAlone(Precision precision) {
        for (Dynamics dynamics : dynamics(precision)) {
            String name = dynamics.getClass().getSimpleName();
            double[] kept = new double[OUTPUTS * INPUTS];
            double[] expected = new double[OUTPUTS * INPUTS];
            for (int step = 0; step < 12; step++) {
                // In a row, twice at one step, and with steps between.
                if (step == 1 || step >= 4 && step <= 6 || step == 9) {
                    dynamics.keepProduct();
                    dynamics.product(expected);
                }
                if (step == 6) {
                    dynamics.keepProduct();
                }
                if (step >= 1) {
                    dynamics.keptProduct(kept);
                    assertArrayEquals(expected, kept, name + " after step " + step);
                }
                dynamics.step();
            }
            dynamics.close();
        }
    }

    /** Keeping a product changes nothing in the run. */
    @ParameterizedTest
    @EnumSource
    void keepingChangesNoBit(Precision precision) {
        List<Dynamics> keeping = dynamics(precision);
        List<Dynamics> plain = dynamics(precision);
        double[] one = new double[OUTPUTS * INPUTS];
        double[] other = new double[OUTPUTS * INPUTS];
        for (int i = 0; i < plain.size(); i++) {
            for (int step = 0; step < 9; step++) {
                if (step % 4 < 2) {
                    keeping.get(i).keepProduct();
                }
                keeping.get(i).step();
                plain.get(i).step();
            }
            keeping.get(i).product(one);
            plain.get(i).product(other);
            assertArrayEquals(other, one, plain.get(i).getClass().getSimpleName());
            keeping.get(i).close();
            plain.get(i).close();
        }
    }

    @Test
    void thereHasToBeOneAndRoomForIt() {
        for (Dynamics dynamics : dynamics(Precision.F32)) {
            double[] out = new double[OUTPUTS * INPUTS];
            assertThrows(IllegalStateException.class, () -> dynamics.keptProduct(out));
            dynamics.keepProduct();
            assertThrows(IllegalArgumentException.class, () -> dynamics.keptProduct(new double[out.length - 1]));
            dynamics.close();
        }
    }
}
