package org.mixdyn.bench.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mixdyn.bench.peer.OpenBlas;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.MemoryBandwidth;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** Products, decompositions and trackers beside OpenBLAS, where it is there. */
public final class PeerSuite {
    /** Times that each figure is measured in one virtual machine. */
    private static final int ROUNDS = 5;

    /** Times the measurement: our decompositions are made of some thirty kernels, which C2 compiles one after the other. */
    private static final int WARM_UP = 5;

    /** EJML's decompositions of larger matrices would take most of the suite's time. */
    private static final double MOST_EJML_FLOPS = Suite.SVD.flops("500x500");
    private static final int EJML_ROUNDS = 2;

    /** Operands of a thread that are beyond its own caches. */
    private static final long LEAST_BYTES = Math.max(1 << 20, 2 * Caches.L2);

    private final Suite suite;
    private final Suite.Plan plan;
    private final Optional<OpenBlas> peer = OpenBlas.find();
    private final Map<String, Double> peaks = new LinkedHashMap<>();
    private final Map<String, Double> bandwidths = new LinkedHashMap<>();

    /** Whose products take turns in one virtual machine, with how many threads: as {@link GemmBenchmark} reads them. */
    private final List<String> contenders;

    private PeerSuite(Suite suite, Suite.Plan plan) {
        this.suite = suite;
        this.plan = plan;
        contenders = plan.threads().stream().flatMap(threads -> peer.isPresent()
                ? Stream.of("mixdyn " + threads, "openblas " + threads)
                : Stream.of("mixdyn " + threads)).toList();
    }

    /**
     * Runs a suite.
     *
     * @throws RunnerException if a benchmark fails
     */
    public static Findings run(Suite suite, Suite.Plan plan) throws RunnerException {
        return new PeerSuite(suite, plan).run();
    }

    private PeerFigures run() throws RunnerException {
        Jmh.measurePeaks(plan, peaks);
        if (suite == Suite.GEMM) {
            measureBandwidths();
        }
        List<RunResult> results = new ArrayList<>();
        if (suite == Suite.GEMM) {
            results.addAll(new Runner(Jmh.options(suite, plan, contenders.size(), 1, ROUNDS)
                    .param("contenders", String.join(",", contenders)).build()).run());
        } else {
            results.addAll(apart(plan, WARM_UP, ROUNDS, "mixdyn"));
            if (peer.isPresent()) {
                results.addAll(apart(plan, 1, ROUNDS, "openblas"));
            }
        }
        if (suite == Suite.SVD && plan.precisions().contains("f64")) {
            results.addAll(ejml());
        }
        List<PeerFigures.Row> rows = results.stream().flatMap(result -> rows(result).stream()).toList();
        return new PeerFigures(suite, plan,
                suite == Suite.GEMM ? rows : rows.stream().map(row -> withRatio(row, rows)).toList(), peaks, bandwidths,
                peer.map(blas -> "OpenBLAS, core " + blas.core()).orElse(null), Jmh.json(results));
    }

    /** Reads as much as the operands of each thin product, which may fit the last cache or not. */
    private void measureBandwidths() {
        for (String text : plan.shapes()) {
            Shape shape = Shape.parse(text);
            for (String precision : plan.precisions()) {
                for (String threads : plan.threads()) {
                    if (measuresMemory(shape, precision, threads)) {
                        bandwidths.computeIfAbsent(stream(shape, precision, threads),
                                of -> MemoryBandwidth.readGigabytesPerSecond(streamed(shape, precision),
                                        Integer.parseInt(threads)));
                    }
                }
            }
        }
    }

    /** Whether a product is bound by memory: few rows or columns, and operands that leave the nearer caches. */
    private static boolean measuresMemory(Shape shape, String precision, String threads) {
        return shape.isThin() && shape.operandBytes(Jmh.precision(precision)) >= LEAST_BYTES * Long.parseLong(threads);
    }

    /** Bytes that are read in their place: of more than four times the last cache it has no part that matters. */
    private static long streamed(Shape shape, String precision) {
        return Math.min(4 * Caches.L3, shape.operandBytes(Jmh.precision(precision)));
    }

