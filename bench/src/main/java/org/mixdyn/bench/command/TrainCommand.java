package org.mixdyn.bench.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.Engine;
import org.mixdyn.bench.run.Experiment;
import org.mixdyn.bench.run.Outcome;
import org.mixdyn.bench.run.RunFiles;
import org.mixdyn.bench.run.Settings;
import org.mixdyn.bench.run.Text;
import org.mixdyn.kernel.observe.Recording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains one network. */
@Command(name = "train", sortOptions = false, header = "Trains one network.", description = {
        "Errors are recorded before each update.",
        "Writes summary.json, trajectory.csv, spectrum.csv, error.svg and spectrum.svg."})
public final class TrainCommand implements Callable<Integer> {
    @Mixin
    private NetworkOptions network;

    @Option(names = "--engine", paramLabel = "E", description = "direct: every weight; reduced: the same in distribution at the cost of width 2 d; reduced-qr: "
            + "the direct engine's own weights, factorised to width 2 d; auto: reduced where it is exact and "
            + "smaller, else direct; self-consistent: the paper's equation 1 (${DEFAULT-VALUE})")
    private String engine;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        Settings asked = network.settings(Values.choice("--engine", engine, Engine.class), Recording.BEFORE_UPDATE);
        Experiment experiment = new Experiment(asked);
        try (OutputFolder folder = common.openFolder()) {
            common.out().println(Text.title(experiment.settings()));
            common.out().println(Text.subtitle(experiment.settings()));
            if (asked.engine() == Engine.AUTO) {
                common.out().println(Text.choice(experiment.settings()));
            }
            Outcome outcome = experiment.run();
            RunFiles files = new RunFiles(folder);
            files.add(outcome, "", "");
            files.finish();
            common.out().print(Text.result(outcome));
            common.out().println("results are in " + folder.path());
        }
        return 0;
    }
}
