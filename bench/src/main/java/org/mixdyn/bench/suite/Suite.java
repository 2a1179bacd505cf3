package org.mixdyn.bench.suite;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.mixdyn.bench.peer.OpenBlas;
import org.mixdyn.kernel.simd.FmaPeak;
import org.mixdyn.kernel.simd.Precision;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** One suite of benchmarks, run by JMH, and the rows that its figures become. */
public enum Suite {
    /** Matrix products against OpenBLAS. */
    GEMM("gemm", GemmBenchmark.class, List.of("8x8x8", "16x16x16", "24x24x24", "32x32x32", "48x48x48", "64x64x64",
            "96x96x96", "100x100x100", "128x128x128", "200x200x200", "256x256x256", "384x384x384", "500x500x500",
            "512x512x512", "768x768x768", "1000x1000x1000", "1024x1024x1024", "2048x2048x2048", "127x127x127",
            "129x129x129", "255x255x255", "257x257x257", "999x999x999", "500x500x200000", "64x64x1000000",
            "256x256x65536", "200000x200x200", "65536x256x256", "240x208x200", "200x208x240", "500x500x96",
            "1x4096x4096",
            "2x4096x4096", "4x4096x4096", "8x4096x4096", "16x4096x4096", "4096x1x4096", "4096x2x4096", "4096x4x4096",
            "4096x8x4096", "4096x16x4096")) {
        @Override
        double flops(String shape) {
            return Shape.parse(shape).flops();
        }
    },
    /** Steps of gradient descent on real weights. */
    STEP("step", StepBenchmark.class, List.of("16x1000000", "64x65536", "64x1000000", "100x10000", "100x100000",
            "100x1000000", "200x400", "200x40000", "200x200000", "500x100000")) {
        @Override
        double flops(String shape) {
            String[] sizes = shape.split("x");
            double d = Double.parseDouble(sizes[0]);
            return 6 * d * d * Double.parseDouble(sizes[1]);
        }
    },
    /** Singular value decompositions from scratch against OpenBLAS and EJML. */
    SVD("svd", SvdBenchmark.class, List.of("64x64", "200x200", "500x500", "1000x1000")) {
        @Override
        double flops(String shape) {
            String[] sizes = shape.split("x");
            double m = Math.max(Double.parseDouble(sizes[0]), Double.parseDouble(sizes[1]));
            double n = Math.min(Double.parseDouble(sizes[0]), Double.parseDouble(sizes[1]));
            // Of a bidiagonalisation, the part that every method for either job has.
            return 4 * n * n * (m - n / 3);
        }
    },
    /** Singular triplets followed over whole trainings, against OpenBLAS at every step. */
    TRACK("track", TrackBenchmark.class, List.of("500:-1.85:2.25:5:101", "200:-2.2:2:50", "200:-1.5:2:50",
            "200:-0.8:2.2:50")) {
        @Override
        double flops(String shape) {
            return Double.NaN;
        }
    };

    /**
     * The figures of one benchmark.
     *
     * @param implementation whose
     * @param precision      f32 or f64
     * @param threads        of one operation
     * @param variant        transposes, or update order
     * @param shape          sizes
     * @param nanoseconds    of one operation: the median over forks of each fork's mean
     * @param spread         largest fork's mean over the smallest's, minus 1
     * @param gflops         from the median
     * @param peakFraction   share of the FMA peak measured in the same run
     * @param ratio          of OpenBLAS's time to this one: above 1 is faster than OpenBLAS; NaN where it did not run
     * @param bytesPerCall   allocated on the heap, by JMH's gc profiler; NaN where it did not run
     */
    public record Row(String implementation, String precision, int threads, String variant, String shape,
            double nanoseconds, double spread, double gflops, double peakFraction, double ratio, double bytesPerCall) {
    }

    /**
     * What to run.
     *
     * @param precisions f32, f64
     * @param threads    numbers
     * @param variants   transposes or update orders
     * @param shapes     sizes
     * @param forks      fresh virtual machines for each benchmark
     * @param seconds    of warm-up, and again of measurement, in each
     */
    public record Plan(List<String> precisions, List<String> threads, List<String> variants, List<String> shapes,
            int forks, double seconds) {
    }

    /**
     * What came out.
     *
     * @param rows  one for each benchmark
     * @param peaks FMA peak in GFLOP/s by precision and threads, such as "f32 2"
     * @param peer  name and core of the library compared with; null without
     */
    public record Figures(List<Row> rows, Map<String, Double> peaks, String peer) {
    }

    private final String label;
    private final Class<?> benchmark;
    private final List<String> shapes;

    Suite(String label, Class<?> benchmark, List<String> shapes) {
        this.label = label;
        this.benchmark = benchmark;
        this.shapes = shapes;
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return label;
    }

    /** Every shape of the suite. */
    public List<String> shapes() {
        return shapes;
    }

    /** Variants of an operation: transposes, or update orders. */
    public List<String> variants() {
        return switch (this) {
            case GEMM -> List.of("NN", "NT", "TN", "TT");
            case STEP -> List.of("alternating", "simultaneous");
            case SVD -> List.of("vectors", "values");
            case TRACK -> List.of("all", "leading");
        };
    }

