package org.mixdyn.bench.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.suite.Suite;

/** What a suite does with a machine that is too small for it, and with what another one left. */
class BenchCommandTest {
    private static final Suite.Plan PLAN = new Suite.Plan(List.of("f32"), List.of("1"), List.of("alternating"),
            List.of("100x10000", "100x10000000"), 1, 1);

    @TempDir
    private Path folder;

    @Test
    void whatDoesNotFitIsLeftOutOfTheSuitesOwnShapes() {
        Set<String> leftOut = new LinkedHashSet<>();
        Suite.Plan fitting = BenchCommand.fitting(Suite.STEP, PLAN, 1 << 30, false, leftOut);
        assertEquals(List.of("100x10000"), fitting.shapes());
        assertEquals(PLAN, fitting.of(PLAN.shapes()));
        assertEquals(Set.of("100x10000000 is left out: 7.82 GiB of memory are needed, 1.00 GiB are available, and a "
                + "matrix has fewer than 2^31 elements"), leftOut);
        String refusal = assertThrows(BadInput.class,
                () -> BenchCommand.fitting(Suite.STEP, PLAN, 1 << 30, true, leftOut)).getMessage();
        assertTrue(refusal.startsWith("--shapes is 100x10000000; allowed are shapes that fit: "), refusal);
    }

    @Test
    void noPictureStaysWhoseFiguresAreGone() throws IOException {
        Files.writeString(folder.resolve("other.svg"), "kept");
        try (OutputFolder place = new OutputFolder(folder.toString())) {
            BenchCommand.replacePictures(Map.of("throughput.svg", "<svg/>"), place);
            BenchCommand.replacePictures(Map.of("throughput-width.svg", "<svg/>"), place);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of("other.svg", "throughput-width.svg"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void aCoreThatOpenBlasDidNotTakeIsRefused() {
        BenchCommand.checkCore(null, Optional.of("Cooperlake"));
        BenchCommand.checkCore("haswell", Optional.of("Haswell"));
        BenchCommand.checkCore("Haswell", Optional.empty());
        String refusal = assertThrows(BadInput.class,
                () -> BenchCommand.checkCore("Haswel", Optional.of("Cooperlake"))).getMessage();
        assertTrue(refusal.startsWith("MIXDYN_OPENBLAS_CORE is Haswel; allowed are "), refusal);
        assertTrue(refusal.endsWith("Cooperlake"), refusal);
    }
}
