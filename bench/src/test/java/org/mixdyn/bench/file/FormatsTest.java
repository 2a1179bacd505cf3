package org.mixdyn.bench.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FormatsTest {
    /** Field names and numbers of every kind. */
    record Sample(int wholeNumber, double realNumber, double notFinite, String text, List<Double> values) {
    }

    @Test
    void csvKeepsEveryDigitAndLeavesNoNumberBlank() throws IOException {
        Csv csv = new Csv(List.of("iteration", "train_error", "gap"),
                Stream.of(Csv.row(0, 0.1 + 0.2, Double.NaN), Csv.row(null, Double.POSITIVE_INFINITY, 1)));
        assertEquals("iteration,train_error,gap\n0,0.30000000000000004,\n,Infinity,1\n", text(csv));
    }

    @Test
    void csvRefusesARowOfAnotherLength() {
        for (Object[] row : List.of(Csv.row(1), Csv.row(1, 2, 3))) {
            Csv csv = new Csv(List.of("a", "b"), Stream.<Object[]>of(row));
            assertThrows(IllegalArgumentException.class, () -> text(csv));
        }
    }

    @Test
    void csvWithoutRowsIsItsHeader() throws IOException {
        assertEquals("a,b\n", text(new Csv(List.of("a", "b"), Stream.of())));
    }

    /** However long the table: what is not written yet is what a buffer holds. */
    @Test
    void csvMakesRowsAsItWritesThem() throws IOException {
        int[] made = {0};
        Csv csv = new Csv(List.of("a"), IntStream.range(0, 100_000).mapToObj(i -> Csv.row(made[0]++)));
        int[] most = {0};
        int[] seen = {0};
        csv.writeTo(new Writer() {
            @Override
            public void write(char[] text, int from, int count) {
                for (int i = from; i < from + count; i++) {
                    seen[0] += text[i] == '\n' ? 1 : 0;
                }
                most[0] = Math.max(most[0], made[0] - seen[0]);
            }

            @Override
            public void flush() {
            }

            @Override
            public void close() {
            }
        });
        assertEquals(100_001, seen[0]);
        assertTrue(most[0] < 5000, "rows made before they were written: " + most[0]);
    }

    private static String text(Csv csv) throws IOException {
        StringWriter text = new StringWriter();
        csv.writeTo(text);
        return text.toString();
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
