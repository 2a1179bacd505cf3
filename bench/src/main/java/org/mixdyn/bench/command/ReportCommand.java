package org.mixdyn.bench.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.file.ResultsPage;
import org.mixdyn.bench.run.BadInput;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One page out of many results. */
@Command(name = "report", sortOptions = false, header = "Makes one self-contained page out of results.", description = {
        "Every folder with pictures or a summary becomes a section.", "Writes report.html."})
public final class ReportCommand implements Callable<Integer> {
    @Option(names = "--from", paramLabel = "DIR", description = "folder with results, in it or below it (${DEFAULT-VALUE})")
    private String from;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        Path root = root();
        String page = page(root);
        try (OutputFolder folder = common.openFolder()) {
            folder.stage("report.html", page);
            folder.commit();
            common.out().println("the page is " + folder.path().resolve("report.html"));
        }
        return 0;
    }

    private String page(Path root) {
        String page;
        try {
            page = ResultsPage.html(root);
        } catch (IOException | UncheckedIOException e) {
            throw new BadInput("--from", from,
                    "it cannot be read: " + e.getMessage() + "; allowed are folders with results");
        }
        if (page == null) {
            throw new BadInput("--from", from, "no pictures or summaries there; allowed are folders with results");
        }
        return page;
    }

    private Path root() {
        try {
            Path root = Path.of(from).toAbsolutePath().normalize();
            if (!from.isBlank() && Files.isDirectory(root)) {
                return root;
            }
        } catch (InvalidPathException e) {
            throw new BadInput("--from", from, "not a path; allowed are folders with results");
        }
        throw new BadInput("--from", from, "not a folder; allowed are folders with results");
    }
}
