package org.mixdyn.kernel.gemm.code;

import java.lang.classfile.Label;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/**
 * Writes the micro-kernels. A kernel for each tile and layout would be thousands of lines that differ in numbers alone;
 * this class is those lines, once:
 *
 * <pre>
 *   c00 = c01 = ... = zero;
 *   for (int p = 0; p &lt; k; p++) {
 *       b0 = fromArray(S, b, ...);  b1 = ...                    one row of B
 *       x = broadcast(S, a[...]);   c00 = x.fma(b0, c00);  ...  row by row of the tile
 *   }
 *   c00.add(fromArray(S, c, ...)).intoArray(c, ...);  ...       or without the addition
 * </pre>
 *
 * Accumulators start from a zero made in the method: one that stood in a field would be an object, and C2 would keep
 * all of them as objects.
 *
 * <p>How the elements of A are addressed decides whether C2 finds registers for the tile. Indices that move with p,
 * by strides that the compiler does not know, keep the range check of each element inside the loop, and that is well:
 * the checks keep the loads in their places, where hoisted loads would need more vector registers than there are and
 * spill accumulators, and hoisted indices more of the others. Even the step of 1 along a row of A is therefore a
 * parameter, and the stride between rows is multiplied by it in every round: of a stride that does not change C2
 * would make the indices of all rows before the loop, and fetch most of them from the stack. With 16 vector
 * registers, rows of A do better with one index each, made before the loop.
 */
public final class MicroKernelCode extends VectorCode {
    /** Whether the index of A walks down the rows of the tile, rather than each row having its own. */
    private static final boolean WALK = Lanes.THIRTY_TWO_REGISTERS;

    /**
     * Narrow vectors that a tile is made of, if so many are enough and wide ones are taken in halves: it has an
     * element of A loaded for few multiply-adds, and 512 bits are loaded only half as often as 256.
     */
    private static final int NARROW = Lanes.HALVES ? 3 : 0;

    // The parameters of multiply, in order; local variable 0 is the kernel itself.
    private static final String PARAMETERS = "iaiiaiiaiii";
    private static final int K = 1;
    private static final int A = 2;
    private static final int A0 = 3;
    private static final int A_STRIDE = 4;
    private static final int B = 5;
    private static final int B0 = 6;
    private static final int B_STRIDE = 7;
    private static final int C = 8;
    private static final int C0 = 9;
    private static final int LDC = 10;
    private static final int ONE = 11;

    private final Tile tile;
    private final int vectors;
    private final int wideVectors;

    /**
     * Whether a narrow vector of B behind wide ones is made a wide one, so that all of the tile is computed with wide
     * ones: to take the first lanes of each element of A costs as much as to multiply with the others.
     */
    private final boolean widens;
    private int p;
    private int row;
    private int x;
    private int tailOfX;
    private int firstB;
    private int firstC;

    private MicroKernelCode(Precision precision, Tile tile) {
        super(precision);
        this.tile = tile;
        wideVectors = tile.columns() <= NARROW * tailLanes ? 0 : tile.columns() / lanes;
        vectors = wideVectors + (tile.columns() - wideVectors * lanes) / tailLanes;
        widens = !Lanes.HALVES && wideVectors > 0 && wideVectors < vectors;
    }

    /** A new kernel: a {@link FloatMicroKernel} or a {@link DoubleMicroKernel}, by the precision. */
    public static <T> T make(Precision precision, Tile tile, Class<T> type) {
        return new MicroKernelCode(precision, tile).instance(type, "MicroKernel" + tile.rows() + "x" + tile.columns(),
                "multiply", PARAMETERS);
    }

