package org.mixdyn.kernel.gemm;

import java.lang.classfile.Label;

import org.mixdyn.kernel.simd.Precision;

/**
 * Writes the loop for inner products of some rows with some others, which are loaded once for each of the first: as many sums
 * side by side as the latency of multiply-adds asks for, and as make its operands come fast enough.
 */
final class InnerProducts extends VectorCode {
    /** Rows of the one kind, which come from memory. */
    static final int ROWS = 2;

    /** Rows of the other kind, which stay in the L1 cache; 16 sums need 32 registers. */
    static final int COLUMNS = 8;

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

    private InnerProducts(Precision precision) {
        super(precision);
    }

    /** A new loop: a {@link FloatInnerProducts} or a {@link DoubleInnerProducts}, by the precision. */
    static <T> T make(Precision precision, Class<T> type) {
        return new InnerProducts(precision).instance(type, "InnerProducts" + ROWS + "x" + COLUMNS, "multiply",
                PARAMETERS);
    }

    @Override
    void body() {
        int p = newInts(1);
        int at = newInts(1);
        int row = newVectors(ROWS);
        int x = newVectors(1);
        int sum = newVectors(ROWS * COLUMNS);
        for (int s = 0; s < ROWS * COLUMNS; s++) {
            pushZero(false);
            code.astore(sum + s);
        }
        code.iconst_0().istore(p);
        Label test = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(test).iload(p).iload(K).if_icmpge(done);
        code.iload(A0).istore(at);
        for (int i = 0; i < ROWS; i++) {
            pushVector(false, A, at, 0);
            code.astore(row + i);
            increase(at, LDA);
        }
        code.iload(X0).istore(at);
        for (int j = 0; j < COLUMNS; j++) {
            pushVector(false, X, at, 0);
            code.astore(x);
            increase(at, LDX);
            for (int i = 0; i < ROWS; i++) {
                code.aload(row + i).aload(x).aload(sum + i * COLUMNS + j);
                callTernary("fma");
                code.astore(sum + i * COLUMNS + j);
            }
        }
        code.iinc(A0, lanes).iinc(X0, lanes).iinc(p, lanes).goto_(test);
        code.labelBinding(done).iconst_0().istore(at);
        for (int s = 0; s < ROWS * COLUMNS; s++) {
            pushFromLoop(false, sum + s);
            popVector(SUMS, at, s * lanes);
        }
    }
}
