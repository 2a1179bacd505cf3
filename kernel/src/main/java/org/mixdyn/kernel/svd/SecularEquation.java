package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.simd.DoubleVectors;
import org.mixdyn.kernel.simd.Lanes;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The singular value decomposition of a matrix that is zero but for one row z and the diagonal d, d being zero in that row:
 * the squares x of its singular values are the roots of f(x) = 1 + sum_g z_g^2 / (d_g^2 - x), one between each two
 * neighbouring squares of d and one beyond the last (Gu and Eisenstat 1995). Always in binary64, whatever the precision
 * of the matrices on either side.
 *
 * <p>
 * A root is held as its distance from the nearer pole, so that every difference d_g^2 - x is known to full relative
 * accuracy. The singular vectors are those of the z that has the computed roots exactly: they are orthogonal to rounding,
 * however close the roots may be.
 */
final class SecularEquation {
    private static final VectorSpecies<Double> SPECIES = Lanes.DOUBLE;
    private static final int LANES = SPECIES.length();

    /** Evaluations allowed for one root; about five are needed. */
    private static final int MOST_EVALUATIONS = 200;

    /** d_g and z_g in any order, count of each; they belong to the caller until {@link #solve}. */
    double[] poles = new double[0];
    double[] weights = new double[0];

    /** ascending[i] is the place g of the i-th smallest d. */
    int[] ascending = new int[0];

    private double[] squares = new double[0];
    private double[] differences = new double[0];
    private double[] roots = new double[0];
    private int count;
    private int padded;
    private int stride;
    private double accuracy;

    /** f, and the parts of its derivative from the terms below and above zero, at the place evaluated last. */
    private double value;
    private double size;
    private double slopeBelow;
    private double slopeAbove;

    /** Makes room for so many poles. */
    void reserve(int most) {
        int length = most + LANES;
        if (poles.length < length) {
            poles = new double[length];
            weights = new double[length];
            squares = new double[length];
            roots = new double[most];
            ascending = new int[most];
        }
        int matrix = Storage.size(most, Storage.stride(most));
        if (differences.length < matrix) {
            differences = new double[matrix];
        }
    }

    /**
     * Finds all singular values, and replaces the weights by those that have them exactly.
     *
     * @param newCount    number of poles: distinct, nonnegative, the smallest one 0, none of the weights 0
     * @param newAccuracy how large f may be at a root, in units of the sum of its terms' sizes
     */
    void solve(int newCount, double newAccuracy) {
        count = newCount;
        accuracy = newAccuracy;
        stride = Storage.stride(count);
        padded = (count + LANES - 1) / LANES * LANES;
        double sum = 0;
        for (int g = 0; g < count; g++) {
            squares[g] = weights[g] * weights[g];
            sum += squares[g];
        }
        // Terms without weight fill the last vector; their pole is beyond every root.
        double largest = poles[ascending[count - 1]];
        double beyond = 2 * (largest + Math.sqrt(sum));
        for (int g = count; g < padded; g++) {
            poles[g] = beyond;
            squares[g] = 0;
            weights[g] = 0;
        }
        for (int i = 0; i < count; i++) {
            if (i < count - 1) {
                findBetween(i);
            } else {
                findLast(i, sum);
            }
        }
        recomputeWeights();
    }

    /** The i-th smallest singular value. */
    double root(int i) {
        return roots[i];
    }

