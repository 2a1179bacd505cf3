package org.mixdyn.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixdyn.bench.run.Environment;

/** The benchmarks do what they are said to time: their own checks pass, on small sizes. */
class BenchmarksTest {
    @ParameterizedTest
    @ValueSource(strings = {"NN", "NT", "TN", "TT"})
    void productsAreRight(String transposes) throws InterruptedException {
        for (String precision : new String[]{"f32", "f64"}) {
            GemmBenchmark benchmark = new GemmBenchmark();
            benchmark.contenders = "mixdyn 1,mixdyn 2";
            benchmark.precision = precision;
            benchmark.transposes = transposes;
            benchmark.shape = "13x9x21";
            benchmark.setUp();
            for (int turn = 0; turn < 3; turn++) {
                benchmark.turn();
                benchmark.gemm();
            }
        }
    }

    @Test
    void operationsAreCounted() {
        assertEquals(2.0 * 500 * 400 * 200_000, Suite.GEMM.flops("500x400x200000"));
        assertEquals(6.0 * 200 * 200 * 40_000, Suite.STEP.flops("200x40000"));
        assertThrows(IllegalArgumentException.class, () -> Shape.parse("3x4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7x30", "7x30x2", "5x40x3", "6x20x5"})
    void stepsRunAndLearn(String shape) {
        for (String update : new String[]{"alternating", "simultaneous"}) {
            StepBenchmark benchmark = new StepBenchmark();
            benchmark.precision = "f64";
            benchmark.threads = 2;
            benchmark.update = update;
            benchmark.shape = shape;
            benchmark.setUp();
            assertThrows(IllegalStateException.class, benchmark::tearDown, "no step was made");
            benchmark.setUp();
            benchmark.step();
            benchmark.tearDown();
        }
    }

    @Test
    void standardStepsKeepToWhatIsAsked() {
        Suite.Plan asked = new Suite.Plan(List.of("f64"), List.of("1", "2"), List.of("alternating"), List.of(), 1, 1);
        for (Suite.Plan plan : StepSuite.standard(asked)) {
            assertEquals(List.of("f64"), plan.precisions());
            assertEquals(List.of("alternating"), plan.variants());
            plan.shapes().forEach(shape -> assertEquals(shape, StepShape.parse(shape).toString()));
        }
        assertThrows(IllegalArgumentException.class, () -> StepShape.parse("128x2048x1"));
    }

    @Test
    void picturesShowWidthAndDepth() {
        List<StepFigures.Row> rows = Stream.of("100x10000", "100x100000", "128x2048x3", "128x2048x8")
                .map(StepShape::parse).map(shape -> new StepFigures.Row("f32", 2,
                        shape.depth() == 2 ? "alternating" : "simultaneous", shape, 1e6, 0, 150, 0.8, 0.1, 0))
                .toList();
        Map<String, String> pictures = new StepFigures(List.of(), rows, Map.of("f32 2", 200.0), Map.of(), "[]")
                .pictures(Environment.now());
        assertEquals(Set.of("throughput-width.svg", "throughput-depth.svg"), pictures.keySet());
        assertTrue(pictures.get("throughput-width.svg").contains("d = 100"));
        assertTrue(pictures.get("throughput-depth.svg").contains("d = 128, w = 2048"));
    }

    @Test
    void squareMatricesAreDrawn() {
        Suite.Plan plan = new Suite.Plan(List.of("f32"), List.of("2"), List.of("NN"), List.of(), 1, 1);
        List<PeerFigures.Row> rows = Stream.of("500x500x96", "64x64x64", "32x32x32").map(shape -> new PeerFigures.Row(
                "mixdyn", "f32", 2, "NN", shape, 1e6, 0, Double.NaN, Double.NaN, 0.87, 2, 0)).toList();
        Map<String, Double> peaks = Map.of("f32 2", 200.0);
        PeerFigures products = new PeerFigures(Suite.GEMM, plan, rows, peaks, Map.of(), null, "[]");
        assertEquals(Set.of("throughput.svg"), products.pictures(Environment.now()).keySet());
        StringWriter text = new StringWriter();
        products.print(new PrintWriter(text, true));
        assertTrue(text.toString().contains("f32: 2.00 times OpenBLAS, geometric mean of 3; least 2.00"));
        assertTrue(text.toString().contains("87%"));
        assertFalse(text.toString().contains("NaN"));
        assertEquals(Map.of(), new PeerFigures(Suite.GEMM, plan, rows.subList(0, 1), peaks, Map.of(), null, "[]")
                .pictures(Environment.now()));
        assertEquals(Map.of(), new PeerFigures(Suite.TRACK, plan, List.of(new PeerFigures.Row("mixdyn", "f32", 2, "all",
                "200:-2.2:2:50", 1e6, 0, Double.NaN, Double.NaN, Double.NaN, 2, 0)), peaks, Map.of(), null, "[]")
                .pictures(Environment.now()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vectors", "values"})
    void decompositionsAreRight(String job) {
        for (String implementation : new String[]{"mixdyn", "ejml"}) {
            for (String precision : new String[]{"f32", "f64"}) {
                SvdBenchmark benchmark = new SvdBenchmark();
                benchmark.implementation = implementation;
                benchmark.precision = precision;
                benchmark.threads = 2;
                benchmark.job = job;
                benchmark.shape = "23x17";
                if (implementation.equals("ejml") && precision.equals("f32")) {
                    assertThrows(IllegalArgumentException.class, benchmark::setUp);
                } else {
                    benchmark.setUp();
                    benchmark.svd();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "leading"})
    void trackersFollowWholeTrainings(String triplets) {
        for (String precision : new String[]{"f32", "f64"}) {
            TrackBenchmark benchmark = new TrackBenchmark();
            benchmark.implementation = "mixdyn";
            benchmark.precision = precision;
            benchmark.threads = 1;
            benchmark.triplets = triplets;
            benchmark.shape = "20:-2.2:2:50:7";
            benchmark.setUp();
            benchmark.track();
            assertEquals(7, benchmark.steps());
        }
    }
}
