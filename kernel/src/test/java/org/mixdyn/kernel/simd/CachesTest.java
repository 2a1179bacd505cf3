package org.mixdyn.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes as Linux writes them; where it tells nothing, or what is no size, the one that most have at least. */
class CachesTest {
    private static final long OTHERWISE = 12345;

    @TempDir
    Path folder;

    @Test
    void thoseThatHoldData() throws IOException {
        cache(0, "1", "Instruction", "32K");
        cache(1, "1", "Data", "48K");
        cache(2, "2", "Unified", "2048K");
        cache(3, "3", "Unified", "260M");
        assertEquals(48 << 10, Caches.size(folder, 1, OTHERWISE));
        assertEquals(2 << 20, Caches.size(folder, 2, OTHERWISE));
        assertEquals(260 << 20, Caches.size(folder, 3, OTHERWISE));
        assertEquals(OTHERWISE, Caches.size(folder, 4, OTHERWISE));
    }

    @Test
    void nothingAndNonsense() throws IOException {
        assertEquals(OTHERWISE, Caches.size(folder, 1, OTHERWISE));
        cache(0, "1", "Data", "large");
        cache(1, "2", "Unified", "");
        assertEquals(OTHERWISE, Caches.size(folder, 1, OTHERWISE));
        assertEquals(OTHERWISE, Caches.size(folder, 2, OTHERWISE));
    }

    private void cache(int index, String level, String type, String size) throws IOException {
        Path cache = Files.createDirectory(folder.resolve("index" + index));
        Files.writeString(cache.resolve("level"), level + "\n");
        Files.writeString(cache.resolve("type"), type + "\n");
        Files.writeString(cache.resolve("size"), size + "\n");
    }
}
