package org.mixdyn.bench.phase;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.run.BadInput;

/** A sweep that was broken off goes on where it stopped and ends with the same bytes. */
class ResumeTest {
    private static final PhaseSettings SETTINGS = PhaseTest.small(12, new Axis(-2, 0, 4), new Axis(0, 2.5, 4), 2, true);
    private static final List<String> TABLES = List.of("phase.csv", "mean.csv", "active.csv");

    @TempDir
    private Path folder;

    /** Every network of one hidden unit has a stable rank of 1, but for its roundings. */
    @Test
    void valuesThatDifferInTheirRoundingsAloneAreDrawn() throws IOException {
        run("one", PhaseTest.small(12, new Axis(-3, 0, 3), new Axis(0, 0, 1), 1, false), 1);
        assertTrue(Files.exists(folder.resolve("one/stable-rank.svg")));
    }

    @Test
    void neitherThreadsNorOrderChangeABit() throws IOException {
        String one = tables(run("one", SETTINGS, 1));
        assertEquals(one, tables(run("three", SETTINGS, 3)));
        assertEquals(33, Files.readAllLines(folder.resolve("one/phase.csv")).size());
        PhaseSettings transposed = PhaseTest.small(12, new Axis(-2, -2, 1), new Axis(0, 2.5, 4), 2, true);
        String part = Files.readString(run("part", transposed, 2).resolve("phase.csv"));
        assertTrue(Files.readString(folder.resolve("one/phase.csv")).startsWith(part),
                "a point's result depends on nothing else in its grid");
    }