    /**
     * The singular vectors of the i-th smallest value.
     *
     * @param zero the place of the pole 0
     * @param left overwritten, as right is, up to whole vectors; both of norm 1
     */
    void vectors(int i, int zero, double[] left, double[] right) {
        DoubleVector leftSum = DoubleVector.zero(SPECIES);
        DoubleVector rightSum = leftSum;
        for (int g = 0; g < padded; g += LANES) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, weights, g)
                    .div(DoubleVector.fromArray(SPECIES, differences, i * stride + g));
            DoubleVector y = DoubleVector.fromArray(SPECIES, poles, g).mul(x);
            x.intoArray(right, g);
            y.intoArray(left, g);
            rightSum = x.fma(x, rightSum);
            leftSum = y.fma(y, leftSum);
        }
        // In the row of z the product with the right vector is that of f without its 1.
        left[zero] = -1;
        DoubleVectors.scale(padded, 1 / Math.sqrt(1 + DoubleVectors.sum(leftSum)), left, 0, left, 0);
        DoubleVectors.scale(padded, 1 / Math.sqrt(DoubleVectors.sum(rightSum)), right, 0, right, 0);
    }

    private void findBetween(int i) {
        int below = ascending[i];
        int above = ascending[i + 1];
        double gap = (poles[above] - poles[below]) * (poles[above] + poles[below]);
        double half = gap / 2;
        evaluate(poles[below], half);
        // Seen from the nearer pole the root is x, the poles beside it are at a + x and b + x.
        boolean fromBelow = value >= 0;
        double rest = value + (squares[below] - squares[above]) / half;
        double least = fromBelow ? 0 : -half;
        double most = fromBelow ? half : 0;
        double poleBelow = fromBelow ? 0 : -gap;
        double poleAbove = fromBelow ? gap : 0;
        // The first guess has the two poles beside the root exactly, and all others as they are in the middle.
        double linear = (fromBelow ? rest : -rest) * gap + squares[below] + squares[above];
        double constant = fromBelow ? squares[below] * gap : -squares[above] * gap;
        double x = smallerRoot(rest, linear, constant);
        find(i, fromBelow ? poles[below] : poles[above], x, least, most, poleBelow, poleAbove);
    }

    private void findLast(int i, double sum) {
        find(i, poles[ascending[i]], sum / 2, 0, 2 * sum, 0, Double.NaN);
    }

    /**
     * Iterates: the terms of either sign are replaced by one pole, with their value and slope (the middle way of Li, 1994).
     * Where that leaves the interval that is known to hold the root, the interval is halved.
     */
    private void find(int i, double origin, double guess, double least, double most, double poleBelow,
            double poleAbove) {
        double x = guess;
        double low = least;
        double high = most;
        if (!(x > low && x < high)) {
            x = (low + high) / 2;
        }
        for (int evaluation = 0; evaluation < MOST_EVALUATIONS; evaluation++) {
            evaluate(origin, x);
            if (Math.abs(value) <= accuracy * size) {
                break;
            }
            if (value < 0) {
                low = x;
            } else {
                high = x;
            }
            double step = step(poleBelow - x, poleAbove - x);
            if (!(value * step < 0)) {
                step = -value / (slopeBelow + slopeAbove);
            }
            double next = x + step;
            if (!(next > low && next < high)) {
                // Towards a pole by large factors: a root may be many orders closer to it than the other end.
                next = low == 0 ? high / 64 : high == 0 ? low / 64 : (low + high) / 2;
                if (!(next > low && next < high)) {
                    break;
                }
            }
            if (next == x) {
                break;
            }
            x = next;
        }
        finish(i, origin, x);
    }

    /** Where the two poles that stand for all terms cancel 1, at distances a and b from here. */
    private double step(double a, double b) {
        if (Double.isNaN(b)) {
            return a * value / (value - a * slopeBelow);
        }
        double slope = slopeBelow + slopeAbove;
        return smallerRoot(value - a * slopeBelow - b * slopeAbove, (a + b) * value - a * b * slope, a * b * value);
    }

    /** The root of p x^2 - q x + r that the plus sign before the square root does not belong to. */
    private static double smallerRoot(double p, double q, double r) {
        double root = Math.sqrt(Math.abs(q * q - 4 * p * r));
        return q > 0 ? 2 * r / (q + root) : (q - root) / (2 * p);
    }

    /** f at origin^2 + x. */
    private void evaluate(double origin, double x) {
        DoubleVector from = DoubleVector.broadcast(SPECIES, origin);
        DoubleVector at = DoubleVector.broadcast(SPECIES, x);
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector below = zero;
        DoubleVector above = zero;
        DoubleVector slopesBelow = zero;
        DoubleVector slopesAbove = zero;
        for (int g = 0; g < padded; g += LANES) {
            DoubleVector pole = DoubleVector.fromArray(SPECIES, poles, g);
            DoubleVector difference = pole.sub(from).mul(pole.add(from)).sub(at);
            DoubleVector inverse = DoubleVector.broadcast(SPECIES, 1).div(difference);
            DoubleVector term = DoubleVector.fromArray(SPECIES, squares, g).mul(inverse);
            DoubleVector slope = term.mul(inverse);
            VectorMask<Double> negative = term.compare(VectorOperators.LT, 0);
            // What an operation of the loop has made is asked to add, not the sum, whose class C2 does not know yet.
            below = zero.blend(term, negative).add(below);
            above = term.blend(zero, negative).add(above);
            slopesBelow = zero.blend(slope, negative).add(slopesBelow);
            slopesAbove = slope.blend(zero, negative).add(slopesAbove);
        }
        double sumBelow = DoubleVectors.sum(below);
        double sumAbove = DoubleVectors.sum(above);
        value = 1 + sumBelow + sumAbove;
        size = 1 - sumBelow + sumAbove;
        slopeBelow = DoubleVectors.sum(slopesBelow);
        slopeAbove = DoubleVectors.sum(slopesAbove);
    }

    private void finish(int i, double origin, double x) {
        roots[i] = Math.sqrt(Math.fma(origin, origin, x));
        DoubleVector from = DoubleVector.broadcast(SPECIES, origin);
        DoubleVector at = DoubleVector.broadcast(SPECIES, x);
        for (int g = 0; g < padded; g += LANES) {
            DoubleVector pole = DoubleVector.fromArray(SPECIES, poles, g);
            pole.sub(from).mul(pole.add(from)).sub(at).intoArray(differences, i * stride + g);
        }
    }

    /** z_g^2 is the product of (d_g^2 - x_i) over all i, divided by that of (d_g^2 - d_i^2) over all i but g. */
    private void recomputeWeights() {
        int last = (count - 1) * stride;
        for (int g = 0; g < padded; g += LANES) {
            DoubleVector.fromArray(SPECIES, differences, last + g).neg().intoArray(squares, g);
        }
        for (int i = 0; i < count - 1; i++) {
            DoubleVector below = DoubleVector.broadcast(SPECIES, poles[ascending[i]]);
            DoubleVector above = DoubleVector.broadcast(SPECIES, poles[ascending[i + 1]]);
            for (int g = 0; g < padded; g += LANES) {
                DoubleVector pole = DoubleVector.fromArray(SPECIES, poles, g);
                DoubleVector difference = DoubleVector.fromArray(SPECIES, differences, i * stride + g);
                // Poles beyond the root are divided by their distance from the one below it, and the other way round.
                DoubleVector other = above.blend(below, difference.compare(VectorOperators.GT, 0));
                DoubleVector ratio = difference.div(pole.sub(other).mul(pole.add(other)));
                DoubleVector.fromArray(SPECIES, squares, g).mul(ratio).intoArray(squares, g);
            }
        }
        for (int g = 0; g < count; g++) {
            weights[g] = Math.copySign(Math.sqrt(Math.abs(squares[g])), weights[g]);
        }
    }
}
