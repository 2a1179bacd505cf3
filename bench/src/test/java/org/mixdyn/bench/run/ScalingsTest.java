package org.mixdyn.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Powers of d as whole numbers of hidden units. */
class ScalingsTest {
    @ParameterizedTest
    @CsvSource({"100, 1.5, 1000", "10, 3, 1000", "200, 2, 40000", "500, 2.25, 1182177", "10, 0.3, 1", "2, 0.999, 1",
            "10, 15.5, 3162277660168379", "10, 16, 10000000000000000", "2, 52, 4503599627370496",
            "2, 53, 9007199254740992", "7, 0, 1", "10, -0.1, 0", "32, 1.2, 64", "1024, 1.4, 16384", "32, 2.8, 16384",
            "243, 2.8, 4782969", "32, 8.2, 2199023255552", "10, 9.3, 1995262314",
            "243, 2.4, 531441", "1024, 0.7, 128"})
    void unitsAreTheFloorOfThePower(int dim, double gamma, double units) {
        assertEquals(units, Scalings.units(dim, gamma));
    }
}
