package org.mixdyn.bench.command;

import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.observe.StopRule;
import org.mixdyn.kernel.simd.Precision;
import picocli.CommandLine.Option;

/** How gradient descent goes: how far, in which order, in which precision. */
final class DescentOptions {
    @Option(names = "--steps", paramLabel = "N", description = "iterations at most (${DEFAULT-VALUE})")
    private String steps;

    @Option(names = "--stop", paramLabel = "RULE", description = "never, or paper: the phase diagram's rules (${DEFAULT-VALUE})")
    private String stop;

    @Option(names = "--update", paramLabel = "ORDER", description = {
            "simultaneous: gradient descent as defined, or alternating: as the paper's notebooks (${DEFAULT-VALUE})"})
    private String update;

    @Option(names = "--precision", paramLabel = "P", description = "f32 or f64 (${DEFAULT-VALUE})")
    private String precision;

    /** q of the paper's step size, an option of commands that know it. */
    static double etaScale(String value) {
        return Values.between("--eta-scale", value, 1e-15, 1e15);
    }

    int steps() {
        return Values.small("--steps", steps, 1, 100_000_000);
    }

    StopRule stop() {
        return Values.choice("--stop", stop, StopRule.class);
    }

    UpdateOrder update() {
        return Values.choice("--update", update, UpdateOrder.class);
    }

    Precision precision() {
        return Values.choice("--precision", precision, Precision.class);
    }
}
