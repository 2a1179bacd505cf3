package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.addEquals;
import static org.ejml.dense.row.CommonOps_DDRM.identity;
import static org.ejml.dense.row.CommonOps_DDRM.insert;
import static org.ejml.dense.row.CommonOps_DDRM.mult;
import static org.ejml.dense.row.CommonOps_DDRM.multTransA;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;
import static org.ejml.dense.row.CommonOps_DDRM.scale;
import static org.ejml.dense.row.NormOps_DDRM.fastNormF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mixdyn.reference.Matrices.distance;
import static org.mixdyn.reference.Matrices.gaussian;

import java.util.List;
import java.util.Random;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.junit.jupiter.api.Test;

/** Equation 1: its roots, and how it meets gradient descent. */
class SelfConsistentTest {
    private final Random random = new Random(30);

    @Test
    void squaresOfTheRootsAreTheGramMatricesPlusTheInitialScale() {
        for (int[] shape : new int[][]{{6, 6}, {9, 4}, {4, 9}, {1, 5}}) {
            for (double s : new double[]{0, 1e-6, 0.7, 40}) {
                DMatrixRMaj a = gaussian(shape[0], shape[1], 1, random);
                Singular svd = Singular.of(a);
                checkRoot(SelfConsistent.root(svd.u(), svd.values(), s), multTransB(a, a, null), s);
                checkRoot(SelfConsistent.root(svd.v(), svd.values(), s), multTransA(a, a, null), s);
            }
        }
    }

    /** Where A = 0 both roots are s I: the lazy equation dA/dt = -2 s G, exactly. */
    @Test
    void startsLazilyFromZero() {
        DMatrixRMaj labels = gaussian(5, 3, 1, random);
        DMatrixRMaj derivative = new SelfConsistent(new DMatrixRMaj(5, 3), labels, 1.5, 0.1).derivative();
        scale(3, labels);
        assertEquals(0, distance(derivative, labels), 1e-14);
    }

    /** For numbers the equation is da/dt = -2 sqrt(a^2 + s^2) (a - y). */
    @Test
    void isTheScalarEquationInOneDimension() {
        DMatrixRMaj a = new DMatrixRMaj(new double[][]{{-3}});
        DMatrixRMaj y = new DMatrixRMaj(new double[][]{{2}});
        SelfConsistent dynamics = new SelfConsistent(a, y, 4, 0.01);
        assertEquals(50, dynamics.derivative().get(0), 1e-13);
        dynamics.step();
        assertEquals(-2.5, dynamics.product().get(0), 1e-15);
    }

    /**
     * Where the conserved quantity M = W_1 W_1^T - W_2^T W_2 satisfies M^2 = s^2 I, gradient flow obeys equation 1 exactly:
     * W_1^T M^2 W_1 = s^2 W_1^T W_1 is an equation that the roots solve. Such is W_1 = sqrt(s) [I; 0], W_2 = sqrt(s) [0, I].
     * Gradient descent and Euler steps then both follow one curve to O(eta), so their distance falls as eta.
     */
    @Test
    void isGradientFlowWhereTheInitialGramMatricesAreExact() {
        for (double s : new double[]{0.02, 3}) {
            DMatrixRMaj labels = gaussian(4, 6, 1, random);
            double coarse = distanceAtTimeOne(labels, s, 200);
            double fine = distanceAtTimeOne(labels, s, 400);
            assertTrue(fine < 0.05, "distance " + fine);
            assertEquals(2, coarse / fine, 0.15);
        }
    }

    /** For Gaussian weights it holds as the width grows: the distance falls about as 1 / sqrt(width). */
    @Test
    void approachesGradientDescentWithTheWidth() {
        DMatrixRMaj labels = gaussian(5, 5, 1, random);
        double narrow = distanceOfGaussianNetwork(labels, 100, 1.0);
        double wide = distanceOfGaussianNetwork(labels, 40_000, 1.0);
        assertTrue(narrow > 1e-3, "a test that sees nothing: " + narrow);
        assertTrue(wide < narrow / 8, wide + " against " + narrow);
    }

    @Test
    void refusesWhatDoesNotFit() {
        DMatrixRMaj a = new DMatrixRMaj(2, 3);
        assertThrows(IllegalArgumentException.class, () -> new SelfConsistent(a, new DMatrixRMaj(3, 2), 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new SelfConsistent(a, a, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> new SelfConsistent(a, a, Double.NaN, 1));
    }

    private static void checkRoot(DMatrixRMaj root, DMatrixRMaj gram, double s) {
        addEquals(gram, s * s, identity(gram.numRows));
        assertEquals(0, distance(mult(root, root, null), gram), 1e-14 * fastNormF(gram));
        assertEquals(0, distance(root, multTransB(identity(root.numRows), root, null)), 1e-14 * fastNormF(root));
        addEquals(root, 1e-12, identity(root.numRows));
        assertTrue(MatrixFeatures_DDRM.isPositiveDefinite(root));
    }

    private static double distanceAtTimeOne(DMatrixRMaj labels, double s, int steps) {
        int outputs = labels.numRows;
        int inputs = labels.numCols;
        DMatrixRMaj w1 = new DMatrixRMaj(inputs + outputs, inputs);
        DMatrixRMaj w2 = new DMatrixRMaj(outputs, inputs + outputs);
        insert(identity(inputs), w1, 0, 0);
        insert(identity(outputs), w2, 0, inputs);
        scale(Math.sqrt(s), w1);
        scale(Math.sqrt(s), w2);
        return distanceAfter(List.of(w1, w2), labels, s, 1.0 / steps, steps);
    }

    private double distanceOfGaussianNetwork(DMatrixRMaj labels, int width, double s) {
        double sigma = Math.sqrt(s / width);
        DMatrixRMaj w1 = gaussian(width, labels.numCols, sigma, random);
        DMatrixRMaj w2 = gaussian(labels.numRows, width, sigma, random);
        return distanceAfter(ReducedWidth.of(w1, w2), labels, s, 1e-3, 500);
    }

    private static double distanceAfter(List<DMatrixRMaj> weights, DMatrixRMaj labels, double s, double eta,
            int steps) {
        GradientDescent descent = new GradientDescent(weights, labels, eta);
        SelfConsistent dynamics = new SelfConsistent(descent.product(), labels, s, eta);
        for (int i = 0; i < steps; i++) {
            descent.simultaneousStep();
            dynamics.step();
        }
        return distance(descent.product(), dynamics.product());
    }
}
