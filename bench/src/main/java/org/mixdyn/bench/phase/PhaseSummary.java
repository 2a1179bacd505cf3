package org.mixdyn.bench.phase;

import java.util.List;
import org.mixdyn.bench.run.Environment;

/**
 * summary.json of a sweep.
 *
 * @param runs         points of the grid times seeds
 * @param resumed      runs that an earlier, broken sweep had done
 * @param seconds      wall clock of the other runs
 * @param gflops       speed of all threads together over those seconds
 * @param peakGflops   one core's measured fused multiply-adds on registers, times the threads
 * @param peakFraction gflops as a share of peakGflops
 * @param printed      against the runs that the paper's authors print; empty where the settings are others
 * @param bands        against their figure 2; empty where the settings are others
 */
record PhaseSummary(int runs, int resumed, double seconds, double flops, double gflops, double peakGflops,
        double peakFraction, int threads, List<PaperCheck.Printed> printed, List<PaperCheck.Bands> bands,
        PhaseSettings settings, Environment environment) {
}
