package org.mixdyn.bench.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mixdyn.bench.peer.OpenBlas;
import org.mixdyn.kernel.simd.FmaPeak;
import org.mixdyn.kernel.simd.Precision;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.IterationResult;
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
    /** Steps of gradient descent on real weights: see {@link StepSuite}. */
    STEP("step", StepBenchmark.class, List.of()) {
        @Override
        double flops(String shape) {
            return StepShape.parse(shape).flops();
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
     * @param nanoseconds    of one operation: the median over forks of each fork's median iteration
     * @param spread         largest fork's median over the smallest's, minus 1
     * @param gflops         from the median
     * @param peakFraction   share of the FMA peak measured in the same run
     * @param ratio          of OpenBLAS's time to this one, above 1 is faster than OpenBLAS: the median over forks of the
     *                       ratio within each; NaN where it did not run
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
     * @param seconds    of warm-up, and again of measurement, for each figure in each of them
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

    /** Times that each figure is measured in one virtual machine. */
    private static final int ROUNDS = 5;

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

    /** Numbers that the operands and results of an operation hold, roughly. */
    public double elements(String shape) {
        double[] n = numbers(shape);
        return switch (this) {
            case GEMM -> n[0] * n[2] + n[2] * n[1] + 2 * n[0] * n[1];
            case STEP -> 2.1 * n[0] * n[1] + (n.length > 2 ? (n[2] - 2) * n[1] * n[1] : 0) + 32 * n[0] * n[0];
            case SVD -> 3 * n[0] * n[1] + 15 * Math.pow(Math.min(n[0], n[1]), 2);
            case TRACK -> 40 * n[0] * n[0];
        };
    }

    /** Elements of the largest matrix that is one array. */
    public double largestMatrix(String shape) {
        double[] n = numbers(shape);
        return switch (this) {
            case GEMM -> Math.max(n[0] * n[1], n[2] * Math.max(n[0], n[1]));
            case STEP, TRACK -> n[0] * n[0];
            case SVD -> n[0] * n[1];
        };
    }

    private static double[] numbers(String shape) {
        return Arrays.stream(shape.split("[x:]")).mapToDouble(Double::parseDouble).toArray();
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
            case STEP -> StepShape.PATTERN;
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

    /** Whether implementations have virtual machines of their own: what they run is long enough for that. */
    private boolean apart() {
        return this == SVD || this == TRACK;
    }

    abstract double flops(String shape);

    /**
     * Runs the suite.
     *
     * @param json where JMH's own results go
     * @throws RunnerException if a benchmark fails
     */
    public Figures run(Plan plan, String json) throws RunnerException {
        Optional<OpenBlas> peer = OpenBlas.find();
        Map<String, Double> peaks = new LinkedHashMap<>();
        for (String precision : plan.precisions()) {
            for (String threads : plan.threads()) {
                peaks.put(precision + " " + threads, FmaPeak.gflops(
                        precision.equals("f32") ? Precision.F32 : Precision.F64, Integer.parseInt(threads)));
            }
        }
        List<String> contenders = contenders(plan, peer.isPresent());
        int turns = this == GEMM ? contenders.size() : 1;
        ChainedOptionsBuilder options = new OptionsBuilder().include(benchmark.getName() + "\\.").forks(plan.forks())
                .warmupIterations(turns).warmupTime(share(plan, 1)).measurementIterations(ROUNDS * turns)
                .measurementTime(share(plan, ROUNDS)).timeout(TimeValue.minutes(10))
                .timeUnit(TimeUnit.NANOSECONDS).addProfiler("gc").shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON).result(json).param("precision", array(plan.precisions()))
                .param(variantName(), array(plan.variants())).param("shape", array(plan.shapes()));
        if (this == GEMM) {
            options.param("contenders", String.join(",", contenders));
        } else {
            options.param("threads", array(plan.threads()));
        }
        if (apart()) {
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
            rows.addAll(rows(result, contenders, peaks));
        }
        return new Figures(apart() ? rows.stream().map(row -> withRatio(row, rows)).toList() : rows, peaks,
                peer.map(blas -> "OpenBLAS, core " + blas.core()).orElse(null));
    }

    /** Whose products take turns in one virtual machine, with how many threads: as {@link GemmBenchmark} reads them. */
    private static List<String> contenders(Plan plan, boolean peer) {
        return plan.threads().stream().flatMap(threads -> peer
                ? Stream.of("mixdyn " + threads, "openblas " + threads)
                : Stream.of("mixdyn " + threads)).toList();
    }

    private static TimeValue share(Plan plan, int iterations) {
        return TimeValue.milliseconds(Math.max(1, (long) (1000 * plan.seconds() / iterations)));
    }

    /** EJML has f64 on one thread; beyond order 500 it would take most of the suite's time. */
    private Collection<RunResult> ejml(Plan plan) throws RunnerException {
        List<String> shapes = plan.shapes().stream().filter(shape -> flops(shape) <= flops("500x500")).toList();
        if (shapes.isEmpty()) {
            return List.of();
        }
        return new Runner(new OptionsBuilder().include(benchmark.getName() + "\\.").forks(plan.forks())
                .warmupIterations(1).warmupTime(share(plan, 1)).measurementIterations(2)
                .measurementTime(share(plan, 2)).timeout(TimeValue.minutes(10)).timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler("gc").shouldFailOnError(true).param("precision", "f64")
                .param("threads", plan.threads().getFirst()).param("job", array(plan.variants()))
                .param("shape", array(shapes)).param("implementation", "ejml").build()).run();
    }

    private List<Row> rows(RunResult result, List<String> contenders, Map<String, Double> peaks) {
        BenchmarkParams parameters = result.getParams();
        String precision = parameters.getParam("precision");
        String shape = parameters.getParam("shape");
        String variant = parameters.getParam(variantName());
        String implementation = apart() ? parameters.getParam("implementation") : "mixdyn";
        List<String> turns = this == GEMM
                ? contenders
                : List.of(implementation + " " + parameters.getParam("threads"));
        List<Row> rows = new ArrayList<>();
        for (int turn = 0; turn < turns.size(); turn++) {
            String[] who = turns.get(turn).split(" ");
            double[] forks = medians(result, turn, turns.size(), iteration -> iteration.getPrimaryResult().getScore());
            int peer = this == GEMM ? turns.indexOf("openblas " + who[1]) : -1;
            double[] ratios = peer < 0
                    ? new double[]{Double.NaN}
                    : medians(result, peer, turns.size(), iteration -> iteration.getPrimaryResult().getScore());
            for (int fork = 0; peer >= 0 && fork < ratios.length; fork++) {
                ratios[fork] /= forks[fork];
            }
            double nanoseconds = median(forks);
            double gflops = flops(shape) / nanoseconds;
            rows.add(new Row(who[0], precision, Integer.parseInt(who[1]), variant, shape, nanoseconds,
                    Arrays.stream(forks).max().orElseThrow() / Arrays.stream(forks).min().orElseThrow() - 1, gflops,
                    gflops / peaks.get(precision + " " + who[1]), median(ratios),
                    median(medians(result, turn, turns.size(), Suite::bytesPerCall))));
        }
        return rows;
    }

    private static Row withRatio(Row row, List<Row> all) {
        double ratio = all.stream().filter(other -> other.implementation().equals("openblas")
                && other.precision().equals(row.precision()) && other.threads() == row.threads()
                && other.variant().equals(row.variant()) && other.shape().equals(row.shape()))
                .mapToDouble(other -> other.nanoseconds() / row.nanoseconds()).findFirst().orElse(Double.NaN);
        return new Row(row.implementation(), row.precision(), row.threads(), row.variant(), row.shape(),
                row.nanoseconds(), row.spread(), row.gflops(), row.peakFraction(), ratio, row.bytesPerCall());
    }

    /** By fork: the median of a figure over the iterations of one of those that take turns. */
    private static double[] medians(RunResult result, int turn, int turns, ToDoubleFunction<IterationResult> figure) {
        return result.getBenchmarkResults().stream().mapToDouble(fork -> {
            List<IterationResult> iterations = List.copyOf(fork.getIterationResults());
            return median(IntStream.range(0, iterations.size()).filter(i -> i % turns == turn)
                    .mapToDouble(i -> figure.applyAsDouble(iterations.get(i))).toArray());
        }).toArray();
    }

    private static double bytesPerCall(IterationResult iteration) {
        return iteration.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(entry -> entry.getValue().getScore()).findFirst().orElse(Double.NaN);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    private static String[] array(List<String> values) {
        return values.toArray(String[]::new);
    }
}
