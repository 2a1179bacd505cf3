package org.mixdyn.bench.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.Csv;
import org.mixdyn.bench.file.Json;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.plot.ThroughputChart;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Environment;
import org.mixdyn.bench.run.Memory;
import org.mixdyn.bench.suite.StepPictures;
import org.mixdyn.bench.suite.StepSuite;
import org.mixdyn.bench.suite.Suite;
import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The JMH suites. */
@Command(name = "bench", sortOptions = false, header = "Measures throughput with JMH, against OpenBLAS where it can be had.", description = {
        "The launcher fetches OpenBLAS, about 20 MB, at the first call on Linux on x86.",
        "Writes jmh.json, table.csv, environment.json and throughput.svg; step: throughput-width.svg, -depth.svg."})
public final class BenchCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SUITE", arity = "0..1", description = "gemm, step, svd or track (${DEFAULT-VALUE})", defaultValue = "gemm")
    private String suite;

    @Option(names = "--precision", paramLabel = "P,...", description = "f32, f64 or both (f32,f64)")
    private String precisions;

    @Option(names = "--threads", paramLabel = "N,...", description = "threads of one operation (1 and all processors)")
    private String threads;

    @Option(names = "--variants", paramLabel = "V,...", description = {
            "gemm: NN, NT, TN, TT, transposes of A and B (all);", "step: alternating, simultaneous (both);",
            "svd: vectors, values (both); track: all, leading triplets (both)"})
    private String variants;

    @Option(names = "--shapes", paramLabel = "S,...", description = {
            "gemm: m x n x k as 500x500x64; step: d x w as 200x40000, or d x w x L as 128x2048x6;",
            "svd: rows x columns as 200x200; track: d:gamma_sigma2:gamma_w:q, by the paper's stop rule,",
            "or d:gamma_sigma2:gamma_w:q:steps (the suite's grid)"})
    private String shapes;

    @Option(names = "--forks", paramLabel = "N", description = "virtual machines for each figure (5; step: 1)")
    private String forks;

    @Option(names = "--seconds", paramLabel = "X", description = "of warm-up, and of measurement, for each figure in each (${DEFAULT-VALUE})")
    private String seconds;

    @Mixin
    private OutputOption output;

    @Mixin
    private HelpOption help;

    @Spec
    private CommandSpec command;

    /** environment.json. */
    record Provenance(Environment environment, String peer, Map<String, Double> peakGflops, Suite.Plan plan) {
    }

    /** environment.json of the steps. */
    record StepProvenance(Environment environment, Map<String, Double> peakGflops, Map<String, Double> bandwidths,
            List<Suite.Plan> plans) {
    }

    @Override
    public Integer call() throws IOException {
        Suite of = Values.choice("SUITE", suite, Suite.class);
        int processors = Runtime.getRuntime().availableProcessors();
        List<String> teams = list(threads, processors > 1 ? List.of("1", "" + processors) : List.of("1"));
        teams.forEach(team -> Values.small("--threads", team, 1, 1024));
        if (of == Suite.STEP) {
            return steps(teams);
        }
        Suite.Plan plan = new Suite.Plan(among("--precision", precisions, List.of("f32", "f64")), teams,
                among("--variants", variants, of.variants()), matching(shapes, of.shapes(), of.shapePattern()),
                Values.small("--forks", forks == null ? "5" : forks, 1, 100),
                Values.between("--seconds", seconds, 0.001, 3600));
        checkMemory(of, plan);
        PrintWriter out = command.commandLine().getOut();
        try (OutputFolder folder = output.open()) {
            printPath(out);
            Path json = Files.createTempFile("mixdyn", ".json");
            Suite.Figures figures = of.run(plan, json.toString());
            folder.stage("jmh.json", withoutPaths(Files.readString(json)));
            Files.delete(json);
            folder.stage("table.csv", table(figures.rows()));
            folder.stage("environment.json", Json.text(new Provenance(Environment.now(), figures.peer(),
                    figures.peaks(), plan)));
            // The figures are in place before anything is drawn of them.
            folder.commit();
            print(figures, out);
            if (figures.rows().stream().anyMatch(row -> drawn(of, row))) {
                folder.stage("throughput.svg", picture(of, figures));
            }
            folder.commit();
            out.println("results are in " + folder.path());
        } catch (RunnerException e) {
            throw new IOException("a benchmark failed: " + e.getMessage(), e);
        }
        return 0;
    }

    private int steps(List<String> teams) throws IOException {
        List<String> given = matching(shapes, List.of("128x2048x6"), Suite.STEP.shapePattern());
        Suite.Plan plan = new Suite.Plan(among("--precision", precisions, List.of("f32", "f64")), teams,
                among("--variants", variants, Suite.STEP.variants()), given,
                Values.small("--forks", forks == null ? "1" : forks, 1, 100),
                Values.between("--seconds", seconds, 0.001, 3600));
        List<Suite.Plan> plans = shapes == null ? StepSuite.standard(plan) : List.of(plan);
        plans.forEach(one -> checkMemory(Suite.STEP, one));
        PrintWriter out = command.commandLine().getOut();
        try (OutputFolder folder = output.open()) {
            printPath(out);
            StepSuite.Figures figures = StepSuite.run(plans);
            folder.stage("jmh.json", withoutPaths(figures.jmh()));
            Csv csv = new Csv(List.of("precision", "threads", "update", "d", "width", "depth", "nanoseconds", "spread",
                    "gflops", "peak_fraction", "bandwidth_fraction", "bytes_per_step"));
            figures.rows().forEach(row -> csv.add(row.precision(), row.threads(), row.update(), row.shape().dim(),
                    row.shape().width(), row.shape().depth(), row.nanoseconds(), row.spread(), row.gflops(),
                    row.peakFraction(), row.bandwidthFraction(), row.bytesPerStep()));
            folder.stage("table.csv", csv.text());
            Environment here = Environment.now();
            folder.stage("environment.json", Json.text(new StepProvenance(here, figures.peaks(), figures.bandwidths(),
                    plans)));
            // The figures are in place before anything is drawn of them.
            folder.commit();
            printSteps(figures, out);
            for (Map.Entry<String, String> picture : StepPictures
                    .of(figures, here.cpu() + ", " + here.vectorBits() + "-bit vectors").entrySet()) {
                folder.stage(picture.getKey(), picture.getValue());
            }
            folder.commit();
            out.println("results are in " + folder.path());
        } catch (RunnerException e) {
            throw new IOException("a benchmark failed: " + e.getMessage(), e);
        }
        return 0;
    }

    /** What is measured is in memory once, and its matrices are arrays. */
    private static void checkMemory(Suite of, Suite.Plan plan) {
        int bytes = plan.precisions().contains("f64") ? Double.BYTES : Float.BYTES;
        long available = Memory.available();
        for (String shape : plan.shapes()) {
            double needed = bytes * of.elements(shape);
            if (needed > available || of.largestMatrix(shape) > Integer.MAX_VALUE - 8) {
                throw new BadInput("--shapes", shape, "allowed are shapes that fit: " + Memory.text((long) needed)
                        + " of memory are needed, " + Memory.text(available) + " are available, and a matrix has fewer"
                        + " than 2^31 elements");
            }
        }
    }

    /** Which lanes, tiles and blocks run. */
    private static void printPath(PrintWriter out) {
        out.println(Lanes.describe());
        for (Precision precision : Precision.values()) {
            out.println(precision + ": " + BlockSizes.of(precision).describe());
        }
    }

    private static void printSteps(StepSuite.Figures figures, PrintWriter out) {
        figures.peaks().forEach((of, gflops) -> out.printf(Locale.ROOT, "FMA peak, %s: %.0f GFLOP/s%n", of, gflops));
        figures.bandwidths().forEach((of, rate) -> out.printf(Locale.ROOT, "bandwidth, %s: %.0f GB/s%n", of, rate));
        out.printf(Locale.ROOT, "%-4s %7s %-12s %-15s %10s %9s %5s %6s %7s %7s%n", "", "threads", "update", "shape",
                "ms", "GFLOP/s", "peak", "memory", "spread", "bytes");
        figures.rows().forEach(row -> out.printf(Locale.ROOT,
                "%-4s %7d %-12s %-15s %10.3f %9.1f %4.0f%% %5.0f%% %6.1f%% %7.0f%n",
                row.precision(), row.threads(), row.update(), row.shape(), 1e-6 * row.nanoseconds(), row.gflops(),
                100 * row.peakFraction(), 100 * row.bandwidthFraction(), 100 * row.spread(), row.bytesPerStep()));
    }

    /** Where this machine keeps its Java and its libraries says nothing about a result. */
    private static String withoutPaths(String jmh) {
        return jmh.replaceAll("\"-Dmixdyn\\.peers=[^\"]*\",\\s*", "").replaceAll("\"jvm\" : \"[^\"]*\",\\s*", "");
    }

    private static List<String> list(String given, List<String> otherwise) {
        return given == null ? otherwise : Arrays.stream(given.split(",")).map(String::strip).toList();
    }

    private static List<String> among(String option, String given, List<String> allowed) {
        List<String> values = list(given, allowed);
        if (!allowed.containsAll(values)) {
            throw new BadInput(option, given, "allowed are " + String.join(", ", allowed) + ", parted by commas");
        }
        return values;
    }

    private static List<String> matching(String given, List<String> otherwise, String pattern) {
        List<String> values = list(given, otherwise);
        if (!values.stream().allMatch(value -> value.matches(pattern))) {
            throw new BadInput("--shapes", given, "allowed are shapes such as " + otherwise.getLast()
                    + ", parted by commas");
        }
        return values;
    }

    private static String table(List<Suite.Row> rows) {
        Csv csv = new Csv(List.of("implementation", "precision", "threads", "variant", "shape", "nanoseconds", "spread",
                "gflops", "peak_fraction", "times_openblas", "bytes_per_call"));
        rows.forEach(row -> csv.add(row.implementation(), row.precision(), row.threads(), row.variant(), row.shape(),
                row.nanoseconds(), row.spread(), row.gflops(), row.peakFraction(), row.ratio(), row.bytesPerCall()));
        return csv.text();
    }

    /** Square matrices of the first variant against their side. */
    private static String picture(Suite suite, Suite.Figures figures) {
        List<ThroughputChart.Curve> curves = new ArrayList<>();
        double peak = 0;
        Suite.Row first = figures.rows().stream().filter(row -> drawn(suite, row)).findFirst().orElseThrow();
        for (String implementation : figures.rows().stream().map(Suite.Row::implementation).distinct().toList()) {
            for (int team : figures.rows().stream().mapToInt(Suite.Row::threads).distinct().toArray()) {
                List<Suite.Row> rows = figures.rows().stream().filter(row -> row.implementation().equals(implementation)
                        && row.threads() == team && row.precision().equals(first.precision())
                        && row.variant().equals(first.variant()) && drawn(suite, row))
                        .sorted(Comparator.comparingDouble(BenchCommand::side)).toList();
                if (!rows.isEmpty()) {
                    curves.add(new ThroughputChart.Curve(implementation + ", " + team + (team == 1
                            ? " thread"
                            : " threads"), rows.stream().mapToDouble(BenchCommand::side).toArray(),
                            rows.stream().mapToDouble(Suite.Row::gflops).toArray()));
                    peak = Math.max(peak, figures.peaks().get(first.precision() + " " + team));
                }
            }
        }
        Environment here = Environment.now();
        return ThroughputChart.svg(suite == Suite.GEMM
                ? "Products of square matrices"
                : "Singular value decompositions, 8/3 d^3 operations each",
                first.precision() + ", " + first.variant() + ", " + here.cpu() + ", " + here.vectorBits()
                        + "-bit vectors, medians of forks",
                "side of the matrices", Math.max(1, peak), curves);
    }

    private static boolean drawn(Suite suite, Suite.Row row) {
        String[] sizes = row.shape().split("x");
        return switch (suite) {
            case GEMM -> sizes[0].equals(sizes[1]) && sizes[1].equals(sizes[2]);
            case SVD -> sizes[0].equals(sizes[1]);
            case STEP, TRACK -> false;
        };
    }

    private static double side(Suite.Row row) {
        return Double.parseDouble(row.shape().split("x")[0]);
    }

    private static void print(Suite.Figures figures, PrintWriter out) {
        out.println(
                figures.peer() == null ? "without a peer: OpenBLAS is not there" : "compared with " + figures.peer());
        figures.peaks()
                .forEach((of, gflops) -> out.printf(Locale.ROOT, "FMA peak, %s: %.0f GFLOP/s%n", of + (of.endsWith(
                        " 1") ? " thread" : " threads"), gflops));
        out.printf(Locale.ROOT, "%-10s %-4s %7s %-12s %-20s %11s %9s %6s %7s %9s%n", "who", "", "threads", "variant",
                "shape",
                "ms", "GFLOP/s", "peak", "spread", "/OpenBLAS");
        for (Suite.Row row : figures.rows()) {
            out.printf(Locale.ROOT, "%-10s %-4s %7d %-12s %-20s %11.4f %9.1f %5.0f%% %6.1f%% %9s%n",
                    row.implementation(),
                    row.precision(), row.threads(), row.variant(), row.shape(), 1e-6 * row.nanoseconds(), row.gflops(),
                    100 * row.peakFraction(),
                    100 * row.spread(),
                    Double.isNaN(row.ratio()) ? "" : String.format(Locale.ROOT, "%.2f", row.ratio()));
        }
        for (String precision : figures.rows().stream().map(Suite.Row::precision).distinct().toList()) {
            double[] logs = figures.rows().stream().filter(row -> row.implementation().equals("mixdyn")
                    && row.precision().equals(precision) && !Double.isNaN(row.ratio()))
                    .mapToDouble(row -> Math.log(row.ratio())).toArray();
            if (logs.length > 0) {
                out.printf(Locale.ROOT, "%s: %.2f times OpenBLAS, geometric mean of %d; least %.2f%n", precision,
                        Math.exp(Arrays.stream(logs).average().orElseThrow()), logs.length,
                        Math.exp(Arrays.stream(logs).min().orElseThrow()));
            }
        }
    }
}
