package org.mixdyn.kernel.gemm.code;

import java.lang.classfile.Label;

import org.mixdyn.kernel.simd.Precision;

/**
 * Writes transposes of a power of two of rows, at most as many as a vector has lanes. A block of as many columns as
 * there are lanes is loaded row by row, and seen as one list of rows x lanes elements. To merge the two halves of the
 * list like a zip, element by element, turns the bits of every element's place by one; log2(rows) such merges have
 * put the bits of the row behind those of the column, which is the transpose.
 */
public final class TransposeCode extends VectorCode {
    // The parameters of transpose, in order; local variable 0 is the object itself.
    private static final String PARAMETERS = "iaiiaiiaa";
    private static final int K = 1;
    private static final int FROM = 2;
    private static final int FROM0 = 3;
    private static final int LD = 4;
    private static final int TO = 5;
    private static final int TO0 = 6;
    private static final int TO_STRIDE = 7;
    private static final int LOW = 8;
    private static final int HIGH = 9;

    private final int rows;

    private TransposeCode(Precision precision, int rows) {
        super(precision);
        this.rows = rows;
    }

    /** A new transpose: a {@link FloatTranspose} or a {@link DoubleTranspose}, by the precision. */
    public static <T> T make(Precision precision, int rows, Class<T> type) {
        return new TransposeCode(precision, rows).instance(type, "Transpose" + rows, "transpose", PARAMETERS);
    }

    @Override
    void body() {
        int p = newInts(1);
        int at = newInts(1);
        int zero = newInts(1);
        int low = newVectors(1);
        int high = newVectors(1);
        int now = newVectors(rows);
        int next = newVectors(rows);
        code.iconst_0().istore(zero);
        pushVector(false, LOW, zero, 0);
        code.astore(low);
        pushVector(false, HIGH, zero, 0);
        code.astore(high);
        code.iconst_0().istore(p);
        Label test = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(test).iload(p).iload(K).if_icmpge(done);
        code.iload(FROM0).istore(at);
        for (int i = 0; i < rows; i++) {
            pushVector(false, FROM, at, 0);
            code.astore(now + i);
            increase(at, LD);
        }
        for (int merged = 1; merged < rows; merged *= 2) {
            for (int i = 0; i < rows / 2; i++) {
                merge(low, now + i, now + i + rows / 2, next + 2 * i);
                merge(high, now + i, now + i + rows / 2, next + 2 * i + 1);
            }
            int swap = now;
            now = next;
            next = swap;
        }
        for (int i = 0; i < rows; i++) {
            code.aload(now + i);
            popVector(TO, TO0, 0);
            if (rows == lanes) {
                increase(TO0, TO_STRIDE);
            } else {
                code.iinc(TO0, lanes);
            }
        }
        code.iinc(FROM0, lanes).iinc(p, lanes).goto_(test);
        code.labelBinding(done);
    }

    private void merge(int lanesOfBoth, int x, int y, int result) {
        code.aload(lanesOfBoth).aload(x).aload(y);
        callTernary("selectFrom");
        code.astore(result);
    }
}
