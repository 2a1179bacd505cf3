package org.mixdyn.bench.phase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.BadInput;

/** Where the study of boundaries looks, and what it writes. */
class ScalingTest {
    private static final Section CUT = new Section("cut", new Axis(-2, 0, 41), new Axis(2.5, 2.5, 1));
    private static final List<Double> LEVELS = List.of(0.25, 0.75);

    @TempDir
    private Path folder;

    /** A rising error whose two crossings are anywhere: halving finds what a walk over all points finds. */
    @ParameterizedTest
    @ValueSource(doubles = {-1.999, -1.63, -1.2, -1.0, -0.41, -0.001})
    void halvingFindsTheCrossingsOfAFullWalk(double middle) {
        double[] whole = new double[41];
        Arrays.setAll(whole, i -> 1 / (1 + Math.exp(-6 * (CUT.along().value(i) - middle))));
        double[] known = new double[41];
        Arrays.fill(known, Double.NaN);
        int runs = 0;
        for (Set<Integer> wanted = CUT.wanted(known, LEVELS); !wanted.isEmpty(); wanted = CUT.wanted(known, LEVELS)) {
            for (int i : wanted) {
                assertTrue(Double.isNaN(known[i]), "no point is asked for twice");
                known[i] = whole[i];
                runs++;
            }
        }
        assertTrue(runs <= 11 + 2 * 2, () -> "of 41 points were needed " + Arrays.toString(known));
        for (double level : LEVELS) {
            assertEquals(CUT.crossing(whole, level), CUT.crossing(known, level));
        }
    }

    @Test
    void aLevelThatIsNotPassedIsNotLookedFor() {
        double[] flat = new double[41];
        assertTrue(CUT.wanted(flat, LEVELS).isEmpty());
        assertTrue(Double.isNaN(CUT.crossing(flat, 0.25)));
    }

    /** Sweeps together end with the same results as each alone. */
    @Test
    void runsOfSeveralSweepsGoTogether() throws IOException {
        Map<Integer, PointResult> results = new HashMap<>();
        PhaseSettings first = PhaseTest.small(10, new Axis(-2, 0, 3), new Axis(2, 2, 1), 2, false);
        PhaseSettings second = PhaseTest.small(12, new Axis(-1, -1, 1), new Axis(1, 2, 2), 1, false);
        Sweep one = new Sweep(first, Map.of());
        Sweep other = new Sweep(second, Map.of());
        try (Journal journal = new Journal(folder.resolve("one"), "{}", false);
                Journal next = new Journal(folder.resolve("other"), "{}", false)) {
            Sweep.run(2, List.of(new Sweep.Work(one, journal, 4), new Sweep.Work(other, next, 1),
                    new Sweep.Work(one, journal, 0)), work -> results.put(work.run(), null));
            assertEquals(Set.of(0, 1, 4), results.keySet());
            assertNull(one.results().get(1), "what was not asked for is not run");
            assertTrue(other.flops() > 0);
            Sweep alone = new Sweep(first, Map.of());
            alone.run(1, journal, run -> {
            });
            assertEquals(alone.results().get(4), one.results().get(4));
            assertEquals(alone.results().get(0), one.results().get(0));
        }
    }

    @Test
    void aStudyHasATableAndAPictureOfEachSection() throws IOException {
        StringWriter said = new StringWriter();
        assertEquals(0, MainAccess.run(said, "scaling", "--dims", "10,14", "--rank", "2", "--seeds", "2", "--out",
                folder.toString()), said.toString());
        List<String> boundaries = Files.readAllLines(folder.resolve("boundaries.csv"));
        assertEquals("dim,boundary,section,level,theory,observed,distance", boundaries.getFirst());
        assertEquals(1 + 2 * 7, boundaries.size());
        assertFalse(Files.readString(folder.resolve("scaling.csv")).contains("NaN"));
        for (String picture : List.of("boundaries", "width-2.2", "width-2.5", "width-2.8", "narrow")) {
            assertTrue(Files.readString(folder.resolve(picture + ".svg")).contains("</svg>"));
        }
        assertTrue(Files.readString(folder.resolve("summary.json")).contains("\"resumed\" : 0,"));
    }

    /** What another study left for the last d is seen before the first run, and stays. */
    @Test
    void aStudyThatCannotGoOnIsRefusedAtOnce() throws IOException {
        Path other = Files.writeString(folder.resolve("narrow-14.journal"), "damaged\n");
        String before = Files.readString(other);
        ScalingStudy study = new ScalingStudy(new int[]{10, 14}, 2, 1, 1, 1, 1);
        try (OutputFolder out = new OutputFolder(folder.toString())) {
            assertThrows(BadInput.class, () -> study.run(out, false, new PrintWriter(new StringWriter())));
        }
        assertEquals(before, Files.readString(other));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(other), files.toList(), "nothing else is begun");
        }
    }
}
