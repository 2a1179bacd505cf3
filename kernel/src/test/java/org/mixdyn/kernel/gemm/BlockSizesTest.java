package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** The path that runs is the one that the vector width in use asks for, and its blocks fit the caches of this machine. */
class BlockSizesTest {
    @ParameterizedTest
    @EnumSource
    void theTileFitsTheRegisters(Precision precision) {
        BlockSizes blocks = BlockSizes.of(precision);
        int vectors = blocks.nr() * precision.bytes() * 8 / Lanes.BITS;
        assertEquals(Lanes.THIRTY_TWO_REGISTERS ? 8 : 5, blocks.mr());
        assertEquals(Lanes.THIRTY_TWO_REGISTERS ? 3 : 2, vectors);
        assertTrue(blocks.describe().startsWith("tile of " + blocks.mr() + " x " + blocks.nr() + ", mc "),
                blocks.describe());
    }

    @ParameterizedTest
    @EnumSource
    void theBlocksFitTheCaches(Precision precision) {
        BlockSizes blocks = BlockSizes.of(precision);
        long row = (long) blocks.kc() * precision.bytes();
        assertTrue(blocks.mc() * row <= Math.max(Caches.L2 / 2, 8 * blocks.mr() * row), blocks.describe());
        if (!Lanes.THIRTY_TWO_REGISTERS) {
            long part = Math.min(Caches.L2 / 2, 512 << 10);
            long eight = 8L * blocks.mr() * precision.bytes();
            long ofBoth = (long) (blocks.mr() + blocks.nr()) * precision.bytes();
            assertEquals(0, blocks.kc() % 64, blocks.describe());
            assertTrue(blocks.kc() == 128 || blocks.kc() * ofBoth <= Caches.L1
                    || blocks.kc() <= 1024 && blocks.kc() * eight <= part, "a panel of each operand, or eight of A");
            assertTrue(blocks.kc() == 1024 || (blocks.kc() + 64) * ofBoth > Caches.L1, "not less than fits L1");
            assertTrue(blocks.mc() * row <= Math.max(part, 8 * blocks.mr() * row), blocks.describe());
        }
        assertTrue(blocks.nc() * row <= Math.max(Caches.L3 / 4, 16 * blocks.nr() * row), blocks.describe());
    }

    @Test
    void partsOfTilesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new BlockSizes(8, 48, 129, 512, 480));
        assertThrows(IllegalArgumentException.class, () -> new BlockSizes(8, 48, 128, 512, 481));
        assertThrows(IllegalArgumentException.class, () -> new BlockSizes(8, 48, 128, 0, 480));
    }
}
