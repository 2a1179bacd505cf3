package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.simd.Lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Plane rotations of neighbouring rows of a matrix, gathered first and applied many at a time.
 *
 * <p>
 * A sweep is a chain: it rotates rows (i, i + step), then (i + step, i + 2 step), and so on. Rotations act on every column
 * alike, so the matrix is taken a panel of a few vectors' width at a time: the panel is copied to a contiguous place that
 * fits in a near cache, all gathered sweeps pass over it, and it is copied back. Within a sweep the row that two
 * successive rotations share stays in registers.
 */
final class FloatRotations {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();

    /** Columns of a panel. */
    private static final int WIDTH = 4 * LANES;

    /** Rotations kept, per row: enough to make the copying of a panel cheap beside their application. */
    private static final int KEPT_PER_ROW = 16;

    private float[] rows;
    private int rowCount;
    private int rowStride;
    private int columns;

    private float[] cosines = new float[0];
    private float[] sines = new float[0];
    private int capacity;
    private int kept;

    private int[] firstRow = new int[16];
    private int[] step = new int[16];
    private int[] begin = new int[16];
    private int sweeps;

    private float[] panel = new float[0];

    /**
     * Names the matrix that is to be rotated and forgets all rotations.
     *
     * @param target row-major rowCount x columns, rows stride apart
     */
    void reset(float[] target, int newRowCount, int newColumns, int stride) {
        rows = target;
        rowCount = newRowCount;
        columns = newColumns;
        rowStride = stride;
        capacity = (int) Math.min((long) KEPT_PER_ROW * newRowCount, 1 << 28);
        if (cosines.length < capacity) {
            cosines = new float[capacity];
            sines = new float[capacity];
        }
        int panelSize = Storage.size(newRowCount, WIDTH);
        if (panel.length < panelSize) {
            panel = new float[panelSize];
        }
        kept = 0;
        sweeps = 0;
    }

    /** Begins a sweep of at most the given number of rotations, the first one of rows (row, row + direction). */
    void beginSweep(int row, int direction, int length) {
        if (kept + length > capacity) {
            flush();
        }
        if (sweeps == begin.length) {
            firstRow = Arrays.copyOf(firstRow, 2 * sweeps);
            step = Arrays.copyOf(step, 2 * sweeps);
            begin = Arrays.copyOf(begin, 2 * sweeps);
        }
        firstRow[sweeps] = row;
        step[sweeps] = direction;
        begin[sweeps] = kept;
        sweeps++;
    }

    /** The next rotation of the sweep: (x, y) <- (c x + s y, c y - s x) for the rows x and y whose turn it is. */
    void add(float c, float s) {
        cosines[kept] = c;
        sines[kept] = s;
        kept++;
    }

    /** Applies all that was gathered. */
    void flush() {
        if (kept > 0) {
            for (int column = 0; column < columns; column += WIDTH) {
                int width = Math.min(WIDTH, columns - column);
                for (int row = 0; row < rowCount; row++) {
                    System.arraycopy(rows, row * rowStride + column, panel, row * WIDTH, width);
                }
                for (int sweep = 0; sweep < sweeps; sweep++) {
                    int end = sweep + 1 < sweeps ? begin[sweep + 1] : kept;
                    apply(panel, firstRow[sweep] * WIDTH, step[sweep] * WIDTH, cosines, sines, begin[sweep], end);
                }
                for (int row = 0; row < rowCount; row++) {
                    System.arraycopy(panel, row * WIDTH, rows, row * rowStride + column, width);
                }
            }
        }
        kept = 0;
        sweeps = 0;
    }

    private static void apply(float[] panel, int start, int step, float[] cosines, float[] sines, int begin, int end) {
        int x = start;
        FloatVector x0 = FloatVector.fromArray(SPECIES, panel, x);
        FloatVector x1 = FloatVector.fromArray(SPECIES, panel, x + LANES);
        FloatVector x2 = FloatVector.fromArray(SPECIES, panel, x + 2 * LANES);
        FloatVector x3 = FloatVector.fromArray(SPECIES, panel, x + 3 * LANES);
        for (int i = begin; i < end; i++) {
            FloatVector c = FloatVector.broadcast(SPECIES, cosines[i]);
            FloatVector s = FloatVector.broadcast(SPECIES, sines[i]);
            FloatVector minusS = s.neg();
            int y = x + step;
            FloatVector y0 = FloatVector.fromArray(SPECIES, panel, y);
            c.fma(x0, y0.mul(s)).intoArray(panel, x);
            x0 = minusS.fma(x0, y0.mul(c));
            FloatVector y1 = FloatVector.fromArray(SPECIES, panel, y + LANES);
            c.fma(x1, y1.mul(s)).intoArray(panel, x + LANES);
            x1 = minusS.fma(x1, y1.mul(c));
            FloatVector y2 = FloatVector.fromArray(SPECIES, panel, y + 2 * LANES);
            c.fma(x2, y2.mul(s)).intoArray(panel, x + 2 * LANES);
            x2 = minusS.fma(x2, y2.mul(c));
            FloatVector y3 = FloatVector.fromArray(SPECIES, panel, y + 3 * LANES);
            c.fma(x3, y3.mul(s)).intoArray(panel, x + 3 * LANES);
            x3 = minusS.fma(x3, y3.mul(c));
            x = y;
        }
        x0.intoArray(panel, x);
        x1.intoArray(panel, x + LANES);
        x2.intoArray(panel, x + 2 * LANES);
        x3.intoArray(panel, x + 3 * LANES);
    }
}
