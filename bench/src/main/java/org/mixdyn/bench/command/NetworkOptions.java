package org.mixdyn.bench.command;

import java.util.Collections;
import java.util.List;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Engine;
import org.mixdyn.bench.run.Memory;
import org.mixdyn.bench.run.Scalings;
import org.mixdyn.bench.run.Settings;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.network.Sides;
import org.mixdyn.kernel.observe.Recording;
import org.mixdyn.kernel.parallel.Team;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The options of one network and its training. Their values are read as text and checked by {@link #settings}, so that
 * every refusal says what is allowed in the same way. Defaults are the command's: {@link Defaults}.
 */
final class NetworkOptions {
    /** Largest d_in or d_out: beyond it a matrix of the kernel has more elements than an array. */
    private static final int LARGEST_DIM = Sides.MOST;

    private static final int DEEPEST = 100;

    /** Variances of weights whose products are numbers of binary32 at any depth of practice. */
    private static final double LEAST_VARIANCE = 1e-30;
    private static final double MOST_VARIANCE = 1e15;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--dim", paramLabel = "D", description = "d: inputs, outputs, and what the scalings are powers of (${DEFAULT-VALUE})")
    private String dim;

    @Option(names = "--dim-in", paramLabel = "D", description = "inputs, where they differ from --dim")
    private String dimIn;

    @Option(names = "--dim-out", paramLabel = "D", description = "outputs, where they differ from --dim; with both of these and no --dim, the scalings are powers "
            + "of the larger")
    private String dimOut;

    @Mixin
    private TaskOptions size;

    @Option(names = "--depth", paramLabel = "L", description = "weight matrices L; from 3 on, all but two of them are w x w (${DEFAULT-VALUE})")
    private String depth;

    @Option(names = "--width", paramLabel = "W", description = "hidden units w, or")
    private String width;

    @Option(names = "--gamma-w", paramLabel = "X", description = "w = floor(d^X) (${DEFAULT-VALUE})")
    private String gammaW;

    @Option(names = "--widths", paramLabel = "W,W", description = "hidden widths one by one, from the inputs on; their number implies the depth")
    private String widths;

    @Option(names = "--sigma2", paramLabel = "X", description = "variance of an initial weight, or")
    private String sigma2;

    @Option(names = "--gamma-sigma2", paramLabel = "X", description = "sigma^2 = d^X (${DEFAULT-VALUE})")
    private String gammaSigma2;

    @Option(names = "--init", paramLabel = "KIND", description = "initial weights: gaussian, orthogonal, balanced or lambda-balanced, all of the scale that "
            + "sigma^2 sets (${DEFAULT-VALUE})")
    private String init;

    @Option(names = "--lambda", paramLabel = "X", description = "of lambda-balanced: W_2^T W_2 - W_1 W_1^T = X I on its support")
    private String lambda;

    @Option(names = "--eta", paramLabel = "X", description = "step size, or")
    private String eta;

    @Option(names = "--eta-scale", paramLabel = "Q", description = "eta = 1/(Q sigma^2 w) if sigma^2 w > d, else 1/(Q ||A*||), and for more layers 1/Q of a like "
            + "scale (${DEFAULT-VALUE})")
    private String etaScale;

    @Mixin
    private DescentOptions descent;

    @Option(names = "--spectrum", paramLabel = "N", description = "singular values every N iterations, or off (${DEFAULT-VALUE})")
    private String spectrum;

    @Option(names = "--threads", paramLabel = "N", description = "threads (${DEFAULT-VALUE}, this machine's processors)")
    private String threads;

    @Option(names = "--seed", paramLabel = "N", description = "of the task and the weights (${DEFAULT-VALUE})")
    private String seed;

    /**
     * What was asked for, with the scalings resolved, after a look at the memory that it needs.
     *
     * @throws BadInput if a value is not allowed
     */
    Settings settings(Engine engine, Recording recording) {
        onlyOne("--width", width, "--gamma-w", gammaW);
        onlyOne("--widths", widths, "--width", width);
        onlyOne("--widths", widths, "--gamma-w", gammaW);
        onlyOne("--sigma2", sigma2, "--gamma-sigma2", gammaSigma2);
        onlyOne("--eta", eta, "--eta-scale", etaScale);
        int inputs = dimOr("--dim-in", dimIn);
        int outputs = dimOr("--dim-out", dimOut);
        boolean bothGiven = dimIn != null && dimOut != null && !given("--dim");
        int base = bothGiven ? Math.max(inputs, outputs) : Values.small("--dim", dim, 1, LARGEST_DIM);
        List<Long> hidden = widths(base);
        if (hidden.size() > 1 && engine != Engine.DIRECT && engine != Engine.AUTO) {
            throw new BadInput("--engine", engine.toString(), "allowed is direct for a depth of "
                    + (hidden.size() + 1) + ": the others know one hidden layer");
        }
        Initialization kind = initialization(hidden.size() + 1, engine);
        Settings settings = new Settings(base, inputs, outputs,
                size.rank(Math.min(inputs, outputs)), size.noise(),
                hidden.size() + 1, Collections.max(hidden), hidden,
                width == null && widths == null ? Values.finite("--gamma-w", gammaW) : Double.NaN,
                kind, lambda(kind), variance(base),
                sigma2 == null ? Values.finite("--gamma-sigma2", gammaSigma2) : Double.NaN,
                eta == null ? Double.NaN : Values.between("--eta", eta, 1e-30, 1e15),
                eta == null ? DescentOptions.etaScale(etaScale) : Double.NaN,
                descent.steps(), descent.stop(), engine,
                descent.update(), descent.precision(), recording,
                Values.interval("--spectrum", spectrum),
                Values.small("--threads", threads, 1, Team.MAX_THREADS),
                Values.whole("--seed", seed, Long.MIN_VALUE, Long.MAX_VALUE));
        checkSides(settings);
        checkMemory(settings);
        return settings;
    }

    private int dimOr(String option, String value) {
        return value == null
                ? Values.small("--dim", dim, 1, LARGEST_DIM)
                : Values.small(option, value, 1, LARGEST_DIM);
    }

    /** All hidden widths. */
    private List<Long> widths(int base) {
        int layers = Values.small("--depth", depth, 2, DEEPEST) - 1;
        if (widths == null) {
            return Collections.nCopies(layers, width(base));
        }
        List<Long> hidden = Values.list("--widths", widths, 1, Long.MAX_VALUE);
        if (hidden.size() >= DEEPEST) {
            throw new BadInput("--widths", widths, "allowed are up to " + (DEEPEST - 1) + " hidden layers");
        }
        if (given("--depth") && hidden.size() != layers) {
            throw new BadInput("--widths", widths, "allowed with --depth " + depth + " are as many widths as it has"
                    + " hidden layers, " + layers);
        }
        return hidden;
    }

    private long width(int base) {
        if (width != null) {
            return Values.whole("--width", width, 1, Long.MAX_VALUE);
        }
        double units = Scalings.units(base, Values.finite("--gamma-w", gammaW));
        if (!(units >= 1 && units < Long.MAX_VALUE)) {
            throw new BadInput("--gamma-w", gammaW, "allowed are exponents for which the width floor(" + base
                    + "^gamma_w) is from 1 to " + Long.MAX_VALUE);
        }
        return (long) units;
    }

    private Initialization initialization(int layers, Engine engine) {
        Initialization kind = Values.choice("--init", init, Initialization.class);
        if (kind == Initialization.LAMBDA_BALANCED && layers > 2) {
            throw new BadInput("--init", init, "allowed for a depth of " + layers
                    + " are gaussian, orthogonal, balanced: lambda-balanced weights exist for one hidden layer");
        }
        if (kind != Initialization.GAUSSIAN && engine != Engine.DIRECT && engine != Engine.AUTO) {
            throw new BadInput("--init", init, "allowed is gaussian with --engine " + engine + ", or --engine direct");
        }
        return kind;
    }

    private double lambda(Initialization kind) {
        if (kind == Initialization.LAMBDA_BALANCED) {
            if (lambda == null) {
                throw new BadInput("--lambda", "missing",
                        "--init lambda-balanced needs it: allowed are finite numbers");
            }
            return Values.between("--lambda", lambda, -1e15, 1e15);
        }
        if (lambda != null) {
            throw new BadInput("--lambda", lambda, "allowed only with --init lambda-balanced, and --init is " + init);
        }
        return Double.NaN;
    }

    private double variance(int base) {
        if (sigma2 != null) {
            return Values.between("--sigma2", sigma2, LEAST_VARIANCE, MOST_VARIANCE);
        }
        double variance = Scalings.variance(base, Values.finite("--gamma-sigma2", gammaSigma2));
        if (!(variance >= LEAST_VARIANCE && variance <= MOST_VARIANCE)) {
            throw new BadInput("--gamma-sigma2", gammaSigma2,
                    "allowed are exponents for which sigma^2 = " + base + "^gamma_sigma2 is from 1e-30 to 1e15");
        }
        return variance;
    }

    /** Reduced weights are a square matrix of both sides together. */
    private void checkSides(Settings settings) {
        long side = Math.max(settings.dimIn(), settings.dimOut());
        long both = (long) settings.dimIn() + settings.dimOut();
        switch (settings.resolvedEngine()) {
            case REDUCED, REDUCED_QR -> requireSide(both, Sides.MOST, "d_in + d_out up to ", settings);
            case SELF_CONSISTENT -> requireSide(side, Sides.MOST_WITH_ROOTS, "sides up to ", settings);
            case DIRECT, AUTO -> {
            }
        }
    }

    private void requireSide(long size, long most, String what, Settings settings) {
        if (size > most) {
            throw new BadInput(nameOfLarger(settings), Math.max(settings.dimIn(), settings.dimOut()) + "",
                    "the " + settings.resolvedEngine() + " engine allows " + what + most);
        }
    }

    /** The option that decides on the larger of both sides. */
    private String nameOfLarger(Settings settings) {
        boolean inputs = settings.dimIn() >= settings.dimOut();
        if ((inputs ? dimIn : dimOut) == null) {
            return "--dim";
        }
        return inputs ? "--dim-in" : "--dim-out";
    }

    private void checkMemory(Settings settings) {
        long needed = Memory.needed(settings);
        long available = Memory.available();
        if (needed <= available) {
            return;
        }
        long records = Memory.ofRecords(settings);
        if (records > available) {
            throw new BadInput("--steps", descent.steps() + "", "allowed are fewer here, or fewer spectra by a larger"
                    + " --spectrum, which is " + spectrum + ": " + Memory.text(records)
                    + " of memory are needed for the records and " + Memory.text(available) + " are available");
        }
        long fits = Memory.largestWidth(settings, available);
        if (fits < 1) {
            throw new BadInput(nameOfLarger(settings),
                    Math.max(settings.dimIn(), settings.dimOut()) + "",
                    "allowed are smaller ones, for even a network of width 1 does not fit: "
                            + Memory.shortage(Memory.needed(settings.withWidth(1)), available));
        }
        String allowed = "allowed are widths of 1 to " + fits + (settings.depth() > 2 ? " in each layer" : "")
                + " here: " + Memory.shortage(needed, available);
        if (widths != null) {
            throw new BadInput("--widths", widths, allowed);
        }
        if (width != null) {
            throw new BadInput("--width", width, allowed);
        }
        throw new BadInput("--gamma-w", gammaW, "that is a width of " + settings.width() + "; " + allowed);
    }

    private void onlyOne(String option, String value, String other, String otherValue) {
        if (given(option) && given(other)) {
            throw new BadInput(option, value,
                    "allowed is this or " + other + ", which is " + otherValue + "; give one");
        }
    }

    /** Whether an option stands on the command line, rather than having its default. */
    private boolean given(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }
}
