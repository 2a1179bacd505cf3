package org.mixdyn.kernel.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.mixdyn.kernel.simd.Precision;

/** Laws of weights that are none. */
class WeightArgumentsTest {
    @Test
    void deviationsAreFiniteAndNotNegative() {
        for (double sigma : new double[]{-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> InitialWeights.gaussian(sigma), "sigma " + sigma);
            assertThrows(IllegalArgumentException.class,
                    () -> HiddenUnits.gaussian(2, 3, 4, sigma, Precision.F64, 1), "sigma " + sigma);
            assertThrows(IllegalArgumentException.class,
                    () -> Bartlett.draw(3, 4, 10, sigma, 1, new double[28], new double[21]), "sigma " + sigma);
        }
    }

    @Test
    void reducedWeightsHaveTheirLength() {
        for (int[] lengths : new int[][]{{27, 21}, {28, 20}, {29, 21}, {28, 22}}) {
            assertThrows(IllegalArgumentException.class,
                    () -> Bartlett.draw(3, 4, 10, 1, 1, new double[lengths[0]], new double[lengths[1]]));
        }
    }

    @Test
    void noDefaultStandsInForNull() {
        assertMissing("kind", () -> new InitialWeights(null, 1, 0));
        assertMissing("precision", () -> HiddenUnits.gaussian(2, 3, 4, 1, null, 1));
        assertMissing("precision", () -> HiddenUnits.of(2, 3, 1, null, new double[3], new double[2]));
        assertMissing("precision", () -> new PanelLayout(2, 3, 4, null));
    }

    private static void assertMissing(String name, Runnable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call::run).getMessage());
    }
}
