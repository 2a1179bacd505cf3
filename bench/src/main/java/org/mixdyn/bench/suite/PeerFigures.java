package org.mixdyn.bench.suite;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mixdyn.bench.file.Csv;
import org.mixdyn.bench.plot.ThroughputChart;
import org.mixdyn.bench.run.Environment;

/**
 * What came out of a {@link PeerSuite}.
 *
 * @param suite which
 * @param plan  what was run
 * @param rows  one for each benchmark
 * @param peaks FMA peak in GFLOP/s by precision and threads, such as "f32 2"
 * @param bandwidths GB/s of reading as much as the operands of thin products, such as "67 MB, 2 threads"
 * @param peer  name and core of the library compared with; null without
 * @param jmh   JMH's own results, JSON
 */
record PeerFigures(Suite suite, Suite.Plan plan, List<Row> rows, Map<String, Double> peaks,
        Map<String, Double> bandwidths, String peer, String jmh)
        implements
            Findings {
    /**
     * The figures of one benchmark.
     *
     * @param implementation whose
     * @param precision      f32 or f64
     * @param threads        of one operation
     * @param variant        transposes, job or triplets
     * @param shape          sizes
     * @param nanoseconds    of one operation: the median over forks of each fork's median iteration
     * @param spread         largest fork's median over the smallest's, minus 1
     * @param gflops         from the median; NaN where operations are not counted
     * @param peakFraction   share of the FMA peak measured in the same run, or NaN
     * @param bandwidthFraction share of what reading as much takes, measured in the same run; NaN where memory does not set
     *                          the pace
     * @param ratio          of OpenBLAS's time to this one, above 1 is faster than OpenBLAS: the median over forks of the
     *                       ratio within each; NaN where it did not run
     * @param bytesPerCall   allocated on the heap, by JMH's gc profiler; NaN where it did not run
     */
    record Row(String implementation, String precision, int threads, String variant, String shape, double nanoseconds,
            double spread, double gflops, double peakFraction, double bandwidthFraction, double ratio,
            double bytesPerCall) {
    }

    private record Provenance(Environment environment, String peer, Map<String, Double> peakGflops,
            Map<String, Double> readBandwidths, Suite.Plan plan) {
    }

    @Override
    public Object provenance(Environment here) {
        return new Provenance(here, peer, peaks, bandwidths, plan);
    }

    @Override
    public Csv table() {
        return new Csv(List.of("implementation", "precision", "threads", "variant", "shape", "nanoseconds",
                "spread", "gflops", "peak_fraction", "bandwidth_fraction", "times_openblas", "bytes_per_call"),
                rows.stream().map(row -> Csv.row(row.implementation(), row.precision(), row.threads(), row.variant(),
                        row.shape(), row.nanoseconds(), row.spread(), row.gflops(), row.peakFraction(),
                        row.bandwidthFraction(), row.ratio(),
                        row.bytesPerCall())));
    }

    @Override
    public void print(PrintWriter out) {
        out.println(peer == null ? "without a peer: OpenBLAS is not there" : "compared with " + peer);
        Jmh.printPeaks(peaks, out);
        bandwidths.forEach((of, rate) -> out.printf(Locale.ROOT, "reading %s: %.0f GB/s%n", of, rate));
        out.printf(Locale.ROOT, "%-10s %-4s %7s %-12s %-20s %11s %9s %6s %6s %7s %9s%n", "who", "", "threads",
                "variant", "shape", "ms", "GFLOP/s", "peak", "memory", "spread", "/OpenBLAS");
        for (Row row : rows) {
            out.printf(Locale.ROOT, "%-10s %-4s %7d %-12s %-20s %11.4f %9s %6s %6s %6.1f%% %9s%n",
                    row.implementation(), row.precision(), row.threads(), row.variant(), row.shape(),
                    1e-6 * row.nanoseconds(), text("%.1f", row.gflops()), text("%.0f%%", 100 * row.peakFraction()),
                    text("%.0f%%", 100 * row.bandwidthFraction()), 100 * row.spread(), text("%.2f", row.ratio()));
        }
        for (String precision : plan.precisions()) {
            double[] logs = rows.stream().filter(row -> row.implementation().equals("mixdyn")
                    && row.precision().equals(precision) && !Double.isNaN(row.ratio()))
                    .mapToDouble(row -> Math.log(row.ratio())).toArray();
            if (logs.length > 0) {
                out.printf(Locale.ROOT, "%s: %.2f times OpenBLAS, geometric mean of %d; least %.2f%n", precision,
                        Math.exp(Arrays.stream(logs).average().orElseThrow()), logs.length,
                        Math.exp(Arrays.stream(logs).min().orElseThrow()));
            }
        }
    }

    private static String text(String format, double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }

    /** Square matrices of the first precision and variant against their side. */
    @Override
    public Map<String, String> pictures(Environment here) {
        List<Row> squares = rows.stream().filter(row -> !Double.isNaN(side(row))).toList();
        if (squares.isEmpty()) {
            return Map.of();
        }
        Row first = squares.getFirst();
        double peak = 1;
        List<ThroughputChart.Curve> curves = new ArrayList<>();
        for (String implementation : squares.stream().map(Row::implementation).distinct().toList()) {
            for (int threads : squares.stream().mapToInt(Row::threads).distinct().toArray()) {
                List<Row> line = squares.stream().filter(row -> row.implementation().equals(implementation)
                        && row.threads() == threads && row.precision().equals(first.precision())
                        && row.variant().equals(first.variant())).sorted(Comparator.comparingDouble(this::side))
                        .toList();
                if (!line.isEmpty()) {
                    curves.add(new ThroughputChart.Curve(
                            implementation + ", " + threads + (threads == 1 ? " thread" : " threads"),
                            line.stream().mapToDouble(this::side).toArray(),
                            line.stream().mapToDouble(Row::gflops).toArray()));
                    peak = Math.max(peak, peaks.get(first.precision() + " " + threads));
                }
            }
        }
        return Map.of("throughput.svg", ThroughputChart.svg(
                suite == Suite.GEMM
                        ? "Products of square matrices"
                        : "Singular value decompositions, 8/3 d^3 operations each",
                first.precision() + ", " + first.variant() + ", " + here.machine() + ", medians of forks",
                "side of the matrices", peak, curves));
    }

    /** The side of square matrices, NaN of others. */
    private double side(Row row) {
        String[] sizes = row.shape().split("x");
        boolean square = suite != Suite.TRACK && Arrays.stream(sizes).distinct().count() == 1;
        return square ? Double.parseDouble(sizes[0]) : Double.NaN;
    }
}
