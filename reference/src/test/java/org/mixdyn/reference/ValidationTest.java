package org.mixdyn.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.mixdyn.reference.Validation.Row;

/** The kernel keeps every bound. */
class ValidationTest {
    @Test
    void kernelAgreesWithTheReference() {
        List<Row> seen = new ArrayList<>();
        List<Integer> remaining = new ArrayList<>();
        List<Row> rows = Validation.run(2, 1, (measured, done, total) -> {
            seen.addAll(measured);
            remaining.add(total - done);
        });
        assertEquals(seen, rows);
        assertEquals(0, remaining.getLast());
        assertEquals(remaining.size() - 1, remaining.getFirst());
        for (String group : List.of("product", "decomposition", "tracker", "trajectory", "self-consistent", "count")) {
            for (String precision : List.of("f32", "f64")) {
                assertTrue(rows.stream().anyMatch(r -> r.group().equals(group) && r.precision().equals(precision)));
            }
        }
        for (Row row : rows) {
            assertTrue(row.passed(), row::toString);
        }
    }

    @Test
    void theSameSeedMeasuresTheSame() {
        assertEquals(Validation.run(1, 3, null), Validation.run(2, 3, null));
    }

    @Test
    void aRowPassesUpToItsBoundAndNeverWithoutANumber() {
        assertTrue(new Row("group", "subject", "f64", 1e-12, 1e-12).passed());
        assertFalse(new Row("group", "subject", "f64", Math.nextUp(1e-12), 1e-12).passed());
        assertFalse(new Row("group", "subject", "f64", Double.NaN, 1e-12).passed());
    }
}
