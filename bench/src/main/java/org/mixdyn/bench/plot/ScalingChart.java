package org.mixdyn.bench.plot;

import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.List;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** How the phases sharpen as d grows. */
public final class ScalingChart {
    private static final Color[] BOUNDARY_COLORS = {Color.BLACK, new Color(0xC1121F)};

    private ScalingChart() {
    }

    /** Distances of observed boundaries from those of theory, against 1 / ln d, whose zero is an infinite d. */
    public static String distances(String subtitle, List<ScalingCurve> curves) {
        NumberAxis horizontal = new NumberAxis("1 / ln d");
        horizontal.setRange(0, 1.04 * largest(curves));
        NumberAxis vertical = new NumberAxis("observed − theory, in exponents of d");
        XYPlot plot = Style.plot(horizontal, vertical);
        LegendItemCollection legend = add(plot, curves);
        vertical.configure();
        plot.addRangeMarker(zero());
        plot.setFixedLegendItems(legend);
        return Style.svg("boundaries", "Boundaries of the phases move to those of theory", subtitle, plot);
    }

    /**
     * Minimal test errors along a section.
     *
     * @param lines vertical ones: boundaries of theory
     */
    public static String section(String id, String title, String subtitle, String abscissa, List<ScalingCurve> curves,
            List<ScalingCurve> lines) {
        NumberAxis horizontal = new NumberAxis(abscissa);
        double[] x = curves.getFirst().x();
        horizontal.setRange(x[0], x[x.length - 1]);
        NumberAxis vertical = new NumberAxis("minimal ‖A − A*‖² / d²");
        vertical.setRange(0, 1.05);
        XYPlot plot = Style.plot(horizontal, vertical);
        LegendItemCollection legend = add(plot, curves);
        for (int i = 0; i < lines.size(); i++) {
            ValueMarker marker = new ValueMarker(lines.get(i).x()[0], BOUNDARY_COLORS[i], Style.line(1.6, true));
            plot.addDomainMarker(marker);
            legend.add(Style.legendItem(lines.get(i).name(), Style.line(1.6, true), BOUNDARY_COLORS[i]));
        }
        plot.setFixedLegendItems(legend);
        return Style.svg(id, title, subtitle, plot);
    }

    private static ValueMarker zero() {
        return new ValueMarker(0, Style.QUIET_TEXT, Style.line(1.4, false));
    }

    private static double largest(List<ScalingCurve> curves) {
        double largest = 0;
        for (ScalingCurve curve : curves) {
            for (double x : curve.x()) {
                largest = Math.max(largest, x);
            }
        }
        return largest;
    }

    private static LegendItemCollection add(XYPlot plot, List<ScalingCurve> curves) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, true);
        LegendItemCollection legend = new LegendItemCollection();
        for (int i = 0; i < curves.size(); i++) {
            ScalingCurve curve = curves.get(i);
            XYSeries series = new XYSeries(i, false, true);
            for (int j = 0; j < curve.x().length; j++) {
                series.add(curve.x()[j], Double.isNaN(curve.y()[j]) ? null : (Double) curve.y()[j]);
            }
            data.addSeries(series);
            Color color = i < Style.PALETTE.length ? Style.PALETTE[i] : Style.QUIET_TEXT;
            lines.setSeriesPaint(i, color);
            lines.setSeriesStroke(i, Style.line(2.2, false));
            lines.setSeriesShape(i, new Ellipse2D.Double(-4, -4, 8, 8));
            legend.add(Style.legendItem(curve.name(), Style.line(2.2, false), color));
        }
        plot.setDataset(data);
        plot.setRenderer(lines);
        return legend;
    }
}
