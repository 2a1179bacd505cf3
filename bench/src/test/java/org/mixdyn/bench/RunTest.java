package org.mixdyn.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small runs from the command line to the files. */
class RunTest {
    private static final String[] SMALL = {"--dim", "12", "--rank", "2", "--width", "40", "--sigma2", "0.02", "--eta",
            "0.01", "--steps", "31", "--stop", "never"};

    @TempDir
    private Path folder;

    @Test
    void trainWritesWhatItRecorded() throws IOException {
        run(folder, "train", "--spectrum", "4");
        assertEquals(List.of("error.svg", "spectrum.csv", "spectrum.svg", "summary.json", "trajectory.csv"), names());
        List<String[]> trajectory = table("trajectory.csv");
        assertArrayEquals(new String[]{"iteration", "time", "train_error", "test_error", "active", "stable_rank", "gap",
                "conserved_drift"}, trajectory.getFirst());
        assertEquals(32, trajectory.size());
        List<String[]> spectrum = table("spectrum.csv");
        assertEquals("s12", spectrum.getFirst()[12]);
        JsonNode summary = summary("summary.json");
        double least = Double.POSITIVE_INFINITY;
        int spectra = 0;
        for (int i = 0; i < 31; i++) {
            String[] row = trajectory.get(i + 1);
            assertEquals(i, Integer.parseInt(row[0]));
            assertEquals(0.01 * i, Double.parseDouble(row[1]), 1e-15);
            least = Math.min(least, Double.parseDouble(row[3]));
            if (i % 4 == 0 || i == 30) {
                checkSpectrum(row, spectrum.get(++spectra), summary.get("threshold").asDouble());
            } else {
                assertEquals("", row[4] + row[5] + row[6] + row[7]);
            }
        }
        assertEquals(spectra, spectrum.size() - 1);
        assertEquals(least, summary.get("min_test_error").asDouble());
        assertEquals(Double.parseDouble(trajectory.get(31)[2]), summary.get("train_error").asDouble());
        assertEquals(30, summary.get("iterations").asInt());
        assertEquals("steps", summary.get("stop_reason").asText());
        assertEquals(40 * 0.02, summary.get("threshold").asDouble(), 1e-15);
    }

    @Test
    void theSummaryHoldsResultsSettingsAndEnvironment() throws IOException {
        run(folder, "train", "--seed", "-7");
        JsonNode summary = summary("summary.json");
        for (String name : ("train_error test_error min_test_error min_test_iteration iterations stop_reason seconds gflops"
                + " peak_fraction threshold active stable_rank gap conserved_drift target_singular_values")
                .split(" ")) {
            assertTrue(summary.hasNonNull(name), name);
        }
        for (String name : ("dim dim_in dim_out rank noise depth width sigma2 eta steps stop engine update precision"
                + " recording spectrum_every threads seed").split(" ")) {
            assertTrue(summary.get("settings").hasNonNull(name), name);
        }
        for (String name : "version commit jdk jvm_flags os cpu processors vector_bits max_heap date".split(" ")) {
            assertTrue(summary.get("environment").hasNonNull(name), name);
        }
        assertEquals(-7, summary.get("settings").get("seed").asLong());
        assertEquals("f32", summary.get("settings").get("precision").asText());
        assertTrue(summary.get("environment").get("version").asText().matches("[0-9.]+(-SNAPSHOT)?"));
        double share = summary.get("peak_fraction").asDouble();
        assertTrue(share > 0 && share <= 1.2, "share of peak " + share);
    }

    @Test
    void scalingsAreResolved() throws IOException {
        run(folder, "train", "--dim", "10", "--gamma-w", "1.7", "--gamma-sigma2", "-1.5", "--eta-scale", "20",
                "--steps",
                "2");
        JsonNode settings = summary("summary.json").get("settings");
        assertEquals(50, settings.get("width").asLong());
        assertEquals(StrictMath.pow(10, -1.5), settings.get("sigma2").asDouble());
        double norm = summary("summary.json").get("target_singular_values").get(0).asDouble();
        assertEquals(1 / (20 * norm), settings.get("eta").asDouble(), 1e-15);
    }

    @Test
    void withoutSpectraNoneOfAnEarlierRunStay() throws IOException {
        run(folder, "train");
        run(folder, "train", "--spectrum", "off");
        assertEquals(List.of("error.svg", "summary.json", "trajectory.csv"), names());
        assertTrue(summary("summary.json").get("stable_rank").isNull());
    }

