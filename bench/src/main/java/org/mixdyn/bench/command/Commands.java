package org.mixdyn.bench.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** All commands. */
public final class Commands {
    private static final List<String> NAMES = List.of("train", "figure1", "phase", "scaling", "validate", "bench",
            "profile", "report");

    private Commands() {
    }

    /** The names, for a reader. */
    public static String names() {
        return String.join(", ", NAMES);
    }

    /** Adds every command to the main one. */
    public static CommandLine addTo(CommandLine main) {
        add(main, new CommandLine(new TrainCommand()), Defaults.ofTrain());
        add(main, new CommandLine(new Figure1Command()), Defaults.ofFigure1());
        add(main, new CommandLine(new PhaseCommand()), Defaults.ofPhase());
        add(main, new CommandLine(new ScalingCommand()), Defaults.ofScaling());
        add(main, new CommandLine(new ValidateCommand()), Defaults.ofValidate());
        add(main, new CommandLine(new BenchCommand()), Defaults.ofBench());
        add(main, new CommandLine(new ProfileCommand()), Defaults.ofProfile());
        add(main, new CommandLine(new ReportCommand()), Defaults.ofReport());
        main.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        main.setUsageHelpWidth(120);
        main.setSeparator(" ");
        // A folder may be called @results.
        main.setExpandAtFiles(false);
        return main;
    }

    private static void add(CommandLine main, CommandLine command, Defaults defaults) {
        command.setDefaultValueProvider(defaults);
        main.addSubcommand(command);
    }
}
