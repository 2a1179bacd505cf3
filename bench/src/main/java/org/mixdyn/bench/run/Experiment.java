package org.mixdyn.bench.run;

import java.util.Arrays;
import java.util.Locale;
import org.mixdyn.bench.plot.Numbers;
import org.mixdyn.kernel.dynamics.DeepLinear;
import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.dynamics.Reduced;
import org.mixdyn.kernel.dynamics.SelfConsistent;
import org.mixdyn.kernel.dynamics.StepSize;
import org.mixdyn.kernel.dynamics.TwoLayer;
import org.mixdyn.kernel.network.Bartlett;
import org.mixdyn.kernel.network.HiddenUnits;
import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.observe.Recorder;
import org.mixdyn.kernel.observe.Trajectory;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.FmaPeak;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.task.Task;

/** One task, drawn from the settings' seed, and the dynamics that learn it. */
public final class Experiment {
    private final Settings settings;
    private final Target target;
    private final Task task;
    private final int substeps;
    private final double[] targetSingularValues;
    private double[] initialProduct;

    /**
     * Draws the task and resolves the step size; weights are not allocated yet.
     *
     * @throws BadInput if no step size follows from the settings
     */
    public Experiment(Settings asked) {
        this(asked, Target.DRAWN, 1);
    }

    /**
     * A task that is drawn otherwise.
     *
     * @param target   how A* comes to be
     * @param substeps steps of the self-consistent dynamics to an iteration
     * @throws BadInput if no step size follows from the settings
     */
    public Experiment(Settings asked, Target target, int substeps) {
        this.target = target;
        task = target.task(asked.dimOut(), asked.dimIn(), asked.rank(), asked.noise(), asked.seed());
        this.substeps = substeps;
        DoubleSvd svd = new DoubleSvd();
        svd.values(task.outputs(), task.inputs(), task.target(), 0, task.inputs());
        targetSingularValues = Arrays.copyOf(svd.singularValues(), asked.rank());
        Settings engaged = asked.withEngine(asked.resolvedEngine());
        settings = Double.isNaN(engaged.eta()) ? engaged.withEta(stepSize(engaged)) : engaged;
        float rounded = (float) (settings.eta() / substeps);
        if (settings.precision() == Precision.F32 && !(rounded > 0 && rounded < Float.POSITIVE_INFINITY)) {
            throw new BadInput("--precision", "f32", "it holds step sizes of 1.4e-45 to 3.4e38, and not "
                    + settings.eta() / substeps + "; allowed is f64");
        }
        // Engines that train every weight add up squares in double.
        if (settings.engine() != Engine.DIRECT) {
            requireSquares();
        }
        int least = Reduced.fewestUnits(task);
        boolean tooNarrow = settings.engine() == Engine.REDUCED && settings.width() < least;
        boolean drawn = settings.engine() == Engine.REDUCED || settings.engine() == Engine.SELF_CONSISTENT;
        if (tooNarrow || drawn && settings.width() > (long) Bartlett.LARGEST_WIDTH) {
            throw new BadInput("--width", Long.toString(settings.width()), "the " + settings.engine()
                    + " engine allows " + (settings.engine() == Engine.REDUCED ? least + ", d_in + d_out," : 1)
                    + " to 2^53" + (tooNarrow ? "; --engine direct and --engine reduced-qr allow narrower ones" : ""));
        }
        checkBalanced();
    }

    /**
     * Requires that the precision holds squares of the elements of the initial product.
     *
     * @throws BadInput if it does not
     */
    public void requireSquares() {
        if (settings.precision() == Precision.F32 && !Scalings.fitBinary32(
                Math.max(settings.dimIn(), settings.dimOut()), settings.sigma2(), settings.width())) {
            throw new BadInput("--precision", "f32", "it does not hold the squares of products of so many weights of"
                    + " variance " + Numbers.brief(settings.sigma2()) + "; allowed are f64 and smaller variances");
        }
    }

    /** Balanced weights are made of the product that weights drawn one by one would have. */
    private void checkBalanced() {
        double ofWidths = 0;
        for (long width : settings.widths()) {
            ofWidths += 0.5 * Math.log10(width);
        }
        // Elements of that product are of the order of sigma^L sqrt(n_1 ... n_(L-1)).
        double largest = (settings.precision() == Precision.F32 ? 35 : 300) - ofWidths;
        double most = 2 * largest / settings.depth();
        if (settings.init() == Initialization.BALANCED && Math.log10(settings.sigma2()) > most) {
            boolean given = Double.isNaN(settings.gammaSigma2());
            throw new BadInput(given ? "--sigma2" : "--gamma-sigma2",
                    Numbers.brief(given ? settings.sigma2() : settings.gammaSigma2()),
                    String.format(Locale.ROOT,
                            "allowed are variances up to %.1e for these layers in %s, whose product is no"
                                    + " matrix of such numbers beyond",
                            Math.pow(10, most), settings.precision()));
        }
    }

    /** The settings with the step size resolved. */
    public Settings settings() {
        return settings;
    }

    /** Runs the engine of the settings on fresh weights, and remembers the product that they start from. */
    public Outcome run() {
        Trajectory trajectory;
        double flops;
        try (Dynamics dynamics = fresh()) {
            initialProduct = product(dynamics);
            flops = dynamics.flopsPerStep();
            trajectory = record(dynamics, settings.engine());
        }
        return outcome(settings, trajectory, flops);
    }

