package org.mixdyn.kernel.network;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;

/**
 * A uniformly random matrix with orthonormal rows: Gaussian rows, orthonormalised in their order, of which the triangular
 * factor has a positive diagonal (Mezzadri, Notices of the AMS 54, 2007).
 *
 * <p>Blocks of rows are taken off their components along the rows before and then multiplied with the inverse Cholesky
 * factor of their Gram matrix, which is found in binary64; both again, until the Gram matrix was nearly the identity
 * (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya, Electronic Transactions on Numerical Analysis 44, 2015). All of it is
 * matrix products, 4 rows^2 cols flops in most cases.
 */
final class FloatFrame {
    /** Rows of a block. */
    private static final int ROWS = 64;
    /** Columns of a block that are held in binary64 at a time. */
    private static final int COLUMNS = 4096;
    /** Passes over a block at most; two will do in most cases. */
    private static final int MOST_PASSES = 6;
    /** How far a Gram matrix may be from the identity for one more pass to make it that to rounding. */
    private static final double NEAR = 1e-4;

    private final Gemm gemm;
    private final int rows;
    private final int cols;
    private final float[] elements;
    /** Of a block along the rows before it, block x rows. */
    private final float[] components;
    /** Some columns of a block in binary64. */
    private final double[] stretch;
    /** The inverse Cholesky factor times those. */
    private final double[] product;
    /** The Gram matrix of a block, and then its inverse Cholesky factor. */
    private final double[] gram;

    private FloatFrame(int rows, int cols, Gemm gemm) {
        this.rows = rows;
        this.cols = cols;
        this.gemm = gemm;
        elements = new float[rows * cols];
        int block = Math.min(ROWS, rows);
        components = new float[block * rows];
        stretch = new double[block * Math.min(COLUMNS, cols)];
        product = new double[block * Math.min(COLUMNS, cols)];
        gram = new double[block * block];
    }

    /**
     * Draws a frame, the same for any number of threads.
     *
     * @param rows at most cols; rows x cols is at most what an array can have
     * @return row-major rows x cols, a new array
     */
    static float[] draw(int rows, int cols, Gaussian normals, Team team, Gemm gemm) {
        FloatFrame frame = new FloatFrame(rows, cols, gemm);
        double scale = 1 / Math.sqrt(cols);
        team.run((rank, size) -> {
            int from = (int) ((long) rows * cols * rank / size);
            int to = (int) ((long) rows * cols * (rank + 1) / size);
            normals.fill(from, scale, frame.elements, from, to - from);
        });
        for (int row = 0; row < rows; row += ROWS) {
            frame.orthonormalize(row, Math.min(ROWS, rows - row));
        }
        return frame.elements;
    }

    private void orthonormalize(int row, int count) {
        int at = row * cols;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            if (row > 0) {
                gemm.sgemm(false, true, count, row, cols, 1, elements, at, cols, elements, 0, cols, 0, components, 0,
                        row);
                gemm.sgemm(false, false, count, cols, row, -1, components, 0, row, elements, 0, cols, 1, elements, at,
                        cols);
            }
            for (int from = 0; from < cols; from += COLUMNS) {
                int columns = Math.min(COLUMNS, cols - from);
                load(at + from, count, columns);
                gemm.dgemm(false, true, count, count, columns, 1, stretch, 0, columns, stretch, 0, columns,
                        from == 0 ? 0 : 1, gram, 0, count);
            }
            double distance = distanceFromIdentity(count);
            invertCholeskyFactor(count);
            for (int from = 0; from < cols; from += COLUMNS) {
                int columns = Math.min(COLUMNS, cols - from);
                load(at + from, count, columns);
                gemm.dgemm(false, false, count, columns, count, 1, gram, 0, count, stretch, 0, columns, 0, product, 0,
                        columns);
                store(at + from, count, columns);
            }
            if (distance < NEAR) {
                return;
            }
        }
        throw new IllegalStateException("rows " + row + " to " + (row + count - 1) + " of " + rows + " x " + cols
                + " random numbers are dependent");
    }

    private void load(int at, int count, int columns) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < columns; j++) {
                stretch[i * columns + j] = elements[at + i * cols + j];
            }
        }
    }

    private void store(int at, int count, int columns) {
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < columns; j++) {
                elements[at + i * cols + j] = (float) product[i * columns + j];
            }
        }
    }

    private double distanceFromIdentity(int n) {
        double most = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                most = Math.max(most, Math.abs(gram[i * n + j] - (i == j ? 1 : 0)));
            }
        }
        return most;
    }

    /** The Gram matrix M = C C^T, C lower triangular, is overwritten with the inverse of C. */
    private void invertCholeskyFactor(int n) {
        for (int j = 0; j < n; j++) {
            double pivot = gram[j * n + j] - dot(j, j, j, n);
            if (!(pivot > 0)) {
                throw new IllegalStateException("the rows of random numbers are dependent: pivot " + pivot);
            }
            double diagonal = Math.sqrt(pivot);
            gram[j * n + j] = diagonal;
            for (int i = j + 1; i < n; i++) {
                gram[i * n + j] = (gram[i * n + j] - dot(i, j, j, n)) / diagonal;
            }
        }
        for (int j = 0; j < n; j++) {
            gram[j * n + j] = 1 / gram[j * n + j];
        }
        // Row i of the inverse follows from those above, whose columns from j on are there.
        for (int i = 1; i < n; i++) {
            double diagonal = gram[i * n + i];
            for (int j = 0; j < i; j++) {
                double sum = 0;
                for (int k = j; k < i; k++) {
                    sum += gram[i * n + k] * gram[k * n + j];
                }
                product[j] = -diagonal * sum;
            }
            System.arraycopy(product, 0, gram, i * n, i);
            Arrays.fill(gram, i * n + i + 1, i * n + n, 0);
        }
        Arrays.fill(gram, 1, n, 0);
    }

    private double dot(int i, int j, int length, int n) {
        double sum = 0;
        for (int k = 0; k < length; k++) {
            sum += gram[i * n + k] * gram[j * n + k];
        }
        return sum;
    }
}
