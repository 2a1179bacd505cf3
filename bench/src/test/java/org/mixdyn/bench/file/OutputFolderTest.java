package org.mixdyn.bench.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    @TempDir
    private Path folder;

    @Test
    void anEarlierFileStaysUntilCommitAndIsReplacedByIt() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "earlier");
        try (OutputFolder out = new OutputFolder(folder.toString())) {
            out.stage("a.txt", "draft");
            out.stage("a.txt", "later");
            assertEquals("earlier", Files.readString(folder.resolve("a.txt")));
            out.commit();
        }
        assertEquals("later", Files.readString(folder.resolve("a.txt")));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void aFolderWhereAFileWouldGoIsRefusedAtOnce() throws IOException {
        Files.createDirectory(folder.resolve("figures"));
        new OutputFolder(folder.toString()).close();
        Files.createDirectory(folder.resolve("phase.csv"));
        IOException refusal = assertThrows(IOException.class, () -> new OutputFolder(folder.toString()).close());
        assertEquals("its phase.csv is a folder, where a file would go", refusal.getMessage());
    }

    @Test
    void nothingIsLostOrLeftWithoutCommit() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "earlier");
        try (OutputFolder out = new OutputFolder(folder.toString())) {
            out.stage("a.txt", "later");
            out.stage("b.txt", "later");
        }
        assertEquals("earlier", Files.readString(folder.resolve("a.txt")));
        assertEquals(List.of("a.txt"), names());
    }

    @Test
    void theFolderIsMadeWithItsParents() throws IOException {
        Path deep = folder.resolve("one/two");
        try (OutputFolder out = new OutputFolder(deep.toString())) {
            out.stage("a.txt", "text");
            out.commit();
        }
        assertEquals("text", Files.readString(deep.resolve("a.txt")));
    }

    @Test
    void aFileInTheWayIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThrows(IOException.class, () -> new OutputFolder(file.toString()));
        assertThrows(IOException.class, () -> new OutputFolder(file.resolve("below").toString()));
        assertThrows(IOException.class, () -> new OutputFolder("a\0b"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
