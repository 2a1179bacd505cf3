package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.add;
import static org.ejml.dense.row.CommonOps_DDRM.mult;
import static org.ejml.dense.row.CommonOps_DDRM.multTransA;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;
import static org.ejml.dense.row.CommonOps_DDRM.subtract;
import static org.ejml.dense.row.NormOps_DDRM.fastNormF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mixdyn.reference.Matrices.distance;
import static org.mixdyn.reference.Matrices.gaussian;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Descent against difference quotients of the loss, and against what gradient flow conserves. */
class GradientDescentTest {
    private static final int OUTPUTS = 4;
    private static final int INPUTS = 7;
    private static final int WIDTH = 9;

    private final Random random = new Random(2405);
    private final DMatrixRMaj labels = gaussian(OUTPUTS, INPUTS, 1, random);

    @Test
    void productIsThatOfTheWeightsFromTheLast() {
        List<DMatrixRMaj> weights = network(3, 1);
        DMatrixRMaj expected = mult(weights.get(2), mult(weights.get(1), weights.get(0), null), null);
        assertEquals(0, distance(new GradientDescent(weights, labels, 1).product(), expected), 1e-14);
    }

    /** The loss is a parabola in any one entry, so its central difference is the derivative but for rounding. */
    @Test
    void stepIsDownTheGradientOfTheLoss() {
        double eta = 0.125;
        double h = 0.01;
        for (int depth = 2; depth <= 4; depth++) {
            List<DMatrixRMaj> weights = network(depth, 0.5);
            GradientDescent descent = new GradientDescent(weights, labels, eta);
            descent.simultaneousStep();
            for (int layer = 1; layer <= depth; layer++) {
                DMatrixRMaj weight = weights.get(layer - 1);
                DMatrixRMaj moved = descent.weight(layer);
                for (int i = 0; i < weight.getNumElements(); i++) {
                    double old = weight.get(i);
                    weight.set(i, old + h);
                    double above = loss(weights);
                    weight.set(i, old - h);
                    double below = loss(weights);
                    weight.set(i, old);
                    assertEquals((above - below) / (2 * h), (old - moved.get(i)) / eta, 1e-10);
                }
            }
        }
    }

    @Test
    void alternatingOrderUsesTheNewFirstWeightAndTheOldResidual() {
        double eta = 0.03;
        List<DMatrixRMaj> weights = network(2, 0.5);
        GradientDescent simultaneous = new GradientDescent(weights, labels, eta);
        GradientDescent alternating = new GradientDescent(weights, labels, eta);
        DMatrixRMaj g = alternating.residual();
        simultaneous.simultaneousStep();
        alternating.alternatingStep();
        DMatrixRMaj w1 = alternating.weight(1);
        assertEquals(0, distance(w1, simultaneous.weight(1)));
        DMatrixRMaj w2 = add(weights.get(1), -eta, multTransB(g, w1, null), null);
        assertEquals(0, distance(alternating.weight(2), w2), 1e-15);
        assertTrue(distance(alternating.weight(2), simultaneous.weight(2)) > 1e-3);
    }

    /** W_3' = W_3 - eta G (W_2' W_1')^T and W_2' = W_2 - eta W_3^T G W_1'^T, with the G and the W_3 of before. */
    @Test
    void alternatingOrderGoesUpLayerByLayer() {
        double eta = 0.03;
        List<DMatrixRMaj> weights = network(3, 0.5);
        GradientDescent descent = new GradientDescent(weights, labels, eta);
        DMatrixRMaj g = descent.residual();
        descent.alternatingStep();
        DMatrixRMaj back = multTransA(weights.get(2), g, null);
        DMatrixRMaj w1 = add(weights.get(0), -eta, multTransA(weights.get(1), back, null), null);
        DMatrixRMaj w2 = add(weights.get(1), -eta, multTransB(back, w1, null), null);
        DMatrixRMaj w3 = add(weights.get(2), -eta, multTransB(g, mult(w2, w1, null), null), null);
        assertEquals(0, distance(descent.weight(1), w1), 1e-15);
        assertEquals(0, distance(descent.weight(2), w2), 1e-15);
        assertEquals(0, distance(descent.weight(3), w3), 1e-15);
    }

