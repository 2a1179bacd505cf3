package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * X = sqrt(A^T A + s^2 I) of an A (n x n) that moves a little at a time, in a basis where A is nearly diagonal. A step is
 * Newton's, with the equation X E + E X = R for the correction solved as if X were diagonal:
 *
 * <pre>
 *   R = A^T A + s^2 I - X^2,   X_ij += R_ij / (X_ii + X_jj).
 * </pre>
 *
 * Denominators are sums of roots, not gaps: close singular values do no harm. The error shrinks by about the ratio of the
 * neglected part to the diagonal, and the first X is extrapolated from the last ones, so one step is the rule: the upper
 * halves of two products of n x n matrices, and that of X^2 alone for every further step. X is symmetric to the last bit.
 */
final class FloatTrackedRoot {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final int START = FloatSymmetric.START;

    /** A last correction, relative to X, with which X is taken: what is left after it is smaller by the ratio above. */
    private static final double SMALL = 64 * Precision.F32.unitRoundoff();

    /** What may be left of X where the ratio of two corrections is known: some roundings. */
    private static final double LEFT = 32 * Precision.F32.unitRoundoff();

    /** By how much a ratio of two corrections, once it was seen, is taken to grow from one root to the next. */
    private static final double AGEING = 1.1;

    /** From this ratio of two corrections on, another basis is cheaper than more steps. */
    private static final double SLOW = 0.5;
    private static final int MOST_STEPS = 12;

    /** Earlier values of X that are kept. */
    private static final int EARLIER = 3;

    /**
     * A root is checked to be the principal one if the corrections that led to it add up to more than this share of s, the least
     * eigenvalue of that root. They alone do not tell which root was found, but any other X has an eigenvalue of -s or less, so
     * that X (x) I + I (x) X has one of -2 s or less, and I - D^-1 (X (x) I + I (x) X), by which a step multiplies an error, one
     * above 1, as D, the sums of roots, is positive: other roots repel the iteration, and {@link #SLOW} refuses what does not
     * converge. A single correction shows no convergence; there the root is checked too, unless the first X was extrapolated
     * through as many roots as can be.
     */
    private static final double SAFE = 0.5;

    /** Extrapolation through 1, 2, 3 or 4 points, of which as many are used as there are. */
    private static final int[][] WEIGHTS = {{1, 0, 0, 0}, {2, -1, 0, 0}, {3, -3, 1, 0}, {4, -6, 4, -1}};

    private final int n;
    private final int stride;
    private final int strips;
    private final double s;
    private final Team team;
    private final FloatBands bands;
    private final FloatDefiniteness definiteness;
    private final FloatSymmetric x;
    /**
     * Earlier values of X: of each strip of rows the vectors that are not left of the diagonal's block, row by row, and of each
     * vector as many values as are kept, in turns. So they are read and written as one stretch of memory.
     */
    private final float[] history;
    /** Which of the values is the oldest. */
    private int oldest;
    /** A^T A and X^2, from the diagonal on. */
    private final float[] square;
    private final float[] residual;
    /** In whole vectors. */
    private final float[] diagonal;
    /**
     * Sums of squares of strips of rows: those of leading rows, then those of the others, which in a strip that has both count
     * what couples them to leading rows too.
     */
    private final double[] corrections;
    private final double[] roots;
    /** ||X||_F after the last step. */
    private double norm;
    /** Sum of ||E||_F over the corrections of the present X so far. */
    private double moved;
    /** Roots that are known in this basis, the present one included. */
    private int points;
    /** Ratio of two corrections as it was last seen in this basis, aged; 1 if it was not seen. */
    private double ratio;
    private boolean isDiagonal;

    /**
     * A root without a value yet: {@link #restart} gives it one.
     *
     * @param square   room for a matrix, of use to others between two calls
     * @param residual the same
     */
    FloatTrackedRoot(int n, double s, Team team, FloatBands bands, float[] square, float[] residual) {
        this.n = n;
        this.s = s;
        this.team = team;
        this.bands = bands;
        stride = FloatSymmetric.padded(n);
        x = new FloatSymmetric(n);
        this.square = square;
        this.residual = residual;
        diagonal = new float[stride];
        definiteness = new FloatDefiniteness(n, team, bands, residual, square);
        strips = FloatSymmetric.strips(n);
        history = new float[historySize(n)];
        corrections = new double[2 * strips];
        roots = new double[2 * strips];
    }

