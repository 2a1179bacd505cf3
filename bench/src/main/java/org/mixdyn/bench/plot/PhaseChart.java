package org.mixdyn.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.awt.image.BufferedImage;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.annotations.XYDataImageAnnotation;
import org.jfree.chart.annotations.XYShapeAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.Range;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** A panel of the phase diagram: filled contours of one quantity, contour lines, and the boundaries of theory. */
public final class PhaseChart {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 640;

    /** Pixels of the filled contours along each side. Few colours make it a small picture. */
    private static final int PIXELS = 480;

    private static final double[] TICKS = {0.1, 0.2, 0.5, 1, 2, 5, 10, 100};
    private static final int MOST_TICKS = 8;

    /** How much of an axis the colours of its only value fill. */
    private static final double STRIP = 0.1;

    /** Pixels beside the colour bar, the same in every panel so that all plots are as wide. */
    private static final int BAR_AXIS = 58;

    private static final Color NONE = new Color(0xDDDDDD);
    private static final Color CONTOUR = new Color(255, 255, 255, 120);
    private static final BasicStroke CONTOUR_LINE = Style.line(0.8, false);
    private static final BasicStroke CASING = Style.line(4.2, false);
    private static final Color[] BOUNDARY_COLORS = {Color.BLACK, new Color(0xC1121F), new Color(0x0353A4)};
    private static final String[] BOUNDARY_NAMES = {"active | lazy: γ_σ² + γ_w = 1", "infinite noise: γ_σ² = −γ_w/2",
            "underparameterised: γ_w = log_d k"};
    private static final BasicStroke[] BOUNDARY_LINES = {Style.line(2, false), Style.line(2, true),
            Style.dashedAndDotted(2)};

    private PhaseChart() {
    }

    /** The picture, as SVG. */
    public static String svg(PhaseMap map) {
        NumberAxis horizontal = axis("γ_σ²,  σ² = d^γ_σ²", map.x());
        NumberAxis vertical = axis("γ_w,  w = d^γ_w", map.y());
        XYPlot plot = Style.plot(horizontal, vertical);
        plot.setRangeGridlinesVisible(false);
        plot.setOutlineVisible(true);
        plot.setOutlinePaint(Style.QUIET_TEXT);
        BandScale scale = new BandScale(map.levels());
        XYLineAndShapeRenderer lines = new XYLineAndShapeRenderer(true, false);
        lines.addAnnotation(new XYDataImageAnnotation(image(map, scale), first(map.x()), first(map.y()),
                extent(map.x()), extent(map.y())), Layer.BACKGROUND);
        for (double level : map.contours()) {
            lines.addAnnotation(new XYShapeAnnotation(Contours.at(level, map.x(), map.y(), map.values()), CONTOUR_LINE,
                    CONTOUR), Layer.BACKGROUND);
        }
        plot.setFixedLegendItems(addBoundaries(plot, lines, map.lines(), horizontal.getRange(), vertical.getRange()));
        return Style.svg(map.id(), map.title(), map.subtitle(), plot, WIDTH, HEIGHT, List.of(bar(map, scale)));
    }

    private static NumberAxis axis(String label, double[] values) {
        NumberAxis axis = new NumberAxis(label);
        double last = values[values.length - 1];
        if (last > values[0]) {
            axis.setRange(values[0], last);
        } else {
            axis.setRange(last - 0.5, last + 0.5);
        }
        axis.setTickLabelInsets(new RectangleInsets(3, 4, 3, 4));
        // The library fits labels to the width before it knows the width that the colour bar leaves.
        double unit = Arrays.stream(TICKS).filter(tick -> axis.getRange().getLength() <= MOST_TICKS * tick).findFirst()
                .orElse(TICKS[TICKS.length - 1]);
        axis.setTickUnit(new NumberTickUnit(unit, format("0.#")));
        return axis;
    }

    /** Where the colours begin: a single value has a strip of them, which is about it. */
    private static double first(double[] values) {
        return values[values.length - 1] > values[0] ? values[0] : values[0] - STRIP / 2;
    }

    private static double extent(double[] values) {
        double length = values[values.length - 1] - values[0];
        return length > 0 ? length : STRIP;
    }

    private static DecimalFormat format(String pattern) {
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        symbols.setMinusSign('−');
        return new DecimalFormat(pattern, symbols);
    }

