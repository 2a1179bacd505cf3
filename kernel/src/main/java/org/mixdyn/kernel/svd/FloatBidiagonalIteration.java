package org.mixdyn.kernel.svd;

/**
 * The singular values of an upper bidiagonal matrix, and with them the rotations to its singular vectors, by the QR
 * iteration of Demmel and Kahan.
 *
 * <p>
 * A sweep chases a bulge along a block that has no negligible off-diagonal element, from its larger end to its smaller
 * one, so that small singular values come out at the end where the shift takes effect. Seen from the lower end a block
 * is upper bidiagonal again, with left and right exchanged: so one loop serves both directions. Where a shift would cost
 * small singular values their relative accuracy, or where one is zero, the shift is zero and the sweep is done in a form
 * that subtracts nothing.
 */
final class FloatBidiagonalIteration {
    private static final float ROUNDOFF = Math.ulp(1f) / 2;

    /**
     * An off-diagonal element may be dropped when that changes no singular value by more than this part of itself. A
     * smaller tolerance is within the rounding errors of a sweep.
     */
    private static final float TOLERANCE = 10 * ROUNDOFF;

    /** Sweeps allowed per singular value; about two are needed. */
    private static final int SWEEPS_PER_VALUE = 30;

    /** Sums of squares between these bounds are sure to be neither overflown nor harmed by underflow. */
    private static final float LEAST_SQUARES = Float.MIN_NORMAL / Math.ulp(1f);
    private static final float MOST_SQUARES = Float.MAX_VALUE / 4;

    private final FloatTriangleOfTwo two = new FloatTriangleOfTwo();
    private float[] d;
    private float[] e;
    private FloatRotations left;
    private FloatRotations right;

    /** The rotation made last, and by how much it stretched. */
    private float cosine;
    private float sine;

    /** The block being worked on, and the direction in which its sweeps run: 1 down, -1 up. */
    private int low;
    private int high;
    private int direction;

    /**
     * Makes the superdiagonal zero.
     *
     * @param n order
     * @param diagonal n elements; overwritten with the singular values, unordered and of either sign
     * @param superdiagonal n elements, the last one unused; destroyed
     * @param leftRotations takes the rotations of the rows; flushed at the end
     * @param rightRotations takes the rotations of the columns; flushed at the end
     */
    void run(int n, float[] diagonal, float[] superdiagonal, FloatRotations leftRotations,
            FloatRotations rightRotations) {
        d = diagonal;
        e = superdiagonal;
        left = leftRotations;
        right = rightRotations;
        float negligible = negligible(n);
        if (Float.isNaN(negligible)) {
            throw new IllegalStateException("a bidiagonal matrix of order " + n + " has elements that are not finite");
        }
        long sweepsLeft = (long) SWEEPS_PER_VALUE * n;
        int lastLow = -1;
        int lastHigh = -1;
        high = n - 1;
        while (high > 0) {
            findBlock(negligible);
            if (low == high) {
                high--;
            } else if (low == high - 1) {
                finishTwo();
                high -= 2;
            } else {
                if (low > lastHigh || high < lastLow) {
                    direction = Math.abs(d[low]) >= Math.abs(d[high]) ? 1 : -1;
                }
                lastLow = low;
                lastHigh = high;
                float smallest = splitOrBound();
                // What is not a number is swept too, until the sweeps run out.
                if (!(smallest < 0)) {
                    if (sweepsLeft-- == 0) {
                        throw new IllegalStateException("the singular values of a matrix of order " + n
                                + " did not converge in " + SWEEPS_PER_VALUE + " sweeps per value");
                    }
                    sweep(shift(n, smallest), negligible);
                }
            }
        }
        left.flush();
        right.flush();
    }

    /** What may be dropped anywhere: the tolerance times a lower bound of the smallest singular value. */
    private float negligible(int n) {
        float bound = Math.abs(d[0]);
        float least = bound;
        for (int i = 1; i < n && least > 0; i++) {
            bound = Math.abs(d[i]) * (bound / (bound + Math.abs(e[i - 1])));
            least = Math.min(least, bound);
        }
        float ofUnderflow = 6f * n * n * Float.MIN_NORMAL;
        return Math.max(TOLERANCE * (least / (float) Math.sqrt(n)), ofUnderflow);
    }

    /** Sets low to the first row of the block that ends with row high. */
    private void findBlock(float negligible) {
        low = high;
        while (low > 0) {
            if (Math.abs(e[low - 1]) <= negligible) {
                e[low - 1] = 0;
                return;
            }
            low--;
        }
    }

    private void finishTwo() {
        two.decompose(d[low], e[low], d[high]);
        d[low] = two.large;
        d[high] = two.small;
        e[low] = 0;
        left.beginSweep(low, 1, 1);
        left.add(two.leftCosine, two.leftSine);
        right.beginSweep(low, 1, 1);
        right.add(two.rightCosine, two.rightSine);
    }

    /** First row of a sweep. */
    private int first() {
        return direction > 0 ? low : high;
    }

    /** Last row of a sweep. */
    private int last() {
        return direction > 0 ? high : low;
    }

