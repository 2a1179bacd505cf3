package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.DoubleVectors;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * The singular value decomposition of an upper bidiagonal matrix, B = Q S W^T, by divide and conquer (Gu and Eisenstat
 * 1995).
 *
 * <p>
 * Without its middle row B falls into two halves, the upper one with a column more than rows. Given both decompositions,
 * B is orthogonally equivalent to a diagonal with one full row z in place of the middle one: {@link SecularEquation} finds
 * its singular values and vectors, and products with the vectors of the halves give those of B. Where an element of z
 * or the difference of two values is negligible, a value and its vectors stay as they are, and products get smaller.
 * Small blocks are left to the QR iteration.
 *
 * <p>
 * Values, z and what it is made of, the first and last elements of the vectors in W, are kept in binary64. So the values
 * are the same bits with or without vectors.
 */
final class FloatDivideAndConquer {
    /** Rows of a block that the QR iteration takes over. */
    static final int LEAF = 16;

    private static final double ROUNDOFF = Math.ulp(1f) / 2;

    /** What is neglected, in units of the largest element of a node. */
    private static final double NEGLIGIBLE = 8 * ROUNDOFF;

    /** How exactly a root is found. */
    private static final double ACCURACY = 8 * ROUNDOFF;

    /** Of a row of the vectors: which half it comes from. */
    private static final byte UPPER = 0;
    private static final byte BOTH = 1;
    private static final byte LOWER = 2;

    private static final int LEAF_STRIDE = Storage.stride(LEAF + 1);

    private final SecularEquation secular = new SecularEquation();
    private final FloatBidiagonalIteration iteration = new FloatBidiagonalIteration();
    private final FloatRotations leafLeftRotations = new FloatRotations();
    private final FloatRotations leafRightRotations = new FloatRotations();
    private final float[] leafLeft = new float[Storage.size(LEAF, LEAF_STRIDE)];
    private final float[] leafRight = new float[Storage.size(LEAF + 1, LEAF_STRIDE)];
    private final float[] leafDiagonal = new float[LEAF];
    private final float[] leafSuperdiagonal = new float[LEAF];

    private Gemm gemm;
    private boolean vectors;
    private int stride;
    private float[] d;
    private float[] e;
    private float[] left;
    private float[] right;

    /** Singular values by row, and the first and last element of the row of W^T within its node. */
    private double[] values = new double[0];
    private double[] firsts = new double[0];
    private double[] lasts = new double[0];
    private double[] z = new double[0];

    /** Rows of a node in ascending order of their values. */
    private int[] order = new int[0];
    private int[] merged = new int[0];
    private byte[] origin = new byte[0];

    /** Rows that a merge keeps for the secular equation, ascending, then by origin; and the others. */
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

    /**
     * Decomposes B.
     *
     * @param n               order of B
     * @param diagonal        n elements; overwritten with the singular values, of either sign
     * @param superdiagonal   n elements, the last one unused; destroyed
     * @param descending      overwritten with the places of the values, those of the larger ones first, nearly in order
     * @param leftTransposed  overwritten with Q^T, row-major, rows {@link Storage#stride}(n) apart; null if not wanted
     * @param rightTransposed the same for W^T; null together with the other
     */
    void run(int n, float[] diagonal, float[] superdiagonal, int[] descending, float[] leftTransposed,
            float[] rightTransposed, Gemm products) {
        d = diagonal;
        e = superdiagonal;
        left = leftTransposed;
        right = rightTransposed;
        gemm = products;
        vectors = left != null;
        stride = Storage.stride(n);
        reserve(n);
        if (vectors) {
            Arrays.fill(left, 0, n * stride, 0f);
            Arrays.fill(right, 0, n * stride, 0f);
        }
        float negligible = n <= LEAF ? 0 : (float) ROUNDOFF * largest(0, n);
        int begin = 0;
        for (int i = 0; i < n; i++) {
            if (i == n - 1 || Math.abs(e[i]) <= negligible) {
                block(begin, i + 1 - begin);
                begin = i + 1;
            }
        }
        for (int i = 0; i < n; i++) {
            diagonal[i] = (float) values[i];
            descending[i] = order[n - 1 - i];
        }
    }

    private void reserve(int n) {
        if (values.length < n + 1) {
            values = new double[n + 1];
            firsts = new double[n + 1];
            lasts = new double[n + 1];
            z = new double[n + 1];
            order = new int[n];
            merged = new int[n];
            origin = new byte[n + 1];
            kept = new int[n];
            grouped = new int[n];
            deflated = new int[n];
            leftRow = new double[n + 16];
            rightRow = new double[n + 16];
            groupedFirsts = new double[n + 16];
            groupedLasts = new double[n + 16];
        }
        if (n > LEAF) {
            secular.reserve(n);
            int matrix = Storage.size(n + 1, Storage.stride(n));
            if (vectors && packed.length < matrix) {
                leftFactors = new float[matrix];
                rightFactors = new float[matrix];
                packed = new float[matrix];
            }
        }
    }

