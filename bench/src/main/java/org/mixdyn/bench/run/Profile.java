package org.mixdyn.bench.run;

import java.util.Arrays;
import java.util.function.Supplier;
import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.simd.FmaPeak;
import org.mixdyn.kernel.simd.MemoryBandwidth;
import org.mixdyn.kernel.svd.DoubleSvd;

/**
 * profile.json: where the time of one configuration goes. Times are medians, in seconds.
 *
 * @param steps             that were timed, after some seconds for the compiler
 * @param initialSeconds    to draw the weights and form the first product
 * @param stepSeconds       of one step
 * @param errorSeconds      of both errors
 * @param spectrumSeconds   of all singular values; NaN where none are asked for, or the steps diverged
 * @param driftSeconds      of the conserved drift
 * @param flopsPerStep      operations of a step
 * @param bytesPerStep      weights read and written once in a step; 0 where they stay in the caches
 * @param gflops            of a step
 * @param peakGflops        measured: fused multiply-adds on registers, all threads
 * @param peakFraction      gflops over peakGflops
 * @param gigabytes         a second, of a step
 * @param bandwidth         measured: GB/s of an update in place, all threads
 * @param bandwidthFraction gigabytes over bandwidth
 * @param bound             compute or memory: which ceiling is lower at this step's operations per byte
 * @param settings          every one, resolved
 * @param environment       where it was measured
 */
public record Profile(int steps, double initialSeconds, double stepSeconds, double errorSeconds,
        double spectrumSeconds, double driftSeconds, double flopsPerStep, double bytesPerStep, double gflops,
        double peakGflops, double peakFraction, double gigabytes, double bandwidth, double bandwidthFraction,
        String bound,
        Settings settings, Environment environment) {

    /** Nanoseconds: the compiler needs a second or two to come to all of a step. */
    private static final long WARM_UP = 3_000_000_000L;

    private interface Part {
        void run();
    }

    /**
     * Measures.
     *
     * @param initial    draws the dynamics
     * @param settings   of it
     * @param weights    bytes of its weights
     * @param cacheBytes of all caches together: smaller weights are taken to stay there
     */
    static Profile of(Supplier<Dynamics> initial, Settings settings, long weights, long cacheBytes) {
        long start = System.nanoTime();
        try (Dynamics dynamics = initial.get()) {
            double initialSeconds = (System.nanoTime() - start) * 1e-9;
            int steps = settings.steps();
            long warm = System.nanoTime() + WARM_UP;
            for (int i = 0; i < steps || System.nanoTime() < warm; i++) {
                dynamics.step();
            }
            double step = median(steps, dynamics::step);
            double errors = warmMedian(9, () -> {
                dynamics.trainError();
                dynamics.testError();
            });
            boolean decomposed = settings.spectrumEvery() > 0 && Double.isFinite(dynamics.trainError());
            double spectrum = decomposed ? spectrum(dynamics) : Double.NaN;
            double drift = warmMedian(3, dynamics::conservedDrift);
            double flops = dynamics.flopsPerStep();
            double bytes = weights > cacheBytes ? 2.0 * weights : 0;
            double peak = FmaPeak.gflops(settings.precision(), settings.threads());
            double bandwidth = MemoryBandwidth.gigabytesPerSecond(settings.threads());
            double gflops = flops / step * 1e-9;
            double gigabytes = bytes / step * 1e-9;
            return new Profile(steps, initialSeconds, step, errors, spectrum, drift, flops, bytes, gflops, peak,
                    gflops / peak, gigabytes, bandwidth, gigabytes / bandwidth,
                    bytes > 0 && flops / bytes * bandwidth < peak ? "memory" : "compute", settings, Environment.now());
        }
    }

    private static double spectrum(Dynamics dynamics) {
        double[] product = new double[dynamics.outputs() * dynamics.inputs()];
        DoubleSvd svd = new DoubleSvd();
        return warmMedian(5, () -> {
            dynamics.product(product);
            svd.values(dynamics.outputs(), dynamics.inputs(), product, 0, dynamics.inputs());
        });
    }

    /** Once it has run for a while, or for the second time if it takes longer than that. */
    private static double warmMedian(int times, Part part) {
        long warm = System.nanoTime() + WARM_UP / 4;
        do {
            part.run();
        } while (System.nanoTime() < warm);
        return median(times, part);
    }

    private static double median(int times, Part part) {
        double[] seconds = new double[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            part.run();
            seconds[i] = (System.nanoTime() - start) * 1e-9;
        }
        Arrays.sort(seconds);
        return (seconds[times / 2] + seconds[(times - 1) / 2]) / 2;
    }
}
