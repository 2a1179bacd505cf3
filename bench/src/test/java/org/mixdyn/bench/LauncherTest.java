package org.mixdyn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mixdyn.bench.command.Commands;

/** The launcher at the root, as far as it answers without a build. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private record Answer(int code, String text) {
    }

    @Test
    void helpNamesEveryCommand() throws IOException, InterruptedException {
        Answer answer = launch("help");
        assertEquals(0, answer.code);
        for (String command : Commands.names().split(", ")) {
            assertTrue(answer.text.contains("\n  " + command + " "), command);
        }
        assertEquals(answer, launch("--help"));
    }

    @Test
    void anUnknownCommandIsRefusedInOneLineWithAllThatAreKnown() throws IOException, InterruptedException {
        Answer answer = launch("trian");
        assertEquals(new Answer(2,
                "mixdyn: COMMAND is trian; allowed are " + Commands.names() + ", test, help\n"), answer);
    }

    /** With a Maven that only says where it was called. */
    @Test
    void findsItsFolderThroughALink(@TempDir Path elsewhere) throws IOException, InterruptedException {
        Path launcher = Path.of("..", "mixdyn").toRealPath();
        Path copy = Files.createDirectories(elsewhere.resolve("pro ject")).resolve("mixdyn");
        Files.copy(launcher, copy);
        Path folder = Files.createDirectories(elsewhere.resolve("bin"));
        Path link = Files.createSymbolicLink(folder.resolve("mixdyn"), copy);
        Path mvn = Files.writeString(folder.resolve("mvn"), "#!/bin/sh\npwd\n");
        assertTrue(mvn.toFile().setExecutable(true));
        ProcessBuilder process = new ProcessBuilder("sh", link.toString(), "test");
        process.environment().merge("PATH", folder.toString(), (path, first) -> first + File.pathSeparator + path);
        assertEquals(new Answer(0, copy.getParent().toRealPath() + "\n"), answer(process));
    }

    @Test
    void testHasAHelpToo() throws IOException, InterruptedException {
        Answer answer = launch("test", "--help");
        assertEquals(0, answer.code);
        assertTrue(answer.text.startsWith("Usage: ./mixdyn test\n"), answer.text);
        assertEquals(new Answer(2, "mixdyn: option --fast is unknown; allowed are those of mixdyn test --help\n"),
                launch("test", "--fast"));
    }

    private static Answer launch(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("sh", Path.of("..", "mixdyn").toString()));
        line.addAll(List.of(arguments));
        return answer(new ProcessBuilder(line));
    }

    private static Answer answer(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }
}
