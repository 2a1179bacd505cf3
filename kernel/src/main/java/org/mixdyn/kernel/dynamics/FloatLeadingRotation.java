package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.FloatSvd;

/**
 * Rotations P and Q after which the first r rows and columns of an n x n matrix, whose values stand above all others, are
 * coupled to the others no more, and are diagonal:
 *
 * <pre>
 *   A = [S C; E B],   P^T A Q = [diag 0; 0 B'].
 * </pre>
 *
 * The first r columns of P and Q span the leading singular subspaces [I; F] and [I; K],
 *
 * <pre>
 *   F = (E + B K) (S + C K)^-1,   K = (C^T + B^T F) (S^T + E^T F)^-1,
 * </pre>
 *
 * which is solved by turns: each round shrinks what is left by the square of the gap. Of all rotations onto a subspace
 * Cayley's, (I - W / 2)^-1 (I + W / 2) with W = [0 -H^T; H 0] and F = H (I - H^T H / 4)^-1, moves the other directions least.
 * It is a reflection and a change of sign,
 *
 * <pre>
 *   (I - 2 L D L^T) [-I 0; 0 I],   L = [I; H / 2],   D = (L^T L)^-1 = (I + H^T H / 4)^-1,
 * </pre>
 *
 * and takes products with r columns alone. Those are so few that vectors run along the rows of the n x n matrix, and along the
 * rows of F^T and its like. Small values are kept to a rounding of themselves and of what turns into them.
 */
final class FloatLeadingRotation {
    private static final int START = FloatSymmetric.START;

    /** Rounds at most. With the smallest gap each gains two bits, and what is left need only be small. */
    private static final int MOST_ROUNDS = 8;

    /** ||F||_F^2 and ||K||_F^2 at most: beyond it A is far from diagonal. */
    private static final double LARGEST_ANGLE = 0.1;

    /** Rows of X that are multiplied side by side. */
    private static final int FOUR = 4;

    private final int n;
    private final int stride;
    private final Team team;
    private final FloatBands bands;
    private final FloatSvd svd;
    /** r, and r in whole strips: the distance between rows of r x r matrices and of what they are multiplied with. */
    private int r;
    private int across;
    /**
     * [I F^T] and [I K^T], then L^T of P and of Q, r x n with the stride of A from its start on. Products run over whole rows: in
     * these matrices and all that are laid out like them the columns from n to the stride are zero.
     */
    private final float[] left;
    private final float[] right;
    /** -2 D L^T of P and of Q, laid out as those. */
    private final float[] leftImage;
    private final float[] rightImage;
    /** A product with X or X^T before it is divided or combined, laid out as those. */
    private final float[] work;
    /** [I K^T] of the round before; what it is padded with is not read. */
    private final float[] before;
    /** Singular vectors of the leading block once it is on its own, times -1, from the start on. */
    private final float[] leftVectors;
    private final float[] rightVectors;
    /** A matrix of r x r: singular vectors without gaps, or a factor laid out as those above. */
    private final float[] small;
    /** The first r columns of X times such a matrix, n x r. */
    private final float[] combined;
    private final SmallMatrices matrices;
    /** Of r x r: the first columns of work, or F^T F. */
    private final double[] square;
    /** T with H = F T. */
    private final double[] t;
    /** The inverse of the first columns of work, or D. */
    private final double[] inverse;
    /** Four sums of each thread. */
    private final float[][] sums;

    /**
     * Rotations for matrices of one size, with the stride of {@link FloatSymmetric}.
     *
     * @param most largest r
     */
    FloatLeadingRotation(int n, int most, Team team, FloatBands bands, FloatSvd svd) {
        this.n = n;
        this.team = team;
        this.bands = bands;
        this.svd = svd;
        stride = FloatSymmetric.padded(n);
        int size = START + most * stride;
        left = new float[size];
        right = new float[size];
        leftImage = new float[size];
        rightImage = new float[size];
        work = new float[size];
        before = new float[size];
        int widest = FloatSymmetric.padded(most);
        leftVectors = new float[START + most * widest];
        rightVectors = new float[START + most * widest];
        small = new float[START + most * widest];
        combined = new float[START + n * widest];
        matrices = new SmallMatrices(most);
        square = new double[most * most];
        t = new double[most * most];
        inverse = new double[most * most];
        sums = new float[team.size()][FloatVectors.FOUR_SUMS];
    }

