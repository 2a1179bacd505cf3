package org.mixdyn.bench.suite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.mixdyn.bench.plot.ThroughputChart;

/** The pictures of {@link StepSuite}: throughput against width, and against depth. */
public final class StepPictures {
    private StepPictures() {
    }

    /**
     * Those for which there are rows, by name of the file.
     *
     * @param machine for the subtitles
     */
    public static Map<String, String> of(StepSuite.Figures figures, String machine) {
        Map<String, String> pictures = new LinkedHashMap<>();
        int threads = figures.rows().stream().mapToInt(StepSuite.Row::threads).max().orElse(1);
        double peak = figures.peaks().getOrDefault("f32 " + threads, 0.0);
        String subtitle = "f32, " + threads + (threads == 1 ? " thread, " : " threads, ") + machine;
        List<StepSuite.Row> rows = figures.rows().stream()
                .filter(row -> row.threads() == threads && row.precision().equals("f32")).toList();
        List<ThroughputChart.Curve> widths = new ArrayList<>();
        List<StepSuite.Row> shallow = rows.stream()
                .filter(row -> row.shape().depth() == 2 && row.update().equals("alternating")).toList();
        for (long d : StepSuite.distinct(shallow.stream().map(row -> (long) row.shape().dim()))) {
            widths.add(curve("d = " + d, shallow.stream().filter(row -> row.shape().dim() == d),
                    row -> row.shape().width()));
        }
        if (!widths.isEmpty()) {
            pictures.put("throughput-width.svg", ThroughputChart.svg("throughput-width",
                    "Steps with one hidden layer, alternating order", subtitle, "width", true, peak, widths));
        }
        List<ThroughputChart.Curve> depths = new ArrayList<>();
        List<StepSuite.Row> deep = rows.stream().filter(row -> row.update().equals("simultaneous")).toList();
        for (long d : StepSuite.distinct(deep.stream().map(row -> (long) row.shape().dim()))) {
            for (long width : StepSuite.distinct(deep.stream().map(row -> row.shape().width()))) {
                List<StepSuite.Row> own = deep.stream()
                        .filter(row -> row.shape().dim() == d && row.shape().width() == width).toList();
                if (own.size() > 1) {
                    depths.add(curve("d = " + d + ", w = " + width, own.stream(), row -> row.shape().depth()));
                }
            }
        }
        if (!depths.isEmpty()) {
            pictures.put("throughput-depth.svg", ThroughputChart.svg("throughput-depth",
                    "Steps of deep networks, simultaneous order", subtitle, "depth", false, peak, depths));
        }
        return pictures;
    }

    private static ThroughputChart.Curve curve(String name, Stream<StepSuite.Row> rows,
            ToDoubleFunction<StepSuite.Row> size) {
        List<StepSuite.Row> sorted = rows.sorted(Comparator.comparingDouble(size)).toList();
        return new ThroughputChart.Curve(name, sorted.stream().mapToDouble(size).toArray(),
                sorted.stream().mapToDouble(StepSuite.Row::gflops).toArray());
    }
}
