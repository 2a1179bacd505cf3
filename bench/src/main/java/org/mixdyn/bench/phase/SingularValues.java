package org.mixdyn.bench.phase;

import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.svd.FloatSvd;

/** Singular values in the precision of the runs: more digits than their products have would tell nothing. */
final class SingularValues {
    private final int dim;
    private final Precision precision;
    private final FloatSvd floatSvd = new FloatSvd();
    private final DoubleSvd doubleSvd = new DoubleSvd();

    /** Of dim x dim matrices, one after the other. */
    SingularValues(int dim, Precision precision) {
        this.dim = dim;
        this.precision = precision;
    }

    /** The singular values of a row-major matrix, descending; a new array each time. */
    double[] of(double[] a) {
        return switch (precision) {
            case F32 -> rounded(a);
            case F64 -> {
                doubleSvd.values(dim, dim, a, 0, dim);
                yield doubleSvd.singularValues();
            }
        };
    }

    private double[] rounded(double[] a) {
        float[] rounded = new float[a.length];
        FloatVectors.round(a.length, a, 0, rounded, 0);
        floatSvd.values(dim, dim, rounded, 0, dim);
        double[] values = new double[dim];
        FloatVectors.widen(dim, floatSvd.singularValues(), 0, values, 0);
        return values;
    }
}
