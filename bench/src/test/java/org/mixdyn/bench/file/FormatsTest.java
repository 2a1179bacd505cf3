package org.mixdyn.bench.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class FormatsTest {
    /** Field names and numbers of every kind. */
    record Sample(int wholeNumber, double realNumber, double notFinite, String text, List<Double> values) {
    }

    @Test
    void csvKeepsEveryDigitAndLeavesNoNumberBlank() {
        Csv csv = new Csv(List.of("iteration", "train_error", "gap"));
        csv.add(0, 0.1 + 0.2, Double.NaN);
        csv.add(10, Double.POSITIVE_INFINITY, null);
        assertEquals("iteration,train_error,gap\n0,0.30000000000000004,\n10,Infinity,\n", csv.text());
    }

    @Test
    void csvRefusesARowOfAnotherLength() {
        Csv csv = new Csv(List.of("a", "b"));
        assertThrows(IllegalArgumentException.class, () -> csv.add(1));
    }

    @Test
    void jsonHasSnakeCaseNamesAndNullForWhatIsNotFinite() {
        String text = Json.text(new Sample(3, 1e-17, Double.NaN, "s", List.of(1.5, Double.NEGATIVE_INFINITY)));
        assertEquals("""
                {
                  "whole_number" : 3,
                  "real_number" : 1.0E-17,
                  "not_finite" : null,
                  "text" : "s",
                  "values" : [ 1.5, null ]
                }
                """, text);
    }
}
