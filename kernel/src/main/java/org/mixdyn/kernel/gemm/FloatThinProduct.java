package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * Products of a matrix X of few rows with a large Y, C = alpha X Y + beta C: Y is read once, as it stands, since memory sets
 * the pace.
 *
 * <p>The sums stand in a buffer of each thread, one tile after the other, for as many columns as half of the L2 cache holds;
 * so it costs little to come back to them after a few rows of Y. Of X, which is packed, a stretch of k at a time is in
 * use.
 *
 * <p>Where Y is a row-major k x n matrix, it is the right operand of the micro-kernel, some rows at a time. More rows at a
 * time would be more streams than the processor foresees, and where rows lie a power of two apart, more than the cache keeps.
 * Where it is the transpose of one, its rows are the rows of the left operand, or meet the few rows of X in
 * {@link FloatThinDots}.
 */
final class FloatThinProduct implements Team.Work {
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final int MR = BLOCKS.mr();
    private static final int NR = BLOCKS.nr();
    private static final int L = Lanes.FLOAT.length();

    /**
     * Rows of X at most. With more, it pays to pack Y: the multiply-adds take longer than packing does, and where vectors are
     * taken in halves longer than memory.
     */
    static final int FEW = Lanes.HALVES ? 16 : 48;

    /** Rows of Y that are read side by side: the more, the fewer visits of the sums. */
    private static final int BAND = Lanes.HALVES ? 8 : 32;

    /** Columns of X that are packed together: the longer the rows of Y are read, the better the processor foresees them. */
    private static final int DEPTH = 2048;

    /** Sums that fill half of the L2 cache. */
    private static final long SUMS = Caches.L2 / 2 / Precision.F32.bytes();

    private final Team team;
    private final float[][] packed;
    private final float[][] sums;

    // The product; what is not private is read by FloatThinDots.
    int few;
    private int many;
    int k;
    float alpha;
    float[] x;
    int x0;
    int ldx;
    boolean transX;
    float[] y;
    int y0;
    int ldy;
    private boolean transY;
    private float beta;
    float[] c;
    int c0;
    int cRowStride;
    int cColumnStride;

    FloatThinProduct(Team team) {
        this.team = team;
        packed = new float[team.size()][0];
        sums = new float[team.size()][0];
    }

    /**
     * C = alpha op(X) op(Y) + beta C.
     *
     * @param newFew       rows of op(X) and C, at most {@link #FEW}
     * @param newMany      columns of op(Y) and C, at least nr
     * @param newCRowStride    distance between rows of C
     * @param newCColumnStride distance between columns of C
     */
    void multiply(boolean newTransX, boolean newTransY, int newFew, int newMany, int newK, float newAlpha, float[] newX,
            int newX0, int newLdx, float[] newY, int newY0, int newLdy, float newBeta, float[] newC, int newC0,
            int newCRowStride, int newCColumnStride) {
        transX = newTransX;
        transY = newTransY;
        few = newFew;
        many = newMany;
        k = newK;
        alpha = newAlpha;
        x = newX;
        x0 = newX0;
        ldx = newLdx;
        y = newY;
        y0 = newY0;
        ldy = newLdy;
        beta = newBeta;
        c = newC;
        c0 = newC0;
        cRowStride = newCRowStride;
        cColumnStride = newCColumnStride;
        boolean dots = byDots();
        int ofPanels = dots
                ? FloatThinDots.sizeOfRows(few, k)
                : FloatPack.sizeOfA(wholeVectors(few), Math.min(DEPTH, k));
        int ofSums = dots ? FloatThinDots.SUMS : (side(few) + NR) * wholeVectors(few);
        for (int rank = 0; rank < team.size(); rank++) {
            packed[rank] = packed[rank].length < ofPanels ? new float[ofPanels] : packed[rank];
            sums[rank] = sums[rank].length < ofSums ? new float[ofSums] : sums[rank];
        }
        team.run(this);
        x = null;
        y = null;
        c = null;
    }

    /** Columns of C whose sums are in use at a time. */
    static int side(int few) {
        return (int) Math.max(1, SUMS / wholeVectors(few) / NR) * NR;
    }

    private static int wholeVectors(int elements) {
        return Math.ceilDiv(elements, L) * L;
    }

    @Override
    public void execute(int rank, int size) {
        int begin = share(rank, size);
        int end = share(rank + 1, size);
        if (byDots()) {
            FloatThinDots.multiply(this, begin, end, packed[rank], sums[rank]);
        } else {
            multiplyByTiles(begin, end, rank);
        }
    }

    private boolean byDots() {
        return transY && few <= FloatThinDots.MOST;
    }

