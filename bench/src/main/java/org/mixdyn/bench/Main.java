package org.mixdyn.bench;

import java.io.IOException;
import java.io.PrintWriter;
import org.mixdyn.bench.command.Commands;
import org.mixdyn.bench.run.BadInput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The workbench of mixdyn. Exit codes: 0 done, 1 a check failed or the program did, 2 bad input.
 */
@Command(name = "mixdyn", header = "Trains wide linear networks and watches their singular values move.", synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
    private static final int BAD_INPUT = 2;
    private static final int FAILED = 1;

    private Main() {
    }

    /** Runs one command and exits with its code. */
    public static void main(String[] args) {
        // A picture needs no display, and none may be there.
        System.setProperty("java.awt.headless", "true");
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    /** Runs one command; its exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine main = Commands.addTo(new CommandLine(new Main()));
        main.setOut(out).setErr(err);
        main.setParameterExceptionHandler(Main::refuse);
        main.setExecutionExceptionHandler(Main::failed);
        try {
            return main.execute(args);
        } catch (OutOfMemoryError e) {
            err.println("mixdyn: the memory that was estimated did not suffice; allowed are smaller networks: lower"
                    + " --width or --dim");
            return BAD_INPUT;
        }
    }

    @Override
    public void run() {
        throw new BadInput("COMMAND", "missing", "allowed are " + Commands.names());
    }

    private static int refuse(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandName();
        boolean root = e.getCommandLine().getParent() == null;
        String line = e.getMessage().replaceAll("\\s+", " ");
        if (e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().getFirst();
            if (root && !first.startsWith("-")) {
                line = "COMMAND is " + first + "; allowed are " + Commands.names();
            } else {
                line = "option " + first + " is unknown; allowed are those of mixdyn "
                        + (root ? "" : command + " ") + "--help";
            }
        }
        e.getCommandLine().getErr().println((root ? "" : "mixdyn ") + command + ": " + line);
        return BAD_INPUT;
    }

    private static int failed(Exception e, CommandLine command, ParseResult parsed) throws Exception {
        String name = command.getParent() == null ? "mixdyn" : "mixdyn " + command.getCommandName();
        switch (e) {
            case BadInput refusal -> {
                command.getErr().println(name + ": " + refusal.getMessage());
                return BAD_INPUT;
            }
            case IOException trouble -> {
                command.getErr().println(name + ": a result could not be written: " + trouble.getMessage());
                return FAILED;
            }
            default -> throw e;
        }
    }
}
