package org.mixdyn.bench.command;

import picocli.CommandLine.Option;

/** How finely the self-consistent dynamics goes beside gradient descent. */
final class SubstepsOption {
    @Option(names = "--substeps", paramLabel = "N", description = "steps of the self-consistent dynamics to one of gradient descent, each N times smaller: N large "
            + "is continuous time (${DEFAULT-VALUE})")
    private String substeps;

    int number() {
        return Values.small("--substeps", substeps, 1, 10_000);
    }
}
