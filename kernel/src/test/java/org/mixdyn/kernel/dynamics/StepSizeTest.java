package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The rule on both sides of its line, and what it refuses. */
class StepSizeTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void initialWeightsRuleAboveTheLine() {
        assertEquals(1 / (50.0 * 0.25 * 1000), StepSize.paper(50, 0.25, 1000, 200, 90));
        assertEquals(1 / (50.0 * 201), StepSize.paper(50, 1, 201, 200, 90));
    }

    @Test
    void targetRulesOnAndBelowTheLine() {
        assertEquals(1 / (50.0 * 90), StepSize.paper(50, 1, 200, 200, 90));
        assertEquals(1 / (5.0 * 250), StepSize.paper(5, 1e-3, 1000, 500, 250));
        assertEquals(1 / (5.0 * 250), StepSize.paper(5, 0, 1000, 500, 250));
    }

    @Test
    void theNormIsOnlyAskedForWhereItCounts() {
        assertEquals(1 / (2.0 * 1000), StepSize.paper(2, 1, 1000, 200, NAN));
        refused("targetNorm is NaN; allowed is a finite number above 0", 2, 1, 200, 200, NAN);
        refused("targetNorm is 0.0; allowed is a finite number above 0", 2, 1, 200, 200, 0);
        refused("targetNorm is Infinity; allowed is a finite number above 0", 2, 1, 200, 200, INFINITY);
    }

    @Test
    void refusesWhatIsOutOfRange() {
        refused("q is 0.0; allowed is a finite number above 0", 0, 1, 10, 10, 1);
        refused("q is NaN; allowed is a finite number above 0", NAN, 1, 10, 10, 1);
        refused("q is Infinity; allowed is a finite number above 0", INFINITY, 1, 10, 10, 1);
        refused("sigma2 is -1.0; allowed is a finite number of at least 0", 5, -1, 10, 10, 1);
        refused("sigma2 is NaN; allowed is a finite number of at least 0", 5, NAN, 10, 10, 1);
        refused("width is 0.5; allowed is a finite number of at least 1", 5, 1, 0.5, 10, 1);
        refused("width is Infinity; allowed is a finite number of at least 1", 5, 1, INFINITY, 10, 1);
        refused("dim is 0.0; allowed is a finite number of at least 1", 5, 1, 10, 0, 1);
        refused("dim is NaN; allowed is a finite number of at least 1", 5, 1, 10, NAN, 1);
        refused("q is 1.0E200, which makes the step size 0.0 at scale 1.0E200; allowed is a finite step size above 0",
                1e200, 1e200, 1, 1, 1);
    }

    private static void refused(String message, double q, double sigma2, double width, double dim, double norm) {
        var thrown = assertThrows(IllegalArgumentException.class,
                () -> StepSize.paper(q, sigma2, width, dim, norm));
        assertEquals(message, thrown.getMessage());
    }
}
