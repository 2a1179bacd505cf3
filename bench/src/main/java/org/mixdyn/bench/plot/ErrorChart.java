package org.mixdyn.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.util.List;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** Train and test error against the iteration; the least test error is marked. */
public final class ErrorChart {
    /** Ratio of the largest error to the smallest from which a logarithmic axis shows more than a linear one. */
    private static final double RATIO_OF_LOGARITHM = 8;

    /**
     * Where the largest error is more than so many times as large, a train error leaves the picture: it would flatten
     * all else.
     */
    private static final double WIDEST_RATIO = 2000;

    /** Part of the decades shown that is left free above and below; a label has room there. */
    private static final double MARGIN = 0.06;

    private static final Color TRAIN = Style.PALETTE[0];
    private static final Color TEST = Style.PALETTE[1];

    private static final BasicStroke FIRST = Style.line(2.4, false);
    private static final BasicStroke SECOND = Style.line(1.8, true);

    private ErrorChart() {
    }

    /**
     * The picture.
     *
     * @param title    in bold
     * @param subtitle in grey below it: the settings
     * @param curves   of one run, or of several dynamics on one task: the first is drawn solid, the others dashed
     */
    public static String svg(String title, String subtitle, List<ErrorCurve> curves) {
        double least = Double.POSITIVE_INFINITY;
        double leastTest = Double.POSITIVE_INFINITY;
        double most = 0;
        int last = 0;
        for (ErrorCurve curve : curves) {
            for (double[] errors : new double[][]{curve.train(), curve.test()}) {
                for (double error : errors) {
                    if (error > 0 && error < Double.POSITIVE_INFINITY) {
                        least = Math.min(least, error);
                        most = Math.max(most, error);
                    }
                }
            }
            for (double error : curve.test()) {
                leastTest = error > 0 ? Math.min(leastTest, error) : leastTest;
            }
            for (int iteration : curve.iterations()) {
                last = Math.max(last, iteration);
            }
        }
        double bottom = Math.max(least, Math.min(leastTest, most / WIDEST_RATIO));
        XYPlot plot = Style.plot(Style.iterationAxis(last), errorAxis(bottom, most));
        for (int i = 0; i < curves.size(); i++) {
            add(plot, curves.get(i), i, i > 0);
        }
        markLeastTestError(plot, curves.getFirst(), curves.size(), last);
        LegendItemCollection legend = new LegendItemCollection();
        legend.add(Style.legendItem("train error, of A − Y", FIRST, TRAIN));
        legend.add(Style.legendItem("test error, of A − A*", FIRST, TEST));
        for (ErrorCurve curve : curves.subList(1, curves.size())) {
            legend.add(Style.legendItem(curve.name(), SECOND, Style.TEXT));
        }
        plot.setFixedLegendItems(legend);
        return Style.svg("error", title, subtitle, plot);
    }

    private static ValueAxis errorAxis(double bottom, double most) {
        String label = "mean squared error";
        if (!(most > 0)) {
            return Style.linearAxis(label);
        }
        if (most > RATIO_OF_LOGARITHM * bottom) {
            double free = Math.max(1.25, Math.pow(most, MARGIN) / Math.pow(bottom, MARGIN));
            return new DecadeAxis(label, bottom / free, most * free);
        }
        NumberAxis axis = Style.linearAxis(label);
        axis.setRange(0, most * 1.08);
        return axis;
    }

    private static void add(XYPlot plot, ErrorCurve curve, int index, boolean dashed) {
        XYSeriesCollection data = new XYSeriesCollection();
        data.addSeries(series("train", curve.iterations(), curve.train()));
        data.addSeries(series("test", curve.iterations(), curve.test()));
        XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
        lines.setDrawSeriesLineAsPath(true);
        lines.setSeriesPaint(0, TRAIN);
        lines.setSeriesPaint(1, TEST);
        for (int i = 0; i < 2; i++) {
            lines.setSeriesStroke(i, dashed ? SECOND : FIRST);
            // A single record is no line.
            lines.setSeriesShapesVisible(i, data.getItemCount(i) == 1);
        }
        plot.setDataset(index, data);
        plot.setRenderer(index, lines);
    }

    private static XYSeries series(String name, int[] iterations, double[] errors) {
        XYSeries series = new XYSeries(name, false, true);
        Thinning.withPeaks(errors).forEach(i -> series.add(iterations[i], errors[i], false));
        return series;
    }

    private static void markLeastTestError(XYPlot plot, ErrorCurve curve, int index, int last) {
        int least = -1;
        for (int i = 0; i < curve.test().length; i++) {
            if (curve.test()[i] > 0 && curve.test()[i] < Double.POSITIVE_INFINITY
                    && (least < 0 || curve.test()[i] < curve.test()[least])) {
                least = i;
            }
        }
        if (least < 0) {
            return;
        }
        int iteration = curve.iterations()[least];
        double error = curve.test()[least];
        XYSeries point = new XYSeries("least test error");
        point.add(iteration, error);
        XYLineAndShapeRenderer dot = new XYLineAndShapeRenderer(false, true);
        dot.setSeriesShape(0, new Ellipse2D.Double(-5, -5, 10, 10));
        dot.setSeriesPaint(0, TEST);
        plot.setDataset(index, new XYSeriesCollection(point));
        plot.setRenderer(index, dot);
        boolean leftHalf = iteration <= last / 2;
        XYTextAnnotation label = new XYTextAnnotation(
                "least test error " + Numbers.brief(error) + " at iteration " + iteration,
                iteration + (leftHalf ? 0.012 : -0.012) * Math.max(1, last),
                error * 0.98);
        label.setFont(Style.SMALL);
        label.setPaint(TEST);
        label.setBackgroundPaint(new Color(255, 255, 255, 200));
        label.setTextAnchor(leftHalf ? TextAnchor.TOP_LEFT : TextAnchor.TOP_RIGHT);
        plot.addAnnotation(label);
    }
}
