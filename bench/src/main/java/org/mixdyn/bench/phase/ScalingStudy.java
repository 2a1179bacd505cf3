package org.mixdyn.bench.phase;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mixdyn.bench.file.Csv;
import org.mixdyn.bench.file.Json;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.phase.Section.Boundary;
import org.mixdyn.bench.plot.PhaseLines;
import org.mixdyn.bench.plot.ScalingChart;
import org.mixdyn.bench.plot.ScalingCurve;
import org.mixdyn.bench.run.Environment;
import org.mixdyn.bench.run.Progress;
import org.mixdyn.bench.run.Target;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.observe.StopRule;
import org.mixdyn.kernel.simd.FmaPeak;
import org.mixdyn.kernel.simd.Precision;

/**
 * How the boundaries of the phase diagram that are observed move toward those of theory, which hold as d grows. Three cuts
 * at a constant gamma_w go from active over lazy to infinite noise, one at a constant gamma_sigma2 from too few hidden
 * units to enough. Along each the minimal test error is measured; where it passes the level of {@link Boundary#level}, a
 * boundary is said to be observed. Only the points that this takes are run: {@link Section#wanted}.
 */
public final class ScalingStudy {
    private static final List<Section> SECTIONS = List.of(cut(2.2), cut(2.5), cut(2.8),
            new Section("narrow", new Axis(-2, -2, 1), new Axis(0, 0.8, 33)));

    private final int[] dims;
    private final int rank;
    private final double noise;
    private final long seed;
    private final int seeds;
    private final int threads;

    /**
     * One boundary at one d.
     *
     * @param fixed    the coordinate of the section that stays
     * @param level    of the minimal test error
     * @param theory   where the boundary is as d grows
     * @param observed NaN if the level is not passed
     */
    record Observed(int dim, String boundary, String fixed, double level, double theory, double observed) {
    }

    /**
     * summary.json.
     *
     * @param runs    of all d
     * @param resumed runs that an earlier, interrupted study had done
     * @param seconds wall clock of the other runs
     * @param gflops  speed of all threads together over those seconds
     */
    record Summary(int[] dims, int rank, double noise, long seed, int seeds, int threads, int runs, int resumed,
            double seconds, double gflops, double peakFraction, List<Observed> boundaries, Environment environment) {
    }

    /** A study of some d, rising. */
    public ScalingStudy(int[] dims, int rank, double noise, long seed, int seeds, int threads) {
        this.dims = dims.clone();
        this.rank = rank;
        this.noise = noise;
        this.seed = seed;
        this.seeds = seeds;
        this.threads = threads;
    }

    /** From left of x + y = 1 by more than the observed boundary is, to right of x = -y / 2. */
    private static Section cut(double gammaW) {
        double left = Math.rint(10 * (1 - gammaW - 1.2)) / 10;
        double right = Math.rint(10 * (-gammaW / 2 + 0.4)) / 10;
        return new Section("width-" + gammaW, new Axis(left, right, (int) Math.rint((right - left) / 0.05) + 1),
                new Axis(gammaW, gammaW, 1));
    }

    /** Number of cuts, whose sweeps go on together. */
    public static int sections() {
        return SECTIONS.size();
    }

    private PhaseSettings settings(int dim, Section section) {
        return new PhaseSettings(dim, rank, noise, Target.DRAWN, section.gammaSigma2(), section.gammaW(), seed, seeds,
                50, 750,
                StopRule.PAPER, UpdateOrder.ALTERNATING, Precision.F32, false, 1);
    }