    /**
     * Finds P and Q and applies them.
     *
     * @param a       A, row-major with the stride from {@link FloatSymmetric#START} on, overwritten with P^T A Q; columns from n
     *                to the stride have to be zero, and stay so
     * @param leading r
     * @return false if A is too far from diagonal; then A is as it was
     */
    boolean decouple(float[] a, int leading) {
        r = leading;
        across = FloatSymmetric.padded(r);
        Arrays.fill(right, 0);
        // A call that failed may have left what is not finite; times a zero that rows are padded with that is none.
        Arrays.fill(work, 0);
        setUnit(right);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            System.arraycopy(right, 0, before, 0, at(r, 0));
            boolean first = round == 0;
            Parts.forEach(team, FloatBands.count(n), (rank, band) -> {
                if (first) {
                    copyTransposed(band, a);
                } else {
                    multiply(rank, band, a, right);
                }
            });
            if (!divide(left)) {
                return false;
            }
            team.run((rank, size) -> multiplyTransposed(rank, share(rank, size), share(rank + 1, size), left, a));
            if (!divide(right)) {
                return false;
            }
            double moved = 0;
            double squares = 0;
            for (int p = 0; p < r; p++) {
                moved += FloatVectors.squaredDistance(n - r, right, at(p, r), before, at(p, r));
                squares += FloatVectors.sumOfSquares(n - r, right, at(p, r));
            }
            if (!(squares <= LARGEST_ANGLE)) {
                return false;
            }
            if (moved <= squares * Precision.F32.unitRoundoff()) {
                break;
            }
        }
        if (!cayley(left, leftImage) || !cayley(right, rightImage)) {
            return false;
        }
        reflectRows(a, left, leftImage);
        reflectColumns(a, right, rightImage);
        svd.factor(r, r, a, START, stride);
        svd.u(small);
        takeNegative(leftVectors);
        svd.v(small);
        takeNegative(rightVectors);
        combineRows(a, leftVectors);
        combineColumns(a, rightVectors);
        return true;
    }

    /** X = P^T X Q with the stride of A, zero from column n on, as it stays. */
    void turn(float[] x) {
        reflectRows(x, left, leftImage);
        reflectColumns(x, right, rightImage);
        combineRows(x, leftVectors);
        combineColumns(x, rightVectors);
    }

    /** U = U P and V = V Q with the stride of A, zero from column n on, as they stay. */
    void turnBases(float[] u, float[] v) {
        reflectColumns(u, left, leftImage);
        combineColumns(u, leftVectors);
        reflectColumns(v, right, rightImage);
        combineColumns(v, rightVectors);
    }

    /** Where element (i, j) of A, and of what has its stride, stands. */
    private int at(int i, int j) {
        return START + i * stride + j;
    }

    /** The first of the columns, in whole strips, that are a thread's share. */
    private int share(int rank, int size) {
        return stride / FloatSymmetric.STRIP * rank / size * FloatSymmetric.STRIP;
    }

    /** work = (X [I; 0])^T for a band of rows of X. */
    private void copyTransposed(int band, float[] x) {
        for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, n); i++) {
            for (int p = 0; p < r; p++) {
                work[at(p, i)] = x[at(i, p)];
            }
        }
    }

    /** work = (X Y)^T for a band of rows of X, with Y^T, r x n. */
    private void multiply(int rank, int band, float[] x, float[] y) {
        int to = FloatBands.end(band, n);
        for (int i = band * FloatBands.ROWS; i < to; i += FOUR) {
            int count = Math.min(FOUR, to - i);
            for (int p = 0; p < r; p++) {
                if (count == FOUR) {
                    FloatVectors.dotFour(stride, y, at(p, 0), x, at(i, 0), stride, sums[rank]);
                    System.arraycopy(sums[rank], 0, work, at(p, i), FOUR);
                } else {
                    for (int k = i; k < to; k++) {
                        work[at(p, k)] = FloatVectors.dot(stride, y, at(p, 0), x, at(k, 0));
                    }
                }
            }
        }
    }

    /** Some columns of work = Y^T X with Y^T, r x n. */
    private void multiplyTransposed(int rank, int from, int to, float[] y, float[] x) {
        bands.macroKernel(rank).multiply(r, to - from, n, y, START, stride, x, at(0, from), stride, work, at(0, from),
                stride, false);
    }

    /** From work to [I F^T] or [I K^T]: times the inverse of the first r columns. False if there is none. */
    private boolean divide(float[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                square[i * r + j] = work[at(j, i)];
            }
        }
        if (!matrices.invert(r, square, inverse)) {
            return false;
        }
        combine(1, inverse, work, into);
        setUnit(into);
        return true;
    }

    /** The first r columns = I. */
    private void setUnit(float[] into) {
        for (int i = 0; i < r; i++) {
            Arrays.fill(into, at(i, 0), at(i, r), 0);
            into[at(i, i)] = 1;
        }
    }

    /** From [I F^T] to L^T in place, and -2 D L^T. */
    private boolean cayley(float[] f, float[] image) {
        double trace = 0;
        for (int i = 0; i < r; i++) {
            for (int j = 0; j <= i; j++) {
                square[i * r + j] = FloatVectors.dot(n - r, f, at(i, r), f, at(j, r));
                square[j * r + i] = square[i * r + j];
            }
            trace += square[i * r + i];
        }
        if (!(trace <= LARGEST_ANGLE)) {
            return false;
        }
        if (!matrices.cayley(r, square, t, inverse)) {
            return false;
        }
        System.arraycopy(f, 0, work, 0, at(r, 0));
        combine(0.5, t, work, f);
        setUnit(f);
        combine(-2, inverse, f, image);
        return true;
    }

    /** into = factor Z^T X for r rows with the stride of A and an r x r matrix. */
    private void combine(double factor, double[] z, float[] x, float[] into) {
        for (int p = 0; p < r; p++) {
            for (int i = 0; i < r; i++) {
                small[START + p * across + i] = (float) (factor * z[p * r + i]);
            }
        }
        combine(small, x, into);
    }

    /** into = Z^T X. */
    private void combine(float[] z, float[] x, float[] into) {
        bands.macroKernel(0).multiplyTransposed(r, stride, r, z, START, across, x, START, stride, into, START, stride,
                false);
    }

    /** The r x r matrix in small, which has no gaps there, times -1. */
    private void takeNegative(float[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                into[START + i * across + j] = -small[i * r + j];
            }
        }
    }

    /** X = (I - 2 L D L^T) X. */
    private void reflectRows(float[] x, float[] l, float[] image) {
        team.run((rank, size) -> {
            int from = share(rank, size);
            int to = share(rank + 1, size);
            multiplyTransposed(rank, from, to, image, x);
            bands.macroKernel(rank).multiplyTransposed(n, to - from, r, l, START, stride, work, at(0, from), stride, x,
                    at(0, from), stride, true);
        });
    }

    /** X = X (I - 2 L D L^T). */
    private void reflectColumns(float[] x, float[] l, float[] image) {
        Parts.forEach(team, FloatBands.count(n), (rank, band) -> {
            multiply(rank, band, x, image);
            bands.multiplyTransposed(rank, band, n, n, r, work, l, x, stride, true);
        });
    }

    /** X_1 = Z^T X_1 for the first rows. */
    private void combineRows(float[] x, float[] z) {
        System.arraycopy(x, 0, work, 0, at(r, 0));
        combine(z, work, x);
    }

    /** X_1 = X_1 Z for the first columns. */
    private void combineColumns(float[] x, float[] z) {
        Parts.forEach(team, FloatBands.count(n), (rank, band) -> {
            bands.multiply(rank, band, n, r, r, x, stride, z, combined, across, false);
            for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, n); i++) {
                System.arraycopy(combined, START + i * across, x, at(i, 0), r);
            }
        });
    }
}