    /** What is read, in whole megabytes, and by how many threads. */
    private static String stream(Shape shape, String precision, String threads) {
        return Math.round(1e-6 * streamed(shape, precision)) + " MB, " + threads
                + (threads.equals("1") ? " thread" : " threads");
    }

    private double bandwidthFraction(String text, String precision, String threads, double nanoseconds) {
        if (suite != Suite.GEMM) {
            return Double.NaN;
        }
        Shape shape = Shape.parse(text);
        return measuresMemory(shape, precision, threads)
                ? shape.bytes(Jmh.precision(precision)) / nanoseconds
                        / bandwidths.get(stream(shape, precision, threads))
                : Double.NaN;
    }

    /** Implementations have virtual machines of their own: what they run is long enough for that. */
    private Collection<RunResult> apart(Suite.Plan part, int warmups, int rounds, String implementation)
            throws RunnerException {
        ChainedOptionsBuilder options = Jmh.options(suite, part, 1, warmups, rounds)
                .param("threads", Jmh.array(part.threads())).param("implementation", implementation);
        return new Runner(options.build()).run();
    }

    /** EJML has f64 on one thread. */
    private Collection<RunResult> ejml() throws RunnerException {
        List<String> shapes = plan.shapes().stream().filter(shape -> suite.flops(shape) <= MOST_EJML_FLOPS).toList();
        return shapes.isEmpty()
                ? List.of()
                : apart(new Suite.Plan(List.of("f64"), plan.threads().subList(0, 1), plan.variants(), shapes,
                        plan.forks(), plan.seconds()), 1, EJML_ROUNDS, "ejml");
    }

    private List<PeerFigures.Row> rows(RunResult result) {
        BenchmarkParams parameters = result.getParams();
        String precision = parameters.getParam("precision");
        String shape = parameters.getParam("shape");
        List<String> turns = suite == Suite.GEMM
                ? contenders
                : List.of(parameters.getParam("implementation") + " " + parameters.getParam("threads"));
        List<PeerFigures.Row> rows = new ArrayList<>();
        for (int turn = 0; turn < turns.size(); turn++) {
            String[] who = turns.get(turn).split(" ");
            double[] forks = Jmh.medians(result, turn, turns.size(), Jmh::nanoseconds);
            double nanoseconds = Jmh.median(forks);
            double gflops = suite.flops(shape) / nanoseconds;
            int rival = turns.indexOf("openblas " + who[1]);
            double ratio = Double.NaN;
            if (rival >= 0) {
                double[] ratios = Jmh.medians(result, rival, turns.size(), Jmh::nanoseconds);
                Arrays.setAll(ratios, fork -> ratios[fork] / forks[fork]);
                ratio = Jmh.median(ratios);
            }
            rows.add(new PeerFigures.Row(who[0], precision, Integer.parseInt(who[1]),
                    parameters.getParam(suite.variantName()),
                    shape, nanoseconds, Jmh.spread(forks), gflops, gflops / peaks.get(precision + " " + who[1]),
                    bandwidthFraction(shape, precision, who[1], nanoseconds), ratio,
                    Jmh.median(Jmh.medians(result, turn, turns.size(), Jmh::bytes))));
        }
        return rows;
    }

    private static PeerFigures.Row withRatio(PeerFigures.Row row, List<PeerFigures.Row> all) {
        double ratio = all.stream().filter(other -> other.implementation().equals("openblas")
                && other.precision().equals(row.precision()) && other.threads() == row.threads()
                && other.variant().equals(row.variant()) && other.shape().equals(row.shape()))
                .mapToDouble(other -> other.nanoseconds() / row.nanoseconds()).findFirst().orElse(Double.NaN);
        return new PeerFigures.Row(row.implementation(), row.precision(), row.threads(), row.variant(), row.shape(),
                row.nanoseconds(), row.spread(), row.gflops(), row.peakFraction(), row.bandwidthFraction(), ratio,
                row.bytesPerCall());
    }
}
