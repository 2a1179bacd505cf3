package org.mixdyn.kernel.network;

import java.util.Objects;

import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * How the weights of a network with one hidden layer are cut into panels of hidden units. A panel holds, for its
 * units h, the rows h of W_1 (width x d_in) and of W_2^T (width x d_out), each as {@link FloatColumns} of its own. So
 * no width meets the limit of 2^31 elements of an array, and one panel of both matrices stays in the L2 cache while a
 * training step works on it. Rows are zero-padded to whole vectors, and the units to a multiple of mr, which panels
 * share evenly: tiles of mr rows cover every panel.
 *
 * @param outputs   d_out
 * @param inputs    d_in
 * @param width     hidden units
 * @param precision of the weights
 */
public record PanelLayout(int outputs, int inputs, long width, Precision precision) {
    /**
     * Bytes of one matrix of a panel: both fit into half of the L2 cache beside what they are multiplied with, or into
     * one of 1 MiB where units take 512 bits in halves. Where they take them as a whole 220 KiB were best.
     */
    private static final int PANEL_BYTES = (int) (Lanes.HALVES ? 300 << 10 : Math.min(220 << 10, Caches.L2 / 4));

    /**
     * Most groups that panels are dealt to: enough to keep some threads evenly busy, few enough to be added up
     * cheaply.
     */
    private static final int MOST_GROUPS = 16;

    /** Panels from which on groups may differ by one. */
    private static final int MANY = 16 * MOST_GROUPS;

    /**
     * Units of a panel at least, or about half as many where panels are few, so that a tile of the product sums over
     * enough of them to pay for its load and store.
     */
    private static final int FEWEST_UNITS = 160;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size is below 1, outputs or inputs above {@link Sides#MOST}, or the number of panels
     *                                  reaches 2^31
     */
    public PanelLayout {
        Objects.requireNonNull(precision, "precision");
        if (outputs < 1 || inputs < 1 || width < 1) {
            throw new IllegalArgumentException("outputs, inputs and width are " + outputs + ", " + inputs + ", " + width
                    + "; all must be at least 1");
        }
        Sides.check(outputs, inputs, Sides.MOST);
        if (width / FEWEST_UNITS >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "width is " + width + "; at most " + (long) FEWEST_UNITS * Integer.MAX_VALUE + " is allowed");
        }
    }

    /** Distance between two rows of a panel of W_1: d_in in whole vectors. */
    public int inputStride() {
        return stride(inputs);
    }

    /** Distance between two rows of a panel of W_2^T: d_out in whole vectors. */
    public int outputStride() {
        return stride(outputs);
    }

    /** Distance between rows of so many columns: whole vectors. */
    int stride(int cols) {
        int lanes = Lanes.BITS / 8 / precision.bytes();
        return Math.ceilDiv(cols, lanes) * lanes;
    }

    /** {@link Precision#wholeVectors}: the columns that a product computes of so many, those past them being zero. */
    public int computedColumns(int cols) {
        return precision.wholeVectors(cols);
    }

    /**
     * Number of panels: from the shape and the machine's vector unit and L2 cache, so that sums over panels do not depend on the
     * number of threads. It is a multiple of {@link #groups}, unless there are so many that one more in a group makes
     * no difference.
     */
    public int panels() {
        long panels = fewestPanels();
        int groups = groups();
        return Math.toIntExact(panels >= MANY ? panels : Math.ceilDiv(panels, groups) * groups);
    }

    /** Groups of about the same number of panels, a power of two: threads that share them are done at the same time. */
    public int groups() {
        return Integer.highestOneBit((int) Math.min(MOST_GROUPS, 2 * fewestPanels() - 1));
    }

    private long fewestPanels() {
        long rowBytes = (long) Math.max(inputStride(), outputStride()) * precision.bytes();
        long units = Math.max(FEWEST_UNITS, PANEL_BYTES / rowBytes);
        return Math.ceilDiv(width, units);
    }

    /** First hidden unit of a panel; that of panel number {@link #panels} is the width in whole register tiles. */
    public long firstUnit(int panel) {
        long each = tiles() / panels();
        long left = tiles() % panels();
        return (each * panel + left * panel / panels()) * BlockSizes.of(precision).mr();
    }

    /** Hidden units of one panel that belong to the network. */
    public int unitsOf(int panel) {
        return (int) (Math.min(width, firstUnit(panel + 1)) - firstUnit(panel));
    }

    /** Rows of one panel, whole register tiles; those past the width have zero weights. */
    public int rowsOf(int panel) {
        return (int) (firstUnit(panel + 1) - firstUnit(panel));
    }

    /** Rows of the largest panel. */
    public int mostRows() {
        return (int) Math.ceilDiv(tiles(), panels()) * BlockSizes.of(precision).mr();
    }

    /** Register tiles that all units fill. */
    private long tiles() {
        return Math.ceilDiv(width, BlockSizes.of(precision).mr());
    }

    /** Bytes that all panels need together. */
    public long bytes() {
        int arrayHeader = 16;
        return firstUnit(panels()) * (inputStride() + outputStride()) * precision.bytes()
                + panels() * 2L * (arrayHeader + precision.lineStart() * precision.bytes());
    }
}
