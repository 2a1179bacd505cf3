package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.reference.ProductChecks.Product;

/** The comparison of products sees what it must see. */
class ProductChecksTest {
    private static final int[] SHAPE = {9, 13, 40};

    @Test
    void theReferenceAgreesWithItself() {
        for (Precision precision : Precision.values()) {
            assertTrue(passes(precision, Products::multiply));
        }
    }

    @Test
    void aNumberThatIsTooFarOffFails() {
        for (Precision precision : Precision.values()) {
            double bound = 43 * (precision.unitRoundoff() + Precision.F64.unitRoundoff());
            assertTrue(passes(precision, spoiled(4, 7, c -> c * (1 + bound / 100))));
            // A sum of 40 Gaussian products is about a tenth of the sum of their magnitudes.
            assertFalse(passes(precision, spoiled(4, 7, c -> c * (1 + 300 * bound))));
            assertFalse(passes(precision, spoiled(8, 12, c -> Double.NaN)));
        }
    }

    @Test
    void anElementBetweenTheRowsMustKeepItsBits() {
        assertFalse(passes(Precision.F32, spoiled(4, 13, Math::nextUp)));
    }

    @Test
    void aTransposeThatIsForgottenFails() {
        assertFalse(passes(Precision.F32, (transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c,
                cOffset, ldc) -> Products.multiply(false, transB, m, n, k, alpha, new double[a.length + m * k], 0, k, b,
                        bOffset, ldb, beta, c, cOffset, ldc)));
    }

    private static boolean passes(Precision precision, Product product) {
        return ProductChecks.row(precision, product, SHAPE, new SplittableRandom(1)).passed();
    }

    /** The reference, with element (row, col) of C changed. */
    private static Product spoiled(int row, int col, DoubleUnaryOperator change) {
        return (transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc) -> {
            Products.multiply(transA, transB, m, n, k, alpha, a, aOffset, lda, b, bOffset, ldb, beta, c, cOffset, ldc);
            int index = cOffset + row * ldc + col;
            c[index] = change.applyAsDouble(c[index]);
        };
    }
}
