package org.mixdyn.bench.file;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A folder that results go to. Files are first written beside their place under a hidden temporary name; {@link #commit}
 * moves each of them into place in one step. A run that fails before it leaves earlier results as they were.
 */
public final class OutputFolder implements AutoCloseable {
    private final Path folder;
    private final Map<String, Path> staged = new LinkedHashMap<>();

    /**
     * Creates the folder if need be, and tries whether a file can be written there: before a long run, not after it.
     *
     * @param name of the folder
     * @throws IOException if it is no folder, cannot be written or has folders where files would go; the message says which
     */
    public OutputFolder(String name) throws IOException {
        try {
            folder = Path.of(name).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IOException("not a path", e);
        }
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("not a folder", e);
        } catch (IOException e) {
            throw new IOException("this folder cannot be made", e);
        }
        refuseFoldersInPlaceOfFiles();
        try {
            Files.delete(temporary("trial"));
        } catch (IOException e) {
            throw new IOException("no file can be written there", e);
        }
    }

    private void refuseFoldersInPlaceOfFiles() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{csv,html,journal,json,svg}")) {
            for (Path file : files) {
                if (Files.isDirectory(file)) {
                    throw new IOException("its " + file.getFileName() + " is a folder, where a file would go");
                }
            }
        }
    }

    /** What a file holds, written piece by piece. */
    public interface Content {
        /**
         * Writes all of it.
         *
         * @throws IOException if that fails
         */
        void writeTo(Writer out) throws IOException;
    }

    /** Where the files go. */
    public Path path() {
        return folder;
    }

    /**
     * Writes a file that {@link #commit} will put in place.
     *
     * @param name    of the file within the folder
     * @param content of the file, as UTF-8
     * @throws IOException if it cannot be written, for example because the disk is full
     */
    public void stage(String name, String content) throws IOException {
        stage(name, out -> out.write(content));
    }

    /**
     * The same for what is too long to be one string.
     *
     * @throws IOException if it cannot be written, for example because the disk is full
     */
    public void stage(String name, Content content) throws IOException {
        Path file = temporary(name);
        Path earlier = staged.put(name, file);
        if (earlier != null) {
            Files.deleteIfExists(earlier);
        }
        try (Writer out = Files.newBufferedWriter(file)) {
            content.writeTo(out);
        }
    }

    /**
     * Puts every staged file in place, each atomically, over one of the same name that an earlier run left.
     *
     * @throws IOException if a file cannot be moved
     */
    public void commit() throws IOException {
        for (Map.Entry<String, Path> file : staged.entrySet()) {
            Path place = folder.resolve(file.getKey());
            try {
                Files.move(file.getValue(), place, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(file.getValue(), place, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        staged.clear();
    }

    /**
     * Removes a file that an earlier run left and that would not belong to what was committed.
     *
     * @throws IOException if it is there and cannot be removed
     */
    public void remove(String name) throws IOException {
        Files.deleteIfExists(folder.resolve(name));
    }

    /** Removes what was staged and not committed. */
    @Override
    public void close() throws IOException {
        for (Path file : staged.values()) {
            Files.deleteIfExists(file);
        }
        staged.clear();
    }

    /** An empty new file; created under the usual permissions, which those of Files.createTempFile are not. */
    private Path temporary(String name) throws IOException {
        for (int i = 0;; i++) {
            Path file = folder.resolve("." + name + "." + ProcessHandle.current().pid() + "-" + i + ".tmp");
            try {
                return Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                if (i == 1000) {
                    throw e;
                }
            }
        }
    }
}
