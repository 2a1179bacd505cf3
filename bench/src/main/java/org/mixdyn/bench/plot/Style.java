package org.mixdyn.bench.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.title.Title;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.text.TextUtils;
import org.jfree.svg.SVGGraphics2D;

/** How every picture looks: size, fonts, a palette that colour-blind eyes can tell apart. */
final class Style {
    static final int WIDTH = 900;
    static final int HEIGHT = 560;

    /** Okabe and Ito's colours, the dark ones first; yellow is left out, for it fades on white. */
    static final Color[] PALETTE = {new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7),
            new Color(0xE69F00), new Color(0x56B4E9)};
    static final Color TEXT = new Color(0x222222);
    static final Color QUIET_TEXT = new Color(0x666666);
    static final Color BULK = new Color(0xB8B8B8);
    private static final Color GRID = new Color(0xE6E6E6);

    private static final String FONTS = "Helvetica, Arial, DejaVu Sans, sans-serif";
    static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
    private static final Font LEGEND = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);

    private static final float[] DASHES = {7, 5};

    private Style() {
    }

    /** A line of the given width; dashed lines are those of the second of two dynamics. */
    static BasicStroke line(double width, boolean dashed) {
        return new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dashed ? DASHES : null,
                0);
    }

    static BasicStroke dotted(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, new float[]{0.5f, 4},
                0);
    }

    static BasicStroke dashedAndDotted(double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1,
                new float[]{9, 4, 2, 4}, 0);
    }

    /** A line in the legend. */
    static LegendItem legendItem(String text, BasicStroke stroke, Color color) {
        return new LegendItem(text, null, null, null, new Line2D.Double(-12, 0, 12, 0), stroke, color);
    }

    /** An axis whose numbers are those that people read elsewhere too. */
    static NumberAxis linearAxis(String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setNumberFormatOverride(new BriefFormat());
        return axis;
    }

    /** {@link Numbers#brief} for an axis. */
    private static final class BriefFormat extends NumberFormat {
        private static final long serialVersionUID = 1;

        @Override
        public StringBuffer format(double number, StringBuffer to, FieldPosition position) {
            return to.append(Numbers.brief(number));
        }

        @Override
        public StringBuffer format(long number, StringBuffer to, FieldPosition position) {
            return to.append(number);
        }

        @Override
        public Number parse(String text, ParsePosition position) {
            throw new UnsupportedOperationException("an axis reads no numbers");
        }
    }

    /** The horizontal axis of every picture, of whole numbers. */
    static NumberAxis iterationAxis(int last) {
        NumberAxis axis = new NumberAxis("iteration");
        axis.setStandardTickUnits(NumberAxis.createIntegerTickUnits(Locale.ROOT));
        axis.setTickLabelInsets(new RectangleInsets(2, 9, 2, 9));
        axis.setRange(0, Math.max(1, last));
        return axis;
    }

    static XYPlot plot(ValueAxis horizontal, ValueAxis vertical) {
        XYPlot plot = new XYPlot(null, horizontal, vertical, null);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinePaint(GRID);
        plot.setRangeGridlineStroke(line(1, false));
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
        for (ValueAxis axis : new ValueAxis[]{horizontal, vertical}) {
            axis.setLabelFont(LABEL);
            axis.setLabelPaint(TEXT);
            axis.setTickLabelFont(SMALL);
            axis.setTickLabelPaint(TEXT);
            axis.setAxisLinePaint(QUIET_TEXT);
            axis.setTickMarkPaint(QUIET_TEXT);
        }
        horizontal.setLabelInsets(new RectangleInsets(6, 0, 2, 0));
        vertical.setLabelInsets(new RectangleInsets(0, 2, 0, 6));
        return plot;
    }

    /**
     * The finished picture.
     *
     * @param id that makes this picture's elements differ from those of another in the same page
     */
    static String svg(String id, String title, String subtitle, XYPlot plot) {
        return svg(id, title, subtitle, plot, WIDTH, HEIGHT, List.of());
    }

    /**
     * The finished picture.
     *
     * @param id     that makes this picture's elements differ from those of another in the same page
     * @param others what else stands around the plot, such as a colour bar
     */
    static String svg(String id, String title, String subtitle, Plot plot, int width, int height, List<Title> others) {
        JFreeChart chart = new JFreeChart(null, TITLE, plot, true);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(10, 8, 6, 24));
        chart.addSubtitle(0, left(title, TITLE, TEXT, 2));
        chart.addSubtitle(1, left(subtitle, SMALL, QUIET_TEXT, 6));
        chart.getLegend().setFrame(BlockBorder.NONE);
        chart.getLegend().setItemFont(LEGEND);
        chart.getLegend().setItemPaint(TEXT);
        chart.getLegend().setItemLabelPadding(new RectangleInsets(2, 3, 2, 8));
        chart.getLegend().setPosition(RectangleEdge.BOTTOM);
        others.forEach(chart::addSubtitle);
        SVGGraphics2D graphics = new SVGGraphics2D(width, height);
        graphics.setDefsKeyPrefix(id);
        graphics.setFontFunction(family -> FONTS);
        graphics.setGeomDoubleConverter(Style::twoDecimals);
        graphics.setTransformDoubleConverter(Style::twoDecimals);
        chart.draw(graphics, new Rectangle2D.Double(0, 0, width, height));
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + graphics.getSVGElement() + "\n";
    }

    private static TextTitle left(String text, Font font, Color color, int below) {
        TextTitle title = new TextTitle(text, font);
        title.setPaint(color);
        title.setHorizontalAlignment(HorizontalAlignment.LEFT);
        title.setExpandToFitSpace(true);
        title.setMargin(0, 12, below, 0);
        return title;
    }

    private static String twoDecimals(double value) {
        double rounded = Math.rint(value * 100) / 100;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    static {
        // The library's other way to draw a vertical label turns its letters into shapes.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
        // A server has no display; and the shadows and gradients of the library's default theme are of another time.
        System.setProperty("java.awt.headless", "true");
        ChartFactory.setChartTheme(org.jfree.chart.StandardChartTheme.createLegacyTheme());
    }
}
