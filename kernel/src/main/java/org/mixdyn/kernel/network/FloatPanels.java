package org.mixdyn.kernel.network;

import java.util.List;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

/** The weights of a network with one hidden layer, A = W_2 W_1, in the panels of a {@link PanelLayout}. */
public final class FloatPanels {
    private final PanelLayout layout;
    private final FloatColumns[] w1;
    private final FloatColumns[] w2t;

    private FloatPanels(int outputs, int inputs, long width, Team team) {
        layout = new PanelLayout(outputs, inputs, width, Precision.F32);
        w1 = new FloatColumns[layout.panels()];
        w2t = new FloatColumns[layout.panels()];
        // Each thread allocates a share, so that pages are first touched where they will be used.
        team.run((rank, size) -> {
            for (int panel = rank; panel < layout.panels(); panel += size) {
                w1[panel] = FloatColumns.zeros(layout.rowsOf(panel), inputs, layout.inputStride());
                w2t[panel] = FloatColumns.zeros(layout.rowsOf(panel), outputs, layout.outputStride());
            }
        });
    }

    /**
     * Independent N(0, sigma^2) weights. W_1(h, j) is number h d_in + j of one stream of the seed and W_2(i, h) number
     * h d_out + i of another, whatever the number of threads and the layout.
     *
     * @throws IllegalArgumentException if a size is out of the range of {@link PanelLayout}
     */
    public static FloatPanels gaussian(int outputs, int inputs, long width, double sigma, long seed, Team team) {
        FloatPanels panels = new FloatPanels(outputs, inputs, width, team);
        Gaussian first = new Gaussian(seed, Streams.FIRST);
        Gaussian last = new Gaussian(seed, Streams.LAST);
        panels.forEachPanel(team, (panel, unit0, units) -> {
            panels.w1[panel].fill(0, units, first, unit0 * inputs, sigma);
            panels.w2t[panel].fill(0, units, last, unit0 * outputs, sigma);
        });
        return panels;
    }

    /**
     * Weights drawn from a seed, the same for any number of threads.
     *
     * @throws IllegalArgumentException if a size is out of the range of {@link PanelLayout}, or the width larger than such
     *                                  weights can be drawn at
     */
    public static FloatPanels drawn(int outputs, int inputs, long width, InitialWeights initial, long seed, Team team) {
        if (initial.kind() == Initialization.GAUSSIAN) {
            return gaussian(outputs, inputs, width, initial.sigma(), seed, team);
        }
        FloatLayers layers = FloatLayers.drawn(DeepShape.of(outputs, inputs, List.of(width)), initial, seed, team);
        FloatPanels panels = new FloatPanels(outputs, inputs, width, team);
        panels.forEachPanel(team, (panel, unit0, units) -> {
            for (int h = 0; h < units; h++) {
                int unit = (int) unit0 + h;
                panels.w1[panel].copyRow(h, layers.first(), unit);
                panels.w2t[panel].copyRow(h, layers.lastTransposed(), unit);
            }
        });
        return panels;
    }

    /**
     * Given weights, rounded.
     *
     * @param weights1 W_1, row-major width x inputs, not modified
     * @param weights2 W_2, row-major outputs x width, not modified
     * @throws IllegalArgumentException if a size is out of the range of {@link PanelLayout}, or an array has the wrong length
     */
    public static FloatPanels of(int outputs, int inputs, int width, double[] weights1, double[] weights2, Team team) {
        GivenWeights.checkLengths(outputs, inputs, width, weights1, weights2);
        FloatPanels panels = new FloatPanels(outputs, inputs, width, team);
        panels.forEachPanel(team, (panel, unit0, units) -> {
            for (int h = 0; h < units; h++) {
                int unit = (int) unit0 + h;
                panels.w1[panel].setRow(h, weights1, unit * inputs, 1);
                panels.w2t[panel].setRow(h, weights2, unit, width);
            }
        });
        return panels;
    }

    /** The shape of the panels. */
    public PanelLayout layout() {
        return layout;
    }

    /** A panel of W_1, one row for each of its units: rowsOf(panel) x d_in, not a copy. */
    public FloatColumns w1(int panel) {
        return w1[panel];
    }

    /** A panel of W_2^T, one row for each of its units: rowsOf(panel) x d_out, not a copy. */
    public FloatColumns w2t(int panel) {
        return w2t[panel];
    }

    private interface PanelWork {
        void execute(int panel, long unit0, int units);
    }

    private void forEachPanel(Team team, PanelWork work) {
        team.run((rank, size) -> {
            for (int panel = rank; panel < layout.panels(); panel += size) {
                work.execute(panel, layout.firstUnit(panel), layout.unitsOf(panel));
            }
        });
    }
}
