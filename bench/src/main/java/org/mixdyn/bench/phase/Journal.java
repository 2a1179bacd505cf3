package org.mixdyn.bench.phase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.mixdyn.bench.run.BadInput;

/**
 * The finished runs of a sweep that goes on, one line each, so that a sweep that was killed goes on where it stopped. The
 * first line holds the settings. A line ends in the CRC-32 of what is before it; what a kill left of a last line is cut
 * off. The file is locked while it is open, and left as it was until {@link #begin}.
 */
final class Journal implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Path file;
    private final FileChannel channel;
    private final String settings;
    private final Map<Integer, PointResult> finished = new LinkedHashMap<>();
    /** Bytes of the file that hold, 0 if there is no first line. */
    private long kept;
    private boolean begun;

    /**
     * Opens the journal of a folder.
     *
     * @param settings one line of JSON, an object
     * @param fresh    whether what is there is to be given up
     * @throws BadInput if it belongs to other settings, its first line is damaged, or another process is at work on it
     */
    Journal(Path file, String settings, boolean fresh) throws IOException {
        this.file = file;
        this.settings = settings;
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            lock();
            if (!fresh) {
                read();
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // This process itself holds it: as bad as another one.
        }
        throw refusal("another sweep is at work there; allowed is a folder of its own");
    }

    private void read() throws IOException {
        byte[] bytes = content();
        int begin = 0;
        boolean header = true;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] != '\n') {
                continue;
            }
            String content = checked(new String(bytes, begin, end - begin, StandardCharsets.UTF_8));
            if (content == null && header) {
                throw refusal("the file " + file.getFileName() + " there is damaged, and nothing in it can be trusted; "
                        + "allowed are another folder, or --fresh to give it up");
            }
            if (content == null) {
                break;
            }
            if (header) {
                requireSame(content);
                header = false;
            } else {
                int comma = content.indexOf(',');
                finished.put(Integer.parseInt(content.substring(0, comma)),
                        PointResult.parse(content.substring(comma + 1)));
            }
            begin = end + 1;
        }
        kept = begin;
    }

    /** From now on what is in the file is this sweep's, and nothing else. */
    synchronized void begin() throws IOException {
        if (begun) {
            return;
        }
        begun = true;
        channel.truncate(kept);
        channel.position(kept);
        if (kept == 0) {
            write(settings);
        }
    }

    /** By the channel that is locked: were the file opened again, closing it would give up the lock. */
    private byte[] content() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        channel.position(0);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // A read may give less than was asked for.
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private void requireSame(String earlier) throws IOException {
        if (earlier.equals(settings)) {
            return;
        }
        Map<String, String> before = leaves(earlier);
        Map<String, String> now = leaves(settings);
        String first = Stream.concat(before.keySet().stream(), now.keySet().stream()).sorted()
                .filter(name -> !Objects.equals(before.get(name), now.get(name))).findFirst().orElse("format");
        throw refusal("an unfinished sweep is there with " + first + " " + before.get(first) + " in place of "
                + now.get(first) + "; allowed are the same settings, another folder, or --fresh to give it up");
    }

    /** Every value of an object with its path. */
    private static Map<String, String> leaves(String json) throws IOException {
        Map<String, String> leaves = new TreeMap<>();
        collect("", MAPPER.readTree(json), leaves);
        return leaves;
    }

    private static void collect(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties().forEach(entry -> collect(path + (path.isEmpty() ? "" : ".") + entry.getKey(),
                    entry.getValue(), leaves));
        } else {
            leaves.put(path, node.asText());
        }
    }

    private BadInput refusal(String why) {
        return new BadInput("--out", file.getParent().toString(), why);
    }

    /** What was journalled, by number of the run. */
    Map<Integer, PointResult> finished() {
        return finished;
    }

    /** Adds a run; one call writes the whole line. */
    synchronized void add(int run, PointResult result) throws IOException {
        begin();
        write(run + "," + result.text());
    }

    private void write(String content) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((content + " " + checksum(content) + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
    }

    /** The content of a line, or null if its checksum is another. */
    private static String checked(String line) {
        int space = line.lastIndexOf(' ');
        return space >= 0 && line.substring(space + 1).equals(checksum(line.substring(0, space)))
                ? line.substring(0, space)
                : null;
    }

    private static String checksum(String content) {
        CRC32 crc = new CRC32();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** Removes the file: the sweep is over and its results are in place. */
    void remove() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen() && channel.size() == 0) {
            Files.deleteIfExists(file);
        }
        channel.close();
    }
}
