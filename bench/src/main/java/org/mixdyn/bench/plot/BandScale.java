package org.mixdyn.bench.plot;

import java.awt.Color;
import java.awt.Paint;
import org.jfree.chart.renderer.PaintScale;

/** A colour for each band between two levels, after the map "viridis" (Smith and van der Walt, 2015, CC0). */
final class BandScale implements PaintScale {
    private static final int[] ANCHORS = {0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779,
            0x6DCD59, 0xB4DE2C, 0xFDE725};

    private final double[] levels;
    private final Color[] colors;

    BandScale(double[] levels) {
        this.levels = levels.clone();
        colors = new Color[levels.length - 1];
        for (int band = 0; band < colors.length; band++) {
            colors[band] = viridis(colors.length == 1 ? 0.5 : band / (colors.length - 1.0));
        }
    }

    /** Number of the band of a value; one outside belongs to the nearest band. */
    int band(double value) {
        int band = 0;
        while (band < colors.length - 1 && value >= levels[band + 1]) {
            band++;
        }
        return band;
    }

    Color color(double value) {
        return colors[band(value)];
    }

    private static Color viridis(double t) {
        double place = t * (ANCHORS.length - 1);
        int anchor = Math.min((int) place, ANCHORS.length - 2);
        double part = place - anchor;
        int mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            double channel = (1 - part) * (ANCHORS[anchor] >> shift & 255)
                    + part * (ANCHORS[anchor + 1] >> shift & 255);
            mixed |= (int) Math.rint(channel) << shift;
        }
        return new Color(mixed);
    }

    @Override
    public double getLowerBound() {
        return levels[0];
    }

    @Override
    public double getUpperBound() {
        return levels[levels.length - 1];
    }

    @Override
    public Paint getPaint(double value) {
        return color(value);
    }
}
