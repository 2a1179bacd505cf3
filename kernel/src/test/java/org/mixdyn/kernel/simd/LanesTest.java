package org.mixdyn.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.function.Executable;

/** The vector width in use is the one that the processor has, or the one that was asked for. */
class LanesTest {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    @Test
    @EnabledIf("onLinuxOfX86")
    void theWidthIsTheProcessorsOwnUnlessItIsForced() throws IOException {
        String forced = System.getProperty(Lanes.PROPERTY);
        assertEquals(forced == null ? widthOf(processorFlags()) : Integer.parseInt(forced), Lanes.BITS);
    }

    @Test
    void everySpeciesHasTheWidth() {
        assertEquals(Lanes.BITS, Lanes.FLOAT.vectorBitSize());
        assertEquals(Lanes.BITS, Lanes.DOUBLE.vectorBitSize());
        assertEquals(Lanes.BITS, Lanes.LONG.vectorBitSize());
        assertEquals(Math.min(Lanes.BITS, 256), Lanes.FLOAT_TAIL.vectorBitSize());
        assertEquals(Math.min(Lanes.BITS, 256), Lanes.DOUBLE_TAIL.vectorBitSize());
        assertTrue(Lanes.describe().startsWith(Lanes.BITS + "-bit vectors"), Lanes.describe());
    }

    /** SSE and AVX2 name 16, AVX-512 names 32. */
    @Test
    @EnabledIf("onLinuxOfX86")
    void thereAreAsManyRegistersAsTheWidthBrings() {
        assertEquals(Lanes.BITS > 256, Lanes.THIRTY_TWO_REGISTERS);
    }

    @Test
    void theWidthIsTheForcedOneOrThePreferredOne() {
        for (int preferred : new int[]{128, 256, 512}) {
            assertEquals(preferred, Lanes.bits(null, preferred));
            assertEquals(128, Lanes.bits("128", preferred));
            assertEquals(256, Lanes.bits("256", preferred));
            assertEquals(512, Lanes.bits("512", preferred));
        }
        assertEquals(128, Lanes.bits(null, 64));
        assertEquals(512, Lanes.bits(null, 1024));
        for (String forced : new String[]{"", "64", "1024", "wide"}) {
            assertRefused("mixdyn.vectorBits is " + forced + "; allowed are 128, 256, 512",
                    () -> Lanes.bits(forced, 256));
        }
    }

    @Test
    void halvesAreOfTheWidestVectorsAlone() {
        for (boolean processor : new boolean[]{false, true}) {
            assertEquals(processor, Lanes.halves(512, null, processor));
            assertTrue(Lanes.halves(512, "true", processor));
            assertFalse(Lanes.halves(512, "false", processor));
            for (String forced : new String[]{null, "true", "false"}) {
                assertFalse(Lanes.halves(128, forced, processor));
                assertFalse(Lanes.halves(256, forced, processor));
            }
            for (String forced : new String[]{"", "yes", "TRUE"}) {
                assertRefused("mixdyn.vectorHalves is " + forced + "; allowed are true, false",
                        () -> Lanes.halves(512, forced, processor));
            }
        }
    }

    @Test
    void halvesAreThoseOfTheProcessorUnlessTheyAreForced() {
        String forced = System.getProperty(Lanes.HALVES_PROPERTY);
        boolean halves = forced == null ? Processor.halves512Bits() : Boolean.parseBoolean(forced);
        assertEquals(Lanes.BITS == 512 && halves, Lanes.HALVES);
    }

    @Test
    void productsComputeTheFewestWholeVectorsOfColumns() {
        for (Precision precision : Precision.values()) {
            int lanes = (Lanes.HALVES ? 256 : Lanes.BITS) / 8 / precision.bytes();
            for (int columns = 0; columns < 70; columns++) {
                int whole = precision.wholeVectors(columns);
                assertEquals(0, whole % lanes);
                assertTrue(whole >= columns && whole < columns + lanes, whole + " for " + columns);
            }
        }
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    /** As HotSpot sees it: full 512-bit vectors need AVX-512 with byte and word, doubleword and length extensions. */
    private static int widthOf(Set<String> flags) {
        if (flags.containsAll(List.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"))) {
            return 512;
        }
        return flags.contains("avx2") ? 256 : 128;
    }

    private static Set<String> processorFlags() throws IOException {
        String line = Files.readAllLines(CPU_INFO).stream().filter(text -> text.startsWith("flags")).findFirst()
                .orElseThrow();
        return new HashSet<>(List.of(line.substring(line.indexOf(':') + 1).strip().split(" ")));
    }

    static boolean onLinuxOfX86() {
        return Files.isReadable(CPU_INFO) && System.getProperty("os.arch").equals("amd64");
    }
}
