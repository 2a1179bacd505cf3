package org.mixdyn.bench.plot;

import java.awt.Color;
import java.awt.geom.Line2D;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * Singular values against the iteration: the leading ones in colour, the bulk in grey, the line between lazy and active at
 * sigma^2 w, and the singular values of the target.
 */
public final class SpectrumChart {
    /** Lines that show a bulk; one for each of several hundred values would weigh megabytes and show no more. */
    private static final int BULK_LINES = 48;

    private SpectrumChart() {
    }

    /**
     * The picture.
     *
     * @param title     in bold
     * @param subtitle  in grey below it: the settings
     * @param curves    of one run, or of several dynamics on one task: the first is drawn solid, the others dashed
     * @param leading   k, how many singular values are drawn in colour
     * @param threshold sigma^2 w
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
        NumberAxis vertical = new NumberAxis("singular values of A");
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
        return Style.svg("spectrum", title, subtitle, plot);
    }

    private static void addBulk(XYPlot plot, int index, SpectrumCurve curve, int leading) {
        int all = curve.values().length == 0 ? 0 : curve.values()[0].length;
        int bulk = Math.max(0, all - leading);
        int drawn = Math.min(bulk, BULK_LINES);
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer lines = renderer();
        for (int i = 0; i < drawn; i++) {
            int rank = drawn == 1 ? leading : leading + Math.toIntExact(i * (bulk - 1L) / (drawn - 1));
            data.addSeries(series("bulk " + curve.name() + rank, curve, rank));
            lines.setSeriesPaint(i, Style.BULK);
            lines.setSeriesStroke(i, Style.line(0.8, false));
            lines.setSeriesVisibleInLegend(i, false);
        }
        plot.setDataset(index, data);
        plot.setRenderer(index, lines);
    }

    private static void addLeading(XYPlot plot, int index, SpectrumCurve curve, int leading, boolean dashed) {
        int all = curve.values().length == 0 ? 0 : curve.values()[0].length;
        String of = curve.name().isBlank() ? "" : ", " + curve.name();
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer lines = renderer();
        for (int i = 0; i < Math.min(leading, all); i++) {
            data.addSeries(series(i == 0 ? "leading " + leading + of : "leading " + i + curve.name(), curve, i));
            lines.setSeriesPaint(i, Style.PALETTE[i % Style.PALETTE.length]);
            lines.setSeriesStroke(i, Style.line(dashed ? 1.6 : 2.2, dashed));
            lines.setSeriesVisibleInLegend(i, i == 0);
        }
        plot.setDataset(index, data);
        plot.setRenderer(index, lines);
    }

    private static void addLevels(XYPlot plot, int index, int last, double[] target, double threshold, double upper) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer lines = renderer();
        int count = 0;
        if (threshold <= upper) {
            String name = String.format(Locale.ROOT, "threshold σ²w = %.4g, lazy below, active above", threshold);
            data.addSeries(level(name, last, threshold));
            lines.setSeriesPaint(count, Color.BLACK);
            lines.setSeriesStroke(count++, Style.line(1.6, true));
        }
        for (int i = 0; i < target.length; i++) {
            data.addSeries(level(i == 0 ? "singular values of A*" : "target " + i, last, target[i]));
            lines.setSeriesPaint(count, Style.QUIET_TEXT);
            lines.setSeriesStroke(count, Style.dotted(1.4));
            lines.setSeriesVisibleInLegend(count++, i == 0);
        }
        plot.setDataset(index, data);
        plot.setRenderer(index, lines);
    }

    private static XYLineAndShapeRenderer renderer() {
        XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
        lines.setDrawSeriesLineAsPath(true);
        lines.setLegendLine(new Line2D.Double(-16, 0, 16, 0));
        return lines;
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
