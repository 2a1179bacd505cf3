package org.mixdyn.bench.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.phase.Axis;
import org.mixdyn.bench.phase.PhaseDiagram;
import org.mixdyn.bench.phase.PhaseSettings;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.observe.StopRule;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The phase diagram. */
@Command(name = "phase", sortOptions = false, header = "Makes the phase diagram over a grid of variances and widths.", description = {
        "Every network of at least 2 d hidden units is reduced to 2 d, which changes nothing but the cost; narrower ones",
        "are trained as they are. A* and E are drawn once a seed, the weights for each point. Runs go side by side, one a",
        "thread. A sweep that was broken off goes on where it stopped when the same command is given again.",
        "Writes phase.csv, mean.csv, active.csv, summary.json, a picture of each panel and report.html."})
public final class PhaseCommand implements Callable<Integer> {
    /** Beyond it a single step of a single point takes minutes. */
    private static final int LARGEST_DIM = 5000;
    private static final int MOST_VALUES = 1000;
    private static final int MOST_RUNS = 1_000_000;

    /** Largest width whose degrees of freedom are exact. */
    private static final double LARGEST_WIDTH = 0x1p53;

    @Option(names = "--preset", paramLabel = "P", description = {
            "paper-grid: the 30 x 30 grid whose runs the authors print; figure2: 61 x 57 over their figure 2, with the",
            "distance to the self-consistent dynamics (${DEFAULT-VALUE})"})
    private String preset;

    @Option(names = "--gamma-sigma2", paramLabel = "LO:HI:N", description = "N variances d^X, X from LO to HI (the preset's)")
    private String gammaSigma2;

    @Option(names = "--gamma-w", paramLabel = "LO:HI:N", description = "N widths floor(d^X), X from LO to HI (the preset's)")
    private String gammaW;

    @Option(names = "--distance", paramLabel = "YES", description = "yes: the self-consistent dynamics beside each network; or no (the preset's)")
    private String distance;

    @Option(names = "--substeps", paramLabel = "N", description = {
            "steps of the self-consistent dynamics to one of the network, each N times smaller (${DEFAULT-VALUE})"})
    private String substeps;

    @Option(names = "--dim", paramLabel = "D", description = "d: inputs, outputs, and what the scalings are powers of (${DEFAULT-VALUE})")
    private String dim;

    @Option(names = "--rank", paramLabel = "K", description = "rank of the target A* (${DEFAULT-VALUE})")
    private String rank;

    @Option(names = "--noise", paramLabel = "X", description = "standard deviation of the labels' noise (${DEFAULT-VALUE})")
    private String noise;

    @Option(names = "--eta-scale", paramLabel = "Q", description = {
            "eta = 1/(Q sigma^2 w) if sigma^2 w > d, else 1/(Q ||A*||) (${DEFAULT-VALUE})"})
    private String etaScale;

    @Option(names = "--steps", paramLabel = "N", description = "iterations at most (${DEFAULT-VALUE})")
    private String steps;

    @Option(names = "--stop", paramLabel = "RULE", description = "never, or paper: the phase diagram's rules (${DEFAULT-VALUE})")
    private String stop;

    @Option(names = "--update", paramLabel = "ORDER", description = {
            "simultaneous: gradient descent as defined, or alternating: as the paper's notebooks (${DEFAULT-VALUE})"})
    private String update;

    @Option(names = "--precision", paramLabel = "P", description = "f32 or f64 (${DEFAULT-VALUE})")
    private String precision;

    @Option(names = "--seed", paramLabel = "N", description = "first seed (${DEFAULT-VALUE})")
    private String seed;

    @Option(names = "--seeds", paramLabel = "N", description = "consecutive seeds: the panels show their means (${DEFAULT-VALUE})")
    private String seeds;

    @Option(names = "--threads", paramLabel = "N", description = "runs side by side (${DEFAULT-VALUE}, this machine's processors)")
    private String threads;

    @Option(names = "--fresh", description = "gives up an unfinished sweep that the output folder holds")
    private boolean fresh;

    @Mixin
    private OutputOption output;

    @Mixin
    private HelpOption help;

