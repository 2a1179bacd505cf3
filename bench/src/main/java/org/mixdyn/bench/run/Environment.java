package org.mixdyn.bench.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.mixdyn.kernel.simd.Lanes;

/**
 * Where a result was made: part of every result.
 *
 * @param version    of the project
 * @param commit     of the project, with "-dirty" if files differed from it; "unknown" without the launcher
 * @param jdk        vendor and version
 * @param jvmFlags   that the virtual machine was started with
 * @param os         name, version and architecture
 * @param cpu        model, "unknown" where the system does not say
 * @param processors that the virtual machine may use
 * @param vectorBits width of the vectors in use
 * @param maxHeap    bytes
 * @param date       when, to the second, UTC
 */
public record Environment(String version, String commit, String jdk, List<String> jvmFlags, String os, String cpu,
        int processors, int vectorBits, long maxHeap, String date) {

    /** The processor and its vectors, for subtitles. */
    public String machine() {
        return cpu + ", " + vectorBits + "-bit vectors";
    }

    /** This machine, now. */
    public static Environment now() {
        Runtime runtime = Runtime.getRuntime();
        return new Environment(projectVersion(), System.getProperty("mixdyn.commit", "unknown"),
                System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"),
                flagsInUse(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                cpuModel(), runtime.availableProcessors(), Lanes.BITS, runtime.maxMemory(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** Without those of the launcher for itself, which say nothing about a result. */
    private static List<String> flagsInUse() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.matches("-Dmixdyn[.](peers|terminal)=.*")).toList();
    }

    /** The project's version. */
    public static String projectVersion() {
        Properties properties = new Properties();
        try (InputStream in = Environment.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static String cpuModel() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("unknown");
        } catch (IOException | UncheckedIOException e) {
            return "unknown";
        }
    }
}