    @Test
    void everyFileIsThereAndThePageNeedsNoOther() throws IOException {
        Path done = run("all", SETTINGS, 2);
        try (Stream<Path> files = Files.list(done)) {
            assertEquals(List.of("active.csv", "active.svg", "distance.svg", "iterations.svg", "mean.csv",
                    "min-test-error.svg", "phase.csv", "report.html", "stable-rank.svg", "summary.json"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        String page = Files.readString(done.resolve("report.html"));
        assertEquals(5, page.split("<svg ", -1).length - 1);
        assertFalse(page.contains("src=") || page.contains("<?xml") || page.contains("<link"));
        assertEquals("gamma_sigma2,gamma_w,width,seed,iterations,stop_reason,train_error,test_error,min_test_error,"
                + "min_test_iteration,stable_rank,log_distance",
                Files.readAllLines(done.resolve("phase.csv")).getFirst());
    }

    @Test
    void aBrokenSweepEndsWithTheSameBytes() throws IOException {
        String expected = tables(run("whole", SETTINGS, 2));
        Path broken = Files.createDirectories(folder.resolve("broken"));
        for (int stops = 1; stops <= 3; stops++) {
            breakOff(broken, 5);
            Path journal = broken.resolve(PhaseDiagram.JOURNAL);
            // What a kill in the middle of a line leaves behind.
            Files.writeString(journal, "17,3,steps,0.5", StandardOpenOption.APPEND);
            assertEquals(5 * stops + 1, Files.readAllLines(journal).size() - 1);
        }
        StringWriter said = new StringWriter();
        try (OutputFolder output = new OutputFolder(broken.toString())) {
            new PhaseDiagram(SETTINGS, 2).run(output, false, new PrintWriter(said, true));
        }
        assertTrue(said.toString().contains("17 runs in ") && said.toString().contains("15 others resumed"),
                said.toString());
        assertEquals(expected, tables(broken));
        assertFalse(Files.exists(broken.resolve(PhaseDiagram.JOURNAL)));
    }

    @Test
    void aLineThatWasChangedIsRunAgain() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("changed"));
        breakOff(broken, 4);
        Path file = broken.resolve(PhaseDiagram.JOURNAL);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(3, lines.get(3).replaceFirst(",", ",1"));
        Files.write(file, lines);
        try (Journal journal = new Journal(file, new PhaseDiagram(SETTINGS, 1).fingerprint(), false)) {
            assertEquals(2, journal.finished().size(), "lines before the bad one");
        }
    }

    /** Nothing of it is thrown away unasked. */
    @Test
    void aJournalWhoseSettingsAreDamagedIsRefused() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("damaged"));
        breakOff(broken, 4);
        Path file = broken.resolve(PhaseDiagram.JOURNAL);
        String settings = new PhaseDiagram(SETTINGS, 1).fingerprint();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(0, lines.get(0).replaceFirst("1", "2"));
        Files.write(file, lines);
        byte[] before = Files.readAllBytes(file);
        BadInput refusal = assertThrows(BadInput.class, () -> new Journal(file, settings, false).close());
        assertTrue(refusal.getMessage().contains("is damaged"), refusal.getMessage());
        assertArrayEquals(before, Files.readAllBytes(file));
        try (Journal fresh = new Journal(file, settings, true)) {
            assertTrue(fresh.finished().isEmpty());
            assertArrayEquals(before, Files.readAllBytes(file), "another journal may be refused");
            fresh.begin();
            assertEquals(1, Files.readAllLines(file).size());
        }
        // What a kill left of a first line is no journal yet.
        Files.writeString(file, settings.substring(0, 20));
        try (Journal begun = new Journal(file, settings, false)) {
            assertTrue(begun.finished().isEmpty());
        }
    }

    @Test
    void otherSettingsAreRefusedInOneLineUnlessGivenUp() throws IOException {
        Path broken = Files.createDirectories(folder.resolve("other"));
        breakOff(broken, 2);
        PhaseSettings other = PhaseTest.small(12, new Axis(-2, 0, 4), new Axis(0, 2.5, 5), 2, true);
        try (OutputFolder output = new OutputFolder(broken.toString())) {
            PrintWriter out = new PrintWriter(new StringWriter());
            BadInput refusal = assertThrows(BadInput.class, () -> new PhaseDiagram(other, 1).run(output, false, out));
            assertTrue(refusal.getMessage().startsWith("--out is " + broken + "; an unfinished sweep is there with "
                    + "settings.gamma_w.count 4 in place of 5; allowed are "), refusal.getMessage());
            new PhaseDiagram(other, 1).run(output, true, out);
        }
        assertEquals(41, Files.readAllLines(broken.resolve("phase.csv")).size());
    }

    @Test
    void twoSweepsInOneFolderAreRefused() throws IOException {
        String settings = new PhaseDiagram(SETTINGS, 1).fingerprint();
        try (Journal first = new Journal(folder.resolve("j"), settings, false)) {
            assertTrue(first.finished().isEmpty());
            assertThrows(BadInput.class, () -> new Journal(folder.resolve("j"), settings, false).close());
        }
    }

    /** A process that is killed in the midst of its work, as by kill -9, and one that takes over. */
    @Test
    @Timeout(60)
    void aKilledProcessIsResumed() throws IOException, InterruptedException {
        String grid = "phase --dim 30 --gamma-sigma2 -2:0:5 --gamma-w 0:2.5:6 --distance yes --threads 2";
        Path killed = folder.resolve("killed");
        Path journal = killed.resolve(PhaseDiagram.JOURNAL);
        Process process = start(grid, killed);
        while (process.isAlive() && (!Files.exists(journal) || Files.readAllLines(journal).size() < 4)) {
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertTrue(Files.exists(journal), () -> "killed too late, or never begun: " + read(folder.resolve("log")));
        assertFalse(Files.exists(killed.resolve("phase.csv")));
        StringWriter said = new StringWriter();
        assertEquals(0, MainAccess.run(said, (grid + " --out " + killed).split(" ")), said.toString());
        assertTrue(said.toString().contains("others resumed"), said.toString());
        assertEquals(0, MainAccess.run(said, (grid + " --out " + folder.resolve("whole")).split(" ")), said.toString());
        assertEquals(tables(folder.resolve("whole")), tables(killed));
    }

    @Test
    @Timeout(60)
    void anotherProcessIsRefused() throws IOException, InterruptedException {
        Path shared = Files.createDirectories(folder.resolve("shared"));
        breakOff(shared, 3);
        try (Journal first = new Journal(shared.resolve(PhaseDiagram.JOURNAL),
                new PhaseDiagram(SETTINGS, 1).fingerprint(), false)) {
            assertEquals(3, first.finished().size());
            Process process = start("phase --fresh", shared);
            assertEquals(2, process.waitFor(), () -> read(folder.resolve("log")));
            assertTrue(read(folder.resolve("log")).contains("; another sweep is at work there; allowed is "),
                    () -> read(folder.resolve("log")));
        }
    }

    /** What the launcher would start. */
    private Process start(String arguments, Path place) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-modules") || flag.startsWith("-X")
                        || flag.startsWith("-Dmixdyn"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.mixdyn.bench.Main"));
        command.addAll(List.of(arguments.split(" ")));
        command.addAll(List.of("--out", place.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile()).start();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Runs until a number of points are done, then fails as a full disk would, in the thread of a run. */
    private static void breakOff(Path place, int runs) throws IOException {
        int[] done = {0};
        try (Journal journal = new Journal(place.resolve(PhaseDiagram.JOURNAL),
                new PhaseDiagram(SETTINGS, 1).fingerprint(), false)) {
            Sweep sweep = new Sweep(SETTINGS, Map.copyOf(journal.finished()));
            assertThrows(IllegalStateException.class, () -> sweep.run(1, journal, run -> {
                if (++done[0] == runs) {
                    throw new IllegalStateException("broken off");
                }
            }));
        }
    }

    private Path run(String name, PhaseSettings settings, int threads) throws IOException {
        try (OutputFolder output = new OutputFolder(folder.resolve(name).toString())) {
            new PhaseDiagram(settings, threads).run(output, false, new PrintWriter(new StringWriter()));
            return output.path();
        }
    }

    private static String tables(Path place) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String table : TABLES) {
            all.append(Files.readString(place.resolve(table), StandardCharsets.UTF_8));
        }
        return all.toString();
    }
}
