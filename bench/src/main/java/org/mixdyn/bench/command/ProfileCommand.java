package org.mixdyn.bench.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.Json;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.plot.RooflineChart;
import org.mixdyn.bench.run.Engine;
import org.mixdyn.bench.run.Experiment;
import org.mixdyn.bench.run.Profile;
import org.mixdyn.bench.run.Text;
import org.mixdyn.kernel.observe.Recording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the time of one configuration goes. */
@Command(name = "profile", sortOptions = false, header = "Tells where the time of one configuration goes.", description = {
        "Times steps and observations, and compares them with the measured peak and bandwidth.",
        "Writes profile.json and roofline.svg."})
public final class ProfileCommand implements Callable<Integer> {
    @Mixin
    private NetworkOptions network;

    @Option(names = "--engine", paramLabel = "E", description = {
            "direct, reduced, reduced-qr, auto or self-consistent, as in train (${DEFAULT-VALUE})"})
    private String engine;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        Experiment experiment = new Experiment(
                network.settings(Values.choice("--engine", engine, Engine.class), Recording.BEFORE_UPDATE));
        PrintWriter out = common.out();
        try (OutputFolder folder = common.openFolder()) {
            out.println(Text.title(experiment.settings()));
            out.println(Text.subtitle(experiment.settings()));
            Profile profile = experiment.profile();
            folder.stage("profile.json", Json.text(profile));
            folder.commit();
            if (profile.bytesPerStep() > 0) {
                folder.stage("roofline.svg", RooflineChart.svg("A step on the roofline: "
                        + Text.title(experiment.settings()), Text.subtitle(experiment.settings()), profile.peakGflops(),
                        profile.bandwidth(), profile.flopsPerStep() / profile.bytesPerStep(), profile.gflops()));
            } else {
                // Weights that stay in the caches stand at the right end: the roof there is the peak.
                folder.stage("roofline.svg", RooflineChart.svg("A step on the roofline: "
                        + Text.title(experiment.settings()),
                        Text.subtitle(experiment.settings())
                                + "; weights stay in the caches",
                        profile.peakGflops(), profile.bandwidth(), 100 * profile.peakGflops() / profile.bandwidth(),
                        profile.gflops()));
            }
            folder.commit();
            print(profile, out);
            out.println("results are in " + folder.path());
        }
        return 0;
    }

    private static void print(Profile profile, PrintWriter out) {
        line(out, "initial weights", profile.initialSeconds());
        line(out, "a step", profile.stepSeconds());
        line(out, "both errors", profile.errorSeconds());
        if (!Double.isNaN(profile.spectrumSeconds())) {
            line(out, "singular values", profile.spectrumSeconds());
        } else if (profile.settings().spectrumEvery() > 0) {
            out.println("singular values        none: the network diverged");
        }
        line(out, "conserved drift", profile.driftSeconds());
        out.printf(Locale.ROOT, "a step does %.3g GFLOP/s, %.0f %% of the peak of %.4g%n", profile.gflops(),
                100 * profile.peakFraction(), profile.peakGflops());
        if (profile.bytesPerStep() > 0) {
            out.printf(Locale.ROOT, "and moves %.3g GB/s, %.0f %% of the bandwidth of %.3g; the limit is %s%n",
                    profile.gigabytes(), 100 * profile.bandwidthFraction(), profile.bandwidth(), profile.bound());
        } else {
            out.println("and its weights stay in the caches; the limit is " + profile.bound());
        }
    }

    private static void line(PrintWriter out, String what, double seconds) {
        out.printf(Locale.ROOT, "%-16s %10.3f ms%n", what, 1000 * seconds);
    }
}
