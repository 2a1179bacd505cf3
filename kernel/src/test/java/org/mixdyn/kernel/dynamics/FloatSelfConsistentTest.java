package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

class FloatSelfConsistentTest {
    /** Where W_1^T W_1 = sqrt(A^T A + s^2 I) and W_2 W_2^T = sqrt(A A^T + s^2 I), gradient flow is the equation itself. */
    @ParameterizedTest
    @CsvSource({"6,6", "5,9", "9,5"})
    void oneStepAgreesWithGradientDescentOnBalancedWeights(int outputs, int inputs) {
        double s = 0.7;
        double eta = 1e-3;
        Task task = Task.lowRank(outputs, inputs, 2, 0.3, 5);
        int n = outputs + inputs;
        // A diagonal A has diagonal roots; the weights of a rectangular one need units for both sides.
        double[] a0 = new double[outputs * inputs];
        double[] w1 = new double[n * inputs];
        double[] w2 = new double[outputs * n];
        SplittableRandom random = new SplittableRandom(3);
        int r = Math.min(outputs, inputs);
        double[] value = new double[Math.max(outputs, inputs)];
        for (int k = 0; k < r; k++) {
            value[k] = 2 * random.nextDouble();
            a0[k * inputs + k] = value[k];
        }
        for (int j = 0; j < inputs; j++) {
            double root = Math.sqrt(value[j] * value[j] + s * s);
            // Column j of W_1 has squared length root and product value_j with row j of W_2, of the same length.
            w1[j * inputs + j] = Math.sqrt(root);
        }
        for (int i = 0; i < outputs; i++) {
            double root = Math.sqrt(value[i] * value[i] + s * s);
            double along = i < inputs ? value[i] / Math.sqrt(root) : 0;
            if (i < inputs) {
                w2[i * n + i] = along;
            }
            w2[i * n + inputs + i] = Math.sqrt(root - along * along);
        }
        double[] descended = new double[outputs * inputs];
        try (Dynamics descent = TwoLayer.of(task, n, w1, w2, eta, UpdateOrder.SIMULTANEOUS, Precision.F32, 1)) {
            descent.step();
            descent.product(descended);
        }
        double[] consistent = new double[outputs * inputs];
        try (Dynamics equation = SelfConsistent.of(task, s, a0, eta, Precision.F32, 1)) {
            equation.step();
            equation.product(consistent);
        }
        double moved = 0;
        double apart = 0;
        for (int i = 0; i < a0.length; i++) {
            moved = Math.max(moved, Math.abs(consistent[i] - a0[i]));
            apart = Math.max(apart, Math.abs(consistent[i] - descended[i]));
        }
        assertTrue(moved > eta * 0.1);
        // The step of the weights leaves a term in eta^2; the rest is rounding.
        assertTrue(apart <= 20 * eta * moved + 200 * Precision.F32.unitRoundoff(), apart + " of " + moved);
    }

    @Test
    void withoutActiveValuesErrorsDecayAtTheLazyRate() {
        Task task = Task.lowRank(8, 8, 2, 1, 5);
        double s = 1e6;
        double eta = 1e-8;
        try (Dynamics equation = SelfConsistent.of(task, s, new double[64], eta, Precision.F32, 1)) {
            double before = equation.trainError();
            equation.step();
            assertEquals(Math.pow(1 - 2 * eta * s, 2), equation.trainError() / before, 1e-5);
        }
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Task task = Task.lowRank(4, 4, 1, 1, 11);
        assertThrows(IllegalArgumentException.class,
                () -> SelfConsistent.of(task, -1, new double[16], 1, Precision.F32, 1));
        assertThrows(IllegalArgumentException.class,
                () -> SelfConsistent.of(task, 1, new double[15], 1, Precision.F32, 1));
        assertThrows(IllegalArgumentException.class,
                () -> SelfConsistent.of(task, 1, new double[16], 0, Precision.F32, 1));
    }
}
