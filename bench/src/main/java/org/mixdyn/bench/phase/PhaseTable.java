package org.mixdyn.bench.phase;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.mixdyn.bench.file.Csv;

/** The results of a sweep as tables, and over its grid. */
final class PhaseTable {
    private final PhaseSettings settings;
    private final List<PointResult> results;

    /** Mean and standard deviation over the seeds of a point; the deviation of one seed alone is not a number. */
    record Spread(double mean, double deviation) {
        static Spread of(double[] values) {
            double mean = 0;
            for (double value : values) {
                mean += value / values.length;
            }
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Spread(mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)));
        }
    }

    PhaseTable(PhaseSettings settings, List<PointResult> results) {
        this.settings = settings;
        this.results = results;
    }

    PhaseSettings settings() {
        return settings;
    }

    PointResult result(int run) {
        return results.get(run);
    }

    /** phase.csv: every run. */
    Csv runs() {
        return ofRuns(List.of("gamma_sigma2", "gamma_w", "width", "seed", "iterations", "stop_reason", "train_error",
                "test_error", "min_test_error", "min_test_iteration", "stable_rank", "log_distance"),
                (point, result) -> Csv.row(point.gammaSigma2(), point.gammaW(), point.width(), point.seed(),
                        result.iterations(), result.stopReason(), result.trainError(), result.testError(),
                        result.minTestError(), result.minTestIteration(), result.stableRank(), result.logDistance()));
    }

    /** active.csv: the singular values above sigma^2 w, and where each run began. */
    Csv active() {
        return ofRuns(List.of("gamma_sigma2", "gamma_w", "width", "seed", "threshold", "active", "rank", "eta",
                "initial_train_error", "initial_test_error"),
                (point, result) -> Csv.row(point.gammaSigma2(), point.gammaW(), point.width(), point.seed(),
                        point.threshold(), result.active(), settings.rank(), result.eta(), result.initialTrainError(),
                        result.initialTestError()));
    }

    private Csv ofRuns(List<String> columns, BiFunction<Point, PointResult, Object[]> row) {
        return new Csv(columns, IntStream.range(0, results.size())
                .mapToObj(run -> row.apply(settings.point(run), results.get(run))));
    }

    /** mean.csv: mean and standard deviation over the seeds, a row for each point of the grid. */
    Csv means() {
        return new Csv(List.of("gamma_sigma2", "gamma_w", "width", "seeds", "iterations", "iterations_sd",
                "train_error", "train_error_sd", "test_error", "test_error_sd", "min_test_error", "min_test_error_sd",
                "min_test_iteration", "min_test_iteration_sd", "stable_rank", "stable_rank_sd", "log_distance",
                "log_distance_sd", "active", "active_sd"),
                IntStream.range(0, results.size() / settings.seeds()).mapToObj(i -> meanRow(i * settings.seeds())));
    }

    private Object[] meanRow(int first) {
        Point point = settings.point(first);
        List<Object> row = new ArrayList<>(
                List.of(point.gammaSigma2(), point.gammaW(), point.width(), settings.seeds()));
        for (ToDoubleBiFunction<Point, PointResult> quantity : List
                .<ToDoubleBiFunction<Point, PointResult>>of((p, r) -> r.iterations(), (p, r) -> r.trainError(),
                        (p, r) -> r.testError(), (p, r) -> r.minTestError(), (p, r) -> r.minTestIteration(),
                        (p, r) -> r.stableRank(), (p, r) -> r.logDistance(), (p, r) -> r.active())) {
            Spread spread = spread(first, quantity);
            row.add(spread.mean());
            row.add(spread.deviation());
        }
        return row.toArray();
    }

    /** Means over the seeds, by row gamma_w and column gamma_sigma2. */
    double[][] grid(ToDoubleBiFunction<Point, PointResult> quantity) {
        int rows = settings.gammaW().count();
        double[][] grid = new double[rows][settings.gammaSigma2().count()];
        for (int first = 0; first < results.size(); first += settings.seeds()) {
            int cell = first / settings.seeds();
            grid[cell % rows][cell / rows] = spread(first, quantity).mean();
        }
        return grid;
    }

    /** Means over the seeds, by number of the point, of a grid that is a line; NaN where a seed has not been run. */
    double[] alongSection(ToDoubleBiFunction<Point, PointResult> quantity) {
        double[] values = new double[results.size() / settings.seeds()];
        for (int i = 0; i < values.length; i++) {
            int first = i * settings.seeds();
            boolean known = results.subList(first, first + settings.seeds()).stream().allMatch(Objects::nonNull);
            values[i] = known ? spread(first, quantity).mean() : Double.NaN;
        }
        return values;
    }

    private Spread spread(int first, ToDoubleBiFunction<Point, PointResult> quantity) {
        double[] values = new double[settings.seeds()];
        for (int i = 0; i < values.length; i++) {
            values[i] = quantity.applyAsDouble(settings.point(first + i), results.get(first + i));
        }
        return Spread.of(values);
    }
}
