package org.mixdyn.bench.suite;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mixdyn.kernel.simd.FmaPeak;
import org.mixdyn.kernel.simd.MemoryBandwidth;
import org.mixdyn.kernel.simd.Precision;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Steps of gradient descent over width, depth, d, precision and threads. */
public final class StepSuite {
    /** Networks with one hidden layer, at every number of threads. */
    private static final List<String> SHALLOW = List.of("16x1000000", "64x65536", "64x1000000", "200x40000",
            "200x200000", "500x100000");
    /** Widths from 10^4 to 10^7. */
    private static final List<String> WIDTHS = List.of("100x10000", "100x30000", "100x100000", "100x300000",
            "100x1000000", "100x3000000", "100x10000000");
    private static final List<String> DEPTHS = Stream.of(128, 256).flatMap(d -> Stream.of(1024, 2048, 4096, 8192)
            .flatMap(w -> Stream.of(2, 3, 4, 6, 8).map(depth -> d + "x" + w + "x" + depth))).toList();
    private static final List<String> FEW_DEPTHS = List.of("128x2048x3", "128x2048x8");
    private static final int ROUNDS = 3;

    /**
     * The figures of one benchmark.
     *
     * @param precision         f32 or f64
     * @param threads           of one step
     * @param update            alternating or simultaneous
     * @param shape             sizes
     * @param nanoseconds       of one step: the median over forks of each fork's mean
     * @param spread            largest fork's mean over the smallest's, minus 1
     * @param gflops            from the median
     * @param peakFraction      share of the FMA peak measured in the same run
     * @param bandwidthFraction share of the measured bandwidth, the weights being read and written once a step
     * @param bytesPerStep      allocated on the heap, by JMH's gc profiler
     */
    public record Row(String precision, int threads, String update, StepShape shape, double nanoseconds, double spread,
            double gflops, double peakFraction, double bandwidthFraction, double bytesPerStep) {
    }

    /**
     * What came out.
     *
     * @param rows       one for each benchmark
     * @param peaks      FMA peak in GFLOP/s by precision and threads, such as "f32 2"
     * @param bandwidths GB/s of an update in place, by threads
     * @param jmh        JMH's own results, JSON
     */
    public record Figures(List<Row> rows, Map<String, Double> peaks, Map<String, Double> bandwidths, String jmh) {
    }

    private StepSuite() {
    }

    /**
     * The suite's own cases: the product of all precisions, threads and variants with all shapes would take hours.
     *
     * @param asked whose precisions, threads and variants are kept to; its shapes are not read
     */
    public static List<Suite.Plan> standard(Suite.Plan asked) {
        List<String> most = List.of(asked.threads().getLast());
        return Stream.of(
                with(asked, asked.precisions(), asked.threads(), List.of("alternating"), SHALLOW),
                with(asked, asked.precisions(), most, List.of("simultaneous"), List.of("200x200000")),
                with(asked, List.of("f32"), most, List.of("alternating"), WIDTHS),
                with(asked, List.of("f32"), most, List.of("simultaneous"), DEPTHS),
                with(asked, List.of("f64"), most, List.of("simultaneous"), FEW_DEPTHS),
                with(asked, List.of("f32"), most, List.of("alternating"), FEW_DEPTHS))
                .filter(plan -> !plan.precisions().isEmpty() && !plan.variants().isEmpty()).toList();
    }

    private static Suite.Plan with(Suite.Plan asked, List<String> precisions, List<String> threads,
            List<String> variants, List<String> shapes) {
        return new Suite.Plan(precisions.stream().filter(asked.precisions()::contains).toList(), threads,
                variants.stream().filter(asked.variants()::contains).toList(), shapes, asked.forks(), asked.seconds());
    }

    /**
     * Runs some plans, one after the other.
     *
     * @throws RunnerException if a benchmark fails
     */
    public static Figures run(List<Suite.Plan> plans) throws RunnerException {
        Map<String, Double> peaks = new LinkedHashMap<>();
        Map<String, Double> bandwidths = new LinkedHashMap<>();
        for (Suite.Plan plan : plans) {
            for (String threads : plan.threads()) {
                int team = Integer.parseInt(threads);
                bandwidths.computeIfAbsent(threads, of -> MemoryBandwidth.gigabytesPerSecond(team));
                for (String precision : plan.precisions()) {
                    peaks.computeIfAbsent(precision + " " + threads, of -> FmaPeak.gflops(precision(precision), team));
                }
            }
        }
        List<RunResult> results = new ArrayList<>();
        for (Suite.Plan plan : plans) {
            TimeValue round = TimeValue.milliseconds(Math.max(1, (long) (1000 * plan.seconds() / ROUNDS)));
            results.addAll(new Runner(new OptionsBuilder().include(StepBenchmark.class.getName() + "\\.")
                    .forks(plan.forks()).warmupIterations(ROUNDS).warmupTime(round).measurementIterations(ROUNDS)
                    .measurementTime(round).timeout(TimeValue.minutes(10)).timeUnit(TimeUnit.NANOSECONDS)
                    .addProfiler("gc").shouldFailOnError(true).param("precision", array(plan.precisions()))
                    .param("threads", array(plan.threads())).param("update", array(plan.variants()))
                    .param("shape", array(plan.shapes())).build()).run());
        }
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(json, false, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
        }
        return new Figures(results.stream().map(result -> row(result, peaks, bandwidths)).toList(), peaks, bandwidths,
                json.toString(StandardCharsets.UTF_8));
    }

    private static Row row(RunResult result, Map<String, Double> peaks, Map<String, Double> bandwidths) {
        BenchmarkParams parameters = result.getParams();
        double[] means = result.getBenchmarkResults().stream().map(BenchmarkResult::getPrimaryResult)
                .mapToDouble(fork -> fork.getScore()).sorted().toArray();
        double median = (means[means.length / 2] + means[(means.length - 1) / 2]) / 2;
        String precision = parameters.getParam("precision");
        String threads = parameters.getParam("threads");
        StepShape shape = StepShape.parse(parameters.getParam("shape"));
        double gflops = shape.flops() / median;
        double allocated = result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(entry -> entry.getValue().getScore()).findFirst().orElse(Double.NaN);
        return new Row(precision, Integer.parseInt(threads), parameters.getParam("update"), shape, median,
                means[means.length - 1] / means[0] - 1, gflops, gflops / peaks.get(precision + " " + threads),
                shape.bytes(precision(precision)) / median / bandwidths.get(threads), allocated);
    }

    /** The values of one property of some rows, each once, in order. */
    static List<Long> distinct(Stream<Long> values) {
        return List.copyOf(values.collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
    }

    static Precision precision(String name) {
        return name.equals("f32") ? Precision.F32 : Precision.F64;
    }

    private static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }
}
