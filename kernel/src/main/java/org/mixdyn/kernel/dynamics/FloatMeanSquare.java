package org.mixdyn.kernel.dynamics;

import java.util.Objects;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;

/**
 * {@link MeanSquare} in vectors. Many sums run side by side, for one alone would wait for each of its additions; how many and
 * in which order they are added up is the same at all vector widths.
 */
final class FloatMeanSquare {
    private static final VectorSpecies<Double> S = Lanes.DOUBLE;
    private static final int L = S.length();

    /** Four of the widest vectors, and a multiple of four of all others. */
    private static final int SUMS = 32;

    private FloatMeanSquare() {
    }

    /** sum_i (a_i - y_i)^2 / n over the n elements of a. */
    static double distance(float[] a, double[] y) {
        Objects.checkFromToIndex(0, a.length, y.length);
        int whole = a.length / SUMS * SUMS;
        double[] sums = new double[SUMS];
        for (int first = 0; first < SUMS; first += 4 * L) {
            DoubleVector s0 = DoubleVector.zero(S);
            DoubleVector s1 = s0;
            DoubleVector s2 = s0;
            DoubleVector s3 = s0;
            for (int i = first; i < whole; i += SUMS) {
                DoubleVector d0 = difference(a, y, i);
                DoubleVector d1 = difference(a, y, i + L);
                DoubleVector d2 = difference(a, y, i + 2 * L);
                DoubleVector d3 = difference(a, y, i + 3 * L);
                s0 = d0.fma(d0, s0);
                s1 = d1.fma(d1, s1);
                s2 = d2.fma(d2, s2);
                s3 = d3.fma(d3, s3);
            }
            s0.intoArray(sums, first);
            s1.intoArray(sums, first + L);
            s2.intoArray(sums, first + 2 * L);
            s3.intoArray(sums, first + 3 * L);
        }
        for (int i = whole; i < a.length; i++) {
            sums[i - whole] = Math.fma(a[i] - y[i], a[i] - y[i], sums[i - whole]);
        }
        for (int count = SUMS / 2; count > 0; count /= 2) {
            for (int i = 0; i < count; i++) {
                sums[i] += sums[i + count];
            }
        }
        return sums[0] / a.length;
    }

    private static DoubleVector difference(float[] a, double[] y, int i) {
        DoubleVector wide = (DoubleVector) FloatVector.fromArray(Lanes.FLOAT_AS_DOUBLE, a, i).castShape(S, 0);
        return wide.sub(DoubleVector.fromArray(S, y, i));
    }
}
