package org.mixdyn.reference;

import org.mixdyn.kernel.simd.Precision;

/**
 * Errors, and the way between the formats. Norms are taken by EJML's fastNormF: its normF is 0 where every entry is NaN,
 * since it scales by the largest entry, and would pass what has failed altogether.
 */
final class Errors {
    private Errors() {
    }

    /** |difference| / magnitude; where the magnitude is 0 an error has no excuse: 0 or infinite. NaN stays NaN. */
    static double relative(double difference, double magnitude) {
        return difference == 0 ? 0 : Math.abs(difference) / magnitude;
    }

    /** The numbers of the format nearest to x; a new array. */
    static double[] rounded(Precision precision, double[] x) {
        return precision == Precision.F32 ? toDouble(toFloat(x)) : x.clone();
    }

    static float[] toFloat(double[] x) {
        float[] rounded = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            rounded[i] = (float) x[i];
        }
        return rounded;
    }

    static double[] toDouble(float[] x) {
        double[] same = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            same[i] = x[i];
        }
        return same;
    }
}
