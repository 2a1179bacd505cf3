package org.mixdyn.kernel.network;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import org.mixdyn.kernel.gemm.BlockSizes;
import org.mixdyn.kernel.gemm.FloatMacroKernel;
import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatReadAhead;
import org.mixdyn.kernel.simd.Precision;

/**
 * What a step does to the weights W between two hidden layers, in one pass over them: a block of W is multiplied as it was,
 * changed by a matrix of low rank, and multiplied as it is now, while it is in the cache.
 *
 * <pre>
 *   up:    Y = W X,    W += L R,  Y' = W X'       X, X' with a row for each column of W, Y, Y' and L for each row
 *   down:  Y = W^T X,  W += L R,  Y' = W^T X'     the other way round, but for L
 * </pre>
 *
 * Blocks of rows on the way up, and of columns on the way down, are independent of each other: threads take whichever is
 * next. Within one, sums run in the order of memory.
 */
public final class FloatLayerPass {
    private static final int KC = BlockSizes.of(Precision.F32).kc();
    private static final int MC = BlockSizes.of(Precision.F32).mc();
    private static final int MR = BlockSizes.of(Precision.F32).mr();
    private static final int LINE = Precision.F32.lineElements();
    /** Rows that, with the columns of a panel, stay in the second-level cache for all that is done to them. */
    private static final int ROWS_UP = 64;
    /** Likewise on the way down, where they are the terms of a sum: fewer would pass over its result too often. */
    private static final int ROWS_DOWN = 128;

    private final Team team;
    private final FloatMacroKernel[] macroKernels;
    /** A block of rows of L, transposed, for each thread: Y' may overwrite L. */
    private final float[][] leftBlocks;
    private final FloatReadAhead[] readAhead;
    private final AtomicInteger nextBlock = new AtomicInteger();
    private final Team.Work upWork = (member, size) -> upBlocks(member);
    private final Team.Work downWork = (member, size) -> downBlocks(member);

    private FloatLayer layer;
    private LayerLayout layout;
    private FloatColumns x;
    private FloatColumns y;
    private FloatColumns left;
    private float[] right;
    private FloatColumns nextX;
    private FloatColumns nextY;
    private int blockSize;

    /**
     * Passes by a team.
     *
     * @param rank columns of L at most
     */
    public FloatLayerPass(Team team, int rank) {
        this.team = team;
        macroKernels = new FloatMacroKernel[team.size()];
        Arrays.setAll(macroKernels, member -> new FloatMacroKernel());
        leftBlocks = new float[team.size()][rank * MC];
        readAhead = new FloatReadAhead[team.size()];
        Arrays.setAll(readAhead, member -> new FloatReadAhead());
    }

    /**
     * Y = W X, W += L R, Y' = W X'. Whole vectors of Y and Y' are overwritten. Arrays may be the same where one is read before the other is written: Y' and L.
     *
     * @param of       W, n x m, changed
     * @param newX     X, m rows; null for no first product
     * @param newY     Y, n rows, overwritten
     * @param newLeft  L, n rows; null for no change of W
     * @param newRight R, cut into panels like W, one after the other, rows beginning as those of W's panels do
     * @param newNextX X', m rows
     * @param newNextY Y', n rows, overwritten
     */
    public void up(FloatLayer of, FloatColumns newX, FloatColumns newY, FloatColumns newLeft, float[] newRight,
            FloatColumns newNextX, FloatColumns newNextY) {
        set(of, newX, newY, newLeft, newRight, newNextX, newNextY);
        // Blocks of about the same size, as many for each thread.
        int rows = layout.rows();
        int blocks = Math.ceilDiv(rows, MC * team.size()) * team.size();
        blockSize = Math.min(MC, Math.ceilDiv(Math.ceilDiv(rows, blocks), MR) * MR);
        nextBlock.set(0);
        team.run(upWork);
    }

    /**
     * Y = W^T X, W += L R, Y' = W^T X'. Whole vectors of Y and Y' are overwritten.
     *
     * @param of       W, n x m, changed
     * @param newX     X, n rows; null for no first product
     * @param newY     Y, m rows, overwritten
     * @param newLeft  L, n rows; null for no change of W
     * @param newRight R, cut into panels like W, one after the other, rows beginning as those of W's panels do
     * @param newNextX X', n rows
     * @param newNextY Y', m rows, overwritten
     */
    public void down(FloatLayer of, FloatColumns newX, FloatColumns newY, FloatColumns newLeft, float[] newRight,
            FloatColumns newNextX, FloatColumns newNextY) {
        set(of, newX, newY, newLeft, newRight, newNextX, newNextY);
        // A panel is one block unless there are more threads than panels.
        int parts = Math.ceilDiv(team.size(), layout.panels());
        blockSize = Math.ceilDiv(Math.ceilDiv(layout.colsPerPanel(), parts), LINE) * LINE;
        nextBlock.set(0);
        team.run(downWork);
    }

