package org.mixdyn.bench.command;

import java.io.IOException;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.BadInput;
import picocli.CommandLine.Option;

/** Where a command's files go. */
final class OutputOption {
    @Option(names = "--out", paramLabel = "DIR", description = "folder of the results (${DEFAULT-VALUE})")
    private String folder;

    /**
     * The folder, ready to be written to.
     *
     * @throws BadInput if it is not
     */
    OutputFolder open() {
        if (folder.isBlank()) {
            throw new BadInput("--out", folder, "allowed are folders that can be written to");
        }
        try {
            return new OutputFolder(folder);
        } catch (IOException e) {
            throw new BadInput("--out", folder, e.getMessage() + "; allowed are folders that can be written to");
        }
    }
}
