package org.mixdyn.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The benchmarks do what they are said to time: their own checks pass, on small sizes. */
class BenchmarksTest {
    @ParameterizedTest
    @ValueSource(strings = {"NN", "NT", "TN", "TT"})
    void productsAreRight(String transposes) {
        for (String implementation : new String[]{"mixdyn", "ejml"}) {
            for (String precision : new String[]{"f32", "f64"}) {
                GemmBenchmark benchmark = new GemmBenchmark();
                benchmark.implementation = implementation;
                benchmark.precision = precision;
                benchmark.threads = 2;
                benchmark.transposes = transposes;
                benchmark.shape = "13x9x21";
                if (implementation.equals("ejml") && precision.equals("f32")) {
                    assertThrows(IllegalArgumentException.class, benchmark::setUp);
                } else {
                    benchmark.setUp();
                    benchmark.gemm();
                }
            }
        }
    }

    @Test
    void operationsAreCounted() {
        assertEquals(2.0 * 500 * 400 * 200_000, Suite.GEMM.flops("500x400x200000"));
        assertEquals(6.0 * 200 * 200 * 40_000, Suite.STEP.flops("200x40000"));
        assertThrows(IllegalArgumentException.class, () -> Shape.parse("3x4"));
    }

    @Test
    void stepsRun() {
        StepBenchmark benchmark = new StepBenchmark();
        benchmark.precision = "f64";
        benchmark.threads = 2;
        benchmark.update = "simultaneous";
        benchmark.shape = "7x30";
        benchmark.setUp();
        benchmark.step();
        benchmark.tearDown();
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
