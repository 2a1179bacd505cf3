package org.mixdyn.bench.phase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.mixdyn.kernel.dynamics.Reduced;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.task.Task;

/**
 * All runs of a phase diagram, side by side over some threads of one run each. Every run is a pure function of the
 * settings and its point; threads and order decide nothing. Those that are expected to take longest begin first.
 */
final class Sweep {
    private final PhaseSettings settings;
    private final PointResult[] results;
    private final Task[] tasks;
    private final double[] targetNorms;
    private double flops;
    private double seconds;

    /**
     * A sweep that goes on.
     *
     * @param finished results of runs that are done, by their number
     */
    Sweep(PhaseSettings settings, Map<Integer, PointResult> finished) {
        this.settings = settings;
        results = new PointResult[settings.runs()];
        finished.forEach((run, result) -> results[run] = result);
        tasks = new Task[settings.seeds()];
        targetNorms = new double[settings.seeds()];
        int d = settings.dim();
        DoubleSvd svd = new DoubleSvd();
        for (int i = 0; i < tasks.length; i++) {
            // In the bases of the labels' singular vectors all observations are the same and steps are cheaper.
            tasks[i] = Reduced.aligned(Task.lowRank(d, d, settings.rank(), settings.noise(), settings.seed() + i));
            svd.values(d, d, tasks[i].target(), 0, d);
            targetNorms[i] = svd.singularValues()[0];
        }
    }

    /**
     * Runs what is not done yet.
     *
     * @param journal  gets each run as it is done
     * @param listener told the number of each run that was done here, once it is in the journal; one call at a time
     * @throws IOException if the journal cannot be written
     */
    void run(int threads, Journal journal, IntConsumer listener) throws IOException {
        int[] order = remaining();
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        List<Future<Double>> shares = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads,
                Thread.ofPlatform().daemon().name("mixdyn-sweep-", 0).factory())) {
            for (int thread = 0; thread < threads; thread++) {
                shares.add(pool.submit(() -> work(order, next, journal, listener)));
            }
        }
        for (Future<Double> share : shares) {
            flops += shareOf(share);
        }
        seconds = (System.nanoTime() - start) * 1e-9;
    }

    /** The runs that are not done yet, the longest first. */
    int[] remaining() {
        double[] costs = IntStream.range(0, results.length)
                .mapToDouble(i -> PointRunner.expectedCost(settings, settings.point(i))).toArray();
        return IntStream.range(0, results.length).filter(i -> results[i] == null).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -costs[i])).mapToInt(i -> i).toArray();
    }

    private double work(int[] order, AtomicInteger next, Journal journal, IntConsumer listener) {
        PointRunner runner = new PointRunner(settings);
        try {
            for (int i = next.getAndIncrement(); i < order.length; i = next.getAndIncrement()) {
                int run = order[i];
                Point point = settings.point(run);
                int task = (int) (point.seed() - settings.seed());
                PointResult result = runner.run(tasks[task], targetNorms[task], point);
                synchronized (this) {
                    journal.add(run, result);
                    results[run] = result;
                    listener.accept(run);
                }
            }
        } catch (IOException e) {
            next.set(order.length);
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            // The others finish what they are at and begin nothing new.
            next.set(order.length);
            throw e;
        }
        return runner.flops();
    }

    private static double shareOf(Future<Double> share) throws IOException {
        try {
            return share.get();
        } catch (InterruptedException e) {
            throw new IOException("the sweep was interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case UncheckedIOException trouble -> throw trouble.getCause();
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Results by number of the run; complete after {@link #run}. */
    List<PointResult> results() {
        return Arrays.asList(results.clone());
    }

    /** Largest singular value of the target of the i-th seed. */
    double targetNorm(int i) {
        return targetNorms[i];
    }

    /** Floating-point operations of the steps that were done here, not those of resumed runs. */
    double flops() {
        return flops;
    }

    /** Wall-clock seconds of {@link #run}. */
    double seconds() {
        return seconds;
    }
}
