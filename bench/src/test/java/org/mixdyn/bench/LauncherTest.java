package org.mixdyn.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

    private static Answer launch(String argument) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", Path.of("..", "mixdyn").toString(), argument)
                .redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }
}
