package org.mixdyn.bench.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One page out of folders with results, that needs no other file: every folder becomes a section with the numbers of its
 * summary and its pictures, in the order of their names.
 */
public final class ResultsPage {
    private static final List<String> SUMMARIES = List.of("summary.json", "summary-self-consistent.json",
            "profile.json",
            "validation.json", "environment.json");

    private static final String STYLE = """
            body { font: 15px/1.5 Helvetica, Arial, sans-serif; color: #222; max-width: 1500px; margin: 2em auto; padding: 0 1em; }
            h2 { margin-top: 2.5em; border-bottom: 1px solid #ddd; }
            .pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(520px, 1fr)); gap: 1em; }
            .pictures img { width: 100%; }
            table { border-collapse: collapse; margin: 1em 0; } caption { text-align: left; color: #666; } td { padding: 0.1em 1em 0.1em 0; border-bottom: 1px solid #eee; }
            """;

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ResultsPage() {
    }

    /**
     * The page.
     *
     * @param root folder that is searched, and all folders below it
     * @return null if there is nothing to show
     * @throws IOException if a file cannot be read, or is a summary that is no JSON object; the message names it
     */
    public static String html(Path root) throws IOException {
        Map<Path, List<Path>> folders = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(ResultsPage::isShown).sorted()::iterator) {
                folders.computeIfAbsent(file.getParent(), folder -> new ArrayList<>()).add(file);
            }
        }
        if (folders.isEmpty()) {
            return null;
        }
        StringBuilder page = new StringBuilder(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"UTF-8\">\n")
                .append("<title>mixdyn: results</title>\n<style>\n").append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Results</h1>\n");
        for (Map.Entry<Path, List<Path>> folder : folders.entrySet()) {
            String name = root.relativize(folder.getKey()).toString();
            page.append("<h2>")
                    .append(escaped(name.isEmpty() ? Objects.toString(root.getFileName(), root.toString()) : name))
                    .append("</h2>\n");
            for (Path file : folder.getValue()) {
                if (!isPicture(file)) {
                    numbers(page, file);
                }
            }
            page.append("<div class=\"pictures\">\n");
            for (Path file : folder.getValue()) {
                if (isPicture(file)) {
                    // As an image each picture keeps its own names of clips and gradients.
                    page.append("<img alt=\"").append(escaped(file.getFileName().toString()))
                            .append("\" src=\"data:image/svg+xml;base64,")
                            .append(Base64.getEncoder().encodeToString(Files.readAllBytes(file))).append("\">\n");
                }
            }
            page.append("</div>\n");
        }
        return page.append("</body>\n</html>\n").toString();
    }

    private static boolean isShown(Path file) {
        return Files.isRegularFile(file)
                && (isPicture(file) || SUMMARIES.contains(file.getFileName().toString()));
    }

    private static boolean isPicture(Path file) {
        return file.getFileName().toString().endsWith(".svg");
    }

    /** The plain numbers and words of a summary; settings and environment in a line each. */
    private static void numbers(StringBuilder page, Path file) throws IOException {
        JsonNode summary = object(file);
        page.append("<table>\n<caption>").append(escaped(file.getFileName().toString())).append("</caption>\n");
        for (Map.Entry<String, JsonNode> entry : summary.properties()) {
            JsonNode value = entry.getValue();
            String text = value.isValueNode() || entry.getKey().equals("settings")
                    || entry.getKey().equals("environment")
                            ? value.isValueNode() ? value.asText() : inLine(value)
                            : null;
            if (text != null && !value.isNull()) {
                page.append("<tr><td>").append(escaped(entry.getKey().replace('_', ' '))).append("</td><td>")
                        .append(escaped(text)).append("</td></tr>\n");
            }
        }
        page.append("</table>\n");
    }

    private static JsonNode object(Path file) throws IOException {
        try {
            JsonNode content = MAPPER.readTree(Files.readString(file));
            if (content.isObject()) {
                return content;
            }
        } catch (JsonProcessingException | CharacterCodingException e) {
            throw new IOException(file + " is not a JSON object", e);
        }
        throw new IOException(file + " is not a JSON object");
    }

    private static String inLine(JsonNode object) {
        StringBuilder line = new StringBuilder();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                line.append(line.isEmpty() ? "" : ", ").append(entry.getKey().replace('_', ' ')).append(' ')
                        .append(entry.getValue().asText());
            }
        }
        return line.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
