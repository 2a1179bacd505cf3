package org.mixdyn.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processors as Linux describes them: of those with vectors of 512 bits, AMD's family 25 alone takes them in halves. */
class ProcessorTest {
    @ParameterizedTest
    @CsvSource({"AuthenticAMD, 25, true", "AuthenticAMD, 26, false", "AuthenticAMD, 23, false",
            "AuthenticAMD, 15, false", "AuthenticAMD, 2, false", "AMDisbetter!, 25, false", "GenuineIntel, 6, false",
            "GenuineIntel, 25, false", "HygonGenuine, 25, false"})
    void vendorAndFamilyDecide(String vendor, String family, boolean halves) {
        assertEquals(halves, Processor.halves512Bits(info(vendor, family)));
        assertEquals(halves, Processor.halves512Bits(info(vendor, family) + "\n" + info("AuthenticAMD", "25")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''", "' '", "':'", "AuthenticAMD 25", "AuthenticAMD: 25", "vendor_id",
            "'vendor_id:\ncpu family:'", "'vendor_id\t: AuthenticAMD'", "'cpu family\t: 25'",
            "'vendor_id AuthenticAMD\ncpu family 25'", "'vendor_id\t: AuthenticAMD\ncpu family\t: twenty-five'",
            "'my vendor_id\t: AuthenticAMD\ncpu family\t: 25'", "'vendor_id\t: AuthenticAMD\ncpu family of\t: 25'",
            "'processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8'"})
    void whatIsNotToldIsFalse(String info) {
        assertEquals(false, Processor.halves512Bits(info));
    }

    private static String info(String vendor, String family) {
        return """
                processor\t: 0
                vendor_id\t: %s
                cpu family\t: %s
                model\t\t: 25
                model name\t: AuthenticAMD 25
                flags\t\t: fpu avx512f
                """.formatted(vendor, family);
    }
}
