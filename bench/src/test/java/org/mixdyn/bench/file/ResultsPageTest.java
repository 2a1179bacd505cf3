package org.mixdyn.bench.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsPageTest {
    @TempDir
    Path root;

    @Test
    void aFolderIsASectionWithItsNumbersAndPictures() throws IOException {
        Path run = Files.createDirectories(root.resolve("a/run"));
        Files.writeString(run.resolve("error.svg"), "<svg>one</svg>");
        Files.writeString(run.resolve("summary.json"),
                "{\"train_error\": 0.25, \"gap\": null, \"list\": [1], \"settings\": {\"dim\": 7, \"gamma_w\": null}}");
        Files.writeString(run.resolve("trajectory.csv"), "iteration\n1\n");
        String page = ResultsPage.html(root);
        assertTrue(page.contains("<h2>a/run</h2>"), page);
        assertTrue(page.contains("<caption>summary.json</caption>"), page);
        assertTrue(page.contains("<tr><td>train error</td><td>0.25</td></tr>"), page);
        assertTrue(page.contains("<tr><td>settings</td><td>dim 7</td></tr>"), page);
        assertFalse(page.contains("<td>gap") || page.contains("<td>list"), page);
        String picture = "data:image/svg+xml;base64,";
        int at = page.indexOf(picture) + picture.length();
        assertEquals("<svg>one</svg>",
                new String(Base64.getDecoder().decode(page.substring(at, page.indexOf('"', at)))));
    }

    @Test
    void bothDynamicsOfAFigureHaveTheirNumbers() throws IOException {
        Files.writeString(root.resolve("summary.json"), "{\"train_error\": 0.25}");
        Files.writeString(root.resolve("summary-self-consistent.json"), "{\"train_error\": 0.75}");
        String page = ResultsPage.html(root);
        assertTrue(page.contains("<td>0.25</td>") && page.contains("<td>0.75</td>"), page);
    }

    @Test
    void aFolderWithTheNameOfAPictureIsNone() throws IOException {
        Files.createDirectories(root.resolve("x.svg/summary.json"));
        assertNull(ResultsPage.html(root));
    }

    @Test
    void nothingToShow() throws IOException {
        Files.writeString(root.resolve("notes.txt"), "x");
        assertNull(ResultsPage.html(root));
    }

    @Test
    void aBrokenSummaryIsNamed() throws IOException {
        Path broken = root.resolve("summary.json");
        for (String content : List.of("{", "", "[1]", "{} {}", "\u00ff\u00fe")) {
            Files.write(broken, content.getBytes(StandardCharsets.ISO_8859_1));
            assertEquals(broken + " is not a JSON object",
                    assertThrows(IOException.class, () -> ResultsPage.html(root), content).getMessage());
        }
    }
}
