package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.gemm.code.Tile;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * Products with an A of few rows and a large B, C = alpha op(A) op(B) + beta C: B is read once, as it stands, since
 * memory sets the pace. Those of few columns come here {@linkplain FloatProduct#exchange exchanged}.
 *
 * <p>The sums stand in a buffer of each thread, one tile after the other, for as many columns as half of the L2 cache
 * holds; so it costs little to come back to them after a few rows of B. Of A, which is packed, a stretch of k at a
 * time is in use.
 *
 * <p>Where B is stored k x n, it is the right operand of the micro-kernel, some rows at a time. More rows at a time
 * would be more streams than the processor foresees, and where rows lie a power of two apart, more than the cache
 * keeps. Where it is stored n x k, its rows are the rows of the left operand, or meet the few rows of A in
 * {@link FloatThinDots}.
 */
final class FloatThinProduct implements Team.Work {
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final int MR = BLOCKS.mr();
    private static final int NR = BLOCKS.nr();
    private static final int L = Lanes.FLOAT.length();

    /** Rows of B that are read side by side at most: the more, the fewer visits of the sums. */
    private static final int BAND = Lanes.HALVES ? 8 : Limits.SMALL_L1 ? 16 : 32;

    /** The same where the rows lie so that all meet in one set of the L1 cache. */
    private static final int CLASHING_BAND = Limits.SMALL_L1 ? 8 : BAND;

    /**
     * Columns of A that are packed together: the longer the rows of B are read, the better the processor foresees
     * them.
     */
    private static final int DEPTH = 2048;

    /** Sums that fill half of the L2 cache. */
    private static final long SUMS = Caches.L2 / 2 / Precision.F32.bytes();

    private final Team team;
    private final float[][] packed;
    private final float[][] sums;

    private FloatProduct product;

    FloatThinProduct(Team team) {
        this.team = team;
        packed = new float[team.size()][0];
        sums = new float[team.size()][0];
    }

    /** The product: see {@link FloatRoute#hasFewRows}. */
    void multiply(FloatProduct p) {
        product = p;
        boolean dots = FloatThinDots.suit(p);
        int ofPanels = dots
                ? FloatThinDots.sizeOfRows(p.m, p.k)
                : FloatPack.sizeOfA(wholeVectors(p.m), Math.min(DEPTH, p.k));
        int ofSums = dots ? FloatThinDots.SUMS : (side(p.m) + NR) * wholeVectors(p.m);
        for (int rank = 0; rank < team.size(); rank++) {
            packed[rank] = packed[rank].length < ofPanels ? new float[ofPanels] : packed[rank];
            sums[rank] = sums[rank].length < ofSums ? new float[ofSums] : sums[rank];
        }
        team.run(this);
        product = null;
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
        FloatProduct p = product;
        int from = share(p, rank, size);
        int to = share(p, rank + 1, size);
        if (FloatThinDots.suit(p)) {
            FloatThinDots.multiply(p, from, to, packed[rank], sums[rank]);
        } else {
            multiplyByTiles(p, from, to, packed[rank], sums[rank]);
        }
    }

    private static int share(FloatProduct p, int rank, int size) {
        return p.transB ? Panels.share(p.n, MR, rank, size) : FloatMacroKernel.columnShare(p.n, Cut.WHOLE, rank, size);
    }

    private static void multiplyByTiles(FloatProduct p, int begin, int end, float[] panels, float[] tiles) {
        int side = side(p.m);
        for (int from = begin; from < end; from += side) {
            int to = Math.min(end, from + side);
            for (int pc = 0; pc < p.k; pc += DEPTH) {
                int depth = Math.min(DEPTH, p.k - pc);
                if (p.transB) {
                    packColumns(p, pc, depth, panels);
                    addRows(p, from, to, pc, depth, panels, tiles);
                } else {
                    p.packA(0, p.m, pc, depth, panels, 0);
                    int most = FloatRoute.apart(p.ldb) < Limits.CLASH ? BAND : CLASHING_BAND;
                    for (int first = 0; first < depth; first += most) {
                        addBand(p, from, to, pc, first, Math.min(most, depth - first), depth, panels, tiles);
                    }
                }
            }
            finish(p, from, to, tiles);
        }
    }

    /** The transpose of op(A) as the right operand. */
    private static void packColumns(FloatProduct p, int pc, int depth, float[] panels) {
        if (p.transA) {
            FloatPack.b(depth, p.m, Cut.WHOLE, 1, p.a, p.atA(0, pc), p.lda, panels, 0);
        } else {
            FloatPack.bTransposed(depth, p.m, Cut.WHOLE, 1, p.a, p.atA(0, pc), p.lda, panels, 0);
        }
    }

    /** The sums += op(A) B for a band of rows of B, which begins at pc + first. */
    private static void addBand(FloatProduct p, int from, int to, int pc, int first, int band, int depth,
            float[] panels, float[] tiles) {
        boolean add = pc + first > 0;
        int tile = 0;
        int width;
        for (int j = from; j < to; j += width) {
            width = FloatMacroKernel.panelWidth(to - j, Cut.WHOLE);
            int column = Math.min(j, to - width);
            int rows;
            for (int i = 0; i < p.m; i += rows) {
                rows = Panels.next(p.m - i, MR);
                FloatMacroKernel.tile(rows, width, band, add, Tile.Layout.COLUMNS, panels, i * depth + first * rows,
                        rows, p.b, p.atB(pc + first, column), p.ldb, tiles, tile);
                tile += rows * width;
            }
        }
    }

    /** The sums += (op(A) op(B))^T, for rows of k elements of the stored B. */
    private static void addRows(FloatProduct p, int from, int to, int pc, int depth, float[] panels, float[] tiles) {
        int tile = 0;
        int rows;
        for (int j = from; j < to; j += rows) {
            rows = Panels.next(to - j, MR);
            int width;
            for (int i = 0; i < p.m; i += width) {
                width = FloatMacroKernel.panelWidth(p.m - i, Cut.WHOLE);
                FloatMacroKernel.tile(rows, width, depth, pc > 0, Tile.Layout.ROWS, p.b, p.atB(pc, j), p.ldb, panels,
                        i * depth, width, tiles, tile);
                tile += rows * width;
            }
        }
    }

    /** C = alpha times the sums + beta C. */
    private static void finish(FloatProduct p, int from, int to, float[] tiles) {
        int tile = 0;
        int size;
        for (int j = from; j < to; j += size) {
            size = p.transB ? Panels.next(to - j, MR) : FloatMacroKernel.panelWidth(to - j, Cut.WHOLE);
            // What the last panel computed again is left alone.
            int again = Math.max(0, j + size - to);
            int part;
            for (int i = 0; i < p.m; i += part) {
                part = p.transB ? FloatMacroKernel.panelWidth(p.m - i, Cut.WHOLE) : Panels.next(p.m - i, MR);
                int live = Math.min(part, p.m - i);
                if (p.transB) {
                    for (int column = 0; column < size; column++) {
                        for (int row = 0; row < live; row++) {
                            int at = p.atC(i + row, j + column);
                            p.c[at] = p.element(tiles[tile + column * part + row], at);
                        }
                    }
                } else {
                    for (int row = 0; row < live; row++) {
                        for (int column = again; column < size; column++) {
                            int at = p.atC(i + row, j - again + column);
                            p.c[at] = p.element(tiles[tile + row * size + column], at);
                        }
                    }
                }
                tile += size * part;
            }
        }
    }
}
