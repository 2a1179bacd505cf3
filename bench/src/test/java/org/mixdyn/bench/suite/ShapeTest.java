package org.mixdyn.bench.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mixdyn.kernel.simd.Precision;

/** Operations and bytes of a product, counted. */
class ShapeTest {
    @Test
    void operationsAndBytes() {
        Shape shape = Shape.parse("2x3x5");
        assertEquals(60, shape.flops());
        assertEquals(8 * (2 * 5 + 5 * 3), shape.operandBytes(Precision.F64));
        assertEquals(4 * (2 * 5 + 5 * 3 + 2 * 3), shape.bytes(Precision.F32));
    }

    @Test
    void thinOnes() {
        assertTrue(Shape.parse("16x500x500").isThin());
        assertTrue(Shape.parse("500x16x500").isThin());
        assertFalse(Shape.parse("17x500x16").isThin());
    }
}
