package org.mixdyn.bench.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.Json;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.peer.OpenBlas;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Environment;
import org.mixdyn.bench.run.Memory;
import org.mixdyn.bench.run.Scalings;
import org.mixdyn.bench.suite.Findings;
import org.mixdyn.bench.suite.PeerSuite;
import org.mixdyn.bench.suite.StepSuite;
import org.mixdyn.bench.suite.Suite;
import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.network.Bartlett;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The JMH suites. */
@Command(name = "bench", sortOptions = false, header = "Measures throughput with JMH, against OpenBLAS where it can be had.", description = {
        "The launcher fetches OpenBLAS, about 20 MB, at the first call on Linux on x86.",
        "Writes jmh.json, table.csv and environment.json. Of square matrices gemm and svd draw throughput.svg; step draws",
        "throughput-width.svg of one hidden layer in alternating order and throughput-depth.svg of several depths in",
        "simultaneous order, both of the first precision and the most threads."})
public final class BenchCommand implements Callable<Integer> {
    private static final List<String> PICTURES = List.of("throughput.svg", "throughput-width.svg",
            "throughput-depth.svg");

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
            "or d:gamma_sigma2:gamma_w:q:steps (the suite's grid, as far as it fits into memory)"})
    private String shapes;

    @Option(names = "--forks", paramLabel = "N", description = "virtual machines for each figure (5; step: 1)")
    private String forks;

    @Option(names = "--seconds", paramLabel = "X", description = "of measurement, for each figure in each; warm-up takes as long, for steps three and for decompositions and trackers of ours five times as long (${DEFAULT-VALUE})")
    private String seconds;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        Suite of = Values.choice("SUITE", suite, Suite.class);
        Suite.Plan asked = plan(of);
        Set<String> leftOut = new LinkedHashSet<>();
        List<Suite.Plan> plans = (of == Suite.STEP && shapes == null ? StepSuite.standard(asked) : List.of(asked))
                .stream().map(plan -> fitting(of, plan, Memory.available(), shapes != null, leftOut))
                .filter(plan -> !plan.shapes().isEmpty()).toList();
        if (plans.isEmpty()) {
            throw new BadInput("--shapes", "missing", "allowed are shapes that fit: none of the suite's own does, "
                    + Memory.text(Memory.available()) + " of memory are available");
        }
        if (of != Suite.STEP) {
            checkCore(System.getenv("OPENBLAS_CORETYPE"), OpenBlas.find().map(OpenBlas::core));
        }
        PrintWriter out = common.out();
        try (OutputFolder folder = common.openFolder()) {
            printPath(out);
            leftOut.forEach(out::println);
            write(of == Suite.STEP ? StepSuite.run(plans) : PeerSuite.run(of, plans.getFirst()), folder, out);
        } catch (RunnerException e) {
            throw new IOException("a benchmark failed: " + e.getMessage(), e);
        }
        return 0;
    }

    /** OpenBLAS takes kernels of its own choice where it does not know the processor that it was told of. */
    static void checkCore(String asked, Optional<String> taken) {
        if (asked != null && taken.isPresent() && !taken.get().equalsIgnoreCase(asked)) {
            throw new BadInput("MIXDYN_OPENBLAS_CORE", asked,
                    "allowed are cores that OpenBLAS knows, such as Haswell or SkylakeX; it took " + taken.get());
        }
    }

    private static void write(Findings findings, OutputFolder folder, PrintWriter out) throws IOException {
        Environment here = Environment.now();
        folder.stage("jmh.json", withoutPaths(findings.jmh()));
        folder.stage("table.csv", findings.table());
        folder.stage("environment.json", Json.text(findings.provenance(here)));
        // The figures are in place before anything is drawn of them.
        folder.commit();
        findings.print(out);
        replacePictures(findings.pictures(here), folder);
        out.println("results are in " + folder.path());
    }

    /** Those of an earlier suite go too: its figures are no longer there. */
    static void replacePictures(Map<String, String> pictures, OutputFolder folder) throws IOException {
        for (String name : PICTURES) {
            if (!pictures.containsKey(name)) {
                folder.remove(name);
            }
        }
        for (Map.Entry<String, String> picture : pictures.entrySet()) {
            folder.stage(picture.getKey(), picture.getValue());
        }
        folder.commit();
    }

    private Suite.Plan plan(Suite of) {
        int processors = Runtime.getRuntime().availableProcessors();
        List<String> teams = list(threads, processors > 1 ? List.of("1", "" + processors) : List.of("1"));
        teams.forEach(team -> Values.small("--threads", team, 1, Team.MAX_THREADS));
        List<String> sizes = matching(shapes, of.shapes(), of.shapePattern());
        if (of == Suite.TRACK) {
            sizes.forEach(BenchCommand::checkTrajectory);
        }
        return new Suite.Plan(among("--precision", precisions, List.of("f32", "f64")), teams,
                among("--variants", variants, of.variants()), sizes,
                forks == null ? of.forks() : Values.small("--forks", forks, 1, 100),
                Values.between("--seconds", seconds, 0.001, 3600));
    }

    /** The training that a tracker follows is one of the phase diagram. */
    private static void checkTrajectory(String shape) {
        String[] point = shape.split(":");
        int dim = Integer.parseInt(point[0]);
        double variance = Scalings.variance(dim, Double.parseDouble(point[1]));
        double width = Scalings.units(dim, Double.parseDouble(point[2]));
        double etaScale = Double.parseDouble(point[3]);
        if (!(variance >= 1e-15 && variance <= 1e15 && width >= 1 && width <= Bartlett.LARGEST_WIDTH
                && etaScale >= 1e-15 && etaScale <= 1e15)) {
            throw new BadInput("--shapes", shape, "allowed are exponents for which sigma^2 = " + dim
                    + "^gamma_sigma2 is from 1e-15 to 1e15 and the width floor(" + dim
                    + "^gamma_w) from 1 to 2^53, and q from 1e-15 to 1e15");
        }
    }

    /**
     * What is measured is in memory once, and its matrices are arrays.
     *
     * @param chosen  whether the shapes were given; of the suite's own those that do not fit are left out
     * @param leftOut gets a line for each of those
     * @throws BadInput if a chosen shape does not fit
     */
    static Suite.Plan fitting(Suite of, Suite.Plan plan, long available, boolean chosen, Set<String> leftOut) {
        int bytes = plan.precisions().contains("f64") ? Double.BYTES : Float.BYTES;
        List<String> fitting = new ArrayList<>();
        for (String shape : plan.shapes()) {
            double needed = bytes * of.elements(shape);
            String shortage = Memory.text((long) needed) + " of memory are needed, " + Memory.text(available)
                    + " are available, and a matrix has fewer than 2^31 elements";
            if (needed <= available && of.largestMatrix(shape) <= Integer.MAX_VALUE - 8) {
                fitting.add(shape);
            } else if (chosen) {
                throw new BadInput("--shapes", shape, "allowed are shapes that fit: " + shortage);
            } else {
                leftOut.add(shape + " is left out: " + shortage);
            }
        }
        return plan.of(fitting);
    }

    /** Which lanes, tiles and blocks run. */
    private static void printPath(PrintWriter out) {
        out.println(Lanes.describe());
        for (Precision precision : Precision.values()) {
            out.println(precision + ": " + BlockSizes.of(precision).describe());
        }
    }

    /** Where this machine keeps its Java and its libraries says nothing about a result. */
    private static String withoutPaths(String jmh) {
        return jmh.replaceAll("\"-Dmixdyn\\.(peers|terminal)=[^\"]*\",\\s*", "").replaceAll("\"jvm\" : \"[^\"]*\",\\s*",
                "");
    }

    private static List<String> list(String given, List<String> otherwise) {
        return given == null ? otherwise : Arrays.stream(given.split(",", -1)).map(String::strip).toList();
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
}
