package org.mixdyn.reference;

import java.util.Arrays;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.svd.FloatSvd;

/** The decompositions of the kernel, each one instance for matrices of all sizes. */
final class KernelDecomposers {
    /** A stands at an offset, its rows apart by more than its columns. */
    private static final int OFFSET = 5;
    private static final int GAP = 3;

    private KernelDecomposers() {
    }

    static SingularChecks.Decomposer of(Precision precision) {
        return precision == Precision.F32 ? new Single() : new Dual();
    }

    private static final class Single implements SingularChecks.Decomposer {
        private final FloatSvd svd = new FloatSvd();

        @Override
        public Singular factors(DMatrixRMaj a) {
            int min = Math.min(a.numRows, a.numCols);
            svd.factor(a.numRows, a.numCols, Errors.toFloat(apart(a)), OFFSET, a.numCols + GAP);
            float[] u = new float[a.numRows * min];
            float[] v = new float[a.numCols * min];
            svd.u(u);
            svd.v(v);
            return new Singular(DMatrixRMaj.wrap(a.numRows, min, Errors.toDouble(u)),
                    Errors.toDouble(svd.singularValues()), DMatrixRMaj.wrap(a.numCols, min, Errors.toDouble(v)));
        }

        @Override
        public double[] values(DMatrixRMaj a) {
            svd.values(a.numRows, a.numCols, Errors.toFloat(apart(a)), OFFSET, a.numCols + GAP);
            return Errors.toDouble(svd.singularValues());
        }
    }

    private static final class Dual implements SingularChecks.Decomposer {
        private final DoubleSvd svd = new DoubleSvd();

        @Override
        public Singular factors(DMatrixRMaj a) {
            int min = Math.min(a.numRows, a.numCols);
            svd.factor(a.numRows, a.numCols, apart(a), OFFSET, a.numCols + GAP);
            DMatrixRMaj u = new DMatrixRMaj(a.numRows, min);
            DMatrixRMaj v = new DMatrixRMaj(a.numCols, min);
            svd.u(u.data);
            svd.v(v.data);
            return new Singular(u, svd.singularValues(), v);
        }

        @Override
        public double[] values(DMatrixRMaj a) {
            svd.values(a.numRows, a.numCols, apart(a), OFFSET, a.numCols + GAP);
            return svd.singularValues();
        }
    }

    /** A with NaN before it and between its rows. */
    private static double[] apart(DMatrixRMaj a) {
        double[] x = new double[OFFSET + a.numRows * (a.numCols + GAP)];
        Arrays.fill(x, Double.NaN);
        for (int i = 0; i < a.numRows; i++) {
            System.arraycopy(a.data, i * a.numCols, x, OFFSET + i * (a.numCols + GAP), a.numCols);
        }
        return x;
    }
}
