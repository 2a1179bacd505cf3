package org.mixdyn.bench.suite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mixdyn.kernel.simd.MemoryBandwidth;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

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

    /** Times the measurement: until all loops of a step are compiled, the rarer ones too. */
    private static final int WARM_UP = 3;

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
    public static Findings run(List<Suite.Plan> plans) throws RunnerException {
        Map<String, Double> peaks = new LinkedHashMap<>();
        Map<String, Double> bandwidths = new LinkedHashMap<>();
        for (Suite.Plan plan : plans) {
            Jmh.measurePeaks(plan, peaks);
            for (String threads : plan.threads()) {
                bandwidths.computeIfAbsent(threads,
                        of -> MemoryBandwidth.gigabytesPerSecond(Integer.parseInt(threads)));
            }
        }
        List<RunResult> results = new ArrayList<>();
        for (Suite.Plan plan : plans) {
            results.addAll(new Runner(Jmh.options(Suite.STEP, plan, 1, WARM_UP, ROUNDS)
                    .param("threads", Jmh.array(plan.threads())).build()).run());
        }
        return new StepFigures(plans, results.stream().map(result -> row(result, peaks, bandwidths)).toList(), peaks,
                bandwidths, Jmh.json(results));
    }

    private static StepFigures.Row row(RunResult result, Map<String, Double> peaks, Map<String, Double> bandwidths) {
        BenchmarkParams parameters = result.getParams();
        String precision = parameters.getParam("precision");
        String threads = parameters.getParam("threads");
        StepShape shape = StepShape.parse(parameters.getParam("shape"));
        double[] forks = Jmh.medians(result, 0, 1, Jmh::nanoseconds);
        double nanoseconds = Jmh.median(forks);
        double gflops = shape.flops() / nanoseconds;
        return new StepFigures.Row(precision, Integer.parseInt(threads), parameters.getParam(Suite.STEP.variantName()),
                shape, nanoseconds, Jmh.spread(forks), gflops, gflops / peaks.get(precision + " " + threads),
                shape.bytes(Jmh.precision(precision)) / nanoseconds / bandwidths.get(threads),
                Jmh.median(Jmh.medians(result, 0, 1, Jmh::bytes)));
    }
}
