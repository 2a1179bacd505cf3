package org.mixdyn.bench.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.reference.Validation;

class ValidateCommandTest {
    private static final Validation.Row GOOD = new Validation.Row("product", "2 x 3", "f32", 1e-8, 1e-7);
    private static final Validation.Row BAD = new Validation.Row("trajectory", "5 x 5", "f64", Double.NaN, 1e-12);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    @Test
    void everyErrorWithinItsBoundIsSuccess() throws IOException {
        assertEquals(0, report(GOOD, GOOD));
        assertTrue(json().get("passed").asBoolean());
        assertFalse(out.toString().contains("FAILED"));
    }

    @Test
    void oneErrorThatIsNoNumberIsFailure() throws IOException {
        assertEquals(1, report(GOOD, BAD));
        assertFalse(json().get("passed").asBoolean());
        assertEquals(1, json().get("failures").asInt());
        assertFalse(json().get("rows").get(1).get("passed").asBoolean());
        assertTrue(out.toString().lines().anyMatch(line -> line.startsWith("trajectory") && line.endsWith("FAILED")));
        assertTrue(out.toString().contains("2 comparisons, 1 error above its bound"));
    }

    private int report(Validation.Row... rows) throws IOException {
        try (OutputFolder output = new OutputFolder(folder.toString())) {
            return ValidateCommand.report(List.of(rows), 1, 2, output, new PrintWriter(out, true));
        }
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(folder.resolve("validation.json").toFile());
    }
}
