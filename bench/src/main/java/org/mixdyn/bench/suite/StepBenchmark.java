package org.mixdyn.bench.suite;

import java.util.concurrent.TimeUnit;
import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.dynamics.TwoLayer;
import org.mixdyn.kernel.dynamics.UpdateOrder;
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

/** How long does one step of gradient descent take on a network with one hidden layer? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StepBenchmark {
    /** f32 or f64. */
    @Param("f32")
    public String precision;

    /** Threads of one step. */
    @Param("1")
    public int threads;

    /** alternating or simultaneous. */
    @Param("alternating")
    public String update;

    /** d x w. */
    @Param("200x40000")
    public String shape;

    private Dynamics network;

    /** Draws the weights; the step size is so small that they hardly move. */
    @Setup
    public void setUp() {
        String[] sizes = shape.split("x");
        int d = Integer.parseInt(sizes[0]);
        long width = Long.parseLong(sizes[1]);
        network = TwoLayer.gaussian(Task.lowRank(d, d, Math.min(5, d), 1, 1), width, Math.sqrt(1.0 / width), 1e-9,
                UpdateOrder.valueOf(update.toUpperCase(java.util.Locale.ROOT)),
                precision.equals("f32") ? Precision.F32 : Precision.F64, threads, 1);
    }

    /** One step. */
    @Benchmark
    public void step() {
        network.step();
    }

    /** Frees the weights. */
    @TearDown
    public void tearDown() {
        network.close();
    }
}
