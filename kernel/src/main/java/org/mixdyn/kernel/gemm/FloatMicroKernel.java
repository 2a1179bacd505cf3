package org.mixdyn.kernel.gemm;

import java.lang.invoke.VarHandle;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.simd.Lanes;

/**
 * The register tile of the matrix product: an MR x NR block of C stays in vector registers while k runs.
 *
 * <pre>
 *            B, packed: k rows of NR = vectors * L
 *            [ b0 | b1 ]   row p, contiguous
 *   A  [x0]  [c00 | c01]
 *   .  [x1]  [c10 | c11]   c_ij += x_i b_j,  x_i = A(i, p) in every lane
 *   .  [..]  [ .. | .. ]
 * </pre>
 *
 * A is read in one of two layouts: <em>columns</em>, packed as k groups of MR elements, or <em>rows</em>, MR rows of k
 * contiguous elements that lie lda apart, which is how a row-major matrix stands already. With 16 vector registers the
 * tile is 5 x 2 vectors (10 accumulators, 2 of B, up to 4 of A), with 32 it is 8 x 3 (24, 3, 1).
 *
 * <p>The accumulators start from a zero made in the method: one that stood in a static field would be an object, and C2
 * would keep all of them as objects. The loads of one p have no order among themselves, and C2's scheduler likes to hoist
 * every broadcast above the products, which costs more registers than there are and spills an accumulator inside the loop:
 * half the speed. A load fence emits no instruction on x86 but ends that freedom; where the fences stand was found by
 * trying all places. A 6 x 2 tile reaches the same speed in the layout of columns, but spills in that of rows wherever
 * its fences are.
 */
final class FloatMicroKernel {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final boolean WIDE = Lanes.THIRTY_TWO_REGISTERS;

    /** Rows of the tile. */
    static final int MR = WIDE ? 8 : 5;

    /** Columns of the tile. */
    static final int NR = (WIDE ? 3 : 2) * L;

    private FloatMicroKernel() {
    }

    /**
     * C = A B, or C += A B where add is true, for one tile.
     *
     * @param k   columns of A and rows of B
     * @param a   MR x k, element (i, p) at aOffset + p MR + i
     * @param b   k x NR, element (p, j) at bOffset + p NR + j
     * @param c   MR x NR, element (i, j) at cOffset + i ldc + j; not read where add is false
     */
    static void columns(int k, float[] a, int aOffset, float[] b, int bOffset, float[] c, int cOffset, int ldc,
            boolean add) {
        if (WIDE) {
            columns8x3(k, a, aOffset, b, bOffset, c, cOffset, ldc, add);
        } else {
            columns5x2(k, a, aOffset, b, bOffset, c, cOffset, ldc, add);
        }
    }

    /**
     * The same with A by rows.
     *
     * @param a MR x k, element (i, p) at aOffset + i lda + p
     */
    static void rows(int k, float[] a, int aOffset, int lda, float[] b, int bOffset, float[] c, int cOffset, int ldc,
            boolean add) {
        if (WIDE) {
            rows8x3(k, a, aOffset, lda, b, bOffset, c, cOffset, ldc, add);
        } else {
            rows5x2(k, a, aOffset, lda, b, bOffset, c, cOffset, ldc, add);
        }
    }

