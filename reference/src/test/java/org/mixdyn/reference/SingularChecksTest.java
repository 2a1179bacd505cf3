package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.mixdyn.reference.Matrices.gaussian;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Precision;

/** The comparison of decompositions sees what it must see. */
class SingularChecksTest {
    private static final int ROWS = 12;
    private static final int COLS = 7;

    @Test
    void theReferenceAgreesWithItself() {
        for (Precision precision : Precision.values()) {
            assertPasses(precision, svd -> svd, true, true, true);
        }
    }

    @Test
    void aVectorOfTheWrongSignIsSeenInTheResidual() {
        assertPasses(Precision.F64, svd -> new Singular(changed(svd.u(), u -> -u), svd.values(), svd.v()), false, true,
                true);
    }

    @Test
    void factorsOfNothingButNaNFail() {
        assertPasses(Precision.F64, svd -> {
            DMatrixRMaj nothing = new DMatrixRMaj(ROWS, COLS);
            nothing.fill(Double.NaN);
            return new Singular(nothing, svd.values(), svd.v());
        }, false, false, true);
    }

    @Test
    void aStretchedFactorIsNotOrthogonal() {
        double stretch = 1 + 1e-5;
        assertPasses(Precision.F32, svd -> new Singular(changed(svd.u(), u -> u * stretch), svd.values(),
                changed(svd.v(), v -> v / stretch)), true, false, true);
    }

    @Test
    void aValueThatIsOffFails() {
        assertPasses(Precision.F64, svd -> new Singular(svd.u(), changed(svd.values(), 0, 1 + 1e-13), svd.v()), false,
                true, false);
        assertPasses(Precision.F64, svd -> new Singular(svd.u(), changed(svd.values(), 6, Double.NaN), svd.v()), false,
                true, false);
    }

    @Test
    void valuesOutOfOrderFail() {
        assertPasses(Precision.F64, svd -> {
            double[] values = svd.values().clone();
            values[4] = values[5];
            values[5] = svd.values()[4];
            return new Singular(svd.u(), values, svd.v());
        }, false, true, false);
    }

    private static void assertPasses(Precision precision, UnaryOperator<Singular> spoil, boolean residual,
            boolean orthogonality, boolean values) {
        DMatrixRMaj a = gaussian(ROWS, COLS, 1, new Random(3));
        SingularChecks.Decomposer decomposer = new SingularChecks.Decomposer() {
            @Override
            public Singular factors(DMatrixRMaj matrix) {
                return spoil.apply(Singular.of(matrix));
            }

            @Override
            public double[] values(DMatrixRMaj matrix) {
                return factors(matrix).values();
            }
        };
        Object[] passed = SingularChecks.rows("a", a, precision, decomposer).stream().map(Validation.Row::passed)
                .toArray();
        assertArrayEquals(new Object[]{residual, orthogonality, values}, passed);
    }

    /** A copy in which every entry of the second column is changed. */
    private static DMatrixRMaj changed(DMatrixRMaj factor, DoubleUnaryOperator change) {
        DMatrixRMaj copy = factor.copy();
        for (int i = 0; i < copy.numRows; i++) {
            copy.set(i, 1, change.applyAsDouble(copy.get(i, 1)));
        }
        return copy;
    }

    private static double[] changed(double[] values, int index, double factor) {
        double[] copy = values.clone();
        copy[index] *= factor;
        return copy;
    }
}
