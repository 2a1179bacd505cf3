package org.mixdyn.kernel.gemm.code;

import java.lang.classfile.Label;

import org.mixdyn.kernel.simd.Precision;

/**
 * Writes the loop for inner products of some rows with some others, which are loaded once for each of the first: as many sums
 * side by side as the latency of multiply-adds asks for, and as make its operands come fast enough.
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
    private final int chains;

    private int p;
    private int at;
    private int row;
    private int x;
    private int sum;

    private InnerProductCode(Precision precision, int rows, int columns, int chains) {
        super(precision);
        this.rows = rows;
        this.columns = columns;
        this.chains = chains;
    }

    /**
     * A new loop: a {@link FloatInnerProducts} or a {@link DoubleInnerProducts}, by the precision.
     *
     * @param rows    of the one kind
     * @param columns rows of the other kind, which stay in the L1 cache
     * @param chains  of multiply-adds for each pair
     */
    public static <T> T make(Precision precision, int rows, int columns, int chains, Class<T> type) {
        return new InnerProductCode(precision, rows, columns, chains).instance(type,
                "InnerProducts" + rows + "x" + columns + "x" + chains, "multiply", PARAMETERS);
    }

    @Override
    void body() {
        p = newInts(1);
        at = newInts(1);
        row = newVectors(rows);
        x = newVectors(1);
        sum = newVectors(rows * columns * chains);
        for (int s = 0; s < rows * columns * chains; s++) {
            pushZero(false);
            code.astore(sum + s);
        }
        code.iconst_0().istore(p);
        loop(chains);
        if (chains > 1) {
            loop(1);
        }
        code.iconst_0().istore(at);
        for (int s = 0; s < rows * columns; s++) {
            pushFromLoop(false, sum + s * chains);
            for (int chain = 1; chain < chains; chain++) {
                pushFromLoop(false, sum + s * chains + chain);
                callBinary("add");
            }
            popVector(SUMS, at, s * lanes);
        }
    }

    /** Goes on by so many vectors of each row while there are as many. */
    private void loop(int vectors) {
        Label test = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(test);
        pushSum(p, (vectors - 1) * lanes);
        code.iload(K).if_icmpge(done);
        for (int chain = 0; chain < vectors; chain++) {
            multiplyAdds(chain);
        }
        code.iinc(A0, vectors * lanes).iinc(X0, vectors * lanes).iinc(p, vectors * lanes).goto_(test);
        code.labelBinding(done);
    }

    private void multiplyAdds(int chain) {
        code.iload(A0).istore(at);
        for (int i = 0; i < rows; i++) {
            pushVector(false, A, at, chain * lanes);
            code.astore(row + i);
            if (i < rows - 1) {
                increase(at, LDA);
            }
        }
        code.iload(X0).istore(at);
        for (int j = 0; j < columns; j++) {
            pushVector(false, X, at, chain * lanes);
            code.astore(x);
            if (j < columns - 1) {
                increase(at, LDX);
            }
            for (int i = 0; i < rows; i++) {
                int own = sum + (i * columns + j) * chains + chain;
                code.aload(row + i).aload(x).aload(own);
                callTernary("fma");
                code.astore(own);
            }
        }
    }
}
