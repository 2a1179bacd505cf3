package org.mixdyn.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.renderer.xy.XYStepRenderer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Singular values against the iteration: the leading ones in colour, the bulk in grey, the line between lazy and active at
 * sigma^2 w, and the singular values of the target; below, how many of them are active, above sigma^2 w.
 */
public final class SpectrumChart {
    /** Lines that show a bulk; one for each of several hundred values would weigh megabytes and show no more. */
    private static final int BULK_LINES = 48;

    /** The strip below with the number of active values makes it higher than other pictures. */
    private static final int HEIGHT = 640;

    private static final BasicStroke ACTIVE = Style.line(1.8, false);
    private static final BasicStroke LEADING = Style.line(2.2, false);
    private static final BasicStroke SECOND = Style.line(1.6, true);
    private static final BasicStroke TARGET = Style.dotted(1.4);
    private static final BasicStroke THRESHOLD = Style.dashedAndDotted(1.6);

    private SpectrumChart() {
    }

    /**
     * The picture.
     *
     * @param title     in bold
     * @param subtitle  in grey below it: the settings
     * @param curves    of one run, or of several dynamics on one task: the first is drawn solid, the others dashed
     * @param leading   k, how many singular values are drawn in colour
     * @param threshold sigma^2 w, or NaN if there is none: then active values are not counted
     * @param target    the k singular values of the target A*, descending
     */
    public static String svg(String title, String subtitle, List<SpectrumCurve> curves, int leading, double threshold,
            double[] target) {
        double most = target.length == 0 ? 0 : target[0];
        int last = 0;
        for (SpectrumCurve curve : curves) {
            for (double[] values : curve.values()) {
                most = values.length > 0 && values[0] < Double.POSITIVE_INFINITY ? Math.max(most, values[0]) : most;
            }
            for (int iteration : curve.iterations()) {
                last = Math.max(last, iteration);
            }
        }
        NumberAxis vertical = Style.linearAxis("singular values of A");
        vertical.setTickLabelInsets(new RectangleInsets(9, 4, 9, 4));
        vertical.setRange(0, most > 0 ? most * 1.06 : 1);
        XYPlot plot = Style.plot(Style.iterationAxis(last), vertical);
        int index = 0;
        for (SpectrumCurve curve : curves) {
            addBulk(plot, index++, curve, leading);
        }
        addLevels(plot, index++, last, target, threshold, vertical.getUpperBound());
        for (int i = 0; i < curves.size(); i++) {
            addLeading(plot, index++, curves.get(i), leading, i > 0);
        }
        CombinedDomainXYPlot both = new CombinedDomainXYPlot(plot.getDomainAxis());
        both.setGap(14);
        both.add(plot, 5);
        if (!Double.isNaN(threshold)) {
            both.add(activePlot(curves, last), 1);
        }
        both.setFixedLegendItems(legend(curves, leading, threshold, threshold <= vertical.getUpperBound()));
        return Style.svg("spectrum", title, subtitle, both, Style.WIDTH, HEIGHT, List.of());
    }

    /** How many singular values are above the threshold. */
    private static XYPlot activePlot(List<SpectrumCurve> curves, int last) {
        int most = curves.stream().flatMapToInt(curve -> Arrays.stream(curve.active())).max().orElse(1);
        // From the few of the target to all of the noise; none at all is below the axis.
        XYPlot plot = Style.plot(Style.iterationAxis(last), new DecadeAxis("active", 0.8, Math.max(12, 1.4 * most)));
        for (int run = 0; run < curves.size(); run++) {
            SpectrumCurve curve = curves.get(run);
            XYSeries series = new XYSeries("active " + run, false, true);
            for (int i = 0; i < curve.iterations().length; i++) {
                series.add(curve.iterations()[i], Math.max(curve.active()[i], 0.1), false);
            }
            XYLineAndShapeRenderer steps = series.getItemCount() == 1 ? renderer(curve) : new XYStepRenderer();
            steps.setSeriesPaint(0, Style.TEXT);
            steps.setSeriesStroke(0, run > 0 ? SECOND : ACTIVE);
            plot.setDataset(run, new XYSeriesCollection(series));
            plot.setRenderer(run, steps);
        }
        return plot;
    }

