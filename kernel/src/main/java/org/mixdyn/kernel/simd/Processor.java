package org.mixdyn.kernel.simd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What has to be known of this machine's processor beyond the width of its vectors, as Linux tells it. */
final class Processor {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    /** AMD's name for Zen 3 and Zen 4, of which Zen 4 alone has vectors of 512 bits. */
    private static final List<String> ZEN_4 = List.of("AuthenticAMD", "25");

    private Processor() {
    }

    /** Whether 512 bits are computed, loaded and stored in two halves; false where the system does not tell. */
    static boolean halves512Bits() {
        return ZEN_4.equals(List.of(field("vendor_id"), field("cpu family")));
    }

    private static String field(String name) {
        try {
            return Files.readAllLines(INFO).stream().filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
