package org.mixdyn.bench.run;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.mixdyn.kernel.dynamics.DeepLinear;
import org.mixdyn.kernel.dynamics.TwoLayer;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.simd.Precision;

/** What a run needs and what there is, estimated before anything is allocated. */
public final class Memory {
    /** Kept free for everything that is not a matrix. */
    private static final long MARGIN = 48L << 20;

    /** Of a record, in arrays that double when they are full, and in those of its picture. */
    private static final long RECORD = 128;

    /** Of a recorded spectrum, beside its values: the head of an array, and what is left free up to a cache line. */
    private static final long SPECTRUM = 16 + 60;

    private Memory() {
    }

    /** Bytes that the records of a run and their spectra need, if it takes every step. */
    public static long ofRecords(Settings settings) {
        long small = Math.min(settings.dimIn(), settings.dimOut());
        long spectra = settings.spectrumEvery() == 0
                ? 0
                : (settings.steps() / settings.spectrumEvery() + 2L) * (SPECTRUM + small * Double.BYTES);
        return spectra + RECORD * settings.steps();
    }

    /** Bytes that a decomposition needs, for a product of the size of the run's; deep networks count it themselves. */
    private static long ofDecomposition(Settings settings) {
        if (settings.spectrumEvery() == 0 || settings.depth() > 2) {
            return 0;
        }
        long side = Math.min(settings.dimIn(), settings.dimOut());
        return Double.BYTES * (5L * settings.dimIn() * settings.dimOut() + 15L * side * side);
    }

    /** Bytes that a run needs, to a few per cent; the largest long if that is no number of bytes at all. */
    public static long needed(Settings settings) {
        try {
            return Math.addExact(ofRecords(settings), switch (settings.resolvedEngine()) {
                case DIRECT -> Math.addExact(direct(settings), ofDecomposition(settings));
                case REDUCED, REDUCED_QR, AUTO -> reduced(settings);
                case SELF_CONSISTENT -> Math.addExact(reduced(settings), formula(settings));
            });
        } catch (ArithmeticException | IllegalArgumentException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * Bytes that a sweep over many networks of d inputs and outputs needs, all of at most 2 d hidden units; fitted to what
     * sweeps were seen to hold, and some more.
     *
     * @param sweeps   that go on together, each with tasks of its own
     * @param distance whether the self-consistent dynamics runs beside each network
     */
    public static long ofSweeps(int dim, int sweeps, int seeds, int threads, boolean distance, UpdateOrder update,
            Precision precision) {
        long shared = 96 + 64L * sweeps * seeds;
        long network = (update == UpdateOrder.ALTERNATING ? 12L : 15L) * precision.bytes();
        long formula = distance ? formula(precision) : 0;
        return (shared + threads * (136 + 64L * sweeps + network + formula)) * dim * dim;
    }

    /** Bytes that a run can have: what the heap may grow to, and what the machine has free for it to grow into. */
    public static long available() {
        Runtime runtime = Runtime.getRuntime();
        // What nobody holds any more is not used.
        System.gc();
        long heap = Math.min(largestPool(), runtime.maxMemory());
        long used = runtime.totalMemory() - runtime.freeMemory();
        // What the heap has reserved is not the machine's memory before it is written to.
        return Math.max(0, Math.min(heap - used, freeOnMachine()) - MARGIN);
    }

    /** The largest width, of every hidden layer, whose run fits into so many bytes; 0 if none does. */
    public static long largestWidth(Settings settings, long bytes) {
        long fits = 0;
        long tooLarge = settings.width();
        while (tooLarge - fits > 1) {
            long middle = fits + (tooLarge - fits) / 2;
            if (needed(settings.withWidth(middle)) <= bytes) {
                fits = middle;
            } else {
                tooLarge = middle;
            }
        }
        return fits;
    }

    /** What is missing, in words; the largest long says that arrays cannot hold it. */
    public static String shortage(long needed, long available) {
        return needed == Long.MAX_VALUE
                ? "more is needed than arrays can hold"
                : text(needed) + " of memory are needed and " + text(available) + " are available";
    }

    /** A number of bytes as a reader wants it. */
    public static String text(long bytes) {
        String[] units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        double value = bytes / 1024.0;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.3g %s", value, units[unit]);
    }

    private static long direct(Settings settings) {
        int outputs = settings.dimOut();
        int inputs = settings.dimIn();
        if (settings.depth() == 2) {
            return Math.addExact(network(settings, settings.width()), TwoLayer.drawingBytes(outputs, inputs,
                    settings.width(), settings.init(), settings.precision()));
        }
        return Math.addExact(
                DeepLinear.bytes(outputs, inputs, settings.widths(), settings.precision(), settings.threads()),
                DeepLinear.drawingBytes(outputs, inputs, settings.widths(), settings.init(), settings.precision()));
    }

    private static long network(Settings settings, long width) {
        return TwoLayer.bytes(settings.dimOut(), settings.dimIn(), width, settings.precision(), settings.threads());
    }

    /** The reduced weights are drawn in double precision first, or factorised from panels as large. */
    private static long reduced(Settings settings) {
        return Math.multiplyExact(3L * (Double.BYTES + settings.precision().bytes()), square(settings));
    }

    private static long formula(Settings settings) {
        long side = Math.max(settings.dimIn(), settings.dimOut());
        return Math.multiplyExact(formula(settings.precision()), Math.multiplyExact(side, side));
    }

    /** Bytes of the self-consistent dynamics, for each element of a square matrix. */
    private static long formula(Precision precision) {
        return 21 + 20L * precision.bytes();
    }

    private static long square(Settings settings) {
        return Math.multiplyExact((long) settings.dimIn() + settings.dimOut(), settings.dimIn() + settings.dimOut());
    }

    /** Weights live in the old generation, which is less than the whole heap. */
    private static long largestPool() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getUsage).mapToLong(usage -> usage.getMax()).filter(max -> max > 0).max()
                .orElse(Long.MAX_VALUE);
    }

    private static long freeOnMachine() {
        // Linux counts what it can take back from file caches; elsewhere the whole memory has to do.
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return 1024 * lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        } catch (IOException | RuntimeException e) {
            return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                    .getTotalMemorySize();
        }
    }
}
