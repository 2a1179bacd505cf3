package org.mixdyn.reference;

import static org.ejml.dense.row.NormOps_DDRM.fastNormF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mixdyn.reference.Matrices.distance;
import static org.mixdyn.reference.Matrices.gaussian;

import java.util.List;
import java.util.Random;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** A wide network and its reduction follow the same A. */
class ReducedWidthTest {
    private final Random random = new Random(12);

    @Test
    void followsTheSameProductInBothOrders() {
        for (int width : new int[]{5, 21, 400}) {
            DMatrixRMaj w1 = gaussian(width, 8, 0.2, random);
            DMatrixRMaj w2 = gaussian(13, width, 0.2, random);
            DMatrixRMaj labels = gaussian(13, 8, 1, random);
            List<DMatrixRMaj> reduced = ReducedWidth.of(w1, w2);
            assertEquals(Math.min(width, 21), reduced.getFirst().numRows);
            for (boolean alternating : new boolean[]{false, true}) {
                GradientDescent wide = new GradientDescent(List.of(w1, w2), labels, 0.02);
                GradientDescent narrow = new GradientDescent(reduced, labels, 0.02);
                double start = fastNormF(wide.residual());
                for (int i = 0; i < 300; i++) {
                    if (alternating) {
                        wide.alternatingStep();
                        narrow.alternatingStep();
                    } else {
                        wide.simultaneousStep();
                        narrow.simultaneousStep();
                    }
                }
                assertEquals(0, distance(wide.product(), narrow.product()), 1e-12 * fastNormF(wide.product()));
                assertTrue(fastNormF(wide.residual()) < 0.8 * start, "it has not learnt");
                assertEquals(fastNormF(wide.conserved(1)), fastNormF(narrow.conserved(1)),
                        1e-12 * fastNormF(wide.conserved(1)));
            }
        }
    }

    @Test
    void refusesWeightsOfDifferentWidths() {
        DMatrixRMaj w1 = new DMatrixRMaj(4, 2);
        assertThrows(IllegalArgumentException.class, () -> ReducedWidth.of(w1, new DMatrixRMaj(2, 5)));
    }
}
