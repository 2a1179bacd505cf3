package org.mixdyn.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** GFLOP/s against a size; the top of the vertical axis is the machine's measured peak, where any curve comes near it. */
public final class ThroughputChart {
    /**
     * One line of the picture.
     *
     * @param name   for the legend
     * @param sizes  ascending
     * @param gflops as many as sizes
     */
    public record Curve(String name, double[] sizes, double[] gflops) {
    }

    /** Share of the peak that the highest curve has for the axis to reach up to it. */
    private static final double NEAR = 0.3;

    private ThroughputChart() {
    }

    /**
     * The picture over a logarithmic axis.
     *
     * @param title    in bold
     * @param subtitle in grey below it: machine, threads, precision
     * @param size     what the horizontal axis shows
     * @param peak     GFLOP/s
     */
    public static String svg(String title, String subtitle, String size, double peak, List<Curve> curves) {
        return svg("throughput", title, subtitle, size, true, peak, curves);
    }

    /**
     * The picture.
     *
     * @param id          that makes this picture's elements differ from those of another in the same page
     * @param title       in bold
     * @param subtitle    in grey below it: machine, threads, precision
     * @param size        what the horizontal axis shows
     * @param logarithmic whether that axis is logarithmic, rather than one of small whole numbers
     * @param peak        GFLOP/s
     */
    public static String svg(String id, String title, String subtitle, String size, boolean logarithmic, double peak,
            List<Curve> curves) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        double highest = 0;
        for (Curve curve : curves) {
            for (double x : curve.sizes()) {
                least = Math.min(least, x);
                most = Math.max(most, x);
            }
            for (double y : curve.gflops()) {
                highest = Math.max(highest, y);
            }
        }
        boolean near = highest >= NEAR * peak;
        NumberAxis vertical = new NumberAxis("GFLOP/s");
        vertical.setRange(0, near ? peak * 1.02 : highest * 1.1);
        XYPlot plot = Style.plot(
                logarithmic ? new DecadeAxis(size, least / 1.15, most * 1.15) : whole(size, least, most),
                vertical);
        if (near) {
            plot.addRangeMarker(new ValueMarker(peak, Style.QUIET_TEXT, Style.line(1, true)));
        }
        LegendItemCollection legend = new LegendItemCollection();
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            Color color = Style.PALETTE[i % Style.PALETTE.length];
            // Once the colours are used up they come again, dashed.
            BasicStroke stroke = Style.line(2, i >= Style.PALETTE.length);
            XYSeries series = new XYSeries(curve.name());
            for (int j = 0; j < curve.sizes().length; j++) {
                series.add(curve.sizes()[j], curve.gflops()[j]);
            }
            XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, true);
            lines.setSeriesPaint(0, color);
            lines.setSeriesStroke(0, stroke);
            lines.setSeriesShape(0, new Ellipse2D.Double(-3, -3, 6, 6));
            plot.setDataset(i, new XYSeriesCollection(series));
            plot.setRenderer(i, lines);
            legend.add(Style.legendItem(curve.name(), stroke, color));
        }
        String what = "fused multiply-adds on registers, measured in the same run";
        legend.add(Style.legendItem(near
                ? "peak: " + what
                : String.format(Locale.ROOT, "above: the peak of %.0f GFLOP/s, %s", peak, what), Style.line(1, true),
                Style.QUIET_TEXT));
        plot.setFixedLegendItems(legend);
        return Style.svg(id, title, subtitle, plot);
    }

    private static NumberAxis whole(String label, double least, double most) {
        NumberAxis axis = new NumberAxis(label);
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits(Locale.ROOT));
        axis.setRange(least - 0.5, most + 0.5);
        return axis;
    }
}
