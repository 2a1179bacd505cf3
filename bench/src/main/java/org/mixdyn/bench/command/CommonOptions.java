package org.mixdyn.bench.command;

import java.io.IOException;
import java.io.PrintWriter;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.BadInput;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command has: a folder for its files, its help, and where it prints. */
final class CommonOptions {
    @Option(names = "--out", paramLabel = "DIR", description = "folder of the results (${DEFAULT-VALUE})")
    private String folder;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "shows this")
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * The folder, ready to be written to.
     *
     * @throws BadInput if it is not
     */
    OutputFolder openFolder() {
        if (folder.isBlank()) {
            throw new BadInput("--out", folder, "allowed are folders that can be written to");
        }
        try {
            return new OutputFolder(folder);
        } catch (IOException e) {
            throw new BadInput("--out", folder, e.getMessage() + "; allowed are folders that can be written to");
        }
    }

    /** What the command says of its work goes here. */
    PrintWriter out() {
        return command.commandLine().getOut();
    }
}
