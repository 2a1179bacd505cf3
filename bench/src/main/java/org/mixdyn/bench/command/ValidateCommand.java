package org.mixdyn.bench.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.Json;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.Environment;
import org.mixdyn.bench.run.Progress;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.reference.Validation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The kernel against the reference. */
@Command(name = "validate", sortOptions = false, header = "Compares the kernel with the EJML reference.", description = {
        "Prints every measured error beside the bound that theory gives for it, and writes validation.json.",
        "The exit code is 1 if a bound is exceeded."})
public final class ValidateCommand implements Callable<Integer> {
    @Option(names = "--threads", paramLabel = "N", description = "threads (${DEFAULT-VALUE}, this machine's processors)")
    private String threads;

    @Option(names = "--seed", paramLabel = "N", description = "of the matrices (${DEFAULT-VALUE})")
    private String seed;

    @Mixin
    private CommonOptions common;

    /** One row of validation.json. */
    record Row(String group, String subject, String precision, double error, double bound, boolean passed) {
    }

    /** validation.json. */
    record Report(boolean passed, int comparisons, int failures, int threads, long seed, List<Row> rows,
            Environment environment) {
    }

    @Override
    public Integer call() throws IOException {
        int team = Values.small("--threads", threads, 1, Team.MAX_THREADS);
        long matrices = Values.whole("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE);
        try (OutputFolder folder = common.openFolder()) {
            return report(measure(team, matrices), team, matrices, folder, common.out());
        }
    }

    /** Prints the table and writes validation.json; the exit code. */
    static int report(List<Validation.Row> rows, int threads, long seed, OutputFolder folder, PrintWriter out)
            throws IOException {
        print(rows, out);
        int failures = (int) rows.stream().filter(row -> !row.passed()).count();
        List<Row> table = rows.stream().map(row -> new Row(row.group(), row.subject(), row.precision(), row.error(),
                row.bound(), row.passed())).toList();
        folder.stage("validation.json", Json
                .text(new Report(failures == 0, rows.size(), failures, threads, seed, table, Environment.now())));
        folder.commit();
        out.printf(Locale.ROOT, "%d comparisons, %s; the table is in %s%n", rows.size(), failures == 0
                ? "every error within its bound"
                : failures + (failures == 1 ? " error above its bound" : " errors above their bounds"),
                folder.path().resolve("validation.json"));
        return failures == 0 ? 0 : 1;
    }

    private static List<Validation.Row> measure(int threads, long seed) {
        Progress[] progress = new Progress[1];
        try {
            return Validation.run(threads, seed, (rows, done, total) -> {
                if (progress[0] == null) {
                    progress[0] = Progress.start("validate", "check", total);
                }
                progress[0].done(done, rows.isEmpty() ? "" : rows.getLast().group() + " " + rows.getLast().subject());
            });
        } finally {
            if (progress[0] != null) {
                progress[0].close();
            }
        }
    }

    private static void print(List<Validation.Row> rows, PrintWriter out) {
        int group = Math.max(5, rows.stream().mapToInt(row -> row.group().length()).max().orElse(0));
        int subject = Math.max(7, rows.stream().mapToInt(row -> row.subject().length()).max().orElse(0));
        String layout = "%-" + group + "s  %-" + subject + "s  %-9s  %9s  %9s  %s%n";
        out.printf(Locale.ROOT, layout, "group", "subject", "precision", "error", "bound", "");
        for (Validation.Row row : rows) {
            out.printf(Locale.ROOT, layout, row.group(), row.subject(), row.precision(),
                    String.format(Locale.ROOT, "%.2e", row.error()), String.format(Locale.ROOT, "%.2e", row.bound()),
                    row.passed() ? "ok" : "FAILED");
        }
    }
}
