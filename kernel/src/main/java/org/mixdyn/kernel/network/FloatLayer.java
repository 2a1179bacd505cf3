package org.mixdyn.kernel.network;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;
import org.mixdyn.kernel.simd.Precision;

/** A matrix of weights between two hidden layers, in the panels of a {@link LayerLayout}. */
public final class FloatLayer {
    private final LayerLayout layout;
    private final FloatColumns[] panels;

    /** A matrix of zeros. */
    FloatLayer(int rows, int cols, Team team) {
        layout = new LayerLayout(rows, cols, Precision.F32);
        panels = new FloatColumns[layout.panels()];
        team.run((rank, size) -> {
            for (int panel = rank; panel < panels.length; panel += size) {
                panels[panel] = FloatColumns.zeros(layout.rows(), layout.colsOf(panel), layout.stride());
            }
        });
    }

    /** Element (i, j) becomes sigma times number i cols + j of a stream. */
    void fill(Gaussian normals, double sigma, Team team) {
        team.run((rank, size) -> {
            int end = (int) ((long) layout.rows() * (rank + 1) / size);
            for (int i = (int) ((long) layout.rows() * rank / size); i < end; i++) {
                for (int panel = 0; panel < panels.length; panel++) {
                    panels[panel].fill(i, 1, normals, (long) i * layout.cols() + layout.firstCol(panel), sigma);
                }
            }
        });
    }

    /**
     * Given elements, rounded.
     *
     * @param elements row-major rows x cols, not modified
     */
    void set(double[] elements) {
        for (int panel = 0; panel < panels.length; panel++) {
            for (int i = 0; i < layout.rows(); i++) {
                panels[panel].setRow(i, elements, i * layout.cols() + layout.firstCol(panel), 1);
            }
        }
    }

    /** The shape of the panels. */
    public LayerLayout layout() {
        return layout;
    }

    /** A panel, not a copy. */
    public FloatColumns panel(int panel) {
        return panels[panel];
    }
}
