package org.mixdyn.bench.phase;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.mixdyn.bench.command.Commands;
import picocli.CommandLine;

/** Runs a command as the launcher does, in this process. */
final class MainAccess {
    @CommandLine.Command(name = "mixdyn")
    private static final class Root {
    }

    private MainAccess() {
    }

    static int run(StringWriter said, String... arguments) {
        PrintWriter writer = new PrintWriter(said, true);
        return Commands.addTo(new CommandLine(new Root())).setOut(writer).setErr(writer).execute(arguments);
    }
}
