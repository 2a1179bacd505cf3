package org.mixdyn.bench.command;

import java.io.IOException;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.phase.Axis;
import org.mixdyn.bench.phase.PhaseDiagram;
import org.mixdyn.bench.phase.PhaseSettings;
import org.mixdyn.bench.plot.Numbers;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Memory;
import org.mixdyn.bench.run.Scalings;
import org.mixdyn.bench.run.Target;
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
        "With the paper's settings the terminal, summary.json and report.html tell how many of the 60 runs that the authors",
        "print agree, which is to say that the stop is within 10 %% or 6 iterations of theirs and both errors within 0.03,",
        "and at how many places of their figure 2 the same colour comes out.",
        "Writes phase.csv, mean.csv, active.csv, summary.json, a picture of each panel and report.html."})
public final class PhaseCommand implements Callable<Integer> {
    /** Beyond it a single step of a single point takes minutes. */
    private static final int LARGEST_DIM = 5000;
    private static final int MOST_VALUES = 1000;

    /** Largest width whose degrees of freedom are exact. */
    private static final double LARGEST_WIDTH = 0x1p53;

    @Option(names = "--preset", paramLabel = "P", description = "paper-grid: the 30 x 30 grid whose runs the authors print; figure2: 61 x 57 over their figure 2, "
            + "with the distance to the self-consistent dynamics (${DEFAULT-VALUE})")
    private String preset;

    @Option(names = "--gamma-sigma2", paramLabel = "LO:HI:N", description = "N variances d^X, X from LO to HI (the preset's)")
    private String gammaSigma2;

    @Option(names = "--gamma-w", paramLabel = "LO:HI:N", description = "N widths floor(d^X), X from LO to HI (the preset's)")
    private String gammaW;

    @Option(names = "--distance", paramLabel = "YES", description = "yes: the self-consistent dynamics beside each network; or no (the preset's)")
    private String distance;

    @Mixin
    private SubstepsOption substeps;

    @Option(names = "--dim", paramLabel = "D", description = "d: inputs, outputs, and what the scalings are powers of (${DEFAULT-VALUE})")
    private String dim;

    @Mixin
    private TaskOptions size;

    @Mixin
    private TargetOption target;

    @Option(names = "--eta-scale", paramLabel = "Q", description = {
            "eta = 1/(Q sigma^2 w) if sigma^2 w > d, else 1/(Q ||A*||) (${DEFAULT-VALUE})"})
    private String etaScale;

    @Mixin
    private DescentOptions descent;

    @Mixin
    private SweepOptions sweep;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec command;

    private enum Preset {
        PAPER_GRID("paper-grid", new Axis(-2.2, -0.8, 30), new Axis(1.75, 2.8, 30), YesNo.NO,
                Target.Published.PRINTED_RUNS), FIGURE2("figure2", new Axis(-3, 0, 61), new Axis(0, 2.8, 57), YesNo.YES,
                        Target.Published.FIGURE2);

        private final String label;
        private final Axis gammaSigma2;
        private final Axis gammaW;
        private final YesNo distance;
        private final Target.Published target;

        Preset(String label, Axis gammaSigma2, Axis gammaW, YesNo distance, Target.Published target) {
            this.label = label;
            this.gammaSigma2 = gammaSigma2;
            this.gammaW = gammaW;
            this.distance = distance;
            this.target = target;
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
        int team = sweep.threads();
        sweep.checkMemory("--dim", settings.dim(), settings.seeds(),
                d -> Memory.ofSweeps(d, 1, settings.seeds(), Math.min(team, settings.runs()),
                        settings.distance(), settings.update(), settings.precision()));
        try (OutputFolder folder = common.openFolder()) {
            new PhaseDiagram(settings, team).run(folder, sweep.fresh(), common.out());
        }
        return 0;
    }

    private PhaseSettings settings() {
        Preset base = Values.choice("--preset", preset, Preset.class);
        int d = Values.small("--dim", dim, 1, LARGEST_DIM);
        int rank = size.rank(d);
        Axis x = gammaSigma2 == null ? base.gammaSigma2 : axis("--gamma-sigma2", gammaSigma2);
        Axis y = gammaW == null ? base.gammaW : axis("--gamma-w", gammaW);
        boolean papers = gammaSigma2 == null && gammaW == null
                || command.commandLine().getParseResult().hasMatchedOption("--preset");
        PhaseSettings settings = new PhaseSettings(d, rank, size.noise(),
                target.of(d, d, rank, base.target, papers), x, y, sweep.seed(),
                sweep.seeds((long) x.count() * y.count()), DescentOptions.etaScale(etaScale), descent.steps(),
                descent.stop(), descent.update(), descent.precision(),
                (distance == null ? base.distance : Values.choice("--distance", distance, YesNo.class)) == YesNo.YES,
                substeps.number());
        checkScales(settings);
        return settings;
    }

    private void checkScales(PhaseSettings settings) {
        double widest = Scalings.units(settings.dim(), settings.gammaW().hi());
        if (!(settings.gammaW().lo() >= 0 && widest <= LARGEST_WIDTH)) {
            throw new BadInput("--gamma-w", settings.gammaW().toString(),
                    "allowed are exponents for which the width floor(" + settings.dim()
                            + "^gamma_w) is from 1 to 2^53");
        }
        double most = Math.max(-settings.gammaSigma2().lo(), settings.gammaSigma2().hi()) * Math.log10(settings.dim());
        if (most > 15) {
            throw new BadInput("--gamma-sigma2", settings.gammaSigma2().toString(),
                    "allowed are exponents for which sigma^2 = " + settings.dim()
                            + "^gamma_sigma2 is from 1e-15 to 1e15");
        }
        double largest = Scalings.variance(settings.dim(), settings.gammaSigma2().hi());
        if (settings.precision() == Precision.F32 && !Scalings.fitBinary32(settings.dim(), largest, widest)) {
            throw new BadInput("--precision", "f32", "it does not hold the squares of products of "
                    + Numbers.brief(widest) + " weights of variance " + Numbers.brief(largest) + "; allowed is f64");
        }
    }

    private static Axis axis(String option, String value) {
        String allowed = "allowed is LO:HI:N, N from 2 to " + MOST_VALUES + " values from LO to a larger HI, or 1 where"
                + " they are equal";
        String[] parts = value.strip().split(":", -1);
        if (parts.length != 3) {
            throw new BadInput(option, value, allowed);
        }
        OptionalDouble lo = Values.decimal(parts[0]);
        OptionalDouble hi = Values.decimal(parts[1]);
        try {
            int count = Integer.parseInt(parts[2]);
            if (lo.isPresent() && hi.isPresent() && count <= MOST_VALUES) {
                return new Axis(lo.getAsDouble(), hi.getAsDouble(), count);
            }
        } catch (IllegalArgumentException e) {
            throw new BadInput(option, value, allowed);
        }
        throw new BadInput(option, value, allowed);
    }
}
