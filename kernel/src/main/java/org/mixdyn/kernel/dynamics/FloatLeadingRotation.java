package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.FloatMacroKernel;
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

    /** Rounds of the series for H: each gains a factor of 0.05 at least, half of the largest ||F||^2. */
    private static final int SERIES = 12;

    /** ||F||_F^2 and ||K||_F^2 at most: beyond it A is far from diagonal. */
    private static final double LARGEST_ANGLE = 0.1;

    /** Rows of X that are multiplied side by side. */
    private static final int FOUR = 4;

    /** Rows that a thread takes at a time. */
    private static final int BAND = 24;

    private final int n;
    private final int stride;
    private final Team team;
    private final FloatSvd svd;
    private int r;
    /** [I F^T] and [I K^T], then L^T of P and of Q, r x n with the stride of A from its start on. */
    private final float[] left;
    private final float[] right;
    /** -2 D L^T of P and of Q, laid out as those. */
    private final float[] leftImage;
    private final float[] rightImage;
    private final float[] work;
    private final float[] before;
    /** Distance between rows of r x r matrices, and columns that are computed: r in whole vectors. */
    private int across;
    /** Singular vectors of the leading block once it is on its own, times -1. */
    private final float[] leftVectors;
    private final float[] rightVectors;
    private final float[] small;
    private final double[] gram;
    private final double[] square;
    private final double[] inverse;
    private final double[] spare;
    /** Of each thread. */
    private final FloatMacroKernel[] products;
    private final float[][] sums;
    private final float[][] leading;

    /**
     * Rotations for matrices of one size, with the stride of {@link FloatSymmetric}.
     *
     * @param most largest r
     */
    FloatLeadingRotation(int n, int most, Team team, FloatSvd svd) {
        this.n = n;
        this.team = team;
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
        leftVectors = new float[most * widest];
        rightVectors = new float[most * widest];
        small = new float[most * widest];
        gram = new double[most * most];
        square = new double[most * most];
        inverse = new double[2 * most * most];
        spare = new double[most * most];
        products = new FloatMacroKernel[team.size()];
        sums = new float[team.size()][FloatVectors.FOUR_SUMS];
        leading = new float[team.size()][BAND * widest];
        Arrays.setAll(products, rank -> new FloatMacroKernel());
    }

    /**
     * Finds P and Q and applies them.
     *
     * @param a       A, row-major with the stride from {@link FloatSymmetric#START} on, overwritten with P^T A Q
     * @param leading r
     * @return false if A is too far from diagonal; then A is as it was
     */
    boolean decouple(float[] a, int leading) {
        r = leading;
        across = FloatSymmetric.padded(r);
        Arrays.fill(right, 0);
        setUnit(right);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            System.arraycopy(right, 0, before, 0, at(r, 0));
            boolean first = round == 0;
            forEachBand((rank, from, to) -> {
                if (first) {
                    copyTransposed(from, to, a);
                } else {
                    multiply(rank, from, to, a, right);
                }
            });
            if (!divide(left)) {
                return false;
            }
            forEachStrip((rank, from, to) -> multiplyTransposed(rank, from, to, left, a));
            if (!divide(right)) {
                return false;
            }
            double moved = 0;
            double size = 0;
            for (int p = 0; p < r; p++) {
                moved += FloatVectors.squaredDistance(n - r, right, at(p, r), before, at(p, r));
                size += FloatVectors.sumOfSquares(n - r, right, at(p, r));
            }
            if (!(size <= LARGEST_ANGLE)) {
                return false;
            }
            if (moved <= size * Precision.F32.unitRoundoff()) {
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

    /** X = P^T X Q with the stride of A. */
    void turn(float[] x) {
        reflectRows(x, left, leftImage);
        reflectColumns(x, right, rightImage);
        combineRows(x, leftVectors);
        combineColumns(x, rightVectors);
    }

    /** U = U P and V = V Q with the stride of A. */
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

    /** Rows or columns from one to another. */
    private interface Part {
        void execute(int rank, int from, int to);
    }

    /** All rows. */
    private void forEachBand(Part band) {
        Parts.forEach(team, Math.ceilDiv(n, BAND),
                (rank, number) -> band.execute(rank, number * BAND, Math.min(n, (number + 1) * BAND)));
    }

    /** All columns, in whole vectors, as many for each thread. */
    private void forEachStrip(Part strip) {
        int strips = stride / FloatSymmetric.STRIP;
        team.run((rank, size) -> strip.execute(rank, strips * rank / size * FloatSymmetric.STRIP,
                strips * (rank + 1) / size * FloatSymmetric.STRIP));
    }

    /** Some columns of work = (X [I; 0])^T. */
    private void copyTransposed(int from, int to, float[] x) {
        for (int i = from; i < to; i++) {
            for (int p = 0; p < r; p++) {
                work[at(p, i)] = x[at(i, p)];
            }
        }
    }

    /** Some columns of work = (X Y)^T for some rows of X and Y^T, r x n. */
    private void multiply(int rank, int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i += FOUR) {
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
        products[rank].multiply(r, to - from, n, y, START, stride, x, at(0, from), stride, work, at(0, from), stride,
                false);
    }

    /** From work to [I F^T] or [I K^T]: times the inverse of the first r columns. False if there is none. */
    private boolean divide(float[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                square[i * r + j] = work[at(j, i)];
            }
        }
        if (!invert(square, spare)) {
            return false;
        }
        combine(1, spare, work, into);
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
                gram[i * r + j] = FloatVectors.dot(n - r, f, at(i, r), f, at(j, r));
                gram[j * r + i] = gram[i * r + j];
            }
            trace += gram[i * r + i];
        }
        if (!(trace <= LARGEST_ANGLE)) {
            return false;
        }
        // H = F T with T = I - T F^T F T / 4, which commute: each round gains a factor of F^T F / 2.
        double[] t = spare;
        for (int i = 0; i < r * r; i++) {
            t[i] = i % (r + 1) == 0 ? 1 : 0;
        }
        for (int round = 0; round < SERIES; round++) {
            multiply(t, gram, inverse);
            multiply(inverse, t, square);
            for (int i = 0; i < r * r; i++) {
                t[i] = (i % (r + 1) == 0 ? 1 : 0) - 0.25 * square[i];
            }
        }
        System.arraycopy(f, 0, work, 0, at(r, 0));
        combine(0.5, t, work, f);
        setUnit(f);
        // H^T H / 4 = I - T.
        for (int i = 0; i < r * r; i++) {
            square[i] = (i % (r + 1) == 0 ? 2 : 0) - t[i];
        }
        if (!invert(square, spare)) {
            return false;
        }
        combine(-2, spare, f, image);
        return true;
    }

    /** into = X Y, r x r. */
    private void multiply(double[] x, double[] y, double[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                double sum = 0;
                for (int k = 0; k < r; k++) {
                    sum += x[i * r + k] * y[k * r + j];
                }
                into[i * r + j] = sum;
            }
        }
    }

    /** into = x^-1, r x r, by Gauss and Jordan with pivots from the column; x is overwritten. */
    private boolean invert(double[] x, double[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                inverse[i * 2 * r + j] = x[i * r + j];
                inverse[i * 2 * r + r + j] = i == j ? 1 : 0;
            }
        }
        for (int k = 0; k < r; k++) {
            int pivot = k;
            for (int i = k + 1; i < r; i++) {
                if (Math.abs(inverse[i * 2 * r + k]) > Math.abs(inverse[pivot * 2 * r + k])) {
                    pivot = i;
                }
            }
            double value = inverse[pivot * 2 * r + k];
            if (!(Math.abs(value) > 0)) {
                return false;
            }
            for (int j = 0; j < 2 * r; j++) {
                double swap = inverse[pivot * 2 * r + j];
                inverse[pivot * 2 * r + j] = inverse[k * 2 * r + j];
                inverse[k * 2 * r + j] = swap / value;
            }
            for (int i = 0; i < r; i++) {
                double factor = inverse[i * 2 * r + k];
                if (i != k && factor != 0) {
                    for (int j = 0; j < 2 * r; j++) {
                        inverse[i * 2 * r + j] -= factor * inverse[k * 2 * r + j];
                    }
                }
            }
        }
        for (int i = 0; i < r; i++) {
            System.arraycopy(inverse, i * 2 * r + r, into, i * r, r);
        }
        return true;
    }

    /** into = factor Z^T X for r rows with the stride of A and an r x r matrix. */
    private void combine(double factor, double[] z, float[] x, float[] into) {
        for (int p = 0; p < r; p++) {
            for (int i = 0; i < r; i++) {
                small[p * across + i] = (float) (factor * z[p * r + i]);
            }
        }
        combine(small, x, into);
    }

    private void combine(float[] z, float[] x, float[] into) {
        products[0].multiplyTransposed(r, stride, r, z, 0, across, x, START, stride, into, START, stride, false);
    }

    /** The r x r matrix in small times -1, with the stride of such. */
    private void takeNegative(float[] into) {
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++) {
                into[i * across + j] = -small[i * r + j];
            }
        }
    }

    /** X = (I - 2 L D L^T) X. */
    private void reflectRows(float[] x, float[] l, float[] image) {
        forEachStrip((rank, from, to) -> {
            multiplyTransposed(rank, from, to, image, x);
            products[rank].multiplyTransposed(n, to - from, r, l, START, stride, work, at(0, from), stride, x,
                    at(0, from), stride, true);
        });
    }

    /** X = X (I - 2 L D L^T). */
    private void reflectColumns(float[] x, float[] l, float[] image) {
        forEachBand((rank, from, to) -> {
            multiply(rank, from, to, x, image);
            products[rank].multiplyTransposed(to - from, stride, r, work, at(0, from), stride, l, START, stride, x,
                    at(from, 0), stride, true);
        });
    }

    /** X_1 = Z^T X_1 for the first rows. */
    private void combineRows(float[] x, float[] z) {
        System.arraycopy(x, 0, work, 0, at(r, 0));
        combine(z, work, x);
    }

    /** X_1 = X_1 Z for the first columns. */
    private void combineColumns(float[] x, float[] z) {
        forEachBand((rank, from, to) -> {
            products[rank].multiply(to - from, across, r, x, at(from, 0), stride, z, 0, across, leading[rank], 0,
                    across, false);
            for (int i = from; i < to; i++) {
                System.arraycopy(leading[rank], (i - from) * across, x, at(i, 0), r);
            }
        });
    }
}