    /**
     * Runs what is left to run and writes every file.
     *
     * @param fresh whether to begin anew, whatever an earlier study left
     * @param out   told what came out
     * @throws IOException if a file cannot be written
     */
    public void run(OutputFolder folder, boolean fresh, PrintWriter out) throws IOException {
        List<Journal> journals = new ArrayList<>();
        List<PhaseTable> tables = new ArrayList<>();
        try {
            // All of them before any is begun: one may be of another study, or in use.
            for (int dim : dims) {
                for (Section section : SECTIONS) {
                    journals.add(new Journal(folder.path().resolve(section.name() + "-" + dim + ".journal"),
                            new PhaseDiagram(settings(dim, section), threads).fingerprint(), fresh));
                }
            }
            for (Journal journal : journals) {
                journal.begin();
            }
            int resumed = journals.stream().mapToInt(journal -> journal.finished().size()).sum();
            double flops = 0;
            long start = System.nanoTime();
            for (int i = 0; i < dims.length; i++) {
                List<Journal> own = journals.subList(i * SECTIONS.size(), (i + 1) * SECTIONS.size());
                List<Sweep> sweeps = new ArrayList<>();
                for (int j = 0; j < own.size(); j++) {
                    sweeps.add(new Sweep(settings(dims[i], SECTIONS.get(j)), own.get(j).finished()));
                }
                refine(dims[i], sweeps, own);
                for (int j = 0; j < sweeps.size(); j++) {
                    tables.add(new PhaseTable(settings(dims[i], SECTIONS.get(j)), sweeps.get(j).results()));
                    flops += sweeps.get(j).flops();
                }
            }
            double seconds = (System.nanoTime() - start) * 1e-9;
            List<Observed> observed = write(folder, tables, resumed, flops, seconds);
            for (Journal journal : journals) {
                journal.remove();
            }
            out.print(text(observed));
        } finally {
            for (Journal journal : journals) {
                journal.close();
            }
        }
        out.println("results are in " + folder.path());
    }

    /** Runs what the sections of one d want until they want nothing more. What they want follows from results alone. */
    private void refine(int dim, List<Sweep> sweeps, List<Journal> journals) throws IOException {
        for (int round = 1;; round++) {
            List<Sweep.Work> work = new ArrayList<>();
            for (int i = 0; i < sweeps.size(); i++) {
                Section section = SECTIONS.get(i);
                Sweep sweep = sweeps.get(i);
                List<PointResult> results = sweep.results();
                double[] errors = along(new PhaseTable(settings(dim, section), results));
                List<Double> levels = boundaries(section).stream().map(boundary -> boundary.level(rank)).toList();
                for (int point : section.wanted(errors, levels)) {
                    for (int run = point * seeds; run < (point + 1) * seeds; run++) {
                        if (results.get(run) == null) {
                            work.add(new Sweep.Work(sweep, journals.get(i), run));
                        }
                    }
                }
            }
            if (work.isEmpty()) {
                return;
            }
            int[] done = {0};
            try (Progress progress = Progress.start("d = " + dim + ", round " + round, "run", work.size())) {
                Sweep.run(threads, work, one -> progress.done(++done[0], ""));
            }
        }
    }

    private List<Observed> write(OutputFolder folder, List<PhaseTable> tables, int resumed, double flops,
            double seconds) throws IOException {
        List<Observed> observed = new ArrayList<>();
        List<Object[]> points = new ArrayList<>();
        int runs = 0;
        for (int i = 0; i < tables.size(); i++) {
            PhaseTable table = tables.get(i);
            Section section = SECTIONS.get(i % SECTIONS.size());
            int dim = table.settings().dim();
            double[] errors = along(table);
            double[] iterations = table.alongSection((point, result) -> result.minTestIteration());
            double[] ranks = table.alongSection((point, result) -> result.stableRank());
            double[] active = table.alongSection((point, result) -> result.active());
            for (int j = 0; j < errors.length; j++) {
                if (Double.isNaN(errors[j])) {
                    continue;
                }
                runs += seeds;
                Point point = table.settings().point(j * seeds);
                points.add(Csv.row(dim, point.gammaSigma2(), point.gammaW(), point.width(), errors[j], iterations[j],
                        ranks[j], active[j]));
            }
            for (Boundary boundary : boundaries(section)) {
                observed.add(new Observed(dim, boundary.toString(), section.fixed(), boundary.level(rank),
                        boundary.theory(section, new PhaseLines(dim, rank)),
                        section.crossing(errors, boundary.level(rank))));
            }
        }
        double gflops = flops / seconds * 1e-9;
        double share = gflops / (threads * FmaPeak.gflops(Precision.F32, 1));
        folder.stage("scaling.csv", new Csv(List.of("dim", "gamma_sigma2", "gamma_w", "width", "min_test_error",
                "min_test_iteration", "stable_rank", "active"), points.stream()));
        folder.stage("boundaries.csv", new Csv(
                List.of("dim", "boundary", "section", "level", "theory", "observed", "distance"),
                observed.stream().map(row -> Csv.row(row.dim(), row.boundary(), row.fixed(), row.level(), row.theory(),
                        row.observed(), row.observed() - row.theory()))));
        folder.stage("summary.json",
                Json.text(new Summary(dims, rank, noise, seed, seeds, threads, runs, resumed, seconds,
                        gflops, share, observed, Environment.now())));
        folder.commit();
        String subtitle = String.format(Locale.ROOT, "k = %d, noise %s, q = 50, alternating update, f32, %s", rank,
                noise, seeds == 1 ? "seed " + seed : "mean of seeds " + seed + " to " + (seed + seeds - 1));
        folder.stage("boundaries.svg", ScalingChart.distances(subtitle, distances(observed)));
        for (int i = 0; i < SECTIONS.size(); i++) {
            folder.stage(SECTIONS.get(i).name() + ".svg", section(subtitle, tables, i));
        }
        folder.commit();
        return observed;
    }

