package org.mixdyn.kernel.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mixdyn.kernel.parallel.Team;
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
                    () -> Bartlett.draw(7, 10, sigma, 1), "sigma " + sigma);
        }
    }

    @Test
    void networksHaveHiddenUnits() {
        assertRefused("width is 0; it must be at least 1", () -> HiddenUnits.gaussian(2, 3, 0, 1, Precision.F64, 1));
        assertRefused("width is 0; it must be at least 1",
                () -> HiddenUnits.of(2, 3, 0, Precision.F64, new double[0], new double[0]));
        assertRefused("w1 and w2 have 12 and 7 elements; width 4 needs 12 and 8",
                () -> HiddenUnits.of(2, 3, 4, Precision.F64, new double[12], new double[7]));
        assertRefused("w1 and w2 have 11 and 8 elements; width 4 needs 12 and 8",
                () -> FloatPanels.of(2, 3, 4, new double[11], new double[8], Team.of(1)));
    }

    /** Also such widths whose lower 32 bits alone would be allowed. */
    @Test
    void layersHaveWidthsOfTheirRange() {
        int most = DeepShape.largestWidth(2, 3);
        for (long width : new long[]{Long.MIN_VALUE, Long.MIN_VALUE + 5, Integer.MIN_VALUE - 1L, Integer.MIN_VALUE, -1,
                0, most + 1L, Integer.MAX_VALUE, Integer.MAX_VALUE + 1L, (1L << 32) + 5, Long.MAX_VALUE}) {
            assertRefused("a width is " + width + "; allowed are 1 to " + most,
                    () -> DeepShape.of(2, 3, List.of(4L, width)));
        }
        assertEquals(List.of(1, most), DeepShape.of(2, 3, List.of(1L, (long) most)).widths());
    }

    /** Drawn units and given ones alike; a refused array is left alone. */
    @Test
    void unitsAreReadWithinTheWidthAndIntoRoomForThem() {
        double[] w1 = {1, 2, 3, 4, 5, 6};
        double[] w2 = {7, 8, 9};
        for (HiddenUnits units : List.of(HiddenUnits.of(1, 2, 3, Precision.F64, w1, w2),
                HiddenUnits.gaussian(1, 2, 3, 1, Precision.F64, 1))) {
            double[] all = new double[9];
            units.read(0, 3, all);
            for (int first = 0; first <= 3; first++) {
                for (int count = 0; count <= 3 - first; count++) {
                    double[] rows = new double[3 * count + 1];
                    units.read(first, count, rows);
                    assertArrayEquals(Arrays.copyOfRange(all, 3 * first, 3 * (first + count)),
                            Arrays.copyOf(rows, 3 * count));
                    assertEquals(0, rows[3 * count]);
                }
            }
            double[] rows = new double[8];
            assertRefused("first and count are -1 and 1; allowed are units from 0 to 2", () -> units.read(-1, 1, rows));
            assertRefused("first and count are 0 and -1; allowed are units from 0 to 2", () -> units.read(0, -1, rows));
            assertRefused("first and count are 2 and 2; allowed are units from 0 to 2", () -> units.read(2, 2, rows));
            assertRefused("first and count are 4 and 0; allowed are units from 0 to 2", () -> units.read(4, 0, rows));
            assertRefused("first and count are 9223372036854775807 and 1; allowed are units from 0 to 2",
                    () -> units.read(Long.MAX_VALUE, 1, rows));
            assertRefused("rows has 8 elements; 3 x 3 needs 9 or more", () -> units.read(0, 3, rows));
            assertArrayEquals(new double[8], rows);
        }
        HiddenUnits wide = HiddenUnits.gaussian(1, 2, 1L << 40, 1, Precision.F64, 1);
        assertRefused("rows has 8 elements; 1431655766 x 3 needs 4294967298 or more",
                () -> wide.read(0, 1431655766, new double[8]));
    }

    @Test
    void noDefaultStandsInForNull() {
        assertMissing("kind", () -> new InitialWeights(null, 1, 0));
        assertMissing("precision", () -> HiddenUnits.gaussian(2, 3, 4, 1, null, 1));
        assertMissing("precision", () -> HiddenUnits.of(2, 3, 1, null, new double[3], new double[2]));
        assertMissing("precision", () -> new PanelLayout(2, 3, 4, null));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void assertMissing(String name, Runnable call) {
        assertEquals(name, assertThrows(NullPointerException.class, call::run).getMessage());
    }
}