    /** e[i + ahead()] stands between rows i and i + direction. */
    private int ahead() {
        return direction > 0 ? 0 : -1;
    }

    /**
     * Drops the first off-diagonal element found that changes no singular value by more than the tolerance.
     *
     * @return -1 if one was dropped, else a lower bound of the smallest singular value of the block, times at most the
     *         root of its order
     */
    private float splitOrBound() {
        int ahead = ahead();
        int last = last();
        int beforeLast = last - direction + ahead;
        if (Math.abs(e[beforeLast]) <= TOLERANCE * Math.abs(d[last])) {
            e[beforeLast] = 0;
            return -1;
        }
        float bound = Math.abs(d[first()]);
        float least = bound;
        for (int i = first(); i != last; i += direction) {
            float off = Math.abs(e[i + ahead]);
            if (off <= TOLERANCE * bound) {
                e[i + ahead] = 0;
                return -1;
            }
            bound = Math.abs(d[i + direction]) * (bound / (bound + off));
            least = Math.min(least, bound);
        }
        return least;
    }

    /** The smaller singular value of the two last rows of the sweep, or 0 where relative accuracy asks for it. */
    private float shift(int n, float smallest) {
        float largest = Math.abs(d[high]);
        for (int i = low; i < high; i++) {
            largest = Math.max(largest, Math.max(Math.abs(d[i]), Math.abs(e[i])));
        }
        if (n * TOLERANCE * (smallest / largest) <= ROUNDOFF) {
            return 0;
        }
        int last = last();
        float shift = FloatTriangleOfTwo.smallest(d[last - direction], e[last - direction + ahead()], d[last]);
        float ratio = shift / Math.abs(d[first()]);
        return ratio * ratio < ROUNDOFF ? 0 : shift;
    }

    private void sweep(float shift, float negligible) {
        // The rotations that come first in a step act on the columns when going down, on the rows when going up.
        FloatRotations outer = direction > 0 ? right : left;
        FloatRotations inner = direction > 0 ? left : right;
        outer.beginSweep(first(), direction, high - low);
        inner.beginSweep(first(), direction, high - low);
        if (shift == 0) {
            sweepWithoutShift(outer, inner);
        } else {
            sweepWithShift(shift, outer, inner);
        }
        int end = last() - direction + ahead();
        if (Math.abs(e[end]) <= negligible) {
            e[end] = 0;
        }
    }

    private void sweepWithShift(float shift, FloatRotations outer, FloatRotations inner) {
        int first = first();
        int last = last();
        int ahead = ahead();
        float x = (Math.abs(d[first]) - shift) * (Math.copySign(1f, d[first]) + shift / d[first]);
        float bulge = e[first + ahead];
        for (int i = first; i != last; i += direction) {
            int next = i + direction;
            float length = rotation(x, bulge);
            float c = cosine;
            float s = sine;
            if (i != first) {
                e[i - direction + ahead] = length;
            }
            x = c * d[i] + s * e[i + ahead];
            float off = c * e[i + ahead] - s * d[i];
            bulge = s * d[next];
            float behind = c * d[next];
            outer.add(c, s);
            d[i] = rotation(x, bulge);
            c = cosine;
            s = sine;
            x = c * off + s * behind;
            d[next] = c * behind - s * off;
            if (next != last) {
                bulge = s * e[next + ahead];
                e[next + ahead] *= c;
            }
            inner.add(c, s);
        }
        e[last - direction + ahead] = x;
    }

    private void sweepWithoutShift(FloatRotations outer, FloatRotations inner) {
        int first = first();
        int last = last();
        int ahead = ahead();
        float c = 1;
        float innerCosine = 1;
        float innerSine = 0;
        for (int i = first; i != last; i += direction) {
            int next = i + direction;
            float length = rotation(d[i] * c, e[i + ahead]);
            c = cosine;
            float s = sine;
            if (i != first) {
                e[i - direction + ahead] = innerSine * length;
            }
            d[i] = rotation(innerCosine * length, d[next] * s);
            innerCosine = cosine;
            innerSine = sine;
            outer.add(c, s);
            inner.add(innerCosine, innerSine);
        }
        float end = d[last] * c;
        d[last] = end * innerCosine;
        e[last - direction + ahead] = end * innerSine;
    }

    /** Sets cosine and sine such that they turn (x, y) into (r, 0). Returns r >= 0. */
    private float rotation(float x, float y) {
        float squares = x * x + y * y;
        if (squares > LEAST_SQUARES && squares < MOST_SQUARES) {
            float r = (float) Math.sqrt(squares);
            cosine = x / r;
            sine = y / r;
            return r;
        }
        float largest = Math.max(Math.abs(x), Math.abs(y));
        if (largest == 0) {
            cosine = 1;
            sine = 0;
            return 0;
        }
        int exponent = Math.getExponent(largest);
        float scale = Math.scalb(1f, -exponent);
        float scaledX = x * scale;
        float scaledY = y * scale;
        float r = (float) Math.sqrt(scaledX * scaledX + scaledY * scaledY);
        cosine = scaledX / r;
        sine = scaledY / r;
        return Math.scalb(r, exponent);
    }
}