    @Test
    void nothingOfAnEarlierPairOfRunsStays() throws IOException {
        run(folder, "figure1");
        run(folder, "figure1", "--spectrum", "off");
        assertEquals(List.of("error.svg", "summary-self-consistent.json", "summary.json",
                "trajectory-self-consistent.csv", "trajectory.csv"), names());
        run(folder, "train");
        assertEquals(List.of("error.svg", "spectrum.csv", "spectrum.svg", "summary.json", "trajectory.csv"), names());
    }

    /** The others are rounding errors, which such a threshold is far below. */
    @Test
    void noMoreValuesAreActiveThanThereAreHiddenUnits() throws IOException {
        run(folder, "train", "--width", "2", "--sigma2", "1e-9", "--steps", "400");
        List<String[]> trajectory = table("trajectory.csv");
        String[] last = table("spectrum.csv").getLast();
        assertTrue(Double.parseDouble(last[3]) > 2e-9, "the third value is not zero: " + last[3]);
        assertEquals("2", trajectory.getLast()[4]);
        assertEquals(2, summary("summary.json").get("active").asInt());
    }

    @Test
    void aProfileTellsWhereTheTimeGoes() throws IOException {
        run(folder, "profile", "--steps", "5");
        assertEquals(List.of("profile.json", "roofline.svg"), names());
        JsonNode profile = summary("profile.json");
        for (String part : "initial_seconds step_seconds error_seconds spectrum_seconds drift_seconds peak_gflops bandwidth"
                .split(" ")) {
            assertTrue(profile.get(part).asDouble() > 0, part);
        }
        assertEquals(6.0 * 40 * 12 * 12, profile.get("flops_per_step").asDouble());
        assertEquals(0, profile.get("bytes_per_step").asDouble(), "weights of 4 KB stay in the caches");
        double gflops = profile.get("gflops").asDouble();
        assertEquals(profile.get("flops_per_step").asDouble(), 1e9 * gflops * profile.get("step_seconds").asDouble(),
                1e-6);
        assertEquals(gflops, profile.get("peak_fraction").asDouble() * profile.get("peak_gflops").asDouble(),
                1e-12 * gflops);
        assertEquals("compute", profile.get("bound").asText());
    }

    @Test
    void aProfileOfANetworkThatDiverges() throws IOException {
        String said = run(folder, "profile", "--steps", "5", "--eta", "1e6");
        assertTrue(said.contains("singular values        none: the network diverged"), said);
        assertTrue(summary("profile.json").get("spectrum_seconds").isNull());
    }

    @Test
    void aTargetOfFullRankHasNoGap() throws IOException {
        run(folder, "train", "--dim-in", "4", "--rank", "4");
        assertTrue(summary("summary.json").get("gap").isNull());
        assertEquals("", table("trajectory.csv").get(1)[6]);
    }

    @Test
    void anOptionAndItsValueMayBeOneWord() throws IOException {
        run(folder.resolve("a"), "train", "--noise", "0.5");
        run(folder.resolve("b"), "train", "--noise=0.5");
        assertEquals(Files.readString(folder.resolve("a/trajectory.csv")),
                Files.readString(folder.resolve("b/trajectory.csv")));
    }

    @Test
    void theLanguageOfTheUserDecidesNothing() throws IOException {
        Locale before = Locale.getDefault();
        run(folder.resolve("english"), "train");
        try {
            Locale.setDefault(Locale.forLanguageTag("de-DE"));
            run(folder.resolve("german"), "train");
        } finally {
            Locale.setDefault(before);
        }
        for (String name : List.of("trajectory.csv", "spectrum.csv", "error.svg", "spectrum.svg")) {
            assertEquals(-1, Files.mismatch(folder.resolve("english").resolve(name),
                    folder.resolve("german").resolve(name)), name);
        }
    }

