package org.mixdyn.bench.plot;

import java.awt.geom.Ellipse2D;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** What a machine can do, as a function of the operations that are done on each byte from memory, and where a step stands. */
public final class RooflineChart {
    private RooflineChart() {
    }

    /**
     * The picture.
     *
     * @param title     in bold
     * @param subtitle  in grey below it
     * @param peak      GFLOP/s
     * @param bandwidth GB/s
     * @param intensity operations a byte of the step
     * @param gflops    of the step
     */
    public static String svg(String title, String subtitle, double peak, double bandwidth, double intensity,
            double gflops) {
        double ridge = peak / bandwidth;
        double least = Math.min(ridge, intensity) / 8;
        double most = Math.max(ridge, intensity) * 8;
        XYPlot plot = Style.plot(new DecadeAxis("operations per byte from memory", least, most),
                new DecadeAxis("GFLOP/s", Math.min(gflops / 2, least * bandwidth), peak * 1.6));
        XYSeries roof = new XYSeries("roof");
        roof.add(least, least * bandwidth);
        roof.add(ridge, peak);
        roof.add(most, peak);
        XYLineAndShapeRenderer line = new XYLineAndShapeRenderer(true, false);
        line.setSeriesPaint(0, Style.QUIET_TEXT);
        line.setSeriesStroke(0, Style.line(2, false));
        plot.setDataset(0, new XYSeriesCollection(roof));
        plot.setRenderer(0, line);
        XYSeries step = new XYSeries("step");
        step.add(intensity, gflops);
        XYLineAndShapeRenderer dot = new XYLineAndShapeRenderer(false, true);
        dot.setSeriesPaint(0, Style.PALETTE[1]);
        dot.setSeriesShape(0, new Ellipse2D.Double(-6, -6, 12, 12));
        plot.setDataset(1, new XYSeriesCollection(step));
        plot.setRenderer(1, dot);
        LegendItemCollection legend = new LegendItemCollection();
        legend.add(Style.legendItem("measured: " + Numbers.brief(peak) + " GFLOP/s, " + Numbers.brief(bandwidth)
                + " GB/s", Style.line(2, false), Style.QUIET_TEXT));
        legend.add(Style.legendItem("a step: " + Numbers.brief(gflops) + " GFLOP/s", Style.line(6, false),
                Style.PALETTE[1]));
        plot.setFixedLegendItems(legend);
        return Style.svg("roofline", title, subtitle, plot);
    }
}