    private float largest(int begin, int rows) {
        float largest = FloatVectors.maxAbs(rows, d, begin);
        return rows > 1 ? Math.max(largest, FloatVectors.maxAbs(rows - 1, e, begin)) : largest;
    }

    /** A block with no zero beside its diagonal, scaled so that no square of an element that matters underflows. */
    private void block(int begin, int rows) {
        float largest = largest(begin, rows);
        int exponent = largest == 0 ? 0 : Math.getExponent(largest);
        if (rows > LEAF) {
            float scale = Math.scalb(1f, -exponent);
            FloatVectors.scale(rows, scale, d, begin, d, begin);
            FloatVectors.scale(rows - 1, scale, e, begin, e, begin);
            node(begin, rows, 0);
            double unscale = Math.scalb(1.0, exponent);
            for (int i = begin; i < begin + rows; i++) {
                values[i] *= unscale;
            }
        } else {
            node(begin, rows, 0);
        }
    }

    /** Rows begin .. begin + rows - 1, and as many columns, or one more. */
    private void node(int begin, int rows, int more) {
        if (rows <= LEAF) {
            leaf(begin, rows, more);
        } else {
            int upper = (rows - 1) / 2;
            int lower = rows - 1 - upper;
            node(begin, upper, 1);
            node(begin + upper + 1, lower, more);
            merge(begin, upper, lower, more);
        }
    }

