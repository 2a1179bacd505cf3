package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * The singular value decomposition of an upper bidiagonal matrix, B = Q S W^T, by divide and conquer (Gu and Eisenstat
 * 1995).
 *
 * <p>
 * Without its middle row B falls into two halves, the upper one with a column more than rows; {@link FloatMerge} makes one
 * decomposition of theirs and the middle row. Small blocks are left to the QR iteration.
 *
 * <p>
 * The values are the same bits with or without vectors: what they are made of is kept in binary64 beside them.
 */
final class FloatDivideAndConquer {
    /** Rows of a block that the QR iteration takes over. */
    static final int LEAF = 16;

    private static final float ROUNDOFF = Math.ulp(1f) / 2;

    private static final int LEAF_STRIDE = Storage.stride(LEAF + 1);

    private final FloatNodes nodes = new FloatNodes();
    private final FloatMerge merge = new FloatMerge(nodes);
    private final FloatBidiagonalIteration iteration = new FloatBidiagonalIteration();
    private final FloatRotations leafLeftRotations = new FloatRotations();
    private final FloatRotations leafRightRotations = new FloatRotations();
    private final float[] leafLeft = new float[Storage.size(LEAF, LEAF_STRIDE)];
    private final float[] leafRight = new float[Storage.size(LEAF + 1, LEAF_STRIDE)];
    private final float[] leafDiagonal = new float[LEAF];
    private final float[] leafSuperdiagonal = new float[LEAF];

    private Gemm gemm;
    private float[] d;
    private float[] e;

    /**
     * Decomposes B, whose largest element must be far from overflow and underflow.
     *
     * @param n               order of B
     * @param diagonal        n elements; overwritten with the singular values, none of them negative
     * @param superdiagonal   n elements, the last one unused; destroyed
     * @param descending      overwritten with the places of the values, those of the larger ones first, nearly in order
     * @param leftTransposed  overwritten with Q^T, row-major, rows {@link Storage#stride}(n) apart from
     *                        {@link FloatReflectors#START} on; null if not wanted
     * @param rightTransposed the same for W^T; null together with the other
     */
    void run(int n, float[] diagonal, float[] superdiagonal, int[] descending, float[] leftTransposed,
            float[] rightTransposed, Gemm products) {
        d = diagonal;
        e = superdiagonal;
        gemm = products;
        nodes.reset(n, leftTransposed, rightTransposed);
        if (n > LEAF) {
            merge.reserve(n);
        }
        float negligible = n <= LEAF
                ? 0
                : ROUNDOFF * Math.max(FloatVectors.maxAbs(n, d, 0), FloatVectors.maxAbs(n - 1, e, 0));
        int begin = 0;
        for (int i = 0; i < n; i++) {
            // No block that is left is so small beside the others that squares of its elements would underflow.
            if (i == n - 1 || Math.abs(e[i]) <= negligible) {
                node(begin, i + 1 - begin, 0);
                begin = i + 1;
            }
        }
        for (int i = 0; i < n; i++) {
            diagonal[i] = (float) nodes.values[i];
            descending[i] = nodes.order[n - 1 - i];
        }
    }

    /** Rows begin .. begin + rows - 1, and as many columns, or one more. */
    private void node(int begin, int rows, int more) {
        if (rows <= LEAF) {
            leaf(begin, rows, more);
        } else {
            int upper = (rows - 1) / 2;
            int lower = rows - 1 - upper;
            int middle = begin + upper;
            node(begin, upper, 1);
            node(middle + 1, lower, more);
            merge.run(begin, upper, lower, more, d[middle], e[middle], gemm);
        }
    }

    private void leaf(int begin, int rows, int more) {
        int columns = rows + more;
        System.arraycopy(d, begin, leafDiagonal, 0, rows);
        System.arraycopy(e, begin, leafSuperdiagonal, 0, rows - 1 + more);
        boolean vectors = nodes.vectors;
        // Without vectors only the first and the last column of W^T are carried along.
        int width = vectors ? columns : 2;
        Arrays.fill(leafRight, 0, columns * LEAF_STRIDE, 0f);
        for (int i = 0; i < columns; i++) {
            if (vectors) {
                leafRight[i * LEAF_STRIDE + i] = 1;
            } else {
                leafRight[i * LEAF_STRIDE] = i == 0 ? 1 : 0;
                leafRight[i * LEAF_STRIDE + 1] = i == columns - 1 ? 1 : 0;
            }
        }
        if (more == 1) {
            removeLastColumn(rows, width);
        }
        leafRightRotations.reset(leafRight, rows, width, LEAF_STRIDE);
        Arrays.fill(leafLeft, 0, rows * LEAF_STRIDE, 0f);
        for (int i = 0; i < rows; i++) {
            leafLeft[i * LEAF_STRIDE + i] = 1;
        }
        leafLeftRotations.reset(leafLeft, rows, vectors ? rows : 0, LEAF_STRIDE);
        iteration.run(rows, leafDiagonal, leafSuperdiagonal, leafLeftRotations, leafRightRotations);
        for (int i = 0; i < columns; i++) {
            int row = i * LEAF_STRIDE;
            if (i < rows) {
                if (leafDiagonal[i] < 0) {
                    FloatVectors.scale(width, -1, leafRight, row, leafRight, row);
                }
                nodes.values[begin + i] = Math.abs(leafDiagonal[i]);
                nodes.insert(begin, i, begin + i);
            }
            nodes.firsts[begin + i] = leafRight[row];
            nodes.lasts[begin + i] = leafRight[row + width - 1];
            if (vectors) {
                int place = nodes.at(begin + i, begin);
                System.arraycopy(leafRight, row, nodes.right, place, columns);
                if (i < rows) {
                    System.arraycopy(leafLeft, row, nodes.left, place, rows);
                }
            }
        }
    }

    /** Rotates the last of rows + 1 columns into the others, from the last row to the first. */
    private void removeLastColumn(int rows, int width) {
        float beside = leafSuperdiagonal[rows - 1];
        int last = rows * LEAF_STRIDE;
        for (int i = rows - 1; i >= 0 && beside != 0; i--) {
            float length = (float) Math.hypot(leafDiagonal[i], beside);
            float c = leafDiagonal[i] / length;
            float s = beside / length;
            leafDiagonal[i] = length;
            FloatVectors.rotate(width, c, s, leafRight, i * LEAF_STRIDE, leafRight, last);
            if (i > 0) {
                beside = -s * leafSuperdiagonal[i - 1];
                leafSuperdiagonal[i - 1] *= c;
            }
        }
    }
}
