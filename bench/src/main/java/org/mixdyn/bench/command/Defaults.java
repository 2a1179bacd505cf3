package org.mixdyn.bench.command;

import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What a command's options are where the command line does not say. */
final class Defaults implements IDefaultValueProvider {
    private final Map<String, String> values;

    private Defaults(Map<String, String> values) {
        this.values = values;
    }

    /** A run of the paper's phase diagram that is partly active, partly lazy; well under a minute on a laptop. */
    static Defaults ofTrain() {
        return new Defaults(with(Map.of("--dim", "200", "--gamma-w", "2", "--gamma-sigma2", "-1.5", "--eta-scale", "50",
                "--steps", "750", "--stop", "paper", "--spectrum", "10", "--out", "out/train")));
    }

    /** The paper's figure 1. */
    static Defaults ofFigure1() {
        return new Defaults(with(Map.of("--dim", "500", "--gamma-w", "2.25", "--gamma-sigma2", "-1.85", "--eta-scale",
                "5", "--steps", "100", "--stop", "never", "--spectrum", "1", "--substeps", "1", "--target", "auto",
                "--out", "out/figure1")));
    }

    /** The paper's phase diagram. */
    static Defaults ofPhase() {
        return new Defaults(with(Map.of("--preset", "paper-grid", "--substeps", "1", "--dim", "200", "--eta-scale",
                "50", "--steps", "750", "--stop", "paper", "--seeds", "1", "--target", "auto", "--out", "out/phase")));
    }

    /** Minutes on two cores. */
    static Defaults ofScaling() {
        return new Defaults(with(Map.of("--dims", "100,200,400,800", "--seeds", "1", "--out", "out/scaling")));
    }

    /** The network of {@link #ofTrain}, a few steps of it. */
    static Defaults ofProfile() {
        return new Defaults(with(Map.of("--dim", "200", "--gamma-w", "2", "--gamma-sigma2", "-1.5", "--eta-scale", "50",
                "--steps", "10", "--stop", "never", "--spectrum", "1", "--out", "out/profile")));
    }

    static Defaults ofValidate() {
        return new Defaults(with(Map.of("--out", "out/validate")));
    }

    static Defaults ofBench() {
        return new Defaults(Map.of("--seconds", "1", "--out", "out/bench"));
    }

    static Defaults ofReport() {
        return new Defaults(Map.of("--from", "out", "--out", "out"));
    }

    private static Map<String, String> with(Map<String, String> own) {
        Map<String, String> all = new HashMap<>(
                Map.of("--rank", "5", "--noise", "1", "--depth", "2", "--init", "gaussian", "--update",
                        "alternating", "--precision", "f32", "--engine", "direct", "--seed", "1"));
        all.put("--threads", Integer.toString(Runtime.getRuntime().availableProcessors()));
        all.putAll(own);
        return all;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option ? values.get(option.longestName()) : null;
    }
}