    /**
     * Runs the paper's equation 1 from the product that the last {@link #run} started from.
     *
     * @throws IllegalStateException if there was none
     */
    public Outcome runSelfConsistent() {
        if (initialProduct == null) {
            throw new IllegalStateException("run() comes first: it draws the product to start from");
        }
        try (Dynamics dynamics = selfConsistent(initialProduct)) {
            return outcome(settings.withEngine(Engine.SELF_CONSISTENT), record(dynamics, Engine.SELF_CONSISTENT),
                    dynamics.flopsPerStep());
        }
    }

    /** Times steps and observations of the engine of the settings on fresh weights. */
    public Profile profile() {
        double elements = settings.engine() == Engine.DIRECT
                ? directWeights()
                : Reduced.elements(task);
        return Profile.of(this::fresh, settings, (long) (elements * settings.precision().bytes()),
                Caches.L3 + settings.threads() * Caches.L2);
    }

    private double directWeights() {
        double sum = 0;
        long below = settings.dimIn();
        for (long width : settings.widths()) {
            sum += (double) below * width;
            below = width;
        }
        return sum + (double) below * settings.dimOut();
    }

    private Trajectory record(Dynamics dynamics, Engine engine) {
        String name = engine == Engine.SELF_CONSISTENT ? "self-consistent dynamics" : "gradient descent";
        try (Progress progress = Progress.start(name, "iteration", settings.steps())) {
            return new Recorder(settings.steps(), settings.stop(), settings.recording(), settings.spectrumEvery(),
                    (iteration, steps, train, test) -> progress.done(iteration + 1L, Text.errors(train, test)))
                    .run(dynamics);
        }
    }

    private Outcome outcome(Settings of, Trajectory trajectory, double flops) {
        double peak = of.threads() * FmaPeak.gflops(of.precision(), 1);
        return new Outcome(of, target, substeps, targetSingularValues, trajectory, flops, peak);
    }

    private Dynamics fresh() {
        return switch (settings.engine()) {
            case DIRECT -> direct();
            case REDUCED -> reduced();
            case REDUCED_QR -> factorised();
            case SELF_CONSISTENT -> {
                try (Dynamics network = reducible() ? reduced() : direct()) {
                    yield selfConsistent(product(network));
                }
            }
            case AUTO -> throw new IllegalStateException("the engine is resolved when the experiment is made");
        };
    }

    private Dynamics direct() {
        InitialWeights initial = new InitialWeights(settings.init(), Math.sqrt(settings.sigma2()), settings.lambda());
        return settings.depth() == 2
                ? TwoLayer.drawn(task, settings.width(), initial, settings.eta(), settings.update(),
                        settings.precision(), settings.threads(), settings.seed())
                : DeepLinear.drawn(task, settings.widths(), initial, settings.eta(), settings.update(),
                        settings.precision(), settings.threads(), settings.seed());
    }

    /** The weights are drawn and read one after the other, which takes as long as some steps of every weight. */
    private Dynamics factorised() {
        HiddenUnits units = HiddenUnits.gaussian(task.outputs(), task.inputs(), settings.width(),
                Math.sqrt(settings.sigma2()), settings.precision(), settings.seed());
        try (Progress progress = Progress.start("factorisation", "hidden unit", settings.width())) {
            return Reduced.of(task, new HiddenUnits() {
                @Override
                public int outputs() {
                    return units.outputs();
                }

                @Override
                public int inputs() {
                    return units.inputs();
                }

                @Override
                public long width() {
                    return units.width();
                }

                @Override
                public void read(long first, int rows, double[] panel) {
                    units.read(first, rows, panel);
                    progress.done(first + rows, "");
                }
            }, settings.eta(), settings.update(), settings.precision(), settings.threads());
        }
    }

    private boolean reducible() {
        return settings.width() >= Reduced.fewestUnits(task) && settings.width() <= (long) Bartlett.LARGEST_WIDTH;
    }

    private Dynamics reduced() {
        return Reduced.gaussian(task, settings.width(), Math.sqrt(settings.sigma2()), settings.eta(), settings.update(),
                settings.precision(), settings.threads(), settings.seed());
    }

    private Dynamics selfConsistent(double[] from) {
        return SelfConsistent.of(task, settings.threshold(), from, settings.eta(), substeps, settings.precision(),
                settings.threads());
    }

    private double[] product(Dynamics dynamics) {
        double[] product = new double[task.outputs() * task.inputs()];
        dynamics.product(product);
        return product;
    }

    private double stepSize(Settings asked) {
        try {
            if (asked.depth() > 2) {
                return StepSize.deep(asked.etaScale(), asked.sigma2(), asked.widths(), asked.dimOut(), asked.dimIn(),
                        targetSingularValues[0]);
            }
            double paper = StepSize.paper(asked.etaScale(), asked.sigma2(), asked.width(), asked.dim(),
                    targetSingularValues[0]);
            return asked.init() == Initialization.LAMBDA_BALANCED
                    ? Math.min(paper,
                            StepSize.lambdaBalanced(asked.etaScale(), asked.lambda(), targetSingularValues[0]))
                    : paper;
        } catch (IllegalArgumentException e) {
            throw new BadInput("--sigma2", Double.toString(asked.sigma2()), "with these widths and --eta-scale "
                    + asked.etaScale() + " no step size is left: " + e.getMessage());
        }
    }
}
