package org.mixdyn.bench.suite;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.mixdyn.kernel.dynamics.DeepLinear;
import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.dynamics.TwoLayer;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.network.InitialWeights;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How long does one step of gradient descent take on real weights? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StepBenchmark {
    /** So small that no network of the suite diverges, so large that its error falls in every step. */
    private static final double STEP_SIZE = 1e-6;

    /** f32 or f64. */
    @Param("f32")
    public String precision;

    /** Threads of one step. */
    @Param("1")
    public int threads;

    /** alternating or simultaneous. */
    @Param("alternating")
    public String update;

    /** d x w or d x w x L. */
    @Param("200x40000")
    public String shape;

    private Dynamics network;
    private double initialError;

    /** Draws the weights. */
    @Setup
    public void setUp() {
        StepShape of = StepShape.parse(shape);
        int d = of.dim();
        Task task = Task.lowRank(d, d, Math.min(5, d), 1, 1);
        InitialWeights initial = InitialWeights.gaussian(Math.sqrt(1.0 / of.width()));
        UpdateOrder order = UpdateOrder.valueOf(update.toUpperCase(Locale.ROOT));
        Precision format = Jmh.precision(precision);
        network = of.depth() == 2
                ? TwoLayer.drawn(task, of.width(), initial, STEP_SIZE, order, format, threads, 1)
                : DeepLinear.drawn(task, of.widths(), initial, STEP_SIZE, order, format, threads, 1);
        if (network.flopsPerStep() != of.flops()) {
            throw new IllegalStateException(shape + " has " + network.flopsPerStep() + " operations a step, not "
                    + of.flops());
        }
        initialError = network.trainError();
    }

    /** One step. */
    @Benchmark
    public void step() {
        network.step();
    }

    /** Checks that the network has learned, and frees the weights. */
    @TearDown
    public void tearDown() {
        double error = network.trainError();
        network.close();
        network = null;
        if (!(error < initialError)) {
            throw new IllegalStateException("the error went from " + initialError + " to " + error);
        }
    }
}