    @Spec
    private CommandSpec command;

    private enum Preset {
        PAPER_GRID("paper-grid", new Axis(-2.2, -0.8, 30), new Axis(1.75, 2.8, 30), YesNo.NO), FIGURE2("figure2",
                new Axis(-3, 0, 61), new Axis(0, 2.8, 57), YesNo.YES);

        private final String label;
        private final Axis gammaSigma2;
        private final Axis gammaW;
        private final YesNo distance;

        Preset(String label, Axis gammaSigma2, Axis gammaW, YesNo distance) {
            this.label = label;
            this.gammaSigma2 = gammaSigma2;
            this.gammaW = gammaW;
            this.distance = distance;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    private enum YesNo {
        YES, NO;

        @Override
        public String toString() {
            return this == YES ? "yes" : "no";
        }
    }

    @Override
    public Integer call() throws IOException {
        PhaseSettings settings = settings();
        int team = Values.small("--threads", threads, 1, Team.MAX_THREADS);
        try (OutputFolder folder = output.open()) {
            new PhaseDiagram(settings, team).run(folder, fresh, command.commandLine().getOut());
        }
        return 0;
    }

    private PhaseSettings settings() {
        Preset base = Values.choice("--preset", preset, Preset.class);
        int d = Values.small("--dim", dim, 1, LARGEST_DIM);
        PhaseSettings settings = new PhaseSettings(d, Values.small("--rank", rank, 1, d),
                Values.notNegative("--noise", noise),
                gammaSigma2 == null ? base.gammaSigma2 : axis("--gamma-sigma2", gammaSigma2),
                gammaW == null ? base.gammaW : axis("--gamma-w", gammaW),
                Values.whole("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE - MOST_RUNS),
                Values.small("--seeds", seeds, 1, MOST_VALUES), Values.positive("--eta-scale", etaScale),
                Values.small("--steps", steps, 1, 100_000_000), Values.choice("--stop", stop, StopRule.class),
                Values.choice("--update", update, UpdateOrder.class),
                Values.choice("--precision", precision, Precision.class),
                distance == null
                        ? base.distance == YesNo.YES
                        : Values.choice("--distance", distance, YesNo.class) == YesNo.YES,
                Values.small("--substeps", substeps, 1, 10_000));
        checkScales(settings);
        return settings;
    }

    private void checkScales(PhaseSettings settings) {
        double widest = Math.pow(settings.dim(), settings.gammaW().hi());
        if (!(settings.gammaW().lo() >= 0 && widest <= LARGEST_WIDTH)) {
            throw new BadInput("--gamma-w", settings.gammaW().toString(),
                    "allowed are exponents for which the width floor(" + settings.dim()
                            + "^gamma_w) is from 1 to 2^53");
        }
        // Squares of sigma^2 w, and of its products with the errors, stay far from the ends of binary32.
        double most = Math.max(-settings.gammaSigma2().lo(), settings.gammaSigma2().hi()) * Math.log10(settings.dim());
        if (most > 15) {
            throw new BadInput("--gamma-sigma2", settings.gammaSigma2().toString(),
                    "allowed are exponents for which sigma^2 = " + settings.dim()
                            + "^gamma_sigma2 is from 1e-15 to 1e15");
        }
        if ((long) settings.gammaSigma2().count() * settings.gammaW().count() * settings.seeds() > MOST_RUNS) {
            throw new BadInput("--seeds", seeds,
                    "allowed are grids and seeds of at most " + MOST_RUNS + " runs together");
        }
    }

    private static Axis axis(String option, String value) {
        String allowed = "allowed is LO:HI:N, N from 2 to " + MOST_VALUES + " values from LO to a larger HI, or 1 where"
                + " they are equal";
        String[] parts = value.strip().split(":", -1);
        if (parts.length != 3) {
            throw new BadInput(option, value, allowed);
        }
        try {
            int count = Integer.parseInt(parts[2]);
            if (count <= MOST_VALUES) {
                return new Axis(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), count);
            }
        } catch (IllegalArgumentException e) {
            throw new BadInput(option, value, allowed);
        }
        throw new BadInput(option, value, allowed);
    }
}