    /** What a shape on the command line has to match. */
    public String shapePattern() {
        return switch (this) {
            case GEMM -> "[1-9]\\d{0,8}x[1-9]\\d{0,8}x[1-9]\\d{0,8}";
            case STEP -> "[1-9]\\d{0,4}x[1-9]\\d{0,11}";
            case SVD -> "[1-9]\\d{0,3}x[1-9]\\d{0,3}";
            case TRACK -> "[1-9]\\d{0,3}(:-?\\d+(\\.\\d+)?){3}(:[1-9]\\d{0,3})?";
        };
    }

    /** The parameter of the benchmark that {@link #variants} are values of. */
    private String variantName() {
        return switch (this) {
            case GEMM -> "transposes";
            case STEP -> "update";
            case SVD -> "job";
            case TRACK -> "triplets";
        };
    }

    private boolean hasPeer() {
        return this != STEP;
    }

    abstract double flops(String shape);

    /**
     * Runs the suite.
     *
     * @param json where JMH's own results go
     * @throws RunnerException if a benchmark fails
     */
    public Figures run(Plan plan, String json) throws RunnerException {
        Optional<OpenBlas> peer = hasPeer() ? OpenBlas.find() : Optional.empty();
        Map<String, Double> peaks = new LinkedHashMap<>();
        for (String precision : plan.precisions()) {
            for (String threads : plan.threads()) {
                peaks.put(precision + " " + threads, FmaPeak.gflops(
                        precision.equals("f32") ? Precision.F32 : Precision.F64, Integer.parseInt(threads)));
            }
        }
        int rounds = 3;
        TimeValue round = TimeValue.milliseconds(Math.max(1, (long) (1000 * plan.seconds() / rounds)));
        ChainedOptionsBuilder options = new OptionsBuilder().include(benchmark.getName() + "\\.").forks(plan.forks())
                .warmupIterations(rounds).warmupTime(round).measurementIterations(rounds).measurementTime(round)
                .timeout(TimeValue.minutes(10)).timeUnit(TimeUnit.NANOSECONDS).addProfiler("gc")
                .shouldFailOnError(true).resultFormat(ResultFormatType.JSON).result(json)
                .param("precision", array(plan.precisions())).param("threads", array(plan.threads()))
                .param(variantName(), array(plan.variants()))
                .param("shape", array(plan.shapes()));
        if (hasPeer()) {
            options.param("implementation", peer.isPresent()
                    ? new String[]{"mixdyn", "openblas"}
                    : new String[]{"mixdyn"});
        }
        List<RunResult> results = new ArrayList<>(new Runner(options.build()).run());
        if (this == SVD && plan.precisions().contains("f64")) {
            results.addAll(ejml(plan));
        }
        List<Row> rows = new ArrayList<>();
        for (RunResult result : results) {
            rows.add(row(result, peaks));
        }
        return new Figures(rows.stream().map(row -> withRatio(row, rows)).toList(), peaks,
                peer.map(blas -> "OpenBLAS, core " + blas.core()).orElse(null));
    }

    /** EJML has f64 on one thread; beyond order 500 it would take most of the suite's time. */
    private Collection<RunResult> ejml(Plan plan) throws RunnerException {
        List<String> shapes = plan.shapes().stream().filter(shape -> flops(shape) <= flops("500x500")).toList();
        if (shapes.isEmpty()) {
            return List.of();
        }
        TimeValue round = TimeValue.milliseconds(Math.max(1, (long) (500 * plan.seconds())));
        return new Runner(new OptionsBuilder().include(benchmark.getName() + "\\.").forks(plan.forks())
                .warmupIterations(2).warmupTime(round).measurementIterations(2).measurementTime(round)
                .timeout(TimeValue.minutes(10)).timeUnit(TimeUnit.NANOSECONDS).addProfiler("gc").shouldFailOnError(true)
                .param("precision", "f64").param("threads", plan.threads().getFirst())
                .param("job", array(plan.variants())).param("shape", array(shapes)).param("implementation", "ejml")
                .build()).run();
    }

    private Row row(RunResult result, Map<String, Double> peaks) {
        BenchmarkParams parameters = result.getParams();
        double[] means = result.getBenchmarkResults().stream().map(BenchmarkResult::getPrimaryResult)
                .mapToDouble(fork -> fork.getScore()).sorted().toArray();
        double median = (means[means.length / 2] + means[(means.length - 1) / 2]) / 2;
        String precision = parameters.getParam("precision");
        String threads = parameters.getParam("threads");
        String shape = parameters.getParam("shape");
        double gflops = flops(shape) / median;
        double bytes = result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(entry -> entry.getValue().getScore()).findFirst().orElse(Double.NaN);
        String implementation = hasPeer() ? parameters.getParam("implementation") : "mixdyn";
        return new Row(implementation, precision, Integer.parseInt(threads),
                parameters.getParam(variantName()), shape, median,
                means[means.length - 1] / means[0] - 1, gflops, gflops / peaks.get(precision + " " + threads),
                Double.NaN,
                bytes);
    }

    private static Row withRatio(Row row, List<Row> all) {
        Stream<Row> peers = all.stream().filter(other -> other.implementation().equals("openblas")
                && other.precision().equals(row.precision()) && other.threads() == row.threads()
                && other.variant().equals(row.variant()) && other.shape().equals(row.shape()));
        double ratio = peers.mapToDouble(other -> other.nanoseconds() / row.nanoseconds()).findFirst()
                .orElse(Double.NaN);
        return new Row(row.implementation(), row.precision(), row.threads(), row.variant(), row.shape(),
                row.nanoseconds(), row.spread(), row.gflops(), row.peakFraction(), ratio, row.bytesPerCall());
    }

    private static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }
}
