package org.mixdyn.kernel.parallel;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Counts what a computation allocates once it is compiled: before, every vector is an object. */
public final class Allocation {
    private static final long PATIENCE_NANOSECONDS = 20_000_000_000L;

    /** C2 goes by what it happens to have seen: in a process of some dozens it keeps vectors as objects for good. */
    private static final int PROCESSES = 3;

    private Allocation() {
    }

    /**
     * Runs a main class in a process of its own, because other tests spoil what the compiler assumes; in another one if it fails,
     * up to three in all.
     */
    public static void inItsOwnProcess(Class<?> main) throws IOException, InterruptedException {
        String output = "";
        for (int i = 0; i < PROCESSES; i++) {
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC", "-Xmx256m", "-cp",
                    Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes"),
                    main.getName()).redirectErrorStream(true).start();
            output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() == 0) {
                return;
            }
        }
        fail(output);
    }

    /**
     * Runs again and again until a run allocates little enough, in all threads together.
     *
     * @param allowed bytes; looking at the counter alone takes some
     * @throws IllegalStateException if no run does in 20 seconds
     */
    public static void requireAtMost(long allowed, String what, Runnable run) throws ReflectiveOperationException {
        // The kernel's module does not read the one of the counter.
        Object counter = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean")
                .invoke(null);
        Method allocated = Class.forName("com.sun.management.ThreadMXBean").getMethod("getTotalThreadAllocatedBytes");
        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + PATIENCE_NANOSECONDS;
        while (least > allowed) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(what + ": " + least + " bytes; allowed are " + allowed);
            }
            long before = (long) allocated.invoke(counter);
            run.run();
            least = Math.min(least, (long) allocated.invoke(counter) - before);
        }
    }
}