    private static void columns5x2(int k, float[] a, int a0, float[] b, int b0, float[] c, int c0, int ldc,
            boolean add) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero;
        for (int p = 0; p < k; p++) {
            FloatVector b0v = FloatVector.fromArray(S, b, b0 + p * 2 * L);
            FloatVector b1 = FloatVector.fromArray(S, b, b0 + p * 2 * L + L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + p * 5]);
            c00 = x0.fma(b0v, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[a0 + p * 5 + 1]);
            c10 = x1.fma(b0v, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = FloatVector.broadcast(S, a[a0 + p * 5 + 2]);
            c20 = x2.fma(b0v, c20);
            c21 = x2.fma(b1, c21);
            VarHandle.loadLoadFence();
            FloatVector x3 = FloatVector.broadcast(S, a[a0 + p * 5 + 3]);
            c30 = x3.fma(b0v, c30);
            c31 = x3.fma(b1, c31);
            FloatVector x4 = FloatVector.broadcast(S, a[a0 + p * 5 + 4]);
            c40 = x4.fma(b0v, c40);
            c41 = x4.fma(b1, c41);
        }
        store2(c, c0, c00, c01, add);
        store2(c, c0 + ldc, c10, c11, add);
        store2(c, c0 + 2 * ldc, c20, c21, add);
        store2(c, c0 + 3 * ldc, c30, c31, add);
        store2(c, c0 + 4 * ldc, c40, c41, add);
    }

    private static void rows5x2(int k, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc,
            boolean add) {
        int a1 = a0 + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        int a4 = a3 + lda;
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = zero, c01 = zero;
        FloatVector c10 = zero, c11 = zero;
        FloatVector c20 = zero, c21 = zero;
        FloatVector c30 = zero, c31 = zero;
        FloatVector c40 = zero, c41 = zero;
        for (int p = 0; p < k; p++) {
            FloatVector b0v = FloatVector.fromArray(S, b, b0 + p * 2 * L);
            FloatVector b1 = FloatVector.fromArray(S, b, b0 + p * 2 * L + L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + p]);
            c00 = x0.fma(b0v, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c10 = x1.fma(b0v, c10);
            c11 = x1.fma(b1, c11);
            VarHandle.loadLoadFence();
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c20 = x2.fma(b0v, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p]);
            c30 = x3.fma(b0v, c30);
            c31 = x3.fma(b1, c31);
            VarHandle.loadLoadFence();
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p]);
            c40 = x4.fma(b0v, c40);
            c41 = x4.fma(b1, c41);
        }
        store2(c, c0, c00, c01, add);
        store2(c, c0 + ldc, c10, c11, add);
        store2(c, c0 + 2 * ldc, c20, c21, add);
        store2(c, c0 + 3 * ldc, c30, c31, add);
        store2(c, c0 + 4 * ldc, c40, c41, add);
    }

    private static void columns8x3(int k, float[] a, int a0, float[] b, int b0, float[] c, int c0, int ldc,
            boolean add) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = zero, c01 = zero, c02 = zero;
        FloatVector c10 = zero, c11 = zero, c12 = zero;
        FloatVector c20 = zero, c21 = zero, c22 = zero;
        FloatVector c30 = zero, c31 = zero, c32 = zero;
        FloatVector c40 = zero, c41 = zero, c42 = zero;
        FloatVector c50 = zero, c51 = zero, c52 = zero;
        FloatVector c60 = zero, c61 = zero, c62 = zero;
        FloatVector c70 = zero, c71 = zero, c72 = zero;
        for (int p = 0; p < k; p++) {
            FloatVector b0v = FloatVector.fromArray(S, b, b0 + p * 3 * L);
            FloatVector b1 = FloatVector.fromArray(S, b, b0 + p * 3 * L + L);
            FloatVector b2 = FloatVector.fromArray(S, b, b0 + p * 3 * L + 2 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + p * 8]);
            c00 = x0.fma(b0v, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            FloatVector x1 = FloatVector.broadcast(S, a[a0 + p * 8 + 1]);
            c10 = x1.fma(b0v, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            FloatVector x2 = FloatVector.broadcast(S, a[a0 + p * 8 + 2]);
            c20 = x2.fma(b0v, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            FloatVector x3 = FloatVector.broadcast(S, a[a0 + p * 8 + 3]);
            c30 = x3.fma(b0v, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            FloatVector x4 = FloatVector.broadcast(S, a[a0 + p * 8 + 4]);
            c40 = x4.fma(b0v, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            FloatVector x5 = FloatVector.broadcast(S, a[a0 + p * 8 + 5]);
            c50 = x5.fma(b0v, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            FloatVector x6 = FloatVector.broadcast(S, a[a0 + p * 8 + 6]);
            c60 = x6.fma(b0v, c60);
            c61 = x6.fma(b1, c61);
            c62 = x6.fma(b2, c62);
            FloatVector x7 = FloatVector.broadcast(S, a[a0 + p * 8 + 7]);
            c70 = x7.fma(b0v, c70);
            c71 = x7.fma(b1, c71);
            c72 = x7.fma(b2, c72);
        }
        store3(c, c0, c00, c01, c02, add);
        store3(c, c0 + ldc, c10, c11, c12, add);
        store3(c, c0 + 2 * ldc, c20, c21, c22, add);
        store3(c, c0 + 3 * ldc, c30, c31, c32, add);
        store3(c, c0 + 4 * ldc, c40, c41, c42, add);
        store3(c, c0 + 5 * ldc, c50, c51, c52, add);
        store3(c, c0 + 6 * ldc, c60, c61, c62, add);
        store3(c, c0 + 7 * ldc, c70, c71, c72, add);
    }

    private static void rows8x3(int k, float[] a, int a0, int lda, float[] b, int b0, float[] c, int c0, int ldc,
            boolean add) {
        int a1 = a0 + lda;
        int a2 = a1 + lda;
        int a3 = a2 + lda;
        int a4 = a3 + lda;
        int a5 = a4 + lda;
        int a6 = a5 + lda;
        int a7 = a6 + lda;
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = zero, c01 = zero, c02 = zero;
        FloatVector c10 = zero, c11 = zero, c12 = zero;
        FloatVector c20 = zero, c21 = zero, c22 = zero;
        FloatVector c30 = zero, c31 = zero, c32 = zero;
        FloatVector c40 = zero, c41 = zero, c42 = zero;
        FloatVector c50 = zero, c51 = zero, c52 = zero;
        FloatVector c60 = zero, c61 = zero, c62 = zero;
        FloatVector c70 = zero, c71 = zero, c72 = zero;
        for (int p = 0; p < k; p++) {
            FloatVector b0v = FloatVector.fromArray(S, b, b0 + p * 3 * L);
            FloatVector b1 = FloatVector.fromArray(S, b, b0 + p * 3 * L + L);
            FloatVector b2 = FloatVector.fromArray(S, b, b0 + p * 3 * L + 2 * L);
            FloatVector x0 = FloatVector.broadcast(S, a[a0 + p]);
            c00 = x0.fma(b0v, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            FloatVector x1 = FloatVector.broadcast(S, a[a1 + p]);
            c10 = x1.fma(b0v, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            FloatVector x2 = FloatVector.broadcast(S, a[a2 + p]);
            c20 = x2.fma(b0v, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            FloatVector x3 = FloatVector.broadcast(S, a[a3 + p]);
            c30 = x3.fma(b0v, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            FloatVector x4 = FloatVector.broadcast(S, a[a4 + p]);
            c40 = x4.fma(b0v, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            FloatVector x5 = FloatVector.broadcast(S, a[a5 + p]);
            c50 = x5.fma(b0v, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            FloatVector x6 = FloatVector.broadcast(S, a[a6 + p]);
            c60 = x6.fma(b0v, c60);
            c61 = x6.fma(b1, c61);
            c62 = x6.fma(b2, c62);
            FloatVector x7 = FloatVector.broadcast(S, a[a7 + p]);
            c70 = x7.fma(b0v, c70);
            c71 = x7.fma(b1, c71);
            c72 = x7.fma(b2, c72);
        }
        store3(c, c0, c00, c01, c02, add);
        store3(c, c0 + ldc, c10, c11, c12, add);
        store3(c, c0 + 2 * ldc, c20, c21, c22, add);
        store3(c, c0 + 3 * ldc, c30, c31, c32, add);
        store3(c, c0 + 4 * ldc, c40, c41, c42, add);
        store3(c, c0 + 5 * ldc, c50, c51, c52, add);
        store3(c, c0 + 6 * ldc, c60, c61, c62, add);
        store3(c, c0 + 7 * ldc, c70, c71, c72, add);
    }

    private static void store2(float[] c, int at, FloatVector x, FloatVector y, boolean add) {
        store(c, at, x, add);
        store(c, at + L, y, add);
    }

    private static void store3(float[] c, int at, FloatVector x, FloatVector y, FloatVector z, boolean add) {
        store(c, at, x, add);
        store(c, at + L, y, add);
        store(c, at + 2 * L, z, add);
    }

    private static void store(float[] c, int at, FloatVector x, boolean add) {
        (add ? FloatVector.fromArray(S, c, at).add(x) : x).intoArray(c, at);
    }
}
