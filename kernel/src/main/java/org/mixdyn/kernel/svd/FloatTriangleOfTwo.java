package org.mixdyn.kernel.svd;

/**
 * Singular values and rotations of the 2 x 2 upper triangle with diagonal f, h and off-diagonal g, each to full relative
 * accuracy: the formulas are the ones of Demmel and Kahan, who arranged them so that only terms of one sign are added.
 */
final class FloatTriangleOfTwo {
    /** Larger singular value, with the sign that the rotations leave. */
    float large;

    /** Smaller singular value, with the sign that the rotations leave. */
    float small;

    /** Cosine and sine of the rotation of the rows. */
    float leftCosine;
    float leftSine;

    /** Cosine and sine of the rotation of the columns. */
    float rightCosine;
    float rightSine;

    /** The smaller singular value alone. */
    static float smallest(float f, float g, float h) {
        float most = Math.max(Math.abs(f), Math.abs(h));
        float least = Math.min(Math.abs(f), Math.abs(h));
        if (least == 0) {
            return 0;
        }
        float unit = Math.max(most, Math.abs(g));
        float sum = most / unit + least / unit;
        float difference = (most - least) / unit;
        float off = g / unit;
        return 2 * least * (most / unit) / (length(sum, off) + length(difference, off));
    }

    /**
     * Finds rotations with [lc ls; -ls lc] [f g; 0 h] [rc -rs; rs rc] = diag(large, small).
     *
     * @param g not zero
     */
    void decompose(float f, float g, float h) {
        if (Math.abs(f) >= Math.abs(h)) {
            decomposeOrdered(Math.abs(f), Math.abs(g), Math.abs(h));
        } else {
            // Turned by half a turn the transposed triangle is [h g; 0 f], with the roles of left and right exchanged.
            decomposeOrdered(Math.abs(h), Math.abs(g), Math.abs(f));
            float cosine = leftCosine;
            float sine = leftSine;
            leftCosine = rightSine;
            leftSine = rightCosine;
            rightCosine = sine;
            rightSine = cosine;
        }
        // [f g; 0 h] = D |.| D' with diagonal signs D and D'; D R D' is a rotation again, times signs of the results.
        leftSine *= Math.signum(g) * sign(h);
        rightSine *= sign(f) * Math.signum(g);
        large *= sign(f);
        small *= sign(h);
    }

    /** The same for f >= h >= 0, g > 0; all results are nonnegative. */
    private void decomposeOrdered(float f, float g, float h) {
        if (f < Math.ulp(1f) / 2 * g) {
            // f^2 + h^2 is lost beside g^2.
            large = g;
            small = h > 1 ? f / (g / h) : f / g * h;
            leftCosine = 1;
            leftSine = h / g;
            rightCosine = f / g;
            rightSine = 1;
            return;
        }
        float gap = (f - h) / f;
        float ratio = g / f;
        float sum = 2 - gap;
        float s = length(sum, ratio);
        float r = length(gap, ratio);
        float a = (s + r) / 2;
        large = f * a;
        small = h / a;
        // tan of the right angle is t / 2; where g / f underflows and f = h any angle will do.
        float t = r == 0 ? 0 : (ratio / (s + sum) + ratio / (r + gap)) * (1 + a);
        float secant = length(t, 2);
        rightCosine = 2 / secant;
        rightSine = t / secant;
        leftCosine = (rightCosine + rightSine * ratio) / a;
        leftSine = h / f * rightSine / a;
    }

    private static float sign(float x) {
        return Math.copySign(1f, x);
    }

    /** sqrt(x^2 + y^2) for x >= 0, where the squares do not overflow; an underflow of both leaves max(x, |y|). */
    private static float length(float x, float y) {
        float square = x * x + y * y;
        return square < Float.MIN_NORMAL ? Math.max(x, Math.abs(y)) : (float) Math.sqrt(square);
    }
}