    @Test
    void theSeedDecidesAndTheThreadsDoNot() throws IOException {
        run(folder.resolve("a"), "train", "--threads", "1", "--seed", "5");
        run(folder.resolve("b"), "train", "--threads", "2", "--seed", "5");
        run(folder.resolve("c"), "train", "--threads", "1", "--seed", "6");
        String first = Files.readString(folder.resolve("a/trajectory.csv"));
        assertEquals(first, Files.readString(folder.resolve("b/trajectory.csv")));
        assertFalse(first.equals(Files.readString(folder.resolve("c/trajectory.csv"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reduced", "reduced-qr", "self-consistent"})
    void otherEnginesLearnTheSameTask(String engine) throws IOException {
        run(folder.resolve("direct"), "train");
        run(folder.resolve("other"), "train", "--engine", engine);
        double direct = finalTrainError("direct");
        assertEquals(direct, finalTrainError("other"), 0.5 * direct);
        assertEquals(engine, summary("other/summary.json").get("settings").get("engine").asText());
    }

    /** Its Gram matrices of the longer side are what needs memory, not squares of everything. */
    @Test
    void oblongNetworksAreTrained() throws IOException {
        run(folder, "train", "--dim-in", "4000", "--dim-out", "3", "--steps", "2", "--spectrum", "1");
        assertEquals(4, table("spectrum.csv").getFirst().length);
    }

    @Test
    void autoReducesWhatIsWideAndSaysSo() throws IOException {
        assertTrue(run(folder.resolve("wide"), "train", "--engine", "auto").contains("auto chose the reduced engine"));
        assertTrue(run(folder.resolve("narrow"), "train", "--engine", "auto", "--width", "24")
                .contains("auto chose the direct engine: only one hidden layer of more than d_in + d_out = 24 units"));
        assertTrue(run(folder.resolve("other"), "train", "--engine", "auto", "--init", "orthogonal")
                .contains(
                        "auto chose the direct engine: only Gaussian weights can be reduced, and these are orthogonal"));
        assertEquals("reduced", summary("wide/summary.json").get("settings").get("engine").asText());
        assertEquals("direct", summary("narrow/summary.json").get("settings").get("engine").asText());
    }

    @Test
    void figure1TakesAReducedEngineAndAGivenTarget() throws IOException {
        run(folder, "figure1", "--engine", "reduced", "--target", "9,12", "--substeps", "2");
        JsonNode values = summary("summary.json").get("target_singular_values");
        assertEquals(12, values.get(0).asDouble(), 1e-12);
        assertEquals(9, values.get(1).asDouble(), 1e-12);
        for (String file : List.of("summary.json", "summary-self-consistent.json")) {
            assertEquals("given", summary(file).get("target").get("kind").asText());
            assertEquals(2, summary(file).get("substeps").asInt());
        }
        assertEquals("reduced", summary("summary.json").get("settings").get("engine").asText());
    }

    @Test
    void rectangularNetworksAreTrained() throws IOException {
        run(folder, "train", "--dim-in", "9", "--dim-out", "15", "--spectrum", "1");
        assertEquals(10, table("spectrum.csv").getFirst().length);
        assertEquals(12, summary("summary.json").get("settings").get("dim").asInt());
    }

    @Test
    void deepNetworksAreTrainedAndHaveNoThreshold() throws IOException {
        run(folder, "train", "--widths", "20,9,30", "--dim-in", "9", "--eta-scale", "2", "--sigma2", "0.05", "--steps",
                "200", "--spectrum", "50");
        JsonNode summary = summary("summary.json");
        assertEquals("[20,9,30]", summary.get("settings").get("widths").toString());
        assertEquals(30, summary.get("settings").get("width").asLong());
        assertEquals(4, summary.get("settings").get("depth").asInt());
        assertTrue(summary.get("threshold").isNull());
        assertTrue(summary.get("active").isNull());
        List<String[]> trajectory = table("trajectory.csv");
        String[] last = trajectory.getLast();
        assertEquals("", last[4]);
        assertTrue(Double.parseDouble(last[5]) >= 1 && Double.parseDouble(last[7]) < 0.1, String.join(",", last));
        assertTrue(Double.parseDouble(last[2]) < 0.5 * Double.parseDouble(trajectory.get(1)[2]));
        assertFalse(Files.readString(folder.resolve("spectrum.svg")).contains("lazy below"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gaussian", "orthogonal", "balanced", "lambda-balanced"})
    void networksLearnFromAnyInitialWeights(String init) throws IOException {
        List<String> asked = new java.util.ArrayList<>(List.of("--init", init, "--eta-scale", "4", "--noise", "0"));
        if (init.equals("lambda-balanced")) {
            asked.addAll(List.of("--lambda", "-30"));
        }
        run(folder, "train", asked.toArray(String[]::new));
        List<String[]> trajectory = table("trajectory.csv");
        assertTrue(Double.parseDouble(trajectory.getLast()[2]) < 0.1 * Double.parseDouble(trajectory.get(1)[2]));
        assertEquals(init, summary("summary.json").get("settings").get("init").asText());
        assertEquals(init.equals("balanced"), trajectory.getLast()[7].isEmpty(), "drift " + trajectory.getLast()[7]);
    }

    @Test
    void depthRepeatsTheWidth() throws IOException {
        run(folder.resolve("a"), "train", "--depth", "4", "--precision", "f64");
        run(folder.resolve("b"), "train", "--widths", "40,40,40", "--precision", "f64");
        assertEquals(Files.readString(folder.resolve("a/trajectory.csv")),
                Files.readString(folder.resolve("b/trajectory.csv")));
    }

    @ParameterizedTest
    @CsvSource({"direct, f32", "direct, f64", "reduced, f32", "self-consistent, f32", "self-consistent, f64"})
    void aRunThatDivergesEndsAndIsReported(String engine, String precision) throws IOException {
        run(folder, "train", "--eta", "1e6", "--engine", engine, "--precision", precision);
        JsonNode summary = summary("summary.json");
        assertEquals("diverged", summary.get("stop_reason").asText());
        assertTrue(summary.get("train_error").isNull());
    }

    @Test
    void figure1RecordsBothDynamicsAfterTheUpdate() throws IOException {
        run(folder, "figure1");
        assertEquals(List.of("error.svg", "spectrum-self-consistent.csv", "spectrum.csv", "spectrum.svg",
                "summary-self-consistent.json", "summary.json", "trajectory-self-consistent.csv", "trajectory.csv"),
                names());
        assertEquals(0.01, Double.parseDouble(table("trajectory.csv").get(1)[1]), 1e-15);
        assertEquals("after-update", summary("summary.json").get("settings").get("recording").asText());
        double descent = Double.parseDouble(table("trajectory.csv").get(1)[2]);
        double formula = Double.parseDouble(table("trajectory-self-consistent.csv").get(1)[2]);
        assertEquals(descent, formula, 0.05 * descent, "one step from the same product");
    }

    private static void checkSpectrum(String[] row, String[] spectrum, double threshold) {
        assertEquals(row[0], spectrum[0]);
        double[] values = Arrays.stream(spectrum).skip(1).mapToDouble(Double::parseDouble).toArray();
        double squares = 0;
        int above = 0;
        for (int i = 0; i < values.length; i++) {
            assertTrue(values[i] >= 0 && (i == 0 || values[i] <= values[i - 1]));
            squares += values[i] * values[i];
            above += values[i] > threshold ? 1 : 0;
        }
        assertEquals(above, Integer.parseInt(row[4]));
        assertEquals(squares / (values[0] * values[0]), Double.parseDouble(row[5]), 1e-12 * values.length);
        assertEquals(values[1] / values[2], Double.parseDouble(row[6]), 1e-12);
        // Each tenth spectrum has the drift, and so have the first and the last.
        assertTrue(row[7].isEmpty() ? !row[0].equals("0") : Double.parseDouble(row[7]) < 1e-2);
    }

    /** Runs a command on the small network; what is given here goes before its options. */
    private static String run(Path out, String command, String... changes) {
        List<String> changed = Arrays.asList(changes);
        List<String> arguments = new java.util.ArrayList<>(List.of(command, "--out", out.toString()));
        arguments.addAll(changed);
        for (int i = 0; i < SMALL.length; i += 2) {
            boolean replaced = changed.contains(SMALL[i])
                    || SMALL[i].equals("--width")
                            && (changed.contains("--gamma-w") || changed.contains("--widths"))
                    || SMALL[i].equals("--sigma2") && changed.contains("--gamma-sigma2")
                    || SMALL[i].equals("--eta") && changed.contains("--eta-scale");
            if (!replaced) {
                arguments.addAll(List.of(SMALL[i], SMALL[i + 1]));
            }
        }
        StringWriter said = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = Main.run(new PrintWriter(said), new PrintWriter(errors, true), arguments.toArray(String[]::new));
        assertEquals(0, code, errors.toString());
        return said.toString();
    }

    private double finalTrainError(String run) throws IOException {
        return summary(run + "/summary.json").get("train_error").asDouble();
    }

    private JsonNode summary(String name) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(name).toFile());
    }

    private List<String[]> table(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name)).stream().map(line -> line.split(",", -1)).toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