    /** The boundaries within the picture, each on a white casing; their entries of the legend. */
    private static LegendItemCollection addBoundaries(XYPlot plot, XYLineAndShapeRenderer lines, PhaseLines boundaries,
            Range horizontal, Range vertical) {
        double left = horizontal.getLowerBound();
        double right = horizontal.getUpperBound();
        double bottom = vertical.getLowerBound();
        double top = vertical.getUpperBound();
        double log = boundaries.underparameterised();
        double[][] ends = {{1 - top, top, 1 - bottom, bottom}, {-top / 2, top, -bottom / 2, bottom},
                {left, log, right, log}};
        XYSeriesCollection data = new XYSeriesCollection();
        LegendItemCollection legend = new LegendItemCollection();
        for (int i = 0; i < ends.length; i++) {
            double[] line = ends[i];
            boolean seen = Math.min(line[0], line[2]) <= right && Math.max(line[0], line[2]) >= left
                    && Math.min(line[1], line[3]) <= top && Math.max(line[1], line[3]) >= bottom;
            if (!seen) {
                continue;
            }
            add(data, lines, line, CASING, new Color(255, 255, 255, 210));
            add(data, lines, line, BOUNDARY_LINES[i], BOUNDARY_COLORS[i]);
            legend.add(Style.legendItem(BOUNDARY_NAMES[i], BOUNDARY_LINES[i], BOUNDARY_COLORS[i]));
        }
        plot.setDataset(data);
        plot.setRenderer(lines);
        // Casings first.
        plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
        return legend;
    }

    private static void add(XYSeriesCollection data, XYLineAndShapeRenderer lines, double[] ends, BasicStroke stroke,
            Paint paint) {
        int index = data.getSeriesCount();
        XYSeries series = new XYSeries(index, false, true);
        series.add(ends[0], ends[1]);
        series.add(ends[2], ends[3]);
        data.addSeries(series);
        lines.setSeriesStroke(index, stroke);
        lines.setSeriesPaint(index, paint);
    }

    /** The band of every pixel. */
    private static BufferedImage image(PhaseMap map, BandScale scale) {
        BufferedImage image = new BufferedImage(PIXELS, PIXELS, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < PIXELS; i++) {
            for (int j = 0; j < PIXELS; j++) {
                double up = (PIXELS - 1 - i) / (PIXELS - 1.0);
                double along = j / (PIXELS - 1.0);
                double value = map.smooth() ? interpolated(map.values(), up, along) : nearest(map.values(), up, along);
                image.setRGB(j, i, (Double.isNaN(value) ? NONE : scale.color(value)).getRGB());
            }
        }
        return image;
    }

    /** Of the nearest point. */
    private static double nearest(double[][] values, double up, double along) {
        return values[(int) Math.rint(up * (values.length - 1))][(int) Math.rint(along * (values[0].length - 1))];
    }

    /** Bilinear, at a share of the height from the first row on and of the width from the first column on. */
    private static double interpolated(double[][] values, double up, double along) {
        int rows = values.length;
        int columns = values[0].length;
        int row = Math.clamp((int) (up * (rows - 1)), 0, Math.max(0, rows - 2));
        int column = Math.clamp((int) (along * (columns - 1)), 0, Math.max(0, columns - 2));
        double r = up * (rows - 1) - row;
        double c = along * (columns - 1) - column;
        int nextRow = Math.min(row + 1, rows - 1);
        int nextColumn = Math.min(column + 1, columns - 1);
        return (1 - r) * ((1 - c) * values[row][column] + c * values[row][nextColumn])
                + r * ((1 - c) * values[nextRow][column] + c * values[nextRow][nextColumn]);
    }

    private static PaintScaleLegend bar(PhaseMap map, BandScale scale) {
        NumberAxis axis = new NumberAxis(map.quantity());
        double[] levels = map.levels();
        axis.setRange(levels[0], levels[levels.length - 1]);
        axis.setTickUnit(new NumberTickUnit(map.tick(), format("0.##")));
        axis.setLabelFont(Style.LABEL);
        axis.setLabelPaint(Style.TEXT);
        axis.setTickLabelFont(Style.SMALL);
        axis.setTickLabelPaint(Style.TEXT);
        axis.setAxisLinePaint(Style.QUIET_TEXT);
        axis.setLabelInsets(new RectangleInsets(0, 6, 0, 2));
        axis.setFixedDimension(BAR_AXIS);
        PaintScaleLegend bar = new PaintScaleLegend(scale, axis);
        bar.setSubdivisionCount(2 * (levels.length - 1));
        bar.setAxisLocation(AxisLocation.BOTTOM_OR_RIGHT);
        bar.setPosition(RectangleEdge.RIGHT);
        bar.setStripWidth(16);
        bar.setStripOutlineVisible(false);
        bar.setBackgroundPaint(Color.WHITE);
        bar.setMargin(6, 14, 42, 0);
        return bar;
    }

    /** Evenly spaced levels from lo to hi. */
    public static double[] levels(double lo, double hi, double step) {
        int bands = (int) Math.rint((hi - lo) / step);
        double[] levels = new double[bands + 1];
        Arrays.setAll(levels, i -> Math.rint((lo + i * step) * 1e9) / 1e9);
        return levels;
    }
}
