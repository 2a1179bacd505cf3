package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/** A step allocates nothing, in any thread, once the compiler has come to it: before, every vector is an object. */
class StepAllocationTest {
    private static final int STEPS = 50;
    /** What two looks at the counter allocate, and a compiler's thread may now and then. */
    private static final long NOTHING = 2048;
    private static final long PATIENCE = 20_000_000_000L;

    /** In a process of its own, because vectors are objects wherever other tests have spoilt what the compiler assumes. */
    @Test
    void noAllocation() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmx256m", "-cp",
                Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes"),
                StepAllocationTest.class.getName()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    /** Trains until some steps have allocated nothing. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        // The kernel's module does not read the one of the counter.
        Object threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean")
                .invoke(null);
        Method allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getTotalThreadAllocatedBytes");
        Task task = Task.lowRank(24, 16, 2, 1, 1);
        InitialWeights initial = InitialWeights.gaussian(0.1);
        for (UpdateOrder order : UpdateOrder.values()) {
            try (Dynamics two = TwoLayer.drawn(task, 700, initial, 1e-5, order, Precision.F32, 2, 1);
                    Dynamics deep = DeepLinear.drawn(task, List.of(64L, 48L), initial, 1e-5, order, Precision.F32, 2,
                            1)) {
                check(two, threads, allocated);
                check(deep, threads, allocated);
            }
        }
    }

    private static void check(Dynamics dynamics, Object threads, Method allocated) throws ReflectiveOperationException {
        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + PATIENCE;
        while (least > NOTHING) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        dynamics.getClass().getSimpleName() + " allocates " + least + " bytes in "
                                + STEPS + " steps");
            }
            long before = (long) allocated.invoke(threads);
            for (int i = 0; i < STEPS; i++) {
                dynamics.step();
            }
            least = Math.min(least, (long) allocated.invoke(threads) - before);
        }
    }
}
