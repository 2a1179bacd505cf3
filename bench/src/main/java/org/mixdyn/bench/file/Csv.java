package org.mixdyn.bench.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table as comma-separated values with a header line. Numbers keep every digit; NaN and null are blank. */
public final class Csv {
    private static final CsvMapper MAPPER = new CsvMapper();

    private final List<String> columns;
    private final List<Object[]> rows = new ArrayList<>();

    /** An empty table. */
    public Csv(List<String> columns) {
        this.columns = List.copyOf(columns);
    }

    /**
     * Adds a row.
     *
     * @param cells as many as there are columns
     * @throws IllegalArgumentException if there are more or fewer
     */
    public void add(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    "the row has " + cells.length + " cells; the table has " + columns.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(Csv::blankIfNoNumber).toArray());
    }

    /** The whole table. */
    public String text() {
        CsvSchema.Builder schema = CsvSchema.builder();
        columns.forEach(schema::addColumn);
        ObjectWriter writer = MAPPER.writer(schema.build().withHeader());
        try {
            return writer.writeValueAsString(rows);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object blankIfNoNumber(Object cell) {
        return cell instanceof Double d && Double.isNaN(d) ? null : cell;
    }
}
