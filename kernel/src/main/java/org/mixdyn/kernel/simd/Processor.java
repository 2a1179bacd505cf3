package org.mixdyn.kernel.simd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What has to be known of this machine's processor beyond the width of its vectors, as Linux tells it. */
final class Processor {
    private static final Path INFO = Path.of("/proc/cpuinfo");

    private Processor() {
    }

    /** Whether 512 bits are computed, loaded and stored in two halves; false where the system does not tell. */
    static boolean halves512Bits() {
        try {
            return halves512Bits(Files.readString(INFO));
        } catch (IOException e) {
            return false;
        }
    }

    /** The same by the text of /proc/cpuinfo, of which the first processor speaks for all. */
    static boolean halves512Bits(String info) {
        // AMD's family 25 is Zen 3 and Zen 4, of which Zen 4 alone has vectors of 512 bits. Of family 26 some mobile ones halve them
        // too; which was not looked into.
        return field(info, "vendor_id").equals("AuthenticAMD") && field(info, "cpu family").equals("25");
    }

    private static String field(String info, String name) {
        return info.lines().map(line -> line.split(":", 2)).filter(part -> part[0].strip().equals(name))
                .map(part -> part[part.length - 1].strip()).findFirst().orElse("");
    }
}
