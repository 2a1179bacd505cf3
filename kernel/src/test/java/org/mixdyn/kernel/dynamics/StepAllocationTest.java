package org.mixdyn.kernel.dynamics;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.parallel.Allocation;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/** A step allocates nothing, in any thread, once the compiler has come to it: before, every vector is an object. */
class StepAllocationTest {
    private static final int STEPS = 50;
    /** What two looks at the counter allocate, and a compiler's thread may now and then. */
    private static final long NOTHING = 2048;

    @Test
    void noAllocation() throws IOException, InterruptedException {
        Allocation.inItsOwnProcess(StepAllocationTest.class);
    }

    /** Trains until some steps have allocated nothing. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Task task = Task.lowRank(24, 16, 2, 1, 1);
        InitialWeights initial = InitialWeights.gaussian(0.1);
        // Rows of 2 KiB, which some machines pack.
        try (Dynamics two = TwoLayer.drawn(Task.lowRank(512, 100, 2, 1, 1), 200, initial, 1e-5,
                UpdateOrder.SIMULTANEOUS, Precision.F32, 2, 1)) {
            check(two);
        }
        for (UpdateOrder order : UpdateOrder.values()) {
            try (Dynamics two = TwoLayer.drawn(task, 700, initial, 1e-5, order, Precision.F32, 2, 1);
                    Dynamics deep = DeepLinear.drawn(task, List.of(64L, 48L), initial, 1e-5, order, Precision.F32, 2,
                            1);
                    Dynamics wide = DeepLinear.drawn(Task.lowRank(16, 24, 2, 1, 1), List.of(64L, 48L), initial, 1e-5,
                            order, Precision.F32, 2, 1)) {
                check(two);
                check(deep);
                check(wide);
            }
        }
    }

    private static void check(Dynamics dynamics) throws ReflectiveOperationException {
        String what = STEPS + " steps of " + dynamics.getClass().getSimpleName();
        Allocation.requireAtMost(NOTHING, what, () -> {
            for (int i = 0; i < STEPS; i++) {
                dynamics.step();
            }
        });
    }
}
