package org.mixdyn.bench.phase;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.mixdyn.bench.plot.Numbers;
import org.mixdyn.bench.plot.PhaseChart;
import org.mixdyn.bench.plot.PhaseLines;
import org.mixdyn.bench.plot.PhaseMap;

/** The panels of the phase diagram: those of the paper's figure 2, and the number of active singular values. */
final class PhasePanels {
    /** Bands of a panel whose range the results decide. */
    private static final int BANDS = 18;

    private PhasePanels() {
    }

    /** The panels; that of the distance only if it was measured. */
    static List<PhaseMap> of(PhaseTable table) {
        List<PhaseMap> panels = new ArrayList<>();
        panels.add(panel(table, "min-test-error", "Minimal test error", "‖A − A*‖² / d²",
                PhaseChart.levels(0, 1.02, 0.06), PointResult::minTestError));
        panels.add(panel(table, "stable-rank", "Stable rank at the minimal test error", "‖A‖_F² / ‖A‖_op²", null,
                PointResult::stableRank));
        panels.add(panel(table, "iterations", "Iterations until the minimal test error", "iterations", null,
                PointResult::minTestIteration));
        if (table.settings().distance()) {
            panels.add(panel(table, "distance", "Largest distance to the self-consistent dynamics",
                    "ln max ‖A_gd − A_sc‖² / d²", null, PointResult::logDistance));
        }
        panels.add(active(table));
        return panels;
    }

    private static PhaseMap panel(PhaseTable table, String id, String title, String quantity, double[] fixed,
            ToDoubleFunction<PointResult> value) {
        double[][] grid = table.grid((point, result) -> value.applyAsDouble(result));
        double[] levels = fixed == null ? levels(grid) : fixed;
        double[] contours = new double[(levels.length - 1) / 2];
        Arrays.setAll(contours, i -> levels[2 * i + 1]);
        boolean more = Arrays.stream(grid).flatMapToDouble(Arrays::stream).anyMatch(x -> x > levels[levels.length - 1]);
        return new PhaseMap(id, title, subtitle(table.settings()), quantity + (more ? "; the last colour: more" : ""),
                table.settings().gammaSigma2().values(),
                table.settings().gammaW().values(), grid, levels, contours, 2 * (levels[1] - levels[0]),
                new PhaseLines(table.settings().dim(), table.settings().rank()), true);
    }

    /** Whole numbers up to twice the rank of the target. */
    private static PhaseMap active(PhaseTable table) {
        int rank = table.settings().rank();
        int step = Math.max(1, rank / 10);
        double[] levels = PhaseChart.levels(-0.5 * step, (2 * rank / step + 0.5) * step, step);
        return new PhaseMap("active", "Active singular values at the minimal test error", subtitle(table.settings()),
                "number above σ²w, k = " + rank + "; the last colour: more",
                table.settings().gammaSigma2().values(), table.settings().gammaW().values(),
                table.grid((point, result) -> result.active()), levels, new double[0], step,
                new PhaseLines(table.settings().dim(), rank), false);
    }

    private static double[] levels(double[][] grid) {
        double[] values = Arrays.stream(grid).flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
        double least = Arrays.stream(values).min().orElse(0);
        double most = Arrays.stream(values).max().orElse(1);
        // What differs by roundings alone is one value.
        boolean differ = most - least > 1e-6 * Math.max(1, Math.max(-least, most));
        double raw = differ ? (most - least) / BANDS : 1;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = 10 * power;
        for (double digit : new double[]{8, 5, 4, 2, 1}) {
            step = digit * power >= raw ? digit * power : step;
        }
        double lo = Math.floor(least / step) * step;
        return PhaseChart.levels(lo, Math.max(lo + 2 * step, Math.ceil(most / step) * step), step);
    }

    static String subtitle(PhaseSettings settings) {
        return String.format(Locale.ROOT, "d = %d, k = %d, %s target, noise %s, q = %s, %s update, %s, %s",
                settings.dim(), settings.rank(), settings.target().kind(), Numbers.brief(settings.noise()),
                Numbers.brief(settings.etaScale()),
                settings.update(), settings.precision(), settings.seeds() == 1
                        ? "seed " + settings.seed()
                        : "mean of seeds " + settings.seed() + " to " + (settings.seed() + settings.seeds() - 1));
    }
}
