package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.identity;
import static org.ejml.dense.row.CommonOps_DDRM.multTransA;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mixdyn.reference.Matrices.distance;
import static org.mixdyn.reference.Matrices.gaussian;

import java.util.Random;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;

/** The decomposition has the properties that define it, and finds singular values that are known beforehand. */
class SingularTest {
    private final Random random = new Random(17580);

    @Test
    void factorsAreOrthogonalAndMultiplyToTheMatrix() {
        for (int[] shape : new int[][]{{1, 1}, {1, 6}, {6, 1}, {20, 20}, {31, 12}, {12, 31}}) {
            check(gaussian(shape[0], shape[1], 1, random));
        }
        check(new DMatrixRMaj(5, 8));
        check(identity(7));
    }

    @Test
    void knownSingularValuesAreFoundInDescendingOrder() {
        double[] known = {2, 9, 0.25, 4, 1e-3, 1};
        DMatrixRMaj a = RandomMatrices_DDRM.singular(11, 6, random, known);
        double[] descending = {9, 4, 2, 1, 0.25, 1e-3};
        assertArrayEquals(descending, Singular.of(a).values(), 1e-13);
    }

    @Test
    void aMatrixThatIsNotFiniteHasNoDecomposition() {
        DMatrixRMaj a = gaussian(4, 4, 1, random);
        a.set(1, 2, Double.NaN);
        assertThrows(IllegalArgumentException.class, () -> Singular.of(a));
    }

    private static void check(DMatrixRMaj a) {
        Singular svd = Singular.of(a);
        int min = Math.min(a.numRows, a.numCols);
        assertEquals(min, svd.values().length);
        assertEquals(0, distance(svd.product(), a), 1e-13);
        assertEquals(0, distance(multTransA(svd.u(), svd.u(), null), identity(min)), 1e-13);
        assertEquals(0, distance(multTransA(svd.v(), svd.v(), null), identity(min)), 1e-13);
        for (int i = 0; i < min; i++) {
            assertTrue(svd.values()[i] >= (i + 1 < min ? svd.values()[i + 1] : 0));
        }
    }
}
