package org.mixdyn.bench.command;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Target;
import picocli.CommandLine.Option;

/** What A* is. */
final class TargetOption {
    @Option(names = "--target", paramLabel = "T", description = "what A* is. drawn: by the authors' law, C D^T, anew for each seed. S1,S2,...: its singular "
            + "values, as many as --rank, between vectors that the seed draws. paper: such values inferred from "
            + "numbers that the authors print, for they publish neither target nor seed. auto: paper for the "
            + "paper's own figures at the paper's d and rank, else drawn (${DEFAULT-VALUE})")
    private String target;

    /**
     * The target of a task of outputs x inputs.
     *
     * @param published what paper means
     * @param papers    whether the figure is the paper's own
     * @throws BadInput if there is no such target
     */
    Target of(int outputs, int inputs, int rank, Target.Published published, boolean papers) {
        boolean fits = published.fits(outputs, inputs, rank);
        String asked = target.strip().toLowerCase(Locale.ROOT);
        if (asked.equals("paper") && !fits) {
            throw new BadInput("--target", target, "allowed only with the paper's --dim " + published.dim()
                    + " and --rank " + published.target().singularValues().size());
        }
        return switch (asked) {
            case "auto" -> papers && fits ? published.target() : Target.DRAWN;
            case "drawn" -> Target.DRAWN;
            case "paper" -> published.target();
            default -> given(rank);
        };
    }

    private Target given(int rank) {
        List<Double> values = Arrays.stream(target.strip().split(",", -1))
                .map(value -> Values.decimal(value).orElse(Double.NaN)).toList();
        if (values.size() != rank || !values.stream().allMatch(value -> value >= 1e-15 && value <= 1e15)) {
            throw new BadInput("--target", target, "allowed are auto, drawn, paper, and " + rank
                    + " numbers from 1e-15 to 1e15 with commas between them, as many as --rank");
        }
        return Target.of(values.stream().sorted(Comparator.reverseOrder()).toList());
    }
}
