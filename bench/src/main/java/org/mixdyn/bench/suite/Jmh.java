package org.mixdyn.bench.suite;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.mixdyn.kernel.simd.FmaPeak;
import org.mixdyn.kernel.simd.Precision;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** What the suites share: how JMH is asked, and what is made of its results. */
final class Jmh {
    private Jmh() {
    }

    /**
     * A suite's benchmark over all that a plan names, but for its threads.
     *
     * @param turns        contenders that take turns, each for the plan's seconds
     * @param warmups      times the plan's seconds that each warms up
     * @param measurements iterations that the measurement of each is cut into
     */
    static ChainedOptionsBuilder options(Suite suite, Suite.Plan plan, int turns, int warmups, int measurements) {
        return new OptionsBuilder().include(suite.benchmark().getName() + "\\.").forks(plan.forks())
                .warmupIterations(turns * warmups).warmupTime(share(plan, 1))
                .measurementIterations(turns * measurements).measurementTime(share(plan, measurements))
                .timeout(TimeValue.minutes(10)).timeUnit(TimeUnit.NANOSECONDS).addProfiler("gc").shouldFailOnError(true)
                .param("precision", array(plan.precisions())).param(suite.variantName(), array(plan.variants()))
                .param("shape", array(plan.shapes()));
    }

    private static TimeValue share(Suite.Plan plan, int iterations) {
        return TimeValue.milliseconds(Math.max(1, (long) (1000 * plan.seconds() / iterations)));
    }

    static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }

    static Precision precision(String name) {
        return name.equals("f32") ? Precision.F32 : Precision.F64;
    }

    /** Measures the FMA peak, in GFLOP/s, for each precision and number of threads of a plan that is not there yet. */
    static void measurePeaks(Suite.Plan plan, Map<String, Double> peaks) {
        for (String precision : plan.precisions()) {
            for (String threads : plan.threads()) {
                peaks.computeIfAbsent(precision + " " + threads,
                        of -> FmaPeak.gflops(precision(precision), Integer.parseInt(threads)));
            }
        }
    }

    static void printPeaks(Map<String, Double> peaks, PrintWriter out) {
        peaks.forEach((of, gflops) -> out.printf(Locale.ROOT, "FMA peak, %s %s: %.0f GFLOP/s%n", of,
                of.endsWith(" 1") ? "thread" : "threads", gflops));
    }

    /** JMH's own results as it writes them. */
    static String json(Collection<RunResult> results) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(json, false, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
        }
        return json.toString(StandardCharsets.UTF_8);
    }

    /** By fork: the median of a figure over the iterations of one of those that take turns. */
    static double[] medians(RunResult result, int turn, int turns, ToDoubleFunction<IterationResult> figure) {
        return result.getBenchmarkResults().stream().mapToDouble(fork -> {
            List<IterationResult> iterations = List.copyOf(fork.getIterationResults());
            return median(IntStream.range(0, iterations.size()).filter(i -> i % turns == turn)
                    .mapToDouble(i -> figure.applyAsDouble(iterations.get(i))).toArray());
        }).toArray();
    }

    /** Nanoseconds of one operation. */
    static double nanoseconds(IterationResult iteration) {
        return iteration.getPrimaryResult().getScore();
    }

    /** Bytes that one operation allocated, by the gc profiler. */
    static double bytes(IterationResult iteration) {
        return iteration.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(entry -> entry.getValue().getScore()).findFirst().orElse(Double.NaN);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    /** The largest over the smallest, minus 1. */
    static double spread(double[] values) {
        return Arrays.stream(values).max().orElseThrow() / Arrays.stream(values).min().orElseThrow() - 1;
    }
}
