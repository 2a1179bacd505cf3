package org.mixdyn.kernel.network;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.gemm.FloatLeftOperand;
import org.mixdyn.kernel.gemm.FloatMacroKernel;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * The sum of L_p^T R_p over panels p, such as A = W_2 W_1. Panels are dealt to a fixed number of groups; a group sums its
 * panels in their order, and the groups are added in theirs: the bits of the sum depend on the shape and the machine's
 * vector unit and L2 cache, not on threads, which take whichever group is free.
 */
public final class FloatPanelSum {
    /**
     * Rows of a panel that are summed at a time: so many of four vectors of 512 bits fit a first-level cache of 48 KiB. Where
     * vectors are taken in halves, a whole panel is, and the sum is passed over once.
     */
    private static final int TERMS = Lanes.HALVES ? Integer.MAX_VALUE : 160;

    /**
     * Bytes from one row of a left panel to the next from which on it is packed, for enough columns: no more than two elements of
     * one of its columns are then on one page of memory, or four with 16 registers. Where vectors are taken in halves it was not
     * tried.
     */
    private static final int FAR = Lanes.THIRTY_TWO_REGISTERS ? 2048 : 1024;
    private static final int NR = BlockSizes.of(Precision.F32).nr();

    private final PanelLayout layout;
    private final int rows;
    private final int cols;
    /** {@link PanelLayout#computedColumns} of cols: what is past cols is zero. */
    private final int computed;
    /** Whether left panels are packed. */
    private final boolean packs;
    private final FloatColumns[] sums;

    /**
     * Room for a sum.
     *
     * @param layout  of the panels
     * @param rows    columns of L_p
     * @param cols    columns of R_p
     */
    public FloatPanelSum(PanelLayout layout, int rows, int cols) {
        this.layout = layout;
        this.rows = rows;
        this.cols = cols;
        computed = layout.computedColumns(cols);
        packs = packs(layout, rows) && cols > NR;
        sums = new FloatColumns[layout.groups()];
        Arrays.setAll(sums, group -> FloatColumns.zeros(rows, cols, layout.stride(cols)));
    }

    /** Room for a left panel of any sum over these panels: each thread that adds must have it. */
    public static FloatLeftOperand leftOperand(PanelLayout layout) {
        int rows = Math.max(layout.inputs(), layout.outputs());
        return packs(layout, rows)
                ? new FloatLeftOperand(rows, layout.mostRows())
                : new FloatLeftOperand(0, 0);
    }

    private static boolean packs(PanelLayout layout, int rows) {
        return !Lanes.HALVES && layout.stride(rows) * Precision.F32.bytes() >= FAR;
    }

    /** Number of groups. */
    public int groups() {
        return sums.length;
    }

    /** First panel of a group; that of group number {@link #groups} is the number of panels. */
    public int firstPanel(int group) {
        return (int) ((long) layout.panels() * group / sums.length);
    }

    /**
     * Adds L^T R to the sum of the group that the panel belongs to; the group's first panel starts it anew.
     *
     * @param macroKernel of the thread that adds
     * @param packed      of the same thread
     * @param left        L, the panel's rows x rows
     * @param right       R, the panel's rows x cols
     */
    public void add(FloatMacroKernel macroKernel, FloatLeftOperand packed, int group, int panel, FloatColumns left,
            FloatColumns right) {
        FloatColumns sum = sums[group];
        int terms = layout.rowsOf(panel);
        int parts = Math.ceilDiv(terms, TERMS);
        for (int part = 0; part < parts; part++) {
            int from = terms * part / parts;
            int to = terms * (part + 1) / parts;
            boolean add = part > 0 || panel > firstPanel(group);
            if (packs) {
                packed.setTransposed(rows, to - from, left.elements(), left.rowStart(from), left.stride());
                packed.multiply(macroKernel, computed, right.elements(), right.rowStart(from), right.stride(),
                        sum.elements(), sum.rowStart(0), sum.stride(), add);
            } else {
                macroKernel.multiplyTransposed(rows, computed, to - from, left.elements(), left.rowStart(from),
                        left.stride(), right.elements(), right.rowStart(from), right.stride(), sum.elements(),
                        sum.rowStart(0), sum.stride(), add);
            }
        }
    }

    /**
     * The sum over all groups.
     *
     * @param total row-major rows x cols, overwritten
     */
    public void total(Team team, float[] total) {
        team.run((rank, size) -> addUp(total, rank, size));
    }

    /**
     * The share of one of several threads in the sum over all groups.
     *
     * @param total row-major rows x cols, of which this thread's rows are overwritten
     */
    public void addUp(float[] total, int rank, int size) {
        int end = (int) ((long) rows * (rank + 1) / size);
        for (int i = (int) ((long) rows * rank / size); i < end; i++) {
            System.arraycopy(sums[0].elements(), sums[0].rowStart(i), total, i * cols, cols);
            for (int group = 1; group < sums.length; group++) {
                float[] sum = sums[group].elements();
                int row = sums[group].rowStart(i);
                for (int j = 0; j < cols; j++) {
                    total[i * cols + j] += sum[row + j];
                }
            }
        }
    }
}
