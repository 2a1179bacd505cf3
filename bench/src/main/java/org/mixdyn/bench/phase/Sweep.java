package org.mixdyn.bench.phase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.mixdyn.kernel.dynamics.Reduced;
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
        SingularValues values = new SingularValues(settings.dim(), settings.precision());
        for (int i = 0; i < tasks.length; i++) {
            // In the bases of the labels' singular vectors all observations are the same and steps are cheaper.
            tasks[i] = Reduced.aligned(settings.task(i), settings.precision());
            targetNorms[i] = values.of(tasks[i].target())[0];
        }
    }

    /** A run that is to be done, and the journal that gets it. */
    record Work(Sweep sweep, Journal journal, int run) {
        private double cost() {
            return PointRunner.expectedCost(sweep.settings, sweep.settings.point(run));
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
        run(threads, Arrays.stream(remaining()).mapToObj(run -> new Work(this, journal, run)).toList(),
                work -> listener.accept(work.run));
    }

    /**
     * Runs of several sweeps together, the longest first, so that none of the sweeps waits for the last run of another. The very
     * first one goes alone: the virtual machine compiles its loops on another core meanwhile. Beside as many runs as there are
     * cores that takes longer, and all of them are slow until it is done.
     *
     * @param listener told of each run that was done, once it is in its journal; one call at a time
     * @throws IOException if a journal cannot be written
     */
    static void run(int threads, List<Work> work, Consumer<Work> listener) throws IOException {
        List<Work> order = work.stream().sorted(Comparator.comparingDouble(one -> -one.cost())).toList();
        int alone = Math.min(1, order.size());
        List<Work> others = order.subList(alone, order.size());
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> shares = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads,
                Thread.ofPlatform().daemon().name("mixdyn-sweep-", 0).factory())) {
            await(pool.submit(() -> share(order.subList(0, alone), new AtomicInteger(), listener)));
            for (int thread = 0; thread < threads; thread++) {
                shares.add(pool.submit(() -> share(others, next, listener)));
            }
        }
        for (Future<?> share : shares) {
            await(share);
        }
    }

    /** Numbers of the runs that are not done yet. */
    int[] remaining() {
        return IntStream.range(0, results.length).filter(i -> results[i] == null).toArray();
    }

    /** What one thread does. Its runners keep their buffers from run to run. */
    private static void share(List<Work> order, AtomicInteger next, Consumer<Work> listener) {
        Map<PhaseSettings, PointRunner> runners = new HashMap<>();
        try {
            for (int i = next.getAndIncrement(); i < order.size(); i = next.getAndIncrement()) {
                Work work = order.get(i);
                PointRunner runner = runners.computeIfAbsent(work.sweep.settings, PointRunner::new);
                double before = runner.flops();
                PointResult result = work.sweep.compute(runner, work.run);
                synchronized (order) {
                    work.journal.add(work.run, result);
                    work.sweep.results[work.run] = result;
                    work.sweep.flops += runner.flops() - before;
                    listener.accept(work);
                }
            }
        } catch (IOException e) {
            next.set(order.size());
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            // The others finish what they are at and begin nothing new.
            next.set(order.size());
            throw e;
        }
    }

    private PointResult compute(PointRunner runner, int run) {
        Point point = settings.point(run);
        int task = (int) (point.seed() - settings.seed());
        return runner.run(tasks[task], targetNorms[task], point);
    }

    private static void await(Future<?> share) throws IOException {
        try {
            share.get();
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

    /** Results by number of the run, null where it was not done. */
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
}