    /** Elements of the array of earlier values. */
    static int historySize(int n) {
        int strips = FloatSymmetric.strips(n);
        return Math.addExact(START, Math.multiplyExact(vectorsBefore(strips, strips), EARLIER * L));
    }

    /** X, row-major with the stride of {@link FloatSymmetric}; not a copy. */
    float[] x() {
        return x.elements();
    }

    /** Begins where A is diagonal: X_ii = sqrt(A_ii^2 + s^2). */
    void restart(float[] singularValues) {
        float[] elements = x.elements();
        Arrays.fill(elements, 0);
        for (int i = 0; i < n; i++) {
            elements[at(i, i)] = (float) Math.hypot(singularValues[i], s);
        }
        points = 1;
        ratio = 1;
        isDiagonal = true;
    }

    /**
     * Begins in any basis, where A = U S V^T.
     *
     * @param singularValues S
     * @param v              V, row-major n x n, overwritten
     */
    void restart(float[] singularValues, float[] v, Gemm gemm) {
        // X = Z Z^T with Z = V sqrt(sqrt(S^2 + s^2)).
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                v[i * n + j] *= (float) Math.sqrt(Math.hypot(singularValues[j], s));
            }
        }
        gemm.sgemm(false, true, n, n, n, 1, v, 0, n, v, 0, n, 0, x.elements(), START, stride);
        Parts.forEach(team, strips, (rank, strip) -> x.mirror(strip));
        points = 1;
        ratio = 1;
        isDiagonal = false;
    }

    /** Whether X is diagonal, because A was when the root began. */
    boolean isDiagonal() {
        return isDiagonal;
    }

    /** ||X||_F after the last step. */
    double norm() {
        return norm;
    }

    /**
     * Follows A.
     *
     * @param a       row-major n x n with the stride of {@link FloatSymmetric}, whole vectors being read past the last
     *                column
     * @param leading number of the first rows and columns of A that are diagonal
     * @return whether X is the root now; false if the basis does not serve any more
     */
    boolean follow(float[] a, int leading) {
        boolean fullOrder = points == WEIGHTS.length;
        extrapolate();
        setLeading(a, leading);
        isDiagonal = false;
        upper(a, square);
        for (int i = 0; i < n; i++) {
            square[at(i, i)] += (float) (s * s);
        }
        double last = Double.POSITIVE_INFINITY;
        double first = 0;
        moved = 0;
        ratio = Math.min(1, ratio * AGEING);
        for (int step = 0; step < MOST_STEPS; step++) {
            double correction = correct(leading);
            if (step == 0) {
                first = correction;
            }
            if (step == 1) {
                ratio = correction / first;
            }
            if (correction <= SMALL || correction * ratio <= LEFT) {
                boolean principal = (step > 0 || fullOrder) && moved < SAFE * s || definiteness.isPositive(x);
                return principal && isResolved();
            }
            // The negation refuses what is not a number, too.
            if (!(correction <= SLOW * last)) {
                return false;
            }
            last = correction;
        }
        return false;
    }

    /**
     * Whether X is so large that squares of corrections as small as its rounding errors do not underflow. Of a smaller X they
     * would all seem to be 0.
     */
    private boolean isResolved() {
        double rounding = norm * Precision.F32.unitRoundoff();
        return rounding * rounding > n * (double) Float.MIN_NORMAL;
    }

    private int at(int i, int j) {
        return START + i * stride + j;
    }

    private void extrapolate() {
        int[] weights = WEIGHTS[points - 1];
        Parts.forEach(team, strips, (rank, strip) -> {
            extrapolate(strip, weights[0], weights[1], weights[2], weights[3]);
            x.copyBelow(strip);
        });
        oldest = (oldest + 1) % EARLIER;
        points = Math.min(points + 1, WEIGHTS.length);
    }

    /** Vectors of all strips above one, from their diagonal blocks on. */
    private static int vectorsBefore(int strip, int strips) {
        return FloatSymmetric.STRIP * (strip * strips - strip * (strip - 1) / 2);
    }

    /** The next X from the diagonal's block on, and the present one in the place of the oldest. */
    private void extrapolate(int strip, float w0, float w1, float w2, float w3) {
        float[] elements = x.elements();
        int three = oldest * L;
        int two = (oldest + 1) % EARLIER * L;
        int one = (oldest + 2) % EARLIER * L;
        int from = START + vectorsBefore(strip, strips) * EARLIER * L;
        int column = strip * FloatSymmetric.STRIP;
        for (int i = column; i < Math.min(n, column + FloatSymmetric.STRIP); i++) {
            for (int at = at(i, column); at < at(i, stride); at += L) {
                FloatVector now = FloatVector.fromArray(S, elements, at);
                FloatVector next = now.mul(w0).add(FloatVector.fromArray(S, history, from + one).mul(w1))
                        .add(FloatVector.fromArray(S, history, from + two).mul(w2))
                        .add(FloatVector.fromArray(S, history, from + three).mul(w3));
                now.intoArray(history, from + three);
                next.intoArray(elements, at);
                from += EARLIER * L;
            }
        }
    }

    /** The rows and columns of X that are diagonal because those of A are. */
    private void setLeading(float[] a, int leading) {
        float[] elements = x.elements();
        for (int i = 0; i < leading; i++) {
            Arrays.fill(elements, at(i, 0), at(i, n), 0);
            for (int j = 0; j < n; j++) {
                elements[at(j, i)] = 0;
            }
            elements[at(i, i)] = (float) Math.hypot(a[at(i, i)], s);
        }
    }

    /** One step. Returns ||E||_F / ||X||_F, of the leading rows or the others, whichever is larger. */
    private double correct(int leading) {
        float[] elements = x.elements();
        upper(elements, residual);
        for (int i = 0; i < n; i++) {
            diagonal[i] = Math.max(elements[at(i, i)], Float.MIN_NORMAL);
        }
        Parts.forEach(team, strips, (rank, strip) -> {
            int first = strip * FloatSymmetric.STRIP;
            int last = Math.min(n, first + FloatSymmetric.STRIP);
            int border = Math.clamp(leading, first, last);
            correctRows(first, border, first, elements, 2 * strip);
            correctRows(border, last, first, elements, 2 * strip + 1);
            x.mirror(strip);
        });
        norm = Math.sqrt(sum(roots, 0) + sum(roots, 1));
        moved += Math.sqrt(sum(corrections, 0) + sum(corrections, 1));
        return Math.max(relativeCorrection(0), relativeCorrection(1));
    }

    private double relativeCorrection(int kind) {
        double e = sum(corrections, kind);
        // A correction that is not a number stays one.
        return e == 0 ? 0 : Math.sqrt(e / sum(roots, kind));
    }

    /** Of leading rows (0) or of the others (1). */
    private double sum(double[] squares, int kind) {
        double sum = 0;
        for (int strip = 0; strip < strips; strip++) {
            sum += squares[2 * strip + kind];
        }
        return sum;
    }

    /** Rows of one strip from the diagonal's block on; what is right of it counts twice in the norms. */
    private void correctRows(int from, int to, int column, float[] elements, int place) {
        FloatVector correctionOfBlock = FloatVector.zero(S);
        FloatVector correctionOfRest = correctionOfBlock;
        FloatVector rootOfBlock = correctionOfBlock;
        FloatVector rootOfRest = correctionOfBlock;
        for (int i = from; i < to; i++) {
            FloatVector alpha = FloatVector.broadcast(S, diagonal[i]);
            int row = at(i, 0);
            FloatVector e = correction(row, column, alpha);
            FloatVector root = FloatVector.fromArray(S, elements, row + column).add(e);
            root.intoArray(elements, row + column);
            correctionOfBlock = e.fma(e, correctionOfBlock);
            rootOfBlock = root.fma(root, rootOfBlock);
            for (int j = column + L; j < stride; j += L) {
                e = correction(row, j, alpha);
                root = FloatVector.fromArray(S, elements, row + j).add(e);
                root.intoArray(elements, row + j);
                correctionOfRest = e.fma(e, correctionOfRest);
                rootOfRest = root.fma(root, rootOfRest);
            }
        }
        corrections[place] = FloatVectors.sum(correctionOfBlock) + 2.0 * FloatVectors.sum(correctionOfRest);
        roots[place] = FloatVectors.sum(rootOfBlock) + 2.0 * FloatVectors.sum(rootOfRest);
    }

    private FloatVector correction(int row, int j, FloatVector alpha) {
        return FloatVector.fromArray(S, square, row + j).sub(FloatVector.fromArray(S, residual, row + j))
                .div(alpha.add(FloatVector.fromArray(S, diagonal, j)));
    }

    /** Rows of Z^T Z from the diagonal on. */
    private void upper(float[] z, float[] into) {
        Parts.forEach(team, FloatBands.upperCount(n),
                (rank, part) -> bands.multiplyUpper(rank, part, n, n, z, z, stride, into, stride, false));
    }
}
