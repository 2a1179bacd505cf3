package org.mixdyn.kernel.gemm;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.gemm.code.FloatInnerProducts;
import org.mixdyn.kernel.gemm.code.InnerProductCode;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * A {@link FloatThinProduct} by inner products of the few rows of op(A) with rows of a B that is stored n x k, a
 * stretch of k at a time. That of A is copied, so that it lies along k and stays in the L1 or L2 cache.
 */
final class FloatThinDots {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final int LINE = Precision.F32.lineElements();

    /**
     * Rows of A at most. The micro-kernel takes the elements of B's rows one by one: for eight bytes each and three
     * rows or more of A that is as fast as memory, for four bytes it is not. Eight rows ask for 32 registers; where
     * vectors are taken in halves they were not tried, nor two of binary64.
     */
    static final int MOST = Precision.F32.bytes() == 8 ? Lanes.WHOLE_512 ? 2 : 1 : Lanes.WHOLE_512 ? 8 : 4;

    /** Sums side by side at most. */
    private static final int TOGETHER = Lanes.THIRTY_TWO_REGISTERS ? 16 : 4;

    /** Elements for sums. */
    static final int SUMS = TOGETHER * L;

    /**
     * k from which on one row of A meets several of B together, as more rows do: to begin and to end that loop takes
     * as long as some hundred elements, and those of a short row are all under way at once. Where vectors are
     * shorter, or taken in halves, it was not tried.
     */
    private static final int LONG = Lanes.WHOLE_512 ? 2048 : Integer.MAX_VALUE;

    /** Loops for one, two, four and eight rows of A, as many as {@link #MOST} asks for. */
    private static final FloatInnerProducts[] LOOPS = new FloatInnerProducts[Integer.numberOfTrailingZeros(MOST) + 1];

    static {
        // Of one row none that is not used.
        for (int log = LONG == Integer.MAX_VALUE ? 1 : 0; log < LOOPS.length; log++) {
            LOOPS[log] = InnerProductCode.make(Precision.F32, rowsOfB(1 << log), 1 << log, FloatInnerProducts.class);
        }
    }

    /** Where the first row of X begins in its copy: at a cache line. */
    private static final int START = Precision.F32.lineStart();

    private FloatThinDots() {
    }

    /** Whether this is the way of a product with few rows. */
    static boolean suit(FloatProduct p) {
        return p.transB && p.m <= MOST;
    }

    /** Rows of A in a loop: there are rows of zeros besides, up to a power of two. */
    private static int columns(int few) {
        return few == 1 ? 1 : 2 * Integer.highestOneBit(few - 1);
    }

    /** Rows of B in it. */
    private static int rowsOfB(int columns) {
        return Math.min(columns == 1 ? 8 : 4, TOGETHER / columns);
    }

    /**
     * Columns of a stretch. The longer, the better the processor foresees the rows of B, which for one row of A are
     * mostly read as a whole, in the order of memory; four and eight of A fill two thirds of an L1 cache of 48 KiB.
     */
    private static int stretch(int few) {
        return few == 1 ? 8192 : few <= 4 ? 2048 : 1024;
    }

    /** Distance between copied rows of A: an odd number of lines, so that they are in different sets of the cache. */
    private static int stride(int few, int k) {
        return (Math.ceilDiv(Math.min(stretch(few), k), LINE) | 1) * LINE;
    }

    /** Elements for the copy of a stretch of A. */
    static int sizeOfRows(int few, int k) {
        return START + columns(few) * stride(few, k);
    }

    /**
     * Some columns of C, by rows from .. to - 1 of the stored B.
     *
     * @param rows of {@link #sizeOfRows}, overwritten
     * @param sums of {@link #SUMS}, overwritten
     */
    static void multiply(FloatProduct p, int from, int to, float[] rows, float[] sums) {
        int most = stretch(p.m);
        for (int pc = 0; pc < p.k; pc += most) {
            int depth = Math.min(most, p.k - pc);
            copyRows(p, pc, depth, rows);
            if (p.m == 1 && p.k < LONG) {
                oneByOne(p, from, to, pc, depth, rows);
            } else {
                together(p, from, to, pc, depth, rows, sums);
            }
        }
    }

    private static void copyRows(FloatProduct p, int pc, int depth, float[] rows) {
        int stride = stride(p.m, p.k);
        for (int j = 0; j < p.m; j++) {
            for (int q = 0; q < depth; q++) {
                rows[START + j * stride + q] = p.a[p.atA(j, pc + q)];
            }
        }
        for (int j = p.m; j < columns(p.m); j++) {
            Arrays.fill(rows, START + j * stride, START + j * stride + depth, 0);
        }
    }

    private static void oneByOne(FloatProduct p, int from, int to, int pc, int depth, float[] rows) {
        for (int i = from; i < to; i++) {
            add(p, 0, i, pc, FloatVectors.dot(depth, p.b, p.atB(pc, i), rows, START));
        }
    }

    private static void together(FloatProduct p, int from, int to, int pc, int depth, float[] rows, float[] sums) {
        int stride = stride(p.m, p.k);
        int columns = columns(p.m);
        int together = rowsOfB(columns);
        FloatInnerProducts loop = LOOPS[Integer.numberOfTrailingZeros(columns)];
        int whole = depth / L * L;
        for (int i = from; i < to; i += together) {
            // Of the last rows of B, nr at least, some before are taken along, and left alone.
            int first = Math.min(i, p.n - together);
            loop.multiply(whole, p.b, p.atB(pc, first), p.ldb, rows, START, stride, sums);
            for (int row = i; row < Math.min(to, i + together); row++) {
                int at = p.atB(pc, row);
                for (int j = 0; j < p.m; j++) {
                    // From memory: as it leaves a loop, a vector may be an object.
                    float dot = FloatVectors.sum(FloatVector.fromArray(S, sums, ((row - first) * columns + j) * L));
                    for (int q = whole; q < depth; q++) {
                        dot = Math.fma(p.b[at + q], rows[START + j * stride + q], dot);
                    }
                    add(p, j, row, pc, dot);
                }
            }
        }
    }

    /** The first stretch makes alpha op(A) op(B) + beta C, the others add to it. */
    private static void add(FloatProduct p, int i, int j, int pc, float dot) {
        int at = p.atC(i, j);
        p.c[at] = pc > 0 ? p.c[at] + p.alpha * dot : p.element(dot, at);
    }
}
