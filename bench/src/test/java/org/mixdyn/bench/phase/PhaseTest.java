package org.mixdyn.bench.phase;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixdyn.bench.run.Target;
import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.dynamics.MeanSquare;
import org.mixdyn.kernel.dynamics.Reduced;
import org.mixdyn.kernel.dynamics.SelfConsistent;
import org.mixdyn.kernel.dynamics.StepSize;
import org.mixdyn.kernel.dynamics.TwoLayer;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.observe.Recorder;
import org.mixdyn.kernel.observe.Recording;
import org.mixdyn.kernel.observe.Spectrum;
import org.mixdyn.kernel.observe.StopRule;
import org.mixdyn.kernel.observe.Trajectory;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.task.Task;

/** What a run observes, what its grid is, and how it compares with the published runs. */
class PhaseTest {
    static PhaseSettings small(int dim, Axis gammaSigma2, Axis gammaW, int seeds, boolean distance) {
        return new PhaseSettings(dim, 2, 1, Target.DRAWN, gammaSigma2, gammaW, 5, seeds, 20, 60, StopRule.PAPER,
                UpdateOrder.ALTERNATING, Precision.F32, distance, 1);
    }

    @Test
    void axesHaveRoundValuesAndBothEnds() {
        assertArrayEquals(new double[]{-3, -2.95, -2.9}, Arrays.copyOf(new Axis(-3, 0, 61).values(), 3));
        assertEquals(0.0, new Axis(-3, 0, 61).value(60));
        assertEquals("0.0", Double.toString(new Axis(-1, 0, 2).value(1)));
        assertArrayEquals(new double[]{1.5}, new Axis(1.5, 1.5, 1).values());
        assertThrows(IllegalArgumentException.class, () -> new Axis(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Axis(1, 0, 2));
        assertThrows(IllegalArgumentException.class, () -> new Axis(Double.NaN, 0, 2));
    }

    @Test
    void theGridHoldsEveryPointOnceAndPowersAreWhole() {
        PhaseSettings settings = small(100, new Axis(-2, 0, 5), new Axis(0, 2, 9), 3, false);
        Set<Point> points = new HashSet<>();
        Set<Long> seeds = new HashSet<>();
        for (int run = 0; run < settings.runs(); run++) {
            points.add(settings.point(run));
            seeds.add(settings.point(run).weightSeed());
        }
        assertEquals(5 * 9 * 3, points.size());
        assertEquals(5 * 9 * 3, seeds.size(), "weights are redrawn for each point");
        assertEquals(1, Point.of(100, -1, 0, 1).width());
        assertEquals(1000, Point.of(100, -1, 1.5, 1).width());
        assertEquals(10_636, Point.of(200, -2.2, 1.75, 1).width());
        assertEquals(2_772_579, Point.of(200, -2.2, 2.8, 1).width());
    }

    /** A narrow network is trained as it is, a wide one reduced; what is observed is what a recorder of spectra sees. */
    @ParameterizedTest
    @CsvSource({"0.5,F32", "1.2,F64", "2.5,F64", "2.5,F32"})
    void observesTheIterationOfTheLeastTestError(double gammaW, Precision precision) {
        PhaseSettings base = small(20, new Axis(-1.5, -1.5, 1), new Axis(gammaW, gammaW, 1), 1, true);
        PhaseSettings settings = new PhaseSettings(20, 2, 1, Target.DRAWN, base.gammaSigma2(), base.gammaW(), 5, 1, 20,
                60,
                StopRule.PAPER, UpdateOrder.ALTERNATING, precision, true, 2);
        Task task = Task.lowRank(20, 20, 2, 1, 5);
        DoubleSvd svd = new DoubleSvd();
        svd.values(20, 20, task.target(), 0, 20);
        Point point = settings.point(0);
        double eta = StepSize.paper(20, point.sigma2(), point.width(), 20, svd.singularValues()[0]);
        PointResult result = new PointRunner(settings).run(task, svd.singularValues()[0], point);
        double sigma = Math.sqrt(point.sigma2());
        boolean narrow = point.width() < 40;
        List<double[]> products = new ArrayList<>();
        Trajectory expected;
        try (Dynamics network = narrow
                ? TwoLayer.gaussian(task, point.width(), sigma, eta, UpdateOrder.ALTERNATING, precision, 1,
                        point.weightSeed())
                : Reduced.gaussian(task, point.width(), sigma, eta, UpdateOrder.ALTERNATING, precision, 1,
                        point.weightSeed())) {
            expected = new Recorder(60, StopRule.PAPER, Recording.BEFORE_UPDATE, 1, (i, steps, train, test) -> {
                double[] product = new double[400];
                network.product(product);
                products.add(product);
            }).run(network);
        }
        int last = expected.size() - 1;
        int best = expected.minTestIteration();
        assertEquals(last, result.iterations());
        assertEquals(expected.stopReason(), result.stopReason());
        assertEquals(expected.trainError(last), result.trainError());
        assertEquals(expected.testError(last), result.testError());
        assertEquals(expected.trainError(0), result.initialTrainError());
        assertEquals(best, result.minTestIteration());
        assertEquals(expected.minTestError(), result.minTestError());
        assertEquals(Spectrum.stableRank(expected.singularValues(best)), result.stableRank(), 1e-4);
        assertEquals(Spectrum.active(expected.singularValues(best), point.threshold()), result.active());
        double farthest = 0;
        double[] formula = new double[400];
        try (Dynamics equation = SelfConsistent.of(task, point.threshold(), products.getFirst(), eta, 2, precision,
                1)) {
            for (double[] product : products) {
                equation.product(formula);
                farthest = Math.max(farthest, MeanSquare.distance(product, formula));
                equation.step();
            }
        }
        assertEquals(Math.log(farthest), result.logDistance(), 1e-3);
    }

    /** At the end of the widths that are allowed, and with a threshold below the rounding errors of one hidden unit. */
    @Test
    void widthsAtTheEnds() {
        PhaseSettings widest = small(2, new Axis(-40, -40, 1), new Axis(53, 53, 1), 1, false);
        Task task = Task.lowRank(2, 2, 1, 1, 5);
        assertEquals(0x1p53, widest.point(0).width());
        assertTrue(Double.isFinite(new PointRunner(widest).run(task, 1, widest.point(0)).trainError()));
        PhaseSettings narrowest = small(20, new Axis(-5, -5, 1), new Axis(0, 0, 1), 1, false);
        PointResult result = new PointRunner(narrowest).run(Task.lowRank(20, 20, 2, 1, 5), 1, narrowest.point(0));
        assertEquals(1, result.active());
    }

    @Test
    void aRunThatDivergesHasBlanks() {
        PhaseSettings settings = new PhaseSettings(8, 2, 1, Target.DRAWN, new Axis(0, 0, 1), new Axis(2, 2, 1), 5, 1,
                1e-6, 60,
                StopRule.PAPER, UpdateOrder.ALTERNATING, Precision.F32, true, 1);
        PointResult result = new PointRunner(settings).run(Task.lowRank(8, 8, 2, 1, 5), 8, settings.point(0));
        assertEquals(StopRule.DIVERGED, result.stopReason());
        assertTrue(Double.isNaN(result.logDistance()), "it ends infinitely far from the self-consistent dynamics");
        assertEquals(result, PointResult.parse(result.text()));
        assertThrows(IllegalArgumentException.class, () -> PointResult.parse("1,steps"));
    }

    /** Printed runs, of their 900, that end within some tens of steps and that no target was fitted to. */
    @ParameterizedTest
    @CsvSource({"22,1", "34,2", "43,3"})
    void comesCloseToPrintedRuns(int row, long seed) {
        double[] printed = PaperCheck.rows("paper-grid.csv").get(row);
        PhaseSettings settings = new PhaseSettings(200, 5, 1, Target.Published.PRINTED_RUNS.target(),
                new Axis(printed[0], printed[0], 1), new Axis(printed[1], printed[1], 1), seed, 1, 50, 750,
                StopRule.PAPER, UpdateOrder.ALTERNATING, Precision.F32, false, 1);
        assertTrue(PaperCheck.applies(settings));
        PointResult result = new PointRunner(settings).run(settings.task(0),
                settings.target().singularValues().getFirst(), settings.point(0));
        PaperCheck.Printed check = PaperCheck.printed(new PhaseTable(settings, List.of(result))).getFirst();
        assertEquals(1, check.points());
        assertEquals(1, check.agreeing(), check.toString());
        assertEquals(1, check.heldOutAgreeing(), check.toString());
        // The initial product is small but not 0.
        assertEquals(printed[3], result.initialTestError(), 0.02 * printed[3]);
        assertEquals(printed[2], result.initialTrainError(), 0.02 * printed[2]);
    }

    /** What is said of the inferred targets: their size, their stable rank, and that they are as the law would have them. */
    @Test
    void inferredTargetsAreWhatTheySay() {
        assertEquals(1.0122 * 40_000, squares(Target.Published.PRINTED_RUNS), 10);
        assertEquals(3.97, stableRank(Target.Published.PRINTED_RUNS), 0.01);
        Task printed = Target.Published.PRINTED_RUNS.target().task(200, 200, 5, 1, 17);
        assertEquals(1.0122, MeanSquare.distance(printed.target(), new double[40_000]), 2e-4);
        assertEquals(2.0022, MeanSquare.distance(printed.labels(), new double[40_000]), 2e-4);
        assertEquals(40_000, squares(Target.Published.FIGURE2), 10);
        assertEquals(3.45, stableRank(Target.Published.FIGURE2), 0.01);
        double[] plateaus = {244.7, 235.3, 222.8, 215.6, 198.8};
        for (int i = 0; i < 5; i++) {
            double s = Target.Published.FIGURE1.target().singularValues().get(i);
            assertEquals(plateaus[i], s + 500 / s, 0.02);
        }
        for (Target.Published published : Target.Published.values()) {
            assertTrue(published.fits(published.dim(), published.dim(), 5));
            assertFalse(published.fits(published.dim(), 100, 5));
            assertFalse(published.fits(published.dim(), published.dim(), 4));
        }
    }

    private static double squares(Target.Published published) {
        return published.target().singularValues().stream().mapToDouble(s -> s * s).sum();
    }

    private static double stableRank(Target.Published published) {
        double largest = published.target().singularValues().getFirst();
        return squares(published) / (largest * largest);
    }

    @Test
    void theCheckOfPrintedRunsCanFail() {
        List<double[]> rows = PaperCheck.rows("paper-grid.csv");
        assertEquals(60, rows.size());
        PhaseSettings settings = new PhaseSettings(200, 5, 1, Target.DRAWN, new Axis(-2.2, -0.8, 30),
                new Axis(1.75, 2.8, 30), 1, 1,
                50, 750, StopRule.PAPER, UpdateOrder.ALTERNATING, Precision.F32, false, 1);
        for (double[] change : new double[][]{{0, 0, 0, 60}, {5, 0.02, -0.02, 60}, {0, 0.04, 0, 0}, {0, 0, 0.04, 0},
                {40, 0, 0, 0}}) {
            List<PointResult> results = new ArrayList<>();
            for (int run = 0; run < settings.runs(); run++) {
                Point point = settings.point(run);
                double[] row = rows.stream().filter(r -> Math.abs(r[0] - point.gammaSigma2()) < 1e-5
                        && Math.abs(r[1] - point.gammaW()) < 1e-5).findAny().orElse(new double[7]);
                results.add(new PointResult((int) (row[4] + change[0]), "steps", row[2], row[3], row[5] + change[1],
                        row[6] + change[2], 1, 1, 1, 1, 1, 1));
            }
            PaperCheck.Printed check = PaperCheck.printed(new PhaseTable(settings, results)).getFirst();
            assertEquals(60, check.points(), "the grid holds every printed run");
            assertEquals((int) change[3], check.agreeing());
            assertEquals(30, check.heldOut());
            assertEquals((int) change[3] / 2, check.heldOutAgreeing());
            assertEquals(Math.abs(change[2]), check.testDifference(), 1e-12);
        }
    }

    @Test
    void theCheckOfBandsCounts() {
        PhaseSettings settings = new PhaseSettings(200, 5, 1, Target.DRAWN, new Axis(-3, 0, 61), new Axis(0, 2.8, 57),
                1, 1, 50, 750,
                StopRule.PAPER, UpdateOrder.ALTERNATING, Precision.F32, true, 1);
        List<PointResult> results = new ArrayList<>();
        for (int run = 0; run < settings.runs(); run++) {
            results.add(new PointResult(0, "steps", 0, 0, 0, 0, 0.03, 0, 3.8, 5, -7.6, 1));
        }
        List<PaperCheck.Bands> checks = PaperCheck.bands(new PhaseTable(settings, results));
        assertEquals(List.of("minimal test error", "stable rank", "iterations", "ln max distance"),
                checks.stream().map(PaperCheck.Bands::panel).toList());
        assertEquals(69, checks.get(1).points());
        assertEquals(68, checks.get(0).points(), "one place is unreadable");
        assertTrue(checks.get(1).inside() < checks.get(1).next());
        assertNotEquals(0, checks.get(3).inside());
    }

    @Test
    void meansAndDeviationsAreOverSeeds() {
        PhaseTable.Spread spread = PhaseTable.Spread.of(new double[]{1, 2, 6});
        assertEquals(3, spread.mean());
        assertEquals(Math.sqrt(7), spread.deviation(), 1e-15);
        assertTrue(Double.isNaN(PhaseTable.Spread.of(new double[]{4}).deviation()));
    }
}
