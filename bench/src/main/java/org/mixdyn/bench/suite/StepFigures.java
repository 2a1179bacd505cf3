package org.mixdyn.bench.suite;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mixdyn.bench.file.Csv;
import org.mixdyn.bench.plot.ThroughputChart;
import org.mixdyn.bench.run.Environment;

/**
 * What came out of a {@link StepSuite}.
 *
 * @param plans      what was run
 * @param rows       one for each benchmark
 * @param peaks      FMA peak in GFLOP/s by precision and threads, such as "f32 2"
 * @param bandwidths GB/s of an update in place, by threads
 * @param jmh        JMH's own results, JSON
 */
record StepFigures(List<Suite.Plan> plans, List<Row> rows, Map<String, Double> peaks, Map<String, Double> bandwidths,
        String jmh) implements Findings {
    /**
     * The figures of one benchmark.
     *
     * @param precision         f32 or f64
     * @param threads           of one step
     * @param update            alternating or simultaneous
     * @param shape             sizes
     * @param nanoseconds       of one step: the median over forks of each fork's median iteration
     * @param spread            largest fork's median over the smallest's, minus 1
     * @param gflops            from the median
     * @param peakFraction      share of the FMA peak measured in the same run
     * @param bandwidthFraction share of the measured bandwidth, the weights being read and written once a step
     * @param bytesPerStep      allocated on the heap, by JMH's gc profiler
     */
    record Row(String precision, int threads, String update, StepShape shape, double nanoseconds, double spread,
            double gflops, double peakFraction, double bandwidthFraction, double bytesPerStep) {
    }

    private record Provenance(Environment environment, Map<String, Double> peakGflops, Map<String, Double> bandwidths,
            List<Suite.Plan> plans) {
    }

    @Override
    public Object provenance(Environment here) {
        return new Provenance(here, peaks, bandwidths, plans);
    }

    @Override
    public Csv table() {
        return new Csv(List.of("precision", "threads", "update", "d", "width", "depth", "nanoseconds", "spread",
                "gflops", "peak_fraction", "bandwidth_fraction", "bytes_per_step"),
                rows.stream().map(row -> Csv.row(row.precision(), row.threads(), row.update(), row.shape().dim(),
                        row.shape().width(), row.shape().depth(), row.nanoseconds(), row.spread(), row.gflops(),
                        row.peakFraction(), row.bandwidthFraction(), row.bytesPerStep())));
    }

    @Override
    public void print(PrintWriter out) {
        Jmh.printPeaks(peaks, out);
        bandwidths.forEach((of, rate) -> out.printf(Locale.ROOT, "bandwidth, %s: %.0f GB/s%n", of, rate));
        out.printf(Locale.ROOT, "%-4s %7s %-12s %-15s %10s %9s %5s %6s %7s %7s%n", "", "threads", "update", "shape",
                "ms", "GFLOP/s", "peak", "memory", "spread", "bytes");
        rows.forEach(row -> out.printf(Locale.ROOT, "%-4s %7d %-12s %-15s %10.3f %9.1f %4.0f%% %5.0f%% %6.1f%% %7.0f%n",
                row.precision(), row.threads(), row.update(), row.shape(), 1e-6 * row.nanoseconds(), row.gflops(),
                100 * row.peakFraction(), 100 * row.bandwidthFraction(), 100 * row.spread(), row.bytesPerStep()));
    }

    /** Throughput against width, and against depth, in the first precision with the most threads. */
    @Override
    public Map<String, String> pictures(Environment here) {
        int threads = rows.stream().mapToInt(Row::threads).max().orElse(1);
        String precision = rows.getFirst().precision();
        double peak = peaks.getOrDefault(precision + " " + threads, 0.0);
        String subtitle = precision + ", " + threads + (threads == 1 ? " thread, " : " threads, ") + here.machine();
        List<Row> drawn = rows.stream().filter(row -> row.threads() == threads && row.precision().equals(precision))
                .toList();
        Map<String, String> pictures = new LinkedHashMap<>();
        List<ThroughputChart.Curve> widths = widths(drawn);
        if (!widths.isEmpty()) {
            pictures.put("throughput-width.svg", ThroughputChart.svg("throughput-width",
                    "Steps with one hidden layer, alternating order", subtitle, "width", true, peak, widths));
        }
        List<ThroughputChart.Curve> depths = depths(drawn);
        if (!depths.isEmpty()) {
            pictures.put("throughput-depth.svg", ThroughputChart.svg("throughput-depth",
                    "Steps of deep networks, simultaneous order", subtitle, "depth", false, peak, depths));
        }
        return pictures;
    }

    private static List<ThroughputChart.Curve> widths(List<Row> drawn) {
        List<Row> shallow = drawn.stream()
                .filter(row -> row.shape().depth() == 2 && row.update().equals("alternating")).toList();
        return shallow.stream().mapToInt(row -> row.shape().dim()).sorted().distinct()
                .mapToObj(d -> curve("d = " + d, shallow.stream().filter(row -> row.shape().dim() == d),
                        row -> row.shape().width()))
                .toList();
    }

    /** A curve for each d and width that there are several depths of. */
    private static List<ThroughputChart.Curve> depths(List<Row> drawn) {
        Map<String, List<Row>> byWidth = drawn.stream().filter(row -> row.update().equals("simultaneous"))
                .sorted(Comparator.comparingInt((Row row) -> row.shape().dim())
                        .thenComparingLong(row -> row.shape().width()))
                .collect(Collectors.groupingBy(row -> "d = " + row.shape().dim() + ", w = " + row.shape().width(),
                        LinkedHashMap::new, Collectors.toList()));
        return byWidth.entrySet().stream().filter(own -> own.getValue().size() > 1)
                .map(own -> curve(own.getKey(), own.getValue().stream(), row -> row.shape().depth())).toList();
    }

    private static ThroughputChart.Curve curve(String name, Stream<Row> line, ToDoubleFunction<Row> size) {
        List<Row> sorted = line.sorted(Comparator.comparingDouble(size)).toList();
        return new ThroughputChart.Curve(name, sorted.stream().mapToDouble(size).toArray(),
                sorted.stream().mapToDouble(Row::gflops).toArray());
    }
}