    @Test
    void bothOrdersLearnTheLabels() {
        for (boolean alternating : new boolean[]{false, true}) {
            GradientDescent descent = new GradientDescent(network(2, 0.5), labels, 0.05);
            for (int i = 0; i < 2000; i++) {
                step(descent, alternating);
            }
            assertEquals(0, fastNormF(descent.residual()), 1e-9);
        }
    }

    /** The change of one step, whose terms of order eta cancel: eta^2 (W_2^T G G^T W_2 - W_1 G^T G W_1^T). */
    @Test
    void simultaneousStepChangesTheConservedQuantityBySecondOrderAlone() {
        double eta = 0.01;
        GradientDescent descent = new GradientDescent(network(2, 0.5), labels, eta);
        DMatrixRMaj g = descent.residual();
        DMatrixRMaj up = multTransA(descent.weight(2), g, null);
        DMatrixRMaj down = multTransB(descent.weight(1), g, null);
        DMatrixRMaj change = subtract(multTransB(up, up, null), multTransB(down, down, null), null);
        DMatrixRMaj expected = add(descent.conserved(1), eta * eta, change, null);
        descent.simultaneousStep();
        assertEquals(0, distance(descent.conserved(1), expected), 1e-14);
    }

    /** Likewise, with the new W_1: -eta^2 (W_2^T G G^T W_2 + W_1' G^T G W_1'^T). */
    @Test
    void alternatingStepChangesTheConservedQuantityBySecondOrderAlone() {
        double eta = 0.01;
        GradientDescent descent = new GradientDescent(network(2, 0.5), labels, eta);
        DMatrixRMaj before = descent.conserved(1);
        DMatrixRMaj g = descent.residual();
        DMatrixRMaj up = multTransA(descent.weight(2), g, null);
        descent.alternatingStep();
        DMatrixRMaj down = multTransB(descent.weight(1), g, null);
        DMatrixRMaj change = add(multTransB(up, up, null), multTransB(down, down, null), null);
        DMatrixRMaj expected = add(before, -eta * eta, change, null);
        assertEquals(0, distance(descent.conserved(1), expected), 1e-14);
    }

    @Test
    void everyPairOfLayersConservesToSecondOrder() {
        double eta = 0.002;
        for (int depth = 2; depth <= 4; depth++) {
            List<DMatrixRMaj> weights = network(depth, 0.5);
            for (int layer = 1; layer < depth; layer++) {
                double ratio = drift(weights, layer, eta) / drift(weights, layer, eta / 2);
                assertEquals(4, ratio, 0.05, "depth " + depth + ", layer " + layer);
            }
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        List<DMatrixRMaj> weights = network(3, 1);
        assertThrows(IllegalArgumentException.class, () -> new GradientDescent(weights.subList(0, 1), labels, 1));
        assertThrows(IllegalArgumentException.class, () -> new GradientDescent(weights.subList(0, 2), labels, 1));
        assertThrows(IllegalArgumentException.class, () -> new GradientDescent(weights.reversed(), labels, 1));
    }

    private double drift(List<DMatrixRMaj> weights, int layer, double eta) {
        GradientDescent descent = new GradientDescent(weights, labels, eta);
        DMatrixRMaj before = descent.conserved(layer);
        descent.simultaneousStep();
        return distance(descent.conserved(layer), before);
    }

    private double loss(List<DMatrixRMaj> weights) {
        double norm = fastNormF(new GradientDescent(weights, labels, 1).residual());
        return norm * norm / 2;
    }

    private List<DMatrixRMaj> network(int depth, double scale) {
        List<DMatrixRMaj> weights = new ArrayList<>();
        for (int layer = 1; layer <= depth; layer++) {
            int rows = layer == depth ? OUTPUTS : WIDTH;
            int cols = layer == 1 ? INPUTS : WIDTH;
            weights.add(gaussian(rows, cols, scale, random));
        }
        return weights;
    }

    private static void step(GradientDescent descent, boolean alternating) {
        if (alternating) {
            descent.alternatingStep();
        } else {
            descent.simultaneousStep();
        }
    }
}
