package org.mixdyn.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

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
        assertTrue(Lanes.describe().startsWith(Lanes.BITS + "-bit vectors"), Lanes.describe());
    }

    @Test
    void halvesAreOfTheWidestVectorsAlone() {
        String forced = System.getProperty(Lanes.HALVES_PROPERTY);
        assertTrue(Lanes.BITS == 512 || !Lanes.HALVES);
        assertTrue(Lanes.BITS != 512 || forced == null || Lanes.HALVES == Boolean.parseBoolean(forced));
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
