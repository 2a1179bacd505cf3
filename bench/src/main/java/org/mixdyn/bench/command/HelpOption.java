package org.mixdyn.bench.command;

import picocli.CommandLine.Option;

/** The option that every command has. */
final class HelpOption {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "shows this")
    private boolean help;
}
