package org.mixdyn.bench.file;

import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table as comma-separated values with a header line. Numbers keep every digit; NaN and null are blank. Rows are made as
 * they are written, so that a long table is never in memory as a whole.
 */
public final class Csv implements OutputFolder.Content {
    private static final CsvMapper MAPPER = new CsvMapper();

    private final List<String> columns;
    private final Stream<Object[]> rows;

    /**
     * A table, which can be written once.
     *
     * @param rows each with as many cells as there are columns
     */
    public Csv(List<String> columns, Stream<Object[]> rows) {
        this.columns = List.copyOf(columns);
        this.rows = rows;
    }

    /** A row. */
    public static Object[] row(Object... cells) {
        return cells;
    }

    /**
     * Writes the table.
     *
     * @throws IllegalArgumentException if a row has more cells than the table has columns, or fewer
     */
    @Override
    public void writeTo(Writer out) throws IOException {
        CsvSchema.Builder schema = CsvSchema.builder();
        columns.forEach(schema::addColumn);
        try (SequenceWriter table = MAPPER.writer(schema.build().withHeader()).writeValuesAsArray(out)) {
            for (Iterator<Object[]> each = rows.iterator(); each.hasNext();) {
                Object[] cells = each.next();
                if (cells.length != columns.size()) {
                    throw new IllegalArgumentException("the row has " + cells.length + " cells; the table has "
                            + columns.size() + " columns");
                }
                table.write(Arrays.stream(cells).map(Csv::blankIfNoNumber).toArray());
            }
        }
    }

    private static Object blankIfNoNumber(Object cell) {
        return cell instanceof Double d && Double.isNaN(d) ? null : cell;
    }
}