    private static double[] along(PhaseTable table) {
        return table.alongSection((point, result) -> result.minTestError());
    }

    private static List<Boundary> boundaries(Section section) {
        return section.alongVariance() ? List.of(Boundary.LAZY, Boundary.NOISE) : List.of(Boundary.NARROW);
    }

    /** A curve for each boundary of each section: the distance from theory against 1 / ln d. */
    private List<ScalingCurve> distances(List<Observed> observed) {
        int curves = observed.size() / dims.length;
        List<ScalingCurve> all = new ArrayList<>();
        for (int curve = 0; curve < curves; curve++) {
            double[] x = new double[dims.length];
            double[] y = new double[dims.length];
            for (int i = 0; i < dims.length; i++) {
                Observed row = observed.get(i * curves + curve);
                x[i] = 1 / Math.log(dims[i]);
                y[i] = row.observed() - row.theory();
            }
            Observed first = observed.get(curve);
            all.add(new ScalingCurve(first.boundary() + ", " + first.fixed(), x, y));
        }
        return all;
    }

    /** Minimal test errors along one section, a curve for each d, and where theory has the boundaries. */
    private String section(String subtitle, List<PhaseTable> tables, int index) {
        Section section = SECTIONS.get(index);
        List<ScalingCurve> curves = new ArrayList<>();
        double[] x = section.along().values();
        for (int i = 0; i < dims.length; i++) {
            double[] errors = along(tables.get(i * SECTIONS.size() + index));
            int[] known = IntStream.range(0, errors.length).filter(j -> !Double.isNaN(errors[j])).toArray();
            curves.add(new ScalingCurve("d = " + dims[i], Arrays.stream(known).mapToDouble(j -> x[j]).toArray(),
                    Arrays.stream(known).mapToDouble(j -> errors[j]).toArray()));
        }
        List<ScalingCurve> lines = new ArrayList<>();
        for (Boundary boundary : boundaries(section)) {
            // log_d k is another place for each d; the last, largest one stands for them.
            double at = boundary.theory(section, new PhaseLines(dims[dims.length - 1], rank));
            lines.add(new ScalingCurve(boundary + (section.alongVariance() ? "" : ", d = " + dims[dims.length - 1]),
                    new double[]{at, at}, new double[]{0, 1}));
        }
        return ScalingChart.section(section.name(), "Minimal test error across the phases, " + section.fixed(),
                subtitle,
                section.alongVariance() ? "γ_σ²,  σ² = d^γ_σ²" : "γ_w,  w = d^γ_w", curves, lines);
    }

    private static String text(List<Observed> observed) {
        StringBuilder text = new StringBuilder();
        text.append(
                String.format(Locale.ROOT, "%5s  %-20s %-12s %6s %8s %9s %9s%n", "d", "boundary", "section", "level",
                        "theory", "observed", "distance"));
        for (Observed row : observed) {
            text.append(String.format(Locale.ROOT, "%5d  %-20s %-12s %6.2f %8.3f %9.3f %9.3f%n", row.dim(),
                    row.boundary(), row.fixed(), row.level(), row.theory(), row.observed(),
                    row.observed() - row.theory()));
        }
        return text.toString();
    }
}
