package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.DoubleVectors;

/**
 * Joins two nodes of a bidiagonal matrix and the row between them to one (Gu and Eisenstat 1995).
 *
 * <p>
 * With the decompositions of both nodes the matrix is orthogonally equivalent to a diagonal with one full row z in place of
 * the middle one. Where an element of z or the difference of two values is negligible, a value and its vectors stay as they
 * are: the row is deflated. For the others {@link SecularEquation} finds singular values and vectors, and products with
 * the vectors of the nodes give those of the whole.
 *
 * <p>
 * Rows of Q^T and W^T while they are joined: first those of the upper node; then, at the middle, the unit vector of the
 * middle row in Q^T and what is orthogonal to all rows of the upper node in W^T; then those of the lower node, and at the
 * end of W^T what is orthogonal to these if the node has more columns than rows.
 */
final class FloatMerge {
    private static final double ROUNDOFF = Math.ulp(1f) / 2;

    /** What is neglected, in units of the largest element. */
    private static final double NEGLIGIBLE = 8 * ROUNDOFF;

    /** How exactly a root is found. */
    private static final double ACCURACY = 8 * ROUNDOFF;

    /** Of a row of the vectors: which node it comes from. */
    private static final byte UPPER = 0;
    private static final byte BOTH = 1;
    private static final byte LOWER = 2;

    private static final int START = FloatReflectors.START;

    private final FloatNodes nodes;
    private final SecularEquation secular = new SecularEquation();
    private Gemm gemm;

    /** The two nodes. */
    private int begin;
    private int middle;
    private int rows;
    private int columns;

    private double[] z = new double[0];
    private byte[] origin = new byte[0];

    /** Rows of both nodes, their values ascending. */
    private int[] merged = new int[0];

    /** Rows that are kept for the secular equation, ascending, then by origin; and the others. */
    private int[] kept = new int[0];
    private int[] grouped = new int[0];
    private int[] deflated = new int[0];
    private int keptCount;
    private int deflatedCount;

    /** Where the second and the third group of the grouped rows begin, and where the next row of each group goes. */
    private int second;
    private int third;
    private final int[] next = new int[3];

    private double[] leftRow = new double[0];
    private double[] rightRow = new double[0];
    private double[] groupedFirsts = new double[0];
    private double[] groupedLasts = new double[0];
    private float[] leftFactors = new float[0];
    private float[] rightFactors = new float[0];
    private float[] packed = new float[0];

    FloatMerge(FloatNodes nodes) {
        this.nodes = nodes;
    }

    /** Makes room for the rows of all nodes. */
    void reserve(int n) {
        if (z.length < n + 1) {
            z = new double[n + 1];
            origin = new byte[n + 1];
            merged = new int[n];
            kept = new int[n];
            grouped = new int[n];
            deflated = new int[n];
            leftRow = new double[n + 16];
            rightRow = new double[n + 16];
            groupedFirsts = new double[n + 16];
            groupedLasts = new double[n + 16];
        }
        secular.reserve(n);
        int matrix = START + Storage.size(n + 1, Storage.stride(n));
        if (nodes.vectors && packed.length < matrix) {
            leftFactors = new float[matrix];
            rightFactors = new float[matrix];
            packed = new float[matrix];
        }
    }

    /**
     * Joins two nodes that have rows, the first one with a column more than rows.
     *
     * @param first    row of the first node
     * @param upper    its rows
     * @param lower    rows of the second node
     * @param more     0, or 1 if the second node has a column more than rows
     * @param alpha    element of the middle row in the last column of the first node
     * @param beta     element of the middle row in the first column of the second node
     * @param products makes the products
     */
    void run(int first, int upper, int lower, int more, double alpha, double beta, Gemm products) {
        begin = first;
        middle = begin + upper;
        rows = upper + 1 + lower;
        columns = rows + more;
        gemm = products;
        setMiddleRow(alpha, beta);
        if (more == 1) {
            joinNulls(begin + rows);
        }
        mergeOrders(upper, lower);
        double largest = Math.max(Math.max(Math.abs(alpha), Math.abs(beta)), nodes.values[merged[rows - 2]]);
        deflate(NEGLIGIBLE * largest);
        group();
        secular.solve(keptCount, ACCURACY);
        finish();
    }

    /** z is the middle row times W of both nodes, whose rows of W^T become longer by zeros. */
    private void setMiddleRow(double alpha, double beta) {
        double[] firsts = nodes.firsts;
        double[] lasts = nodes.lasts;
        for (int i = begin; i <= middle; i++) {
            origin[i] = UPPER;
            z[i] = alpha * lasts[i];
            lasts[i] = 0;
        }
        for (int i = middle + 1; i < begin + columns; i++) {
            origin[i] = LOWER;
            z[i] = beta * firsts[i];
            firsts[i] = 0;
        }
        nodes.values[middle] = 0;
        if (nodes.vectors) {
            nodes.left[nodes.at(middle, middle)] = 1;
        }
    }

    /** Turns two rows of W^T that are orthogonal to all others so that the last one has no part in the middle row. */
    private void joinNulls(int last) {
        double length = Math.hypot(z[middle], z[last]);
        if (length > 0) {
            nodes.rotateRight(middle, last, z[middle] / length, z[last] / length, begin, columns);
        }
        z[middle] = length;
    }

