package org.mixdyn.bench.run;

import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.mixdyn.bench.plot.Numbers;
import org.mixdyn.kernel.network.Initialization;
import org.mixdyn.kernel.observe.Trajectory;

/** What people read on the terminal and above a picture. */
public final class Text {
    private Text() {
    }

    static String errors(double train, double test) {
        return String.format(Locale.ROOT, "train error %.4g, test error %.4g", train, test);
    }

    /** What is computed, in one line. */
    public static String title(Settings settings) {
        String shape = settings.dimIn() == settings.dimOut()
                ? "d = " + settings.dimIn()
                : "d_in = " + settings.dimIn() + ", d_out = " + settings.dimOut();
        String layers = settings.depth() == 2 ? "" : "L = " + settings.depth() + ", ";
        boolean equal = settings.widths().stream().distinct().count() == 1;
        String widths = settings.widths().stream().limit(equal ? 1 : settings.widths().size())
                .map(width -> String.format(Locale.ROOT, "%,d", width)).collect(Collectors.joining(" · "));
        return String.format(Locale.ROOT, "%s, %sw = %s, σ² = %s", shape, layers, widths,
                Numbers.brief(settings.sigma2()));
    }

    /** The other settings, in one line. */
    public static String subtitle(Settings settings) {
        StringJoiner parts = new StringJoiner(", ");
        if (!Double.isNaN(settings.gammaW())) {
            parts.add("γ_w = " + Numbers.brief(settings.gammaW()));
        }
        if (!Double.isNaN(settings.gammaSigma2())) {
            parts.add("γ_σ² = " + Numbers.brief(settings.gammaSigma2()));
        }
        if (settings.init() == Initialization.LAMBDA_BALANCED) {
            parts.add("λ = " + Numbers.brief(settings.lambda()));
        }
        if (settings.init() != Initialization.GAUSSIAN) {
            parts.add(settings.init() + " weights");
        }
        parts.add("rank " + settings.rank()).add("noise " + Numbers.brief(settings.noise()));
        parts.add("η = " + Numbers.brief(settings.eta())).add(settings.engine() + " engine");
        if (settings.engine() != Engine.SELF_CONSISTENT) {
            parts.add(settings.update() + " update");
        }
        return parts.add(settings.precision().toString()).add("seed " + settings.seed()).toString();
    }

    /** What A* is and where that comes from. */
    public static String target(Target target) {
        String values = target.singularValues().stream()
                .map(value -> value >= 0.1 ? String.format(Locale.ROOT, "%.2f", value) : Numbers.brief(value))
                .collect(Collectors.joining(", "));
        return "A* is " + target.source() + (values.isEmpty() ? "" : " (" + values + ")");
    }

    /** What --engine auto chose and why, in one line. */
    public static String choice(Settings resolved) {
        long units = (long) resolved.dimIn() + resolved.dimOut();
        if (resolved.init() != Initialization.GAUSSIAN) {
            return "auto chose the direct engine: only Gaussian weights can be reduced, and these are "
                    + resolved.init();
        }
        return resolved.engine() == Engine.REDUCED
                ? "auto chose the reduced engine: one hidden layer of more than d_in + d_out = " + units
                        + " units follows a network of " + units + " exactly"
                : "auto chose the direct engine: only one hidden layer of more than d_in + d_out = " + units
                        + " units can be reduced";
    }

    /** What came out, in a few lines. */
    public static String result(Outcome outcome) {
        Trajectory trajectory = outcome.trajectory();
        int last = trajectory.size() - 1;
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "stopped at iteration %d (%s): train error %.4g, test error %.4g%n",
                trajectory.iteration(last), trajectory.stopReason(), trajectory.trainError(last),
                trajectory.testError(last)));
        text.append(String.format(Locale.ROOT, "least test error %.4g at iteration %d%n", trajectory.minTestError(),
                trajectory.minTestIteration()));
        if (trajectory.steps() > 0) {
            text.append(
                    String.format(Locale.ROOT, "%d steps in %.3g s: %.3g GFLOP/s, %.0f %% of %d x one core's peak%n",
                            trajectory.steps(), trajectory.seconds(), outcome.gflops(),
                            100 * outcome.gflops() / outcome.peakGflops(), outcome.settings().threads()));
        }
        return text.toString();
    }
}
