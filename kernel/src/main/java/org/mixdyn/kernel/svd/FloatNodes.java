package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.simd.FloatVectors;

/**
 * The decomposed parts of a bidiagonal matrix B. A node is a block of rows begin .. begin + rows - 1 of B and of as many
 * columns, or one more, with its decomposition Q S W^T; nodes do not overlap, so all of them share arrays with a place for
 * each row of B, and one more for the last row of W^T where a node has more columns than rows.
 *
 * <p>
 * Values and the first and last elements of the vectors in W are binary64.
 */
final class FloatNodes {
    /** Singular values by row, and the first and last element of the row of W^T within its node. */
    double[] values = new double[0];
    double[] firsts = new double[0];
    double[] lasts = new double[0];

    /** Rows of a node in ascending order of their values. */
    int[] order = new int[0];

    /** Whether there are Q^T and W^T. */
    boolean vectors;

    /** Q^T and W^T, row-major from {@link FloatReflectors#START} on, each node in its columns; zero elsewhere. */
    float[] left;
    float[] right;
    int stride;

    /**
     * Makes room for a matrix and forgets the last one.
     *
     * @param n               order of B
     * @param leftTransposed  overwritten with 0, rows {@link Storage#stride}(n) apart from
     *                        {@link FloatReflectors#START} on; null if no vectors are wanted
     * @param rightTransposed the same; null together with the other
     */
    void reset(int n, float[] leftTransposed, float[] rightTransposed) {
        left = leftTransposed;
        right = rightTransposed;
        vectors = left != null;
        stride = Storage.stride(n);
        if (values.length < n + 1) {
            values = new double[n + 1];
            firsts = new double[n + 1];
            lasts = new double[n + 1];
            order = new int[n];
        }
        if (vectors) {
            Arrays.fill(left, 0, at(n, 0), 0f);
            Arrays.fill(right, 0, at(n, 0), 0f);
        }
    }

    /** The place of element (i, j) of Q^T or W^T. */
    int at(int i, int j) {
        return FloatReflectors.START + i * stride + j;
    }

    /** Puts a row into the order of a node that has count rows in order already. */
    void insert(int begin, int count, int row) {
        int place = begin + count;
        while (place > begin && values[order[place - 1]] > values[row]) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = row;
    }

    /** (x, y) <- (c x + s y, c y - s x) for two rows of W^T of a node that begins there and has so many columns. */
    void rotateRight(int x, int y, double c, double s, int begin, int columns) {
        double firstX = firsts[x];
        double lastX = lasts[x];
        firsts[x] = c * firstX + s * firsts[y];
        firsts[y] = c * firsts[y] - s * firstX;
        lasts[x] = c * lastX + s * lasts[y];
        lasts[y] = c * lasts[y] - s * lastX;
        rotate(right, x, y, c, s, begin, columns);
    }

    /** The same for two rows of Q^T. */
    void rotateLeft(int x, int y, double c, double s, int begin, int columns) {
        rotate(left, x, y, c, s, begin, columns);
    }

    private void rotate(float[] matrix, int x, int y, double c, double s, int begin, int columns) {
        if (vectors) {
            FloatVectors.rotate(columns, (float) c, (float) s, matrix, at(x, begin), matrix, at(y, begin));
        }
    }
}
