package org.mixdyn.kernel.network;

import java.util.List;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

/** The weights of a network with one hidden layer, A = W_2 W_1, in the panels of a {@link PanelLayout}. */
public final class FloatPanels {
    /** Stream of the random numbers of W_1, and the next one of W_2^T; lower numbers belong to the task. */
    static final long STREAM = 16;

    private final PanelLayout layout;
    private final float[][] w1;
    private final float[][] w2t;

    private FloatPanels(int outputs, int inputs, long width, Team team) {
        layout = new PanelLayout(outputs, inputs, width, Precision.F32);
        w1 = new float[layout.panels()][];
        w2t = new float[layout.panels()][];
        // Each thread allocates a share, so that pages are first touched where they will be used.
        team.run((rank, size) -> {
            for (int panel = rank; panel < layout.panels(); panel += size) {
                w1[panel] = new float[layout.start() + layout.rowsOf(panel) * layout.inputStride()];
                w2t[panel] = new float[layout.start() + layout.rowsOf(panel) * layout.outputStride()];
            }
        });
    }

    /**
     * Independent N(0, sigma^2) weights. W_1(h, j) is number h d_in + j of one stream of the seed and W_2(i, h) number
     * h d_out + i of another, whatever the number of threads and the layout.
     */
    public static FloatPanels gaussian(int outputs, int inputs, long width, double sigma, long seed, Team team) {
        FloatPanels panels = new FloatPanels(outputs, inputs, width, team);
        panels.forEachPanel(team, (panel, unit0, units) -> {
            Gaussian first = new Gaussian(seed, STREAM);
            Gaussian second = new Gaussian(seed, STREAM + 1);
            first.fill(unit0 * inputs, sigma, panels.w1[panel], panels.layout.start(), units, inputs,
                    panels.layout.inputStride());
            second.fill(unit0 * outputs, sigma, panels.w2t[panel], panels.layout.start(), units, outputs,
                    panels.layout.outputStride());
        });
        return panels;
    }

    /**
     * Weights drawn from a seed, the same for any number of threads.
     *
     * @throws IllegalArgumentException if the width is larger than such weights can be drawn at
     */
    public static FloatPanels drawn(int outputs, int inputs, long width, InitialWeights initial, long seed, Team team) {
        if (initial.kind() == Initialization.GAUSSIAN) {
            return gaussian(outputs, inputs, width, initial.sigma(), seed, team);
        }
        FloatLayers layers = FloatLayers.drawn(DeepShape.of(outputs, inputs, List.of(width)), initial, seed, team);
        FloatPanels panels = new FloatPanels(outputs, inputs, width, team);
        PanelLayout layout = panels.layout;
        panels.forEachPanel(team, (panel, unit0, units) -> {
            for (int h = 0; h < units; h++) {
                int unit = (int) unit0 + h;
                System.arraycopy(layers.first().elements(), layers.first().rowStart(unit), panels.w1[panel],
                        layout.start() + h * layout.inputStride(), inputs);
                System.arraycopy(layers.lastTransposed().elements(), layers.lastTransposed().rowStart(unit),
                        panels.w2t[panel], layout.start() + h * layout.outputStride(), outputs);
            }
        });
        return panels;
    }

    /**
     * Given weights, rounded.
     *
     * @param weights1 W_1, row-major width x inputs, not modified
     * @param weights2 W_2, row-major outputs x width, not modified
     */
    public static FloatPanels of(int outputs, int inputs, int width, double[] weights1, double[] weights2, Team team) {
        FloatPanels panels = new FloatPanels(outputs, inputs, width, team);
        panels.forEachPanel(team, (panel, unit0, units) -> {
            for (int h = 0; h < units; h++) {
                int unit = (int) unit0 + h;
                for (int j = 0; j < inputs; j++) {
                    panels.w1[panel][panels.layout.start() + h * panels.layout.inputStride()
                            + j] = (float) weights1[unit * inputs + j];
                }
                for (int i = 0; i < outputs; i++) {
                    panels.w2t[panel][panels.layout.start() + h * panels.layout.outputStride()
                            + i] = (float) weights2[i * width + unit];
                }
            }
        });
        return panels;
    }

    /** The shape of the panels. */
    public PanelLayout layout() {
        return layout;
    }

    /** A panel of W_1: rowsOf(panel) x inputStride, row-major from the layout's start on, not a copy. */
    public float[] w1(int panel) {
        return w1[panel];
    }

    /** A panel of W_2^T: rowsOf(panel) x outputStride, row-major from the layout's start on, not a copy. */
    public float[] w2t(int panel) {
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
