package org.mixdyn.bench.command;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Engine;
import org.mixdyn.bench.run.Experiment;
import org.mixdyn.bench.run.Outcome;
import org.mixdyn.bench.run.RunFiles;
import org.mixdyn.bench.run.Settings;
import org.mixdyn.bench.run.Text;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.observe.Recording;
import org.mixdyn.kernel.task.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The paper's figure 1. */
@Command(name = "figure1", sortOptions = false, header = "Makes the paper's figure 1.", description = {
        "Gradient descent beside the self-consistent dynamics from the same initial product.",
        "Errors are recorded after each update. At full size every weight needs 5 GB of memory and about 20 minutes on two",
        "cores; with --engine reduced it is a matter of seconds.",
        "Writes what train writes; the self-consistent dynamics' tables end in -self-consistent."})
public final class Figure1Command implements Callable<Integer> {
    @Mixin
    private NetworkOptions network;

    @Option(names = "--engine", paramLabel = "E", description = {
            "direct: every weight; reduced: the same in distribution at the cost of width 2 d; reduced-qr: the direct",
            "engine's own weights, factorised to width 2 d; auto: reduced where exact and smaller (${DEFAULT-VALUE})"})
    private String engine;

    @Option(names = "--substeps", paramLabel = "N", description = {
            "steps of the self-consistent dynamics to one of gradient descent, each N times smaller: N large is continuous",
            "time (${DEFAULT-VALUE})"})
    private String substeps;

    @Option(names = "--target", paramLabel = "S1,S2,...", description = {
            "singular values of A*, as many as --rank, instead of those that the seed draws; their vectors stay the seed's"})
    private String target;

    @Mixin
    private OutputOption output;

    @Mixin
    private HelpOption help;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        Engine chosen = Values.choice("--engine", engine, Engine.class);
        if (chosen == Engine.SELF_CONSISTENT) {
            throw new BadInput("--engine", engine,
                    "allowed are direct, reduced, reduced-qr, auto; the self-consistent dynamics runs beside it");
        }
        Settings asked = network.settings(chosen, Recording.AFTER_UPDATE);
        if (asked.depth() > 2) {
            throw new BadInput("--depth", Integer.toString(asked.depth()),
                    "allowed is 2: the self-consistent dynamics are those of one hidden layer");
        }
        if (asked.init() != Initialization.GAUSSIAN) {
            throw new BadInput("--init", asked.init().toString(),
                    "allowed is gaussian: the self-consistent dynamics are those of independent weights");
        }
        int parts = Values.small("--substeps", substeps, 1, 10_000);
        Task task = target == null
                ? Task.lowRank(asked.dimOut(), asked.dimIn(), asked.rank(), asked.noise(), asked.seed())
                : Task.withSingularValues(asked.dimOut(), asked.dimIn(), targetValues(asked.rank()), asked.noise(),
                        asked.seed());
        Experiment experiment = new Experiment(asked, task, parts);
        try (OutputFolder folder = output.open()) {
            command.commandLine().getOut().println(Text.title(experiment.settings()));
            command.commandLine().getOut().println(Text.subtitle(experiment.settings()));
            if (chosen == Engine.AUTO) {
                command.commandLine().getOut().println(Text.choice(experiment.settings()));
            }
            Outcome descent = experiment.run();
            command.commandLine().getOut().print(Text.result(descent));
            Outcome selfConsistent = experiment.runSelfConsistent();
            command.commandLine().getOut().print(Text.result(selfConsistent));
            RunFiles files = new RunFiles(folder);
            files.add(descent, "gradient descent", "");
            files.add(selfConsistent, "self-consistent", "-self-consistent");
            files.finish();
            command.commandLine().getOut().println("results are in " + folder.path());
        }
        return 0;
    }

    private double[] targetValues(int rank) {
        String[] parts = target.strip().split(",", -1);
        if (parts.length != rank) {
            throw new BadInput("--target", target, "allowed are " + rank + " numbers, as many as --rank");
        }
        return Arrays.stream(parts).mapToDouble(value -> Values.positive("--target", value)).boxed()
                .sorted(Comparator.reverseOrder()).mapToDouble(value -> value).toArray();
    }
}
