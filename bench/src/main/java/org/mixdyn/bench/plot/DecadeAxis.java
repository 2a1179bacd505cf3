package org.mixdyn.bench.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/**
 * A logarithmic axis with labels at 1, 2 and 5 times the powers of ten, or at the powers alone where they are many, or at some
 * powers where they are very many.
 */
final class DecadeAxis extends LogAxis {
    private static final long serialVersionUID = 1;
    private static final double MANY_DECADES = 2.6;

    /** Decades from one label to the next: the smallest number is taken that parts the axis into so many at most. */
    private static final int[] STRIDES = {1, 2, 5, 10, 20, 50, 100};
    private static final int MOST_LABELS = 14;

    DecadeAxis(String label, double lower, double upper) {
        super(label);
        setRange(Math.max(lower, Double.MIN_NORMAL), Math.min(upper, Double.MAX_VALUE));
        setTickMarksVisible(true);
    }

    @Override
    protected List<NumberTick> refreshTicksVertical(Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        return ticks(TextAnchor.CENTER_RIGHT);
    }

    @Override
    protected List<NumberTick> refreshTicksHorizontal(Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        return ticks(TextAnchor.TOP_CENTER);
    }

    private List<NumberTick> ticks(TextAnchor anchor) {
        double lower = getRange().getLowerBound();
        double upper = getRange().getUpperBound();
        double decades = Math.log10(upper) - Math.log10(lower);
        boolean many = decades > MANY_DECADES;
        int stride = Arrays.stream(STRIDES).filter(each -> decades / each <= MOST_LABELS).findFirst().orElseThrow();
        List<NumberTick> ticks = new ArrayList<>();
        int last = (int) Math.ceil(Math.log10(upper));
        for (int exponent = (int) Math.floor(Math.log10(lower)); exponent <= last; exponent++) {
            if (exponent % stride != 0) {
                continue;
            }
            for (int digit = 1; digit < (stride == 1 ? 10 : 2); digit++) {
                double value = Double.parseDouble(digit + "e" + exponent);
                if (value >= lower && value <= upper) {
                    boolean labelled = digit == 1 || !many && (digit == 2 || digit == 5);
                    ticks.add(new NumberTick(labelled ? TickType.MAJOR : TickType.MINOR, value,
                            labelled ? label(value) : "", anchor, anchor, 0));
                }
            }
        }
        return ticks;
    }

    private static String label(double value) {
        boolean plain = value >= 1e-4 && value < 1e6;
        return plain
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : String.format(Locale.ROOT, "%.0e", value);
    }
}
