package org.mixdyn.kernel.network;

import org.mixdyn.kernel.gemm.FloatMacroKernel;
import org.mixdyn.kernel.gemm.FloatPack;
import org.mixdyn.kernel.parallel.Team;

/**
 * The sum of L_p^T R_p over panels p, such as A = W_2 W_1. Panels are dealt to a fixed number of groups; a group sums its
 * panels in their order, and the groups are added in theirs: the bits of the sum depend on the shape alone, and threads
 * take whichever group is free.
 */
public final class FloatPanelSum {
    /** Enough groups to keep some threads evenly busy, few enough for their sums to be cheap. */
    private static final int MOST_GROUPS = 16;

    private final int rows;
    private final int cols;
    private final int units;
    private final int stride;
    private final int panels;
    private final float[][] sums;
    private final Workspace[] workspaces;

    private final class Workspace {
        private final FloatMacroKernel macroKernel = new FloatMacroKernel();
        private final float[] left = new float[FloatPack.sizeOfA(rows, units)];
        private final float[] right = new float[FloatPack.sizeOfB(cols, units)];
    }

    /**
     * Room for a sum.
     *
     * @param layout  of the panels
     * @param rows    columns of L_p
     * @param cols    columns of R_p
     * @param threads that will add
     */
    public FloatPanelSum(PanelLayout layout, int rows, int cols, int threads) {
        this.rows = rows;
        this.cols = cols;
        units = layout.unitsPerPanel();
        panels = layout.panels();
        stride = FloatPack.sizeOfB(cols, 1);
        sums = new float[Math.min(MOST_GROUPS, panels)][FloatPack.sizeOfA(rows, 1) * stride];
        workspaces = new Workspace[threads];
        for (int rank = 0; rank < threads; rank++) {
            workspaces[rank] = new Workspace();
        }
    }

    /** Number of groups. */
    public int groups() {
        return sums.length;
    }

    /** First panel of a group; that of group number {@link #groups} is the number of panels. */
    public int firstPanel(int group) {
        return (int) ((long) panels * group / sums.length);
    }

    /**
     * Adds L^T R to the sum of the group that the panel belongs to; the group's first panel starts it anew.
     *
     * @param rank  thread that adds
     * @param left  L, row-major units x rows, rows leftStride apart
     * @param right R, row-major units x cols, rows rightStride apart
     */
    public void add(int rank, int group, int panel, float[] left, int leftStride, float[] right, int rightStride) {
        Workspace own = workspaces[rank];
        FloatPack.aColumns(rows, units, 1, left, 0, leftStride, own.left);
        FloatPack.b(units, cols, 1, right, 0, rightStride, own.right, 0);
        // Whole tiles: the rows and columns past the ends are zero in both packs.
        own.macroKernel.columns(FloatPack.sizeOfA(rows, 1), stride, units, own.left, own.right, 0, sums[group], 0,
                stride, panel > firstPanel(group));
    }

    /**
     * The sum over all groups.
     *
     * @param total row-major rows x cols, overwritten
     */
    public void total(Team team, float[] total) {
        team.run((rank, size) -> {
            int end = (int) ((long) rows * (rank + 1) / size);
            for (int i = (int) ((long) rows * rank / size); i < end; i++) {
                System.arraycopy(sums[0], i * stride, total, i * cols, cols);
                for (int group = 1; group < sums.length; group++) {
                    float[] sum = sums[group];
                    for (int j = 0; j < cols; j++) {
                        total[i * cols + j] += sum[i * stride + j];
                    }
                }
            }
        });
    }
}
