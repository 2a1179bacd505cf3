package org.mixdyn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixdyn.bench.command.Commands;

/** Every bad input: exit code 2 and one line that names the option, its value and what is allowed. */
class RefusalTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({"--width, 0", "--width, -3", "--width, 2.5", "--width, many", "--width, 1000000000000",
            "--width, 9223372036854775807", "--width, 9223372036854775808", "--sigma2, -1", "--sigma2, 0",
            "--sigma2, NaN",
            "--sigma2, Infinity", "--sigma2, 1e16", "--sigma2, 1e-31", "--eta, 1e16", "--eta-scale, 1e-16",
            "--noise, 1e16", "--gamma-w, NaN", "--gamma-w, 40", "--gamma-w, 1e9", "--gamma-w, -1",
            "--gamma-sigma2, NaN", "--gamma-sigma2, 1e9", "--gamma-sigma2, -1e9", "--dim, 0", "--dim, 46001",
            "--dim, 2e3",
            "--dim-in, 0", "--dim-out, -1", "--rank, 0", "--rank, 201", "--noise, -0.1", "--noise, NaN", "--noise, 1d",
            "--noise, 0x1p3", "--noise, 1e", "--depth, 1",
            "--depth, 101", "--depth, two", "--widths, '5,0'", "--widths, '5,,6'", "--widths, 'wide,9'",
            "--widths, '5;6'",
            "--widths, '60000,1000000000'", "--eta, 0", "--eta, NaN", "--eta-scale, 0", "--eta-scale, -5", "--steps, 0",
            "--steps, -1",
            "--stop, sometimes", "--engine, steam", "--update, both", "--init, xavier", "--precision, f16",
            "--spectrum, 0",
            "--spectrum, on", "--threads, 0", "--threads, 1025", "--seed, x", "--seed, 1.5"})
    void aValueThatIsNotAllowed(String option, String value) {
        String line = refused("train", option, value);
        assertTrue(line.startsWith("mixdyn train: " + option + " is " + value + "; "), line);
        assertTrue(line.contains("allowed "), line);
    }

    @ParameterizedTest
    @CsvSource({"--preset, figure3", "--gamma-sigma2, -1", "--gamma-sigma2, -1:0", "--gamma-sigma2, 0:-1:3",
            "--gamma-sigma2, -1:0:1", "--gamma-sigma2, -1:x:3", "--gamma-sigma2, -1:0f:3", "--gamma-sigma2, -1:NaN:3",
            "--gamma-sigma2, -9:0:3",
            "--gamma-w, -1:1:3", "--gamma-w, 1:9:3", "--gamma-w, 0:2:1001", "--gamma-w, 0:2:2.5", "--distance, maybe",
            "--substeps, 0", "--dim, 0", "--dim, 5001", "--target, author", "--rank, 0", "--rank, 201", "--noise, -1",
            "--noise, 1e16",
            "--eta-scale, 0", "--eta-scale, 1e16", "--target, '1e16,1,1,1,1'",
            "--steps, 0", "--stop, now", "--update, both", "--precision, f16", "--seed, x", "--seeds, 0",
            "--threads, 0"})
    void aValueThatPhaseDoesNotAllow(String option, String value) {
        String line = refused("phase", option, value);
        assertTrue(line.startsWith("mixdyn phase: " + option + " is "), line);
        assertTrue(line.contains("allowed "), line);
    }

    @ParameterizedTest
    @CsvSource({"gemm, --shapes, 3x3", "gemm, --shapes, 3x3x0", "step, --shapes, 200", "gemm, --variants, NX",
            "step, --variants, NN", "svd, --variants, NN", "svd, --shapes, 200", "track, --shapes, 200x200",
            "track, --shapes, 10:-1:2:0", "track, --shapes, 10:99:2:5", "track, --shapes, 10:-1:-1:5",
            "track, --shapes, 10:-1:16:5",
            "gemm, --precision, f16", "gemm, --precision, ','", "gemm, --precision, 'f32,'", "gemm, --shapes, ','",
            "gemm, --threads, 0", "gemm, --forks, 0",
            "gemm, --seconds, -1", "gemm, --seconds, 4000"})
    void aValueThatBenchDoesNotAllow(String suite, String option, String value) {
        String line = refused("bench", suite, option, value);
        assertTrue(line.startsWith("mixdyn bench: " + option + " is " + value + "; allowed are "), line);
    }

    @Test
    void aFolderWithoutResults() {
        assertTrue(refused("report", "--from", "no-such-folder")
                .startsWith("mixdyn report: --from is no-such-folder; not a folder; allowed are "));
    }

    @Test
    void aFolderWithABrokenResult() throws IOException {
        Path broken = Files.writeString(folder.resolve("summary.json"), "{");
        assertEquals("mixdyn report: --from is " + folder + "; it cannot be read: " + broken
                + " is not a JSON object; allowed are folders with results",
                refused("report", "--from", folder.toString()));
    }

    @Test
    void seedsThatWouldRunOver() {
        assertTrue(refused("phase", "--seed", "9223372036854775807")
                .contains("; allowed are whole numbers from -9223372036854775808 to 9223372036854774807"));
    }

    @Test
    void aFolderWithoutAName() {
        assertEquals("mixdyn train: --out is blank; allowed are folders that can be written to",
                refused("train", "--dim", "5", "--out", ""));
        assertEquals("mixdyn report: --from is blank; not a folder; allowed are folders with results",
                refused("report", "--from", " "));
        assertTrue(refused("report", "--from", "a\0b").endsWith("; not a path; allowed are folders with results"));
    }

    @Test
    void aNameThatBeginsWithAnAtSign() throws IOException {
        Path words = Files.writeString(folder.resolve("words"), "--dim 5");
        assertEquals("mixdyn train: option @" + words + " is unknown; allowed are those of mixdyn train --help",
                refused("train", "@" + words));
    }

    @Test
    void aSuiteThatThereIsNot() {
        assertEquals("mixdyn bench: SUITE is lu; allowed are gemm, step, svd, track", refused("bench", "lu"));
    }

    @ParameterizedTest
    @CsvSource({"--engine, self-consistent", "--substeps, 0", "--target, 1;2;3", "--target, 1;2;3;4;0",
            "--target, 1;2;3;4;x"})
    void aValueThatFigure1DoesNotAllow(String option, String value) {
        String given = value.replace(';', ',');
        String line = refused("figure1", "--dim", "20", option, given);
        assertTrue(line.startsWith("mixdyn figure1: " + option + " is " + given + "; "), line);
        assertTrue(line.contains("allowed "), line);
    }

    @Test
    void theInferredTargetElsewhereThanAtThePapersSize() {
        assertTrue(refused("phase", "--dim", "20", "--target", "paper").contains(
                "--target is paper; allowed only with the paper's --dim 200 and --rank 5"));
        assertTrue(refused("figure1", "--dim", "20", "--target", "paper").contains(
                "--target is paper; allowed only with the paper's --dim 500 and --rank 5"));
    }

    /** Direct engines add up squares in double, so it is no matter to them. */
    @Test
    void weightsWhoseProductsBinary32DoesNotSquare() {
        String refusal = ": --precision is f32; it does not hold the squares of products of ";
        assertTrue(refused("train", "--engine", "reduced", "--sigma2", "1e15", "--width", "100000000")
                .startsWith("mixdyn train" + refusal));
        assertTrue(refused("figure1", "--dim", "20", "--sigma2", "1e15", "--width", "1000000")
                .startsWith("mixdyn figure1" + refusal));
        assertTrue(refused("phase", "--dim", "20", "--gamma-sigma2", "10:10:1", "--gamma-w", "12:12:1")
                .startsWith("mixdyn phase" + refusal));
    }

    @Test
    void balancedWeightsWhoseProductIsNoNumber() {
        String line = refused("train", "--dim", "10", "--width", "20", "--depth", "60", "--sigma2", "1e15", "--eta",
                "1e-10", "--init",
                "balanced");
        assertTrue(
                line.startsWith("mixdyn train: --sigma2 is 1e+15; ") && line.contains("; allowed are variances up to"),
                line);
    }

    /** Beyond it no number of degrees of freedom is exact. */
    @Test
    void aWidthThatNoEngineButTheDirectOneKnows() {
        for (String engine : new String[]{"reduced", "self-consistent"}) {
            String line = refused("train", "--engine", engine, "--dim", "10", "--width", "9007199254740993");
            assertTrue(line.startsWith("mixdyn train: --width is 9007199254740993; the " + engine + " engine allows "),
                    line);
        }
    }

    @Test
    void aWidthThatCannotBeReduced() {
        assertTrue(refused("train", "--dim", "20", "--width", "39", "--engine", "reduced")
                .startsWith("mixdyn train: --width is 39; the reduced engine allows 40"));
        assertTrue(refused("train", "--dim", "20", "--width", "9223372036854775807", "--engine", "reduced")
                .contains("to 2^53"));
        assertTrue(refused("train", "--dim", "20", "--width", "9007199254740993", "--engine", "reduced")
                .contains("to 2^53"));
    }

    @ParameterizedTest
    @CsvSource({"--width, 10, --gamma-w, 2", "--sigma2, 1, --gamma-sigma2, -1", "--eta, 0.1, --eta-scale, 5",
            "--widths, 5, --width, 10", "--widths, 5, --gamma-w, 2"})
    void bothOfTwoExclusiveOptions(String first, String value, String second, String other) {
        String line = refused("train", first, value, second, other);
        assertTrue(line.contains(first + " is " + value) && line.contains(second + ", which is " + other), line);
    }

    @Test
    void whatDoesNotGoTogetherWithInitialWeights() {
        assertTrue(refused("train", "--lambda", "2")
                .contains("--lambda is 2; allowed only with --init lambda-balanced, and --init is gaussian"));
        assertTrue(refused("train", "--init", "lambda-balanced").contains("--lambda is missing; "));
        assertTrue(refused("train", "--init", "lambda-balanced", "--lambda", "NaN")
                .contains("--lambda is NaN; allowed are numbers from -1e15 to 1e15"));
        assertTrue(refused("train", "--init", "lambda-balanced", "--lambda", "1", "--depth", "3").contains(
                "--init is lambda-balanced; allowed for a depth of 3 are gaussian, orthogonal, balanced"));
        assertTrue(refused("train", "--init", "balanced", "--engine", "reduced")
                .contains("--init is balanced; allowed is gaussian with --engine reduced"));
        assertTrue(refused("figure1", "--dim", "5", "--init", "orthogonal")
                .contains("--init is orthogonal; allowed is gaussian"));
        assertTrue(refused("train", "--init", "orthogonal", "--dim", "500", "--width", "5000000").contains(
                "--width is 5000000; allowed are widths of 1 to "));
    }

    @Test
    void whatDoesNotGoTogetherWithDepth() {
        assertTrue(refused("train", "--widths", "5,6", "--depth", "2").contains(
                "--widths is 5,6; allowed with --depth 2 are as many widths as it has hidden layers, 1"));
        assertTrue(refused("train", "--depth", "3", "--engine", "reduced").contains(
                "--engine is reduced; allowed is direct for a depth of 3"));
        assertTrue(refused("train", "--widths", "5,6,7", "--engine", "self-consistent").contains(
                "--engine is self-consistent; allowed is direct for a depth of 4"));
        assertTrue(refused("figure1", "--dim", "5", "--depth", "3").contains("--depth is 3; allowed is 2"));
        assertTrue(refused("train", "--depth", "3", "--gamma-w", "3").matches(
                ".*--gamma-w is 3; .*allowed are widths of 1 to [0-9]+ in each layer here: .* (are|is) needed .*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "figure1", "phase", "scaling", "validate", "bench"})
    void anUnknownOption(String command) {
        String line = refused(command, "--widht", "3");
        assertEquals("mixdyn " + command + ": option --widht is unknown; allowed are those of mixdyn " + command
                + " --help", line);
    }

    @Test
    void anOptionWithoutItsValueOrGivenTwice() {
        assertEquals("mixdyn train: --width is without a value; allowed are those that mixdyn train --help tells of W",
                refused("train", "--width"));
        assertEquals("mixdyn train: --width is without a value; allowed are those that mixdyn train --help tells of W",
                refused("train", "--width", "--dim", "3"));
        assertEquals("mixdyn train: --dim is given twice; allowed is once", refused("train", "--dim", "3", "--dim=4"));
        assertEquals("mixdyn train: --dim is blank; allowed are whole numbers from 1 to 46000",
                refused("train", "--dim="));
    }

    @Test
    void anUnknownCommandOrNone() {
        assertTrue(refused("trian").startsWith("mixdyn: COMMAND is trian; allowed are train, "));
        assertTrue(refused().startsWith("mixdyn: COMMAND is missing; allowed are train, "));
        assertTrue(refused("--fast").startsWith("mixdyn: option --fast is unknown; allowed are "));
    }

    @Test
    void anOutputFolderThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        for (Path place : List.of(file, file.resolve("below"))) {
            String line = refused("train", "--dim", "5", "--out", place.toString());
            assertTrue(line.startsWith("mixdyn train: --out is " + place + "; "), line);
        }
        assertEquals("kept", Files.readString(file));
    }

    @Test
    void aWidthThatDoesNotFitSaysHowMuchIsNeededAndThere() {
        String line = refused("train", "--gamma-w", "4.5");
        assertTrue(line.matches(".*--gamma-w is 4.5; .*allowed are widths of 1 to [0-9]+ here: "
                + "[0-9.]+ TiB of memory are needed and [0-9.]+ [MG]iB are available"), line);
    }

    @Test
    void recordsThatDoNotFit() {
        assertTrue(refused("train", "--steps", "100000000", "--spectrum", "1", "--engine", "reduced").matches(
                "mixdyn train: --steps is 100000000; allowed are fewer here, or fewer spectra by a larger --spectrum, which"
                        + " is 1: [0-9.]+ GiB of memory are needed for the records and [0-9.]+ [MG]iB are available"));
    }

    @Test
    void aSweepOrABenchmarkThatDoesNotFit() {
        String shortage = " of memory are needed and [0-9.]+ [MG]iB are available";
        assertTrue(refused("phase", "--dim", "5000", "--threads", "64", "--seeds", "200")
                .matches("mixdyn phase: --dim is 5000; allowed is up to [0-9]+ here with --seeds 200 and --threads 64: "
                        + "[0-9.]+ GiB" + shortage));
        assertTrue(refused("scaling", "--dims", "10,5000", "--threads", "64", "--seeds", "200")
                .matches("mixdyn scaling: --dims is 5000; allowed is up to [0-9]+ here with .*" + shortage));
        for (String asked : List.of("gemm 40000x40000x40000", "gemm 100000x100000x1", "step 200x1000000000")) {
            String suite = asked.split(" ")[0];
            String shape = asked.split(" ")[1];
            assertTrue(refused("bench", suite, "--shapes", shape).startsWith("mixdyn bench: --shapes is " + shape
                    + "; allowed are shapes that fit: "), asked);
        }
    }

    @Test
    void aRefusalCostsNoEarlierResult() throws IOException {
        assertEquals(0, run("train", "--dim", "6", "--width", "9", "--steps", "3", "--out", folder.toString()));
        String earlier = Files.readString(folder.resolve("summary.json"));
        refused("train", "--dim", "6", "--width", "0", "--out", folder.toString());
        assertEquals(earlier, Files.readString(folder.resolve("summary.json")));
    }

    @Test
    void helpNamesEveryOption() {
        assertEquals(0, run("train", "--help"));
        String help = out.toString();
        for (String option : "dim dim-in dim-out rank noise depth width widths gamma-w sigma2 init lambda gamma-sigma2 eta eta-scale steps"
                .split(" ")) {
            assertTrue(help.contains("--" + option + " "), option);
        }
        for (String option : "stop engine update precision spectrum threads seed out".split(" ")) {
            assertTrue(help.contains("--" + option + " "), option);
        }
    }

    /** The one line that a refused command prints. */
    private String refused(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (arguments.length > 0 && !arguments[0].equals("validate") && !arguments[0].startsWith("-")
                && Commands.names().contains(arguments[0]) && !all.contains("--out")) {
            all.addAll(1, List.of("--out", folder.resolve("none").toString()));
        }
        err.getBuffer().setLength(0);
        out.getBuffer().setLength(0);
        assertEquals(2, run(all.toArray(String[]::new)), err.toString());
        assertEquals("", out.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertFalse(Files.exists(folder.resolve("none")), "a refused command made its folder");
        return err.toString().strip();
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