    private void mergeOrders(int upper, int lower) {
        double[] values = nodes.values;
        int[] order = nodes.order;
        int i = begin;
        int j = middle + 1;
        int end = j + lower;
        for (int place = 0; place < upper + lower; place++) {
            boolean takeUpper = j == end || i < middle && values[order[i]] <= values[order[j]];
            merged[place] = takeUpper ? order[i++] : order[j++];
        }
    }

    /** Parts the rows into kept ones, the middle one first, and deflated ones. */
    private void deflate(double negligible) {
        double[] values = nodes.values;
        if (Math.abs(z[middle]) <= negligible) {
            z[middle] = negligible;
        }
        kept[0] = middle;
        keptCount = 1;
        deflatedCount = 0;
        int previous = -1;
        for (int place = 0; place < rows - 1; place++) {
            int row = merged[place];
            if (Math.abs(z[row]) <= negligible) {
                deflated[deflatedCount++] = row;
            } else if (previous >= 0 && values[row] - values[previous] <= negligible) {
                joinEqual(row, previous);
                deflated[deflatedCount++] = previous;
                previous = row;
            } else {
                if (previous >= 0) {
                    kept[keptCount++] = previous;
                }
                previous = row;
            }
        }
        if (previous >= 0) {
            kept[keptCount++] = previous;
        }
        if (keptCount > 1 && values[kept[1]] <= negligible / 2) {
            values[kept[1]] = negligible / 2;
        }
    }

    /** Turns the vectors of two equal values so that the second one has no part in the middle row. */
    private void joinEqual(int row, int other) {
        double length = Math.hypot(z[row], z[other]);
        double c = z[row] / length;
        double s = z[other] / length;
        nodes.rotateRight(row, other, c, s, begin, columns);
        nodes.rotateLeft(row, other, c, s, begin, rows);
        z[row] = length;
        if (origin[row] != origin[other]) {
            origin[row] = BOTH;
        }
    }

    /**
     * Gives the kept rows to the secular equation: those of the upper node, then those of both, the middle one first, then
     * those of the lower node.
     */
    private void group() {
        second = 0;
        int both = 1;
        for (int i = 1; i < keptCount; i++) {
            second += origin[kept[i]] == UPPER ? 1 : 0;
            both += origin[kept[i]] == BOTH ? 1 : 0;
        }
        third = second + both;
        next[UPPER] = 0;
        next[BOTH] = second;
        next[LOWER] = third;
        for (int i = 0; i < keptCount; i++) {
            int row = kept[i];
            int place = next[row == middle ? BOTH : origin[row]]++;
            grouped[place] = row;
            secular.poles[place] = nodes.values[row];
            secular.weights[place] = z[row];
            secular.ascending[i] = place;
            groupedFirsts[place] = nodes.firsts[row];
            groupedLasts[place] = nodes.lasts[row];
        }
    }

    /** Values and vectors of the whole: first those of the secular equation, then those that stay. */
    private void finish() {
        double[] values = nodes.values;
        double[] firsts = nodes.firsts;
        double[] lasts = nodes.lasts;
        for (int t = 0; t < deflatedCount; t++) {
            z[keptCount + t] = values[deflated[t]];
            groupedFirsts[keptCount + t] = firsts[deflated[t]];
            groupedLasts[keptCount + t] = lasts[deflated[t]];
        }
        int factorStride = Storage.stride(keptCount);
        for (int i = 0; i < keptCount; i++) {
            secular.vectors(i, second, leftRow, rightRow);
            firsts[begin + i] = DoubleVectors.dot(keptCount, rightRow, 0, groupedFirsts, 0);
            lasts[begin + i] = DoubleVectors.dot(keptCount, rightRow, 0, groupedLasts, 0);
            values[begin + i] = secular.root(i);
            nodes.insert(begin, i, begin + i);
            if (nodes.vectors) {
                for (int g = 0; g < keptCount; g++) {
                    leftFactors[START + i * factorStride + g] = (float) leftRow[g];
                    rightFactors[START + i * factorStride + g] = (float) rightRow[g];
                }
            }
        }
        for (int i = keptCount; i < rows; i++) {
            values[begin + i] = z[i];
            firsts[begin + i] = groupedFirsts[i];
            lasts[begin + i] = groupedLasts[i];
            nodes.insert(begin, i, begin + i);
        }
        if (nodes.vectors) {
            multiply(nodes.left, leftFactors, factorStride, rows);
            multiply(nodes.right, rightFactors, factorStride, columns);
        }
    }

    /** The new rows of one side: products of the factors with the kept rows, each part of the columns with the rows it has. */
    private void multiply(float[] matrix, float[] factors, int factorStride, int width) {
        int stride = nodes.stride;
        int packedStride = Storage.stride(width);
        for (int i = 0; i < rows; i++) {
            int row = i < keptCount ? grouped[i] : deflated[i - keptCount];
            System.arraycopy(matrix, nodes.at(row, begin), packed, START + i * packedStride, width);
        }
        int target = nodes.at(begin, begin);
        int upperColumns = middle - begin + 1;
        gemm.sgemm(false, false, keptCount, upperColumns, third, 1, factors, START, factorStride, packed, START,
                packedStride, 0, matrix, target, stride);
        gemm.sgemm(false, false, keptCount, width - upperColumns, keptCount - second, 1, factors, START + second,
                factorStride, packed, START + second * packedStride + upperColumns, packedStride, 0, matrix,
                target + upperColumns, stride);
        for (int i = keptCount; i < rows; i++) {
            System.arraycopy(packed, START + i * packedStride, matrix, target + i * stride, width);
        }
    }
}