    @Override
    void body() {
        p = newInts(1);
        row = newInts(tile.rows());
        x = newVectors(1);
        tailOfX = newVectors(1);
        firstB = newVectors(vectors);
        firstC = newVectors(tile.rows() * vectors);
        startAccumulators();
        if (tile.layout() == Tile.Layout.ROWS && !WALK) {
            indexRows();
        }
        code.iconst_0().istore(p);
        Label test = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(test).iload(p).iload(K).if_icmpge(done);
        for (int j = 0; j < vectors; j++) {
            pushVector(isTail(j), B, B0, columnOf(j));
            if (isTail(j) && widens) {
                reshape(false);
            }
            code.astore(firstB + j);
        }
        for (int i = 0; i < tile.rows(); i++) {
            multiplyRow(i);
        }
        increase(B0, B_STRIDE);
        if (tile.layout() == Tile.Layout.COLUMNS) {
            increase(A0, A_STRIDE);
        } else if (WALK) {
            increase(A0, ONE);
            code.iload(A_STRIDE).iload(ONE).imul().istore(A_STRIDE);
        }
        code.iinc(p, 1).goto_(test);
        code.labelBinding(done);
        narrowSums();
        if (tile.add()) {
            addC();
        }
        storeC();
    }

    /** Whether vector j of a row of the tile is a narrow one. */
    private boolean isTail(int j) {
        return j >= wideVectors;
    }

    /** Whether the tile is computed with narrow vectors there. */
    private boolean isNarrow(int j) {
        return isTail(j) && !widens;
    }

    /** The column of the tile that vector j of a row begins at. */
    private int columnOf(int j) {
        return isTail(j) ? wideVectors * lanes + (j - wideVectors) * tailLanes : j * lanes;
    }

    private int accumulator(int i, int j) {
        return firstC + i * vectors + j;
    }

    private void startAccumulators() {
        pushZero(false);
        code.astore(x);
        pushZero(true);
        code.astore(tailOfX);
        for (int i = 0; i < tile.rows(); i++) {
            for (int j = 0; j < vectors; j++) {
                code.aload(isNarrow(j) ? tailOfX : x).astore(accumulator(i, j));
            }
        }
    }

    private void indexRows() {
        code.iload(A0).istore(row);
        for (int i = 1; i < tile.rows(); i++) {
            code.iload(row + i - 1).iload(A_STRIDE).iadd().istore(row + i);
        }
    }

    private void multiplyRow(int i) {
        pushBroadcast(isNarrow(0), A, () -> pushIndexOfA(i));
        if (isNarrow(0)) {
            code.astore(tailOfX);
        } else {
            code.astore(x);
            if (isNarrow(vectors - 1)) {
                pushTailOf(x);
                code.astore(tailOfX);
            }
        }
        for (int j = 0; j < vectors; j++) {
            code.aload(isNarrow(j) ? tailOfX : x).aload(firstB + j).aload(accumulator(i, j));
            callTernary("fma");
            code.astore(accumulator(i, j));
        }
    }

    private void pushIndexOfA(int i) {
        if (tile.layout() == Tile.Layout.COLUMNS) {
            pushSum(A0, i);
        } else if (!WALK) {
            code.iload(row + i).iload(p).iadd();
        } else if (i == 0) {
            code.iload(A0).dup().istore(row);
        } else {
            code.iload(row).iload(A_STRIDE).iadd().dup().istore(row);
        }
    }

    private void narrowSums() {
        for (int i = 0; i < tile.rows() && widens; i++) {
            pushFromLoop(false, accumulator(i, vectors - 1));
            reshape(true);
            code.astore(accumulator(i, vectors - 1));
        }
    }

    /**
     * All of C is read before any of it is written: rows of C often lie a multiple of 4096 bytes apart, where a load
     * may wait for a store to the row before.
     */
    private void addC() {
        code.iload(C0).istore(row);
        for (int i = 0; i < tile.rows(); i++) {
            for (int j = 0; j < vectors; j++) {
                pushFromLoop(isTail(j), accumulator(i, j));
                pushVector(isTail(j), C, row, columnOf(j));
                callBinary("add");
                code.astore(accumulator(i, j));
            }
            increase(row, LDC);
        }
    }

    private void storeC() {
        for (int i = 0; i < tile.rows(); i++) {
            for (int j = 0; j < vectors; j++) {
                pushFromLoop(isTail(j), accumulator(i, j));
                popVector(C, C0, columnOf(j));
            }
            increase(C0, LDC);
        }
    }
}
