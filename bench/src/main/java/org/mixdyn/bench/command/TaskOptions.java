package org.mixdyn.bench.command;

import picocli.CommandLine.Option;

/** The size of what is to be learnt: rank of the target, noise of the labels. */
final class TaskOptions {
    @Option(names = "--rank", paramLabel = "K", description = "rank of the target A* (${DEFAULT-VALUE})")
    private String rank;

    @Option(names = "--noise", paramLabel = "X", description = "standard deviation of the labels' noise (${DEFAULT-VALUE})")
    private String noise;

    /** From 1 to a largest one. */
    int rank(int most) {
        return Values.small("--rank", rank, 1, most);
    }

    double noise() {
        return Values.between("--noise", noise, 0, 1e15);
    }
}
