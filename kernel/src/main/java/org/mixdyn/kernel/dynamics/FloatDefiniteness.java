package org.mixdyn.kernel.dynamics;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;

/**
 * Whether a symmetric matrix X (n x n) is positive definite. With its diagonal D and M = D^-1/2 X D^-1/2 - I it is where
 * ||M||_F &lt; 1 or ||M^2||_F &lt; 1; where neither is, Cholesky's factorisation tells. The cheap tests come first.
 */
final class FloatDefiniteness {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();

    private final int n;
    private final int stride;
    private final int strips;
    private final Team team;
    private final FloatBands bands;
    /** M, or Cholesky's factor; and M^2 from the diagonal on. */
    private final float[] scaled;
    private final float[] square;
    /** D^-1/2, in whole vectors. */
    private final float[] roots;
    private float[] x;

    /**
     * Tests of matrices of one size.
     *
     * @param scaled room for a matrix, of use to others between two calls, as long as they leave zeros where rows are padded
     * @param square the same
     */
    FloatDefiniteness(int n, Team team, FloatBands bands, float[] scaled, float[] square) {
        this.n = n;
        this.team = team;
        this.bands = bands;
        this.scaled = scaled;
        this.square = square;
        stride = FloatSymmetric.padded(n);
        strips = FloatSymmetric.strips(n);
        roots = new float[stride];
    }

    /** Whether X is positive definite. */
    boolean isPositive(FloatSymmetric matrix) {
        x = matrix.elements();
        return invertDiagonal() && (diagonalDominates() || squareIsSmall() || hasPositivePivots());
    }

    /** D^-1/2 with the diagonal D of X; false if an element of D is not above 0. */
    private boolean invertDiagonal() {
        for (int i = 0; i < n; i++) {
            if (!(x[at(i, i)] > 0)) {
                return false;
            }
            roots[i] = 1 / (float) Math.sqrt(x[at(i, i)]);
        }
        return true;
    }

    /** Whether ||M||_F < 1, M = D^-1/2 X D^-1/2 - I, which makes X positive definite. */
    private boolean diagonalDominates() {
        double sum = 0;
        for (int strip = 0; strip < strips; strip++) {
            scale(strip);
            sum += squares(strip, scaled);
        }
        return sum < 1;
    }

    /** scaled = D^-1/2 X D^-1/2 - I in the rows of a strip. */
    private void scale(int strip) {
        int first = strip * FloatSymmetric.STRIP;
        for (int i = first; i < Math.min(n, first + FloatSymmetric.STRIP); i++) {
            FloatVector ofRow = FloatVector.broadcast(S, roots[i]);
            int row = at(i, 0);
            for (int j = 0; j < stride; j += L) {
                FloatVector.fromArray(S, x, row + j).mul(ofRow.mul(FloatVector.fromArray(S, roots, j)))
                        .intoArray(scaled, row + j);
            }
            scaled[row + i] = 0;
        }
    }

    /**
     * Whether ||M^2||_F < 1, so that M, which {@link #diagonalDominates} left, has no eigenvalue of -1 or less either; many
     * small ones count for less than in ||M||_F.
     */
    private boolean squareIsSmall() {
        Parts.forEach(team, FloatBands.upperCount(n),
                (rank, part) -> bands.multiplyUpper(rank, part, n, n, scaled, scaled, stride, square, stride, false));
        double sum = 0;
        for (int strip = 0; strip < strips; strip++) {
            sum += squares(strip, square);
        }
        return sum < 1;
    }

    /** Squares of a symmetric matrix in rows of a strip; what is right of the diagonal's block counts twice. */
    private double squares(int strip, float[] y) {
        FloatVector block = FloatVector.zero(S);
        FloatVector rest = block;
        int column = strip * FloatSymmetric.STRIP;
        for (int i = column; i < Math.min(n, column + FloatSymmetric.STRIP); i++) {
            int row = at(i, 0);
            FloatVector element = FloatVector.fromArray(S, y, row + column);
            block = element.fma(element, block);
            for (int j = column + L; j < stride; j += L) {
                element = FloatVector.fromArray(S, y, row + j);
                rest = element.fma(element, rest);
            }
        }
        return FloatVectors.sum(block) + 2.0 * FloatVectors.sum(rest);
    }

    /** Whether Cholesky's factorisation finds positive pivots alone. */
    private boolean hasPositivePivots() {
        System.arraycopy(x, 0, scaled, 0, scaled.length);
        for (int i = 0; i < n; i++) {
            int row = at(i, 0);
            for (int k = 0; k < i; k++) {
                scaled[row + k] = (scaled[row + k] - FloatVectors.dot(k, scaled, row, scaled, at(k, 0)))
                        / scaled[at(k, k)];
            }
            float pivot = scaled[row + i] - FloatVectors.sumOfSquares(i, scaled, row);
            if (!(pivot > 0)) {
                return false;
            }
            scaled[row + i] = (float) Math.sqrt(pivot);
        }
        return true;
    }

    private int at(int i, int j) {
        return FloatSymmetric.START + i * stride + j;
    }
}
