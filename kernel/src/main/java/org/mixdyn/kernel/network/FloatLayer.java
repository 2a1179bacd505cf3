package org.mixdyn.kernel.network;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

/** A matrix of weights between two hidden layers, in the panels of a {@link LayerLayout}. */
public final class FloatLayer {
    private final LayerLayout layout;
    private final float[][] panels;

    /** A matrix of zeros. */
    FloatLayer(int rows, int cols, Team team) {
        layout = new LayerLayout(rows, cols, Precision.F32);
        panels = new float[layout.panels()][];
        team.run((rank, size) -> {
            for (int panel = rank; panel < panels.length; panel += size) {
                panels[panel] = new float[layout.rowsOf(panel) * layout.stride()];
            }
        });
    }

    /** Element (i, j) becomes sigma times number i cols + j of a stream. */
    void fill(Gaussian normals, double sigma, Team team) {
        int cols = layout.cols();
        team.run((rank, size) -> {
            for (int panel = 0; panel < panels.length; panel++) {
                int rows = layout.rowsOf(panel);
                int first = (int) ((long) rows * rank / size);
                int end = (int) ((long) rows * (rank + 1) / size);
                normals.fill((long) (layout.firstRow(panel) + first) * cols, sigma, panels[panel],
                        first * layout.stride(), end - first, cols, layout.stride());
            }
        });
    }

    /**
     * Given elements, rounded.
     *
     * @param elements row-major rows x cols, not modified
     */
    void set(double[] elements) {
        int cols = layout.cols();
        for (int panel = 0; panel < panels.length; panel++) {
            int from = layout.firstRow(panel) * cols;
            for (int i = 0; i < layout.rowsOf(panel); i++) {
                for (int j = 0; j < cols; j++) {
                    panels[panel][i * layout.stride() + j] = (float) elements[from + i * cols + j];
                }
            }
        }
    }

    /** The shape of the panels. */
    public LayerLayout layout() {
        return layout;
    }

    /** A panel: rowsOf(panel) rows, stride apart; not a copy. */
    public float[] panel(int panel) {
        return panels[panel];
    }
}
