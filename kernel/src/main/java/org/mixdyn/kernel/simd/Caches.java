package org.mixdyn.kernel.simd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sizes of this machine's caches, as Linux tells them; where it does not, sizes that most processors have at least.
 */
public final class Caches {
    private static final Path FOLDER = Path.of("/sys/devices/system/cpu/cpu0/cache");

    /** Bytes of the first-level data cache of a core; 32 KiB where the system does not tell. */
    public static final long L1 = size(FOLDER, 1, 32L << 10);
    /** Bytes of the second-level cache of a core; 512 KiB where the system does not tell. */
    public static final long L2 = size(FOLDER, 2, 512L << 10);
    /** Bytes of the third-level cache, shared by cores; 8 MiB where the system does not tell. */
    public static final long L3 = size(FOLDER, 3, 8L << 20);

    private Caches() {
    }

    /** Bytes of the cache of a level that holds data, of those that a folder tells of. */
    static long size(Path folder, int level, long otherwise) {
        for (int index = 0; index < 8; index++) {
            Path cache = folder.resolve("index" + index);
            try {
                if (Files.readString(cache.resolve("level")).strip().equals(Integer.toString(level))
                        && !Files.readString(cache.resolve("type")).strip().equals("Instruction")) {
                    return bytes(Files.readString(cache.resolve("size")).strip());
                }
            } catch (IOException | NumberFormatException e) {
                return otherwise;
            }
        }
        return otherwise;
    }

    private static long bytes(String text) {
        if (text.isEmpty()) {
            throw new NumberFormatException("no size");
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 'K' -> number << 10;
            case 'M' -> number << 20;
            default -> throw new NumberFormatException(text);
        };
    }
}