    private void multiplyByTiles(int begin, int end, int rank) {
        int side = side(few);
        for (int from = begin; from < end; from += side) {
            int to = Math.min(end, from + side);
            for (int pc = 0; pc < k; pc += DEPTH) {
                int depth = Math.min(DEPTH, k - pc);
                if (transY) {
                    packColumns(pc, depth, packed[rank]);
                    addRows(from, to, pc, depth, packed[rank], sums[rank]);
                } else {
                    packRows(pc, depth, packed[rank]);
                    for (int p = 0; p < depth; p += BAND) {
                        addBand(from, to, pc, p, depth, packed[rank], sums[rank]);
                    }
                }
            }
            finish(from, to, sums[rank]);
        }
    }

    private int share(int rank, int size) {
        return transY ? Panels.share(many, MR, rank, size) : FloatMacroKernel.columnShare(many, false, rank, size);
    }

    /** X as the left operand. */
    private void packRows(int pc, int depth, float[] panels) {
        if (transX) {
            FloatPack.aTransposed(few, depth, x, x0 + pc * ldx, ldx, panels, 0);
        } else {
            FloatPack.a(few, depth, x, x0 + pc, ldx, panels, 0);
        }
    }

    /** The transpose of X as the right operand. */
    private void packColumns(int pc, int depth, float[] panels) {
        if (transX) {
            FloatPack.b(depth, few, false, 1, x, x0 + pc * ldx, ldx, panels, 0);
        } else {
            FloatPack.bTransposed(depth, few, false, 1, x, x0 + pc, ldx, panels, 0);
        }
    }

    /** The sums += X Y for the rows of Y from pc + p on, as many as are read side by side. */
    private void addBand(int from, int to, int pc, int p, int depth, float[] panels, float[] tiles) {
        int band = Math.min(BAND, depth - p);
        boolean add = pc + p > 0;
        int tile = 0;
        int width;
        for (int j = from; j < to; j += width) {
            width = FloatMacroKernel.panelWidth(to - j, false);
            int column = Math.min(j, to - width);
            int rows;
            for (int i = 0; i < few; i += rows) {
                rows = Panels.next(few - i, MR);
                FloatMacroKernel.tile(rows, width, band, add, Tile.Layout.COLUMNS, panels, i * depth + p * rows, rows,
                        y, y0 + (pc + p) * ldy + column, ldy, tiles, tile);
                tile += rows * width;
            }
        }
    }

    /** The sums += (X Y)^T, for rows of k elements of the given Y. */
    private void addRows(int from, int to, int pc, int depth, float[] panels, float[] tiles) {
        int tile = 0;
        int rows;
        for (int i = from; i < to; i += rows) {
            rows = Panels.next(to - i, MR);
            int width;
            for (int j = 0; j < few; j += width) {
                width = FloatMacroKernel.panelWidth(few - j, false);
                FloatMacroKernel.tile(rows, width, depth, pc > 0, Tile.Layout.ROWS, y, y0 + i * ldy + pc, ldy, panels,
                        j * depth, width, tiles, tile);
                tile += rows * width;
            }
        }
    }

    /** An element of C, given that of alpha X Y. */
    float result(float product, int at) {
        return beta == 0 ? product : product + beta * c[at];
    }

    /** C = alpha times the sums + beta C. */
    private void finish(int from, int to, float[] tiles) {
        int tile = 0;
        int size;
        for (int j = from; j < to; j += size) {
            size = transY ? Panels.next(to - j, MR) : FloatMacroKernel.panelWidth(to - j, false);
            // What the last panel computed again is left alone.
            int again = Math.max(0, j + size - to);
            int part;
            for (int i = 0; i < few; i += part) {
                part = transY ? FloatMacroKernel.panelWidth(few - i, false) : Panels.next(few - i, MR);
                int live = Math.min(part, few - i);
                int corner = c0 + i * cRowStride + (j - again) * cColumnStride;
                if (transY) {
                    finishTile(size, 0, live, tiles, tile, part, corner, cColumnStride, cRowStride);
                } else {
                    finishTile(live, again, size, tiles, tile, size, corner, cRowStride, cColumnStride);
                }
                tile += size * part;
            }
        }
    }

    /** C = alpha times the sums of one tile + beta C, its columns from a first one on; the tile begins at c[corner]. */
    private void finishTile(int rows, int firstColumn, int columns, float[] tiles, int tile, int width, int corner,
            int rowStride, int columnStride) {
        for (int i = 0; i < rows; i++) {
            int at = corner + i * rowStride + firstColumn * columnStride;
            for (int j = firstColumn; j < columns; j++) {
                c[at] = result(alpha * tiles[tile + i * width + j], at);
                at += columnStride;
            }
        }
    }
}
