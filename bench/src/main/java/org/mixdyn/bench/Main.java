package org.mixdyn.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.mixdyn.bench.command.Commands;
import org.mixdyn.bench.run.BadInput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
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

    /** System property: whether an error of the program itself is shown with its stack trace. */
    private static final String TRACE = "mixdyn.trace";

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
        // Pictures too have the same numbers everywhere: the library that draws axes writes them as the user's language does.
        Locale.setDefault(Locale.ENGLISH);
        CommandLine main = Commands.addTo(new CommandLine(new Main()));
        main.setOut(out).setErr(err);
        main.setParameterExceptionHandler(Main::refuse);
        main.setExecutionExceptionHandler(Main::failed);
        try {
            return main.execute(words(args));
        } catch (OutOfMemoryError e) {
            err.println("mixdyn: the memory that was estimated did not suffice; allowed are smaller matrices and fewer"
                    + " records");
            return BAD_INPUT;
        } catch (LinkageError | InternalError e) {
            if (!isOfPictures(e)) {
                throw e;
            }
            err.println("mixdyn: pictures need fonts (fontconfig and any font package), which Java does not find");
            return FAILED;
        }
    }

    /** Whether an error came up where Java draws. */
    private static boolean isOfPictures(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
                .flatMap(cause -> Arrays.stream(cause.getStackTrace()))
                .anyMatch(frame -> frame.getClassName().matches("(java[.]awt|sun[.]awt|sun[.]font)[.].*"));
    }

    /** An option and its value are two words, or one with = between them. */
    private static String[] words(String[] args) {
        return Arrays.stream(args)
                .flatMap(word -> word.matches("(?s)--[a-z0-9-]+=.*")
                        ? Arrays.stream(word.split("=", 2))
                        : Stream.of(word))
                .toArray(String[]::new);
    }

    @Override
    public void run() {
        throw new BadInput("COMMAND", "missing", "allowed are " + Commands.names());
    }

    private static int refuse(ParameterException e, String[] args) {
        String command = e.getCommandLine().getCommandName();
        boolean root = e.getCommandLine().getParent() == null;
        String line = switch (e) {
            case UnmatchedArgumentException unmatched when root
                    && !unmatched.getUnmatched().getFirst().startsWith("-") ->
                "COMMAND is " + unmatched.getUnmatched().getFirst() + "; allowed are " + Commands.names();
            case UnmatchedArgumentException unmatched -> "option " + unmatched.getUnmatched().getFirst()
                    + " is unknown; allowed are those of mixdyn " + (root ? "" : command + " ") + "--help";
            case MissingParameterException missing when missing.getMissing().getFirst() instanceof OptionSpec option ->
                option.longestName() + " is without a value; allowed are those that mixdyn " + command
                        + " --help tells of " + option.paramLabel();
            case OverwrittenOptionException twice when twice.getOverwritten() instanceof OptionSpec option ->
                option.longestName() + " is given twice; allowed is once";
            default -> e.getMessage().replaceAll("\\s+", " ");
        };
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
            default -> {
                if (Boolean.getBoolean(TRACE)) {
                    throw e;
                }
                command.getErr().println((name + ": the program failed: " + e).replaceAll("\\s+", " ")
                        + "; MIXDYN_JVM=-D" + TRACE + "=true shows where");
                return FAILED;
            }
        }
    }
}
