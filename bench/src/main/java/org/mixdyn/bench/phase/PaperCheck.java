package org.mixdyn.bench.phase;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.mixdyn.bench.run.Target;
import org.mixdyn.kernel.observe.StopRule;

/**
 * A sweep against what the authors of arXiv:2405.17580 publish of theirs: 60 of the 900 runs that their notebook prints
 * (resource paper-grid.csv), and colour bands that were read off the four panels of their figure 2 at 69 places (resource
 * figure2-bands.csv). They draw other weights, noise and singular vectors, so agreement can be no closer than that of two
 * seeds. A run agrees if it stops within 10 % or 6 iterations of theirs with both errors within 0.03.
 */
final class PaperCheck {
    private static final double SAME_POINT = 1e-5;
    private static final double ITERATIONS_RELATIVE = 0.1;
    private static final int ITERATIONS_ABSOLUTE = 6;
    private static final double ERRORS = 0.03;

    /**
     * One seed against the printed runs.
     *
     * @param points          printed runs that the grid holds
     * @param agreeing        those that agree
     * @param heldOut         printed runs that the grid holds and that no target was fitted to
     * @param heldOutAgreeing those of them that agree
     * @param startDifference least initial test error - theirs: how much larger this target is, ||A*||^2 / d^2
     * @param testDifference  mean of |test error - theirs|
     */
    record Printed(long seed, int points, int agreeing, int heldOut, int heldOutAgreeing, double startDifference,
            double iterationsDifference, double trainDifference, double testDifference) {
    }

    /**
     * One panel against the bands of the published one.
     *
     * @param points places that the grid holds
     * @param inside whose value is in the band
     * @param next   whose value is in the band or within one more band's width of it
     */
    record Bands(String panel, int points, int inside, int next) {
    }

    private PaperCheck() {
    }

    /** Whether the sweep's settings are those of the published runs. */
    static boolean applies(PhaseSettings settings) {
        return settings.dim() == 200 && settings.rank() == 5 && settings.noise() == 1 && settings.etaScale() == 50
                && settings.steps() == 750 && settings.stop() == StopRule.PAPER;
    }

    /** Each seed against the printed runs, empty if the grid holds none of them. */
    static List<Printed> printed(PhaseTable table) {
        List<Printed> checks = new ArrayList<>();
        List<double[]> rows = rows("paper-grid.csv");
        PhaseSettings settings = table.settings();
        for (int seed = 0; seed < settings.seeds(); seed++) {
            int points = 0;
            int agreeing = 0;
            int heldOut = 0;
            int heldOutAgreeing = 0;
            double start = Double.POSITIVE_INFINITY;
            double theirStart = Double.POSITIVE_INFINITY;
            double iterations = 0;
            double train = 0;
            double test = 0;
            for (int i = 0; i < rows.size(); i++) {
                double[] row = rows.get(i);
                int cell = cell(settings, row[0], row[1]);
                if (cell < 0) {
                    continue;
                }
                PointResult result = table.result(cell * settings.seeds() + seed);
                double apart = Math.abs(result.iterations() - row[4]);
                double trainApart = Math.abs(result.trainError() - row[5]);
                double testApart = Math.abs(result.testError() - row[6]);
                boolean stops = apart <= Math.max(ITERATIONS_RELATIVE * row[4], ITERATIONS_ABSOLUTE);
                int agrees = stops && trainApart <= ERRORS && testApart <= ERRORS ? 1 : 0;
                points++;
                agreeing += agrees;
                heldOut += isFitted(i) ? 0 : 1;
                heldOutAgreeing += isFitted(i) ? 0 : agrees;
                start = Math.min(start, result.initialTestError());
                theirStart = Math.min(theirStart, row[3]);
                iterations += apart;
                train += trainApart;
                test += testApart;
            }
            if (points > 0) {
                checks.add(new Printed(settings.seed() + seed, points, agreeing, heldOut, heldOutAgreeing,
                        start - theirStart, iterations / points, train / points, test / points));
            }
        }
        return checks;
    }

    /** Whether the target of {@link Target.Published#PRINTED_RUNS} was fitted to a row: every other pair of them. */
    private static boolean isFitted(int row) {
        return row / 2 % 2 == 0;
    }

    /** The means over the seeds against the bands, empty if the grid holds none of their places. */
    static List<Bands> bands(PhaseTable table) {
        List<Bands> checks = new ArrayList<>();
        add(checks, "minimal test error", table, 2, PointResult::minTestError);
        add(checks, "stable rank", table, 4, PointResult::stableRank);
        add(checks, "iterations", table, 6, PointResult::minTestIteration);
        if (table.settings().distance()) {
            add(checks, "ln max distance", table, 8, PointResult::logDistance);
        }
        return checks;
    }

    private static void add(List<Bands> checks, String panel, PhaseTable table, int column,
            ToDoubleFunction<PointResult> quantity) {
        double[][] grid = table.grid((point, result) -> quantity.applyAsDouble(result));
        int rows = table.settings().gammaW().count();
        int points = 0;
        int inside = 0;
        int next = 0;
        for (double[] row : rows("figure2-bands.csv")) {
            int cell = cell(table.settings(), row[0], row[1]);
            double lo = row[column];
            double hi = row[column + 1];
            if (cell < 0 || Double.isNaN(lo)) {
                continue;
            }
            double value = grid[cell % rows][cell / rows];
            points++;
            inside += value >= lo && value <= hi ? 1 : 0;
            next += value >= 2 * lo - hi && value <= 2 * hi - lo ? 1 : 0;
        }
        if (points > 0) {
            checks.add(new Bands(panel, points, inside, next));
        }
    }

    /** Number of the grid point at a place, or -1. */
    private static int cell(PhaseSettings settings, double x, double y) {
        int column = index(settings.gammaSigma2(), x);
        int row = index(settings.gammaW(), y);
        return column < 0 || row < 0 ? -1 : column * settings.gammaW().count() + row;
    }

    private static int index(Axis axis, double value) {
        for (int i = 0; i < axis.count(); i++) {
            if (Math.abs(axis.value(i) - value) < SAME_POINT) {
                return i;
            }
        }
        return -1;
    }

    /** The rows of a table of numbers; blanks are not numbers. */
    static List<double[]> rows(String resource) {
        List<double[]> rows = new ArrayList<>();
        try (InputStream in = PaperCheck.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",", -1);
                double[] row = new double[cells.length];
                for (int i = 0; i < cells.length; i++) {
                    row[i] = cells[i].isBlank() ? Double.NaN : Double.parseDouble(cells[i]);
                }
                rows.add(row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }
}