    private void leaf(int begin, int rows, int more) {
        int columns = rows + more;
        System.arraycopy(d, begin, leafDiagonal, 0, rows);
        System.arraycopy(e, begin, leafSuperdiagonal, 0, rows - 1 + more);
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
        if (vectors) {
            Arrays.fill(leafLeft, 0, rows * LEAF_STRIDE, 0f);
            for (int i = 0; i < rows; i++) {
                leafLeft[i * LEAF_STRIDE + i] = 1;
            }
            leafLeftRotations.reset(leafLeft, rows, rows, LEAF_STRIDE);
        }
        iteration.run(rows, leafDiagonal, leafSuperdiagonal, vectors ? leafLeftRotations : null, leafRightRotations);
        for (int i = 0; i < columns; i++) {
            int row = i * LEAF_STRIDE;
            if (i < rows) {
                if (leafDiagonal[i] < 0) {
                    FloatVectors.scale(width, -1, leafRight, row, leafRight, row);
                }
                values[begin + i] = Math.abs(leafDiagonal[i]);
                insert(begin, i, begin + i);
            }
            firsts[begin + i] = leafRight[row];
            lasts[begin + i] = leafRight[row + width - 1];
            if (vectors) {
                System.arraycopy(leafRight, row, right, (begin + i) * stride + begin, columns);
                if (i < rows) {
                    System.arraycopy(leafLeft, row, left, (begin + i) * stride + begin, rows);
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

    /** Puts a row into the order of a node that has count rows in order already. */
    private void insert(int begin, int count, int row) {
        int place = begin + count;
        while (place > begin && values[order[place - 1]] > values[row]) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = row;
    }

    /**
     * Joins two nodes. Rows of Q^T and W^T: begin .. for the upper node, middle for the unit vector of the middle row in Q^T
     * and for what is orthogonal to all rows of the upper node in W^T, lowerBegin .. for the lower node, and at the end of W^T
     * what is orthogonal to that one if it has more columns than rows.
     */
    private void merge(int begin, int upper, int lower, int more) {
        int middle = begin + upper;
        int lowerBegin = middle + 1;
        int rows = upper + 1 + lower;
        double alpha = d[middle];
        double beta = e[middle];
        for (int i = begin; i <= middle; i++) {
            origin[i] = UPPER;
            z[i] = alpha * lasts[i];
            lasts[i] = 0;
        }
        for (int i = lowerBegin; i < begin + rows + more; i++) {
            origin[i] = LOWER;
            z[i] = beta * firsts[i];
            firsts[i] = 0;
        }
        values[middle] = 0;
        if (vectors) {
            left[middle * stride + middle] = 1;
        }
        if (more == 1) {
            joinNulls(middle, begin + rows, begin, rows + 1);
        }
        double largest = Math.max(Math.abs(alpha), Math.abs(beta));
        mergeOrders(begin, upper, lowerBegin, lower);
        if (rows > 1) {
            largest = Math.max(largest, values[merged[rows - 2]]);
        }
        deflate(begin, middle, rows, more, NEGLIGIBLE * largest);
        group(middle);
        secular.solve(keptCount, ACCURACY);
        finish(begin, rows, more);
    }

    /** Turns two rows of W^T that are orthogonal to all others so that the second one has no part in the middle row. */
    private void joinNulls(int middle, int last, int begin, int columns) {
        double length = Math.hypot(z[middle], z[last]);
        if (length > 0) {
            rotate(middle, last, z[middle] / length, z[last] / length, begin, columns, false);
        }
        z[middle] = length;
        origin[middle] = BOTH;
    }

    /** Rotates two rows of W^T, and of Q^T too. */
    private void rotate(int x, int y, double c, double s, int begin, int columns, boolean both) {
        double firstX = firsts[x];
        double lastX = lasts[x];
        firsts[x] = c * firstX + s * firsts[y];
        firsts[y] = c * firsts[y] - s * firstX;
        lasts[x] = c * lastX + s * lasts[y];
        lasts[y] = c * lasts[y] - s * lastX;
        if (vectors) {
            FloatVectors.rotate(columns, (float) c, (float) s, right, x * stride + begin, right, y * stride + begin);
            if (both) {
                FloatVectors.rotate(columns, (float) c, (float) s, left, x * stride + begin, left, y * stride + begin);
            }
        }
    }

    private void mergeOrders(int begin, int upper, int lowerBegin, int lower) {
        int i = begin;
        int j = lowerBegin;
        for (int place = 0; place < upper + lower; place++) {
            boolean takeUpper = j == lowerBegin + lower
                    || i < begin + upper && values[order[i]] <= values[order[j]];
            merged[place] = takeUpper ? order[i++] : order[j++];
        }
    }

    /** Parts the rows into kept ones, the middle one first, and deflated ones. */
    private void deflate(int begin, int middle, int rows, int more, double negligible) {
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
                // Turned so that only one of two equal values meets the middle row.
                double length = Math.hypot(z[row], z[previous]);
                rotate(row, previous, z[row] / length, z[previous] / length, begin, rows + more, true);
                z[row] = length;
                if (origin[row] != origin[previous]) {
                    origin[row] = BOTH;
                }
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

    /**
     * Gives the kept rows to the secular equation: those of the upper node, then those of both, the middle one first, then
     * those of the lower node.
     */
    private void group(int middle) {
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
            secular.poles[place] = values[row];
            secular.weights[place] = z[row];
            secular.ascending[i] = place;
            groupedFirsts[place] = firsts[row];
            groupedLasts[place] = lasts[row];
        }
    }

    /** Values and vectors of a node from those of the secular equation. */
    private void finish(int begin, int rows, int more) {
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
            insert(begin, i, begin + i);
            if (vectors) {
                for (int g = 0; g < keptCount; g++) {
                    leftFactors[i * factorStride + g] = (float) leftRow[g];
                    rightFactors[i * factorStride + g] = (float) rightRow[g];
                }
            }
        }
        for (int i = keptCount; i < rows; i++) {
            values[begin + i] = z[i];
            firsts[begin + i] = groupedFirsts[i];
            lasts[begin + i] = groupedLasts[i];
            insert(begin, i, begin + i);
        }
        if (vectors) {
            multiply(left, leftFactors, factorStride, begin, rows, rows);
            multiply(right, rightFactors, factorStride, begin, rows, rows + more);
        }
    }

    /** The new rows of one side: products of the factors with the kept rows, each half of the columns with the rows it has. */
    private void multiply(float[] matrix, float[] factors, int factorStride, int begin, int rows, int columns) {
        int packedStride = Storage.stride(columns);
        for (int i = 0; i < rows; i++) {
            int row = i < keptCount ? grouped[i] : deflated[i - keptCount];
            System.arraycopy(matrix, row * stride + begin, packed, i * packedStride, columns);
        }
        int target = begin * stride + begin;
        int upperColumns = (rows - 1) / 2 + 1;
        gemm.sgemm(false, false, keptCount, upperColumns, third, 1, factors, 0, factorStride, packed, 0, packedStride,
                0,
                matrix, target, stride);
        gemm.sgemm(false, false, keptCount, columns - upperColumns, keptCount - second, 1, factors, second,
                factorStride, packed, second * packedStride + upperColumns, packedStride, 0, matrix,
                target + upperColumns, stride);
        for (int i = keptCount; i < rows; i++) {
            System.arraycopy(packed, i * packedStride, matrix, target + i * stride, columns);
        }
    }
}
