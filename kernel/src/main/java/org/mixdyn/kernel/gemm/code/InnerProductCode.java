package org.mixdyn.kernel.gemm.code;

import java.lang.classfile.Label;

import org.mixdyn.kernel.simd.Precision;

/**
 * Writes the loop for inner products of some rows with some others, which are loaded once for each of the first: as
 * many sums side by side as the latency of multiply-adds asks for, and as make its operands come fast enough.
 */
public final class InnerProductCode extends VectorCode {
    // The parameters of multiply, in order; local variable 0 is the object itself.
    private static final String PARAMETERS = "iaiiaiia";
    private static final int K = 1;
    private static final int A = 2;
    private static final int A0 = 3;
    private static final int LDA = 4;
    private static final int X = 5;
    private static final int X0 = 6;
    private static final int LDX = 7;
    private static final int SUMS = 8;

    private final int rows;
    private final int columns;

    private InnerProductCode(Precision precision, int rows, int columns) {
        super(precision);
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * A new loop: a {@link FloatInnerProducts} or a {@link DoubleInnerProducts}, by the precision.
     *
     * @param rows    of the one kind
     * @param columns rows of the other kind, which stay in the L1 cache
     */
    public static <T> T make(Precision precision, int rows, int columns, Class<T> type) {
        return new InnerProductCode(precision, rows, columns).instance(type, "InnerProducts" + rows + "x" + columns,
                "multiply", PARAMETERS);
    }

    @Override
    void body() {
        int p = newInts(1);
        int at = newInts(1);
        int row = newVectors(rows);
        int x = newVectors(1);
        int sum = newVectors(rows * columns);
        for (int s = 0; s < rows * columns; s++) {
            pushZero(false);
            code.astore(sum + s);
        }
        code.iconst_0().istore(p);
        Label test = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(test).iload(p).iload(K).if_icmpge(done);
        code.iload(A0).istore(at);
        for (int i = 0; i < rows; i++) {
            pushVector(false, A, at, 0);
            code.astore(row + i);
            increase(at, LDA);
        }
        code.iload(X0).istore(at);
        for (int j = 0; j < columns; j++) {
            pushVector(false, X, at, 0);
            code.astore(x);
            increase(at, LDX);
            for (int i = 0; i < rows; i++) {
                code.aload(row + i).aload(x).aload(sum + i * columns + j);
                callTernary("fma");
                code.astore(sum + i * columns + j);
            }
        }
        code.iinc(A0, lanes).iinc(X0, lanes).iinc(p, lanes).goto_(test);
        code.labelBinding(done).iconst_0().istore(at);
        for (int s = 0; s < rows * columns; s++) {
            pushFromLoop(false, sum + s);
            popVector(SUMS, at, s * lanes);
        }
    }
}
