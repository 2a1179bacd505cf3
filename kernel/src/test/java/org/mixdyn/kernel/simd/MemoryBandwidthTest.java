package org.mixdyn.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Rates are rates, and sizes that say nothing are refused. */
class MemoryBandwidthTest {
    @Test
    void readingTakesTime() {
        for (int threads = 1; threads <= 2; threads++) {
            double rate = MemoryBandwidth.readGigabytesPerSecond(threads * (1L << 20), threads);
            assertTrue(rate > 0 && Double.isFinite(rate), rate + " GB/s");
        }
    }

    @Test
    void sizesAndThreadsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> MemoryBandwidth.readGigabytesPerSecond((1 << 20) - 4, 1));
        assertThrows(IllegalArgumentException.class, () -> MemoryBandwidth.readGigabytesPerSecond(1 << 20, 2));
        assertThrows(IllegalArgumentException.class, () -> MemoryBandwidth.readGigabytesPerSecond(1L << 33, 1));
        assertThrows(IllegalArgumentException.class, () -> MemoryBandwidth.readGigabytesPerSecond(1 << 20, 0));
        assertThrows(IllegalArgumentException.class, () -> MemoryBandwidth.gigabytesPerSecond(0));
        assertThrows(IllegalArgumentException.class, () -> FmaPeak.gflops(Precision.F32, -1));
    }
}
