package org.mixdyn.bench.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Engine;
import org.mixdyn.bench.run.Experiment;
import org.mixdyn.bench.run.Outcome;
import org.mixdyn.bench.run.RunFiles;
import org.mixdyn.bench.run.Settings;
import org.mixdyn.bench.run.Target;
import org.mixdyn.bench.run.Text;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.observe.Recording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The paper's figure 1. */
@Command(name = "figure1", sortOptions = false, header = "Makes the paper's figure 1.", description = {
        "Gradient descent beside the self-consistent dynamics from the same initial product.",
        "Errors are recorded after each update. At full size every weight needs 5 GB of memory and about 20 minutes on two",
        "cores; with --engine reduced it is a matter of seconds.",
        "Writes what train writes; the self-consistent dynamics' tables end in -self-consistent."})
public final class Figure1Command implements Callable<Integer> {
    @Mixin
    private NetworkOptions network;

    @Option(names = "--engine", paramLabel = "E", description = "direct: every weight; reduced: the same in distribution at the cost of width 2 d; reduced-qr: "
            + "the direct engine's own weights, factorised to width 2 d; auto: reduced where exact and smaller "
            + "(${DEFAULT-VALUE})")
    private String engine;

    @Mixin
    private SubstepsOption substeps;

    @Mixin
    private TargetOption target;

    @Mixin
    private CommonOptions common;

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
        Target chosenTarget = target.of(asked.dimOut(), asked.dimIn(), asked.rank(), Target.Published.FIGURE1, true);
        Experiment experiment = new Experiment(asked, chosenTarget, substeps.number());
        experiment.requireSquares();
        try (OutputFolder folder = common.openFolder()) {
            common.out().println(Text.title(experiment.settings()));
            common.out().println(Text.subtitle(experiment.settings()));
            common.out().println(Text.target(chosenTarget));
            if (chosen == Engine.AUTO) {
                common.out().println(Text.choice(experiment.settings()));
            }
            Outcome descent = experiment.run();
            common.out().print(Text.result(descent));
            Outcome selfConsistent = experiment.runSelfConsistent();
            common.out().print(Text.result(selfConsistent));
            RunFiles files = new RunFiles(folder);
            files.add(descent, "gradient descent", "");
            files.add(selfConsistent, "self-consistent", RunFiles.SECOND);
            files.finish();
            common.out().println("results are in " + folder.path());
        }
        return 0;
    }
}
