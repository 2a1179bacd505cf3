package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Precision;

/**
 * One product C = alpha op(A) op(B) + beta C: the operands as they were given, where their elements stand, and what
 * is done with parts of them one after the other. Offsets, sizes and what is refused are those of {@link Gemm}.
 */
final class FloatProduct {
    boolean transA;
    boolean transB;
    int m;
    int n;
    int k;
    float alpha;
    float[] a;
    int aOffset;
    int lda;
    float[] b;
    int bOffset;
    int ldb;
    float beta;
    float[] c;
    int cOffset;
    int ldc;

    /** Whether C is stored n x m: only after {@link #exchange}. */
    private boolean transC;

    void set(boolean newTransA, boolean newTransB, int newM, int newN, int newK, float newAlpha, float[] newA,
            int newAOffset, int newLda, float[] newB, int newBOffset, int newLdb, float newBeta, float[] newC,
            int newCOffset, int newLdc) {
        transA = newTransA;
        transB = newTransB;
        m = newM;
        n = newN;
        k = newK;
        alpha = newAlpha;
        a = newA;
        aOffset = newAOffset;
        lda = newLda;
        b = newB;
        bOffset = newBOffset;
        ldb = newLdb;
        beta = newBeta;
        c = newC;
        cOffset = newCOffset;
        ldc = newLdc;
        transC = false;
    }

    /** The same product with A and B in each other's places: C^T = alpha op(B)^T op(A)^T + beta C^T. */
    void exchange() {
        set(!transB, !transA, n, m, k, alpha, b, bOffset, ldb, a, aOffset, lda, beta, c, cOffset, ldc);
        transC = true;
    }

    /** Lets go of the arrays. */
    void forget() {
        a = null;
        b = null;
        c = null;
    }

    /** Bytes of A. */
    long bytesOfA() {
        return bytes(m, k);
    }

    /** Bytes of B. */
    long bytesOfB() {
        return bytes(k, n);
    }

    /** Bytes of C. */
    long bytesOfC() {
        return bytes(m, n);
    }

    /** Bytes of a matrix. */
    static long bytes(int rows, int cols) {
        return (long) rows * cols * Precision.F32.bytes();
    }

    /** Where element (i, p) of op(A) stands. */
    int atA(int i, int p) {
        return aOffset + (transA ? p * lda + i : i * lda + p);
    }

    /** Where element (p, j) of op(B) stands. */
    int atB(int p, int j) {
        return bOffset + (transB ? j * ldb + p : p * ldb + j);
    }

    /** Where element (i, j) of C stands. */
    int atC(int i, int j) {
        return cOffset + (transC ? j * ldc + i : i * ldc + j);
    }

    /** Packs a block of op(A): see {@link FloatPack#a}. */
    void packA(int i, int rows, int p, int depth, float[] packed, int to) {
        if (transA) {
            FloatPack.aTransposed(rows, depth, a, atA(i, p), lda, packed, to);
        } else {
            FloatPack.a(rows, depth, a, atA(i, p), lda, packed, to);
        }
    }

    /** Packs a block of factor op(B): see {@link FloatPack#b}. */
    void packB(int p, int depth, int j, int cols, Cut cut, float factor, float[] packed, int to) {
        if (transB) {
            FloatPack.bTransposed(depth, cols, cut, factor, b, atB(p, j), ldb, packed, to);
        } else {
            FloatPack.b(depth, cols, cut, factor, b, atB(p, j), ldb, packed, to);
        }
    }

    /** Whether a first sum over k has to find beta C. */
    boolean scales() {
        return beta != 0 && beta != 1;
    }

    /** C = beta C on a block; beta = 0 writes zeros whatever C held. */
    void scale(int i0, int i1, int j0, int j1) {
        for (int i = i0; i < i1; i++) {
            for (int j = atC(i, j0); j < atC(i, j1); j++) {
                c[j] = beta == 0 ? 0 : beta * c[j];
            }
        }
    }

    /** An element of C, given that of op(A) op(B) and where it stands. */
    float element(float sum, int at) {
        return beta == 0 ? alpha * sum : alpha * sum + beta * c[at];
    }
}