    /** Y' = W X'. */
    public void multiply(FloatLayer of, FloatColumns newX, FloatColumns newY) {
        up(of, null, null, null, null, newX, newY);
    }

    /** Y' = W^T X'. */
    public void multiplyTransposed(FloatLayer of, FloatColumns newX, FloatColumns newY) {
        down(of, null, null, null, null, newX, newY);
    }

    private void set(FloatLayer of, FloatColumns newX, FloatColumns newY, FloatColumns newLeft, float[] newRight,
            FloatColumns newNextX, FloatColumns newNextY) {
        layer = of;
        layout = of.layout();
        x = newX;
        y = newY;
        left = newLeft;
        right = newRight;
        nextX = newNextX;
        nextY = newNextY;
    }

    private void upBlocks(int member) {
        int rows = layout.rows();
        for (int row = nextBlock.getAndAdd(blockSize); row < rows; row = nextBlock.getAndAdd(blockSize)) {
            upBlock(member, row, Math.min(blockSize, rows - row));
        }
    }

    private void upBlock(int member, int row, int rows) {
        float[] factor = leftBlocks[member];
        if (left != null) {
            for (int i = 0; i < rows; i += ROWS_UP) {
                int count = Math.min(ROWS_UP, rows - i);
                FloatTransposition.transpose(count, left.columns(), left.elements(), left.rowStart(row + i),
                        left.stride(), factor,
                        i * left.columns(), count);
            }
        }
        for (int panel = 0; panel < layout.panels(); panel++) {
            for (int i = 0; i < rows; i += ROWS_UP) {
                upRows(member, panel, row + i, Math.min(ROWS_UP, rows - i), i);
            }
        }
    }

    /** Some rows of a panel; their left factor is in the block of its transpose from row number inBlock on. */
    private void upRows(int member, int panel, int row, int rows, int inBlock) {
        FloatMacroKernel kernel = macroKernels[member];
        FloatColumns w = layer.panel(panel);
        int columns = w.columns();
        int stride = w.stride();
        int at = w.rowStart(row);
        readAhead[member].read(w.elements(), at, at + rows * stride);
        if (x != null) {
            kernel.multiply(rows, x.computedColumns(), columns, w.elements(), at, stride, x.elements(),
                    x.rowStart(layout.firstCol(panel)), x.stride(), y.elements(), y.rowStart(row), y.stride(),
                    panel > 0);
        }
        if (left != null) {
            int rank = left.columns();
            for (int p = 0; p < rank; p += KC) {
                kernel.multiplyTransposed(rows, columns, Math.min(KC, rank - p), leftBlocks[member],
                        inBlock * rank + p * rows, rows, right, layout.rowStart(panel * rank + p), stride, w.elements(),
                        at, stride, true);
            }
        }
        kernel.multiply(rows, nextX.computedColumns(), columns, w.elements(), at, stride, nextX.elements(),
                nextX.rowStart(layout.firstCol(panel)), nextX.stride(), nextY.elements(), nextY.rowStart(row),
                nextY.stride(), panel > 0);
    }

    private void downBlocks(int member) {
        int perPanel = Math.ceilDiv(layout.colsPerPanel(), blockSize);
        int blocks = layout.panels() * perPanel;
        for (int block = nextBlock.getAndIncrement(); block < blocks; block = nextBlock.getAndIncrement()) {
            int panel = block / perPanel;
            int column = block % perPanel * blockSize;
            downBlock(member, panel, column, Math.min(blockSize, layout.colsOf(panel) - column));
        }
    }

    private void downBlock(int member, int panel, int column, int columns) {
        FloatMacroKernel kernel = macroKernels[member];
        FloatColumns w = layer.panel(panel);
        int stride = w.stride();
        int first = layout.firstCol(panel) + column;
        for (int row = 0; row < layout.rows(); row += ROWS_DOWN) {
            int rows = Math.min(ROWS_DOWN, layout.rows() - row);
            int at = w.rowStart(row) + column;
            // Rows of a part of a panel are short, and what lies between them belongs to other threads.
            if (columns == w.columns()) {
                readAhead[member].read(w.elements(), at, at + rows * stride);
            }
            if (x != null) {
                kernel.multiplyTransposed(columns, x.computedColumns(), rows, w.elements(), at, stride, x.elements(),
                        x.rowStart(row), x.stride(), y.elements(), y.rowStart(first), y.stride(), row > 0);
            }
            if (left != null) {
                int rank = left.columns();
                for (int p = 0; p < rank; p += KC) {
                    kernel.multiply(rows, columns, Math.min(KC, rank - p), left.elements(), left.rowStart(row) + p,
                            left.stride(), right, layout.rowStart(panel * rank + p) + column, stride, w.elements(), at,
                            stride, true);
                }
            }
            kernel.multiplyTransposed(columns, nextX.computedColumns(), rows, w.elements(), at, stride,
                    nextX.elements(),
                    nextX.rowStart(row), nextX.stride(), nextY.elements(), nextY.rowStart(first), nextY.stride(),
                    row > 0);
        }
    }
}
