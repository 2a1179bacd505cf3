package org.mixdyn.bench.phase;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import org.mixdyn.bench.file.Json;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.plot.PhaseChart;
import org.mixdyn.bench.plot.PhaseMap;
import org.mixdyn.bench.run.Environment;
import org.mixdyn.bench.run.Progress;
import org.mixdyn.bench.run.Text;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.FmaPeak;
import org.mixdyn.kernel.simd.Lanes;

/** A sweep from its settings to its files; one that was broken off goes on where its journal ends. */
public final class PhaseDiagram {
    /** Of the journal in the output folder. */
    static final String JOURNAL = "phase.journal";

    private final PhaseSettings settings;
    private final int threads;

    /** What a journal must agree on for its runs to have the same bits: settings, program, vector unit and caches. */
    record Fingerprint(String version, String commit, int vectorBits, boolean vectorHalves, List<Long> caches,
            PhaseSettings settings) {
    }

    /** A sweep; nothing is allocated yet. */
    public PhaseDiagram(PhaseSettings settings, int threads) {
        this.settings = settings;
        this.threads = threads;
    }

    /**
     * Runs what is left to run and writes every file.
     *
     * @param fresh whether to begin anew, whatever an earlier sweep left
     * @param out   told what came out
     * @throws IOException if a file cannot be written
     */
    public void run(OutputFolder folder, boolean fresh, PrintWriter out) throws IOException {
        try (Journal journal = new Journal(folder.path().resolve(JOURNAL), fingerprint(), fresh)) {
            journal.begin();
            out.println(Text.target(settings.target()));
            int resumed = journal.finished().size();
            Sweep sweep = new Sweep(settings, journal.finished());
            long start = System.nanoTime();
            try (Progress progress = Progress.start("phase diagram", "run", settings.runs() - resumed)) {
                sweep.run(threads, journal, new Reporter(settings, sweep, progress));
            }
            PhaseSummary summary = summary(sweep, resumed, (System.nanoTime() - start) * 1e-9);
            write(folder, new PhaseTable(settings, sweep.results()), summary);
            journal.remove();
            out.println(PhaseText.speed(summary));
            out.print(PhaseText.checks(summary));
        }
        out.println("results are in " + folder.path());
    }

    /** One line of JSON. */
    String fingerprint() {
        Environment here = Environment.now();
        return Json.text(new Fingerprint(here.version(), here.commit(), here.vectorBits(), Lanes.HALVES,
                List.of(Caches.L1, Caches.L2, Caches.L3), settings))
                .replaceAll("\\s*\\n\\s*", " ").strip();
    }

    private PhaseSummary summary(Sweep sweep, int resumed, double seconds) {
        PhaseTable table = new PhaseTable(settings, sweep.results());
        boolean comparable = PaperCheck.applies(settings);
        double gflops = sweep.flops() / seconds * 1e-9;
        double peak = threads * FmaPeak.gflops(settings.precision(), 1);
        return new PhaseSummary(settings.runs(), resumed, seconds, sweep.flops(), gflops, peak, gflops / peak,
                threads, comparable ? PaperCheck.printed(table) : List.of(),
                comparable ? PaperCheck.bands(table) : List.of(), settings, Environment.now());
    }

    private static void write(OutputFolder folder, PhaseTable table, PhaseSummary summary) throws IOException {
        folder.stage("phase.csv", table.runs());
        folder.stage("active.csv", table.active());
        folder.stage("mean.csv", table.means());
        folder.stage("summary.json", Json.text(summary));
        folder.commit();
        List<String> pictures = new ArrayList<>();
        for (PhaseMap panel : PhasePanels.of(table)) {
            String picture = PhaseChart.svg(panel);
            folder.stage(panel.id() + ".svg", picture);
            pictures.add(picture);
        }
        folder.stage("report.html", PhaseReport.html(summary, pictures));
        if (!table.settings().distance()) {
            folder.remove("distance.svg");
        }
        folder.commit();
    }

    /** Turns finished runs into progress; the time left follows from the cost of what is left, not from its number. */
    private static final class Reporter implements IntConsumer {
        private final PhaseSettings settings;
        private final Progress progress;
        private final long start = System.nanoTime();
        private final double total;
        private double done;
        private int count;

        Reporter(PhaseSettings settings, Sweep sweep, Progress progress) {
            this.settings = settings;
            this.progress = progress;
            double sum = 0;
            for (int run : sweep.remaining()) {
                sum += cost(run);
            }
            total = sum;
        }

        private double cost(int run) {
            return PointRunner.expectedCost(settings, settings.point(run));
        }

        @Override
        public void accept(int run) {
            done += cost(run);
            count++;
            double left = (System.nanoTime() - start) * 1e-9 * Math.max(0, total - done) / done;
            progress.done(count, String.format(Locale.ROOT, "%.0f %% of the work, about %.0f s left",
                    100 * done / total, left));
        }
    }
}
