package org.mixdyn.bench.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mixdyn.bench.peer.Gesdd;
import org.mixdyn.bench.run.Scalings;
import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.dynamics.Reduced;
import org.mixdyn.kernel.dynamics.StepSize;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.observe.Recorder;
import org.mixdyn.kernel.observe.Recording;
import org.mixdyn.kernel.observe.StopRule;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleLeadingTracker;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.svd.DoubleSvdTracker;
import org.mixdyn.kernel.svd.FloatLeadingTracker;
import org.mixdyn.kernel.svd.FloatSvdTracker;
import org.mixdyn.kernel.task.Task;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long does it take to follow the singular triplets of a training product over all of its steps? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrackBenchmark {
    /** Triplets of the leading tracker. */
    private static final int LEADING = 16;

    /** f32 or f64. */
    @Param("f32")
    public String precision;

    /** Threads of one update. */
    @Param("1")
    public int threads;

    /** all triplets, or the leading 16. */
    @Param("all")
    public String triplets;

    /** d:gamma_sigma2:gamma_w:q:steps, without steps the paper's stop rule. */
    @Param("200:-2.2:2:50")
    public String shape;

    /** mixdyn, a tracker, or openblas, gesdd at every step. */
    @Param({"mixdyn", "openblas"})
    public String implementation;

    private final List<Object> matrices = new ArrayList<>();
    private Runnable pass;

    /** Trains the reduced network and keeps its product at every step. */
    @Setup
    public void setUp() {
        boolean single = precision.equals("f32");
        int d = Integer.parseInt(shape.split(":")[0]);
        train(single, d);
        boolean all = triplets.equals("all");
        pass = switch (implementation) {
            case "mixdyn" -> single ? floatTracker(d, all) : doubleTracker(d, all);
            case "openblas" -> {
                Gesdd gesdd = new Gesdd(threads, single, d, d, true);
                yield () -> matrices.forEach(gesdd::factor);
            }
            default -> throw new IllegalArgumentException(implementation + " is unknown");
        };
    }

    /** One pass over all steps, the tracker beginning with a decomposition from scratch. */
    @Benchmark
    public void track() {
        pass.run();
    }

    /** Matrices of a pass. */
    int steps() {
        return matrices.size();
    }

    private void train(boolean single, int d) {
        String[] point = shape.split(":");
        double width = Scalings.units(d, Double.parseDouble(point[2]));
        double sigma2 = Scalings.variance(d, Double.parseDouble(point[1]));
        boolean counted = point.length > 4;
        Task task = Task.lowRank(d, d, Math.min(5, d), 1, 1);
        DoubleSvd svd = new DoubleSvd();
        svd.values(d, d, task.target(), 0, d);
        double eta = StepSize.paper(Double.parseDouble(point[3]), sigma2, width, d, svd.singularValues()[0]);
        double[] product = new double[d * d];
        try (Dynamics network = Reduced.gaussian(task, Math.max(width, 2 * d), Math.sqrt(sigma2), eta,
                UpdateOrder.ALTERNATING, Precision.F64, threads, 1)) {
            new Recorder(counted ? Integer.parseInt(point[4]) : 750, counted ? StopRule.NEVER : StopRule.PAPER,
                    Recording.BEFORE_UPDATE, 0, (iteration, steps, train, test) -> {
                        network.product(product);
                        matrices.add(single ? rounded(product) : product.clone());
                    }).run(network);
        }
    }

    private static float[] rounded(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }

    private Runnable floatTracker(int d, boolean all) {
        return all ? () -> {
            FloatSvdTracker tracker = new FloatSvdTracker(d, d, threads);
            matrices.forEach(a -> tracker.update((float[]) a));
        } : () -> {
            FloatLeadingTracker tracker = new FloatLeadingTracker(d, d, Math.min(LEADING, d), 0, 1, threads);
            matrices.forEach(a -> tracker.update((float[]) a));
        };
    }

    private Runnable doubleTracker(int d, boolean all) {
        return all ? () -> {
            DoubleSvdTracker tracker = new DoubleSvdTracker(d, d, threads);
            matrices.forEach(a -> tracker.update((double[]) a));
        } : () -> {
            DoubleLeadingTracker tracker = new DoubleLeadingTracker(d, d, Math.min(LEADING, d), 0, 1, threads);
            matrices.forEach(a -> tracker.update((double[]) a));
        };
    }
}