    /** In the order in which the picture is read, which is not the order in which it is drawn. */
    private static LegendItemCollection legend(List<SpectrumCurve> curves, int leading, double threshold,
            boolean thresholdShown) {
        LegendItemCollection items = new LegendItemCollection();
        if (leading <= Style.PALETTE.length) {
            for (int i = 0; i < leading; i++) {
                items.add(Style.legendItem("s" + (char) ('\u2081' + i), LEADING, Style.PALETTE[i]));
            }
        } else {
            items.add(Style.legendItem("the leading " + leading, LEADING, Style.PALETTE[0]));
        }
        items.add(Style.legendItem("others", Style.line(3, false), Style.BULK));
        for (SpectrumCurve curve : curves.subList(1, curves.size())) {
            items.add(Style.legendItem(curve.name(), SECOND, Style.TEXT));
        }
        if (thresholdShown) {
            items.add(Style.legendItem("σ²w = " + Numbers.brief(threshold) + " (lazy below)",
                    THRESHOLD, Color.BLACK));
        }
        items.add(Style.legendItem("singular values of A*", TARGET, Style.QUIET_TEXT));
        return items;
    }

    private static void addBulk(XYPlot plot, int index, SpectrumCurve curve, int leading) {
        int all = curve.values().length == 0 ? 0 : curve.values()[0].length;
        int bulk = Math.max(0, all - leading);
        int drawn = Math.min(bulk, BULK_LINES);
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer lines = renderer(curve);
        for (int i = 0; i < drawn; i++) {
            int rank = drawn == 1 ? leading : leading + Math.toIntExact(i * (bulk - 1L) / (drawn - 1));
            data.addSeries(series("bulk " + rank, curve, rank));
            lines.setSeriesPaint(i, Style.BULK);
            lines.setSeriesStroke(i, Style.line(0.8, false));
        }
        plot.setDataset(index, data);
        plot.setRenderer(index, lines);
    }

    private static void addLeading(XYPlot plot, int index, SpectrumCurve curve, int leading, boolean dashed) {
        int all = curve.values().length == 0 ? 0 : curve.values()[0].length;
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer lines = renderer(curve);
        for (int i = 0; i < Math.min(leading, all); i++) {
            data.addSeries(series("leading " + i, curve, i));
            lines.setSeriesPaint(i, Style.PALETTE[i % Style.PALETTE.length]);
            lines.setSeriesStroke(i, dashed ? SECOND : LEADING);
        }
        plot.setDataset(index, data);
        plot.setRenderer(index, lines);
    }

    private static void addLevels(XYPlot plot, int index, int last, double[] target, double threshold, double upper) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer lines = renderer();
        for (double value : target) {
            lines.setSeriesPaint(data.getSeriesCount(), Style.QUIET_TEXT);
            lines.setSeriesStroke(data.getSeriesCount(), TARGET);
            data.addSeries(level("target " + data.getSeriesCount(), last, value));
        }
        if (threshold <= upper) {
            lines.setSeriesPaint(data.getSeriesCount(), Color.BLACK);
            lines.setSeriesStroke(data.getSeriesCount(), THRESHOLD);
            data.addSeries(level("threshold", last, threshold));
        }
        plot.setDataset(index, data);
        plot.setRenderer(index, lines);
    }

    private static XYLineAndShapeRenderer renderer() {
        XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
        lines.setDrawSeriesLineAsPath(true);
        return lines;
    }

    /** Of a single record, which is no line, dots. */
    private static XYLineAndShapeRenderer renderer(SpectrumCurve curve) {
        return curve.iterations().length == 1 ? new XYLineAndShapeRenderer(false, true) : renderer();
    }

    private static XYSeries series(String name, SpectrumCurve curve, int rank) {
        XYSeries series = new XYSeries(name, false, true);
        for (int i = 0; i < curve.iterations().length; i++) {
            series.add(curve.iterations()[i], curve.values()[i][rank], false);
        }
        return series;
    }

    private static XYSeries level(String name, int last, double value) {
        XYSeries series = new XYSeries(name, false, true);
        series.add(0, value);
        series.add(Math.max(1, last), value);
        return series;
    }
}
