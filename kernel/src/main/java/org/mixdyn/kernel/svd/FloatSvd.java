package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Thin singular value decomposition A = U S V^T of a rows x cols matrix of any shape: with k = min(rows, cols), U is
 * rows x k and V is cols x k, both with orthonormal columns, and S = diag(s_0 &gt;= s_1 &gt;= ... &gt;= s_k-1 &gt;= 0).
 *
 * <p>
 * An oblong matrix is first reduced to a triangle of order k by a QR factorisation (of its transpose if cols &gt; rows), a
 * square one is taken as it is; then it is made bidiagonal, and divide and conquer makes that diagonal. The computed
 * factors are exact for a matrix that differs from A by a modest multiple of eps ||A||, and the columns of U and V are
 * orthonormal to a modest multiple of eps. The same matrix gives the same bits in every run on the same vector unit
 * and caches.
 *
 * <p>
 * Any finite matrix will do. A singular value beyond the largest number of the precision, as a matrix of elements near that
 * one has, is infinite; the other values and all vectors are right nevertheless.
 *
 * <p>
 * One instance serves matrices of all shapes one after the other and keeps its workspace, about ten matrices of order k and
 * for an oblong matrix two of its size, so that a call allocates nothing once a matrix as large has been seen. An instance
 * belongs to one thread at a time.
 */
public final class FloatSvd {
    private static final int START = FloatReflectors.START;

    private final FloatReflectors tallReflectors = new FloatReflectors();
    private final FloatBidiagonalization bidiagonalization = new FloatBidiagonalization();
    private final FloatDivideAndConquer divideAndConquer = new FloatDivideAndConquer();
    private final Gemm gemm;
    private final Team team;

    private float[] square = new float[0];
    private float[] diagonal = new float[0];
    private float[] superdiagonal = new float[0];

    /** The transposed factors: row i belongs to the singular value that the iteration left at place i. */
    private float[] longFactor = new float[0];
    private float[] shortFactor = new float[0];

    /** order[j] is the place of the j-th largest singular value. */
    private int[] order = new int[0];

    private boolean decomposed;
    private boolean withVectors;
    private boolean wide;
    private int longSide;
    private int shortSide;

    /** A decomposition without a matrix yet, on one thread. */
    public FloatSvd() {
        this(1);
    }

    /**
     * A decomposition without a matrix yet.
     *
     * @param threads that share the work; the result has the same bits for any number
     * @throws IllegalArgumentException if threads is not in 1 .. {@link Team#MAX_THREADS}
     */
    public FloatSvd(int threads) {
        team = Team.of(threads);
        gemm = Gemm.withThreads(threads);
    }

    /**
     * A = U S V^T. Afterwards {@link #singularValues}, {@link #u} and {@link #v} give the factors.
     *
     * @param rows rows of A, at least 0
     * @param cols columns of A, at least 0
     * @param a holds A, row-major; not modified
     * @param offset index of the first element of A
     * @param lda distance between the first elements of two rows, at least cols
     * @throws IllegalArgumentException if the shape does not fit the array, or if an element is NaN or infinite
     * @throws IllegalStateException if the iteration does not converge, which no matrix is known to cause
     */
    public void factor(int rows, int cols, float[] a, int offset, int lda) {
        decompose(rows, cols, a, offset, lda, true);
    }

    /**
     * The singular values of A alone, the same bits that {@link #factor} finds. Afterwards {@link #singularValues} gives
     * them, and there is no U or V.
     *
     * @param rows rows of A, at least 0
     * @param cols columns of A, at least 0
     * @param a holds A, row-major; not modified
     * @param offset index of the first element of A
     * @param lda distance between the first elements of two rows, at least cols
     * @throws IllegalArgumentException if the shape does not fit the array, or if an element is NaN or infinite
     * @throws IllegalStateException if the iteration does not converge, which no matrix is known to cause
     */
    public void values(int rows, int cols, float[] a, int offset, int lda) {
        decompose(rows, cols, a, offset, lda, false);
    }

    /**
     * The min(rows, cols) singular values of the last matrix, descending and nonnegative.
     *
     * @return a copy
     * @throws IllegalStateException if no matrix was decomposed
     */
    public float[] singularValues() {
        requireDecomposed();
        float[] values = new float[shortSide];
        for (int j = 0; j < shortSide; j++) {
            values[j] = diagonal[order[j]];
        }
        return values;
    }

    /**
     * U, rows x min(rows, cols), row-major without gaps.
     *
     * @return a copy
     * @throws IllegalStateException if the last call was not a successful {@link #factor}
     */
    public float[] u() {
        return copy(!wide);
    }

    /**
     * V, cols x min(rows, cols), row-major without gaps; column j of V is the j-th right singular vector.
     *
     * @return a copy
     * @throws IllegalStateException if the last call was not a successful {@link #factor}
     */
    public float[] v() {
        return copy(wide);
    }

    private float[] copy(boolean ofLongSide) {
        requireDecomposed();
        float[] out = new float[Math.multiplyExact(ofLongSide ? longSide : shortSide, shortSide)];
        write(out, ofLongSide);
        return out;
    }

    /**
     * Writes U, rows x min(rows, cols), row-major without gaps.
     *
     * @param out overwritten from its beginning; elements beyond U are left alone
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException if the last call was not a successful {@link #factor}
     */
    public void u(float[] out) {
        write(out, !wide);
    }

    /**
     * Writes V, cols x min(rows, cols), row-major without gaps; column j of V is the j-th right singular vector.
     *
     * @param out overwritten from its beginning; elements beyond V are left alone
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException if the last call was not a successful {@link #factor}
     */
    public void v(float[] out) {
        write(out, wide);
    }

    private void decompose(int rows, int cols, float[] a, int offset, int lda, boolean vectors) {
        decomposed = false;
        int exponent = FloatScaling.exponentOf(rows, cols, a, offset, lda);
        withVectors = vectors;
        wide = cols > rows;
        longSide = Math.max(rows, cols);
        shortSide = Math.min(rows, cols);
        if (shortSide > 0) {
            reserve();
            float scale = FloatScaling.factor(exponent);
            if (longSide == shortSide) {
                copyTransposed(a, offset, lda, scale);
            } else {
                reduceToTriangle(a, offset, lda, scale);
            }
            bidiagonalization.reduce(shortSide, square, diagonal, superdiagonal, gemm, team);
            divideAndConquer.run(shortSide, diagonal, superdiagonal, order, vectors ? longFactor : null,
                    vectors ? shortFactor : null, gemm);
            if (vectors) {
                transformBack();
            }
            finish(exponent);
        }
        decomposed = true;
    }

    private void reserve() {
        int squareSize = START + Storage.size(shortSide, Storage.stride(shortSide));
        if (square.length < squareSize) {
            square = new float[squareSize];
        }
        if (diagonal.length < shortSide) {
            diagonal = new float[shortSide];
            superdiagonal = new float[shortSide];
            order = new int[shortSide];
        }
        if (withVectors) {
            int longSize = START + Storage.size(shortSide, Storage.stride(longSide));
            if (longFactor.length < longSize) {
                longFactor = new float[longSize];
            }
            if (shortFactor.length < squareSize) {
                shortFactor = new float[squareSize];
            }
        }
    }

    /** square = scale A^T: the reduction wants the columns of A contiguous. */
    private void copyTransposed(float[] a, int offset, int lda, float scale) {
        int stride = Storage.stride(shortSide);
        transpose(shortSide, a, offset, lda, scale, square, stride);
        for (int i = 0; i < shortSide; i++) {
            Arrays.fill(square, START + i * stride + shortSide, START + (i + 1) * stride, 0f);
        }
    }

    /** The columns of A, so many rows of shortSide elements, become scaled rows from {@link #START} on. */
    private void transpose(int rows, float[] a, int offset, int lda, float scale, float[] to, int stride) {
        FloatTransposition.transpose(rows, shortSide, a, offset, lda, to, START, stride);
        for (int j = 0; j < shortSide; j++) {
            int start = START + j * stride;
            FloatVectors.scale(rows, scale, to, start, to, start);
        }
    }

    /** B = Q R for the tall one, B, of A and A^T. Leaves Q in its reflectors and R^T in square. */
    private void reduceToTriangle(float[] a, int offset, int lda, float scale) {
        tallReflectors.reset(shortSide, longSide);
        float[] columns = tallReflectors.vectors();
        int columnStride = tallReflectors.stride();
        if (wide) {
            for (int j = 0; j < shortSide; j++) {
                FloatVectors.scale(longSide, scale, a, offset + j * lda, columns, START + j * columnStride);
            }
        } else {
            transpose(longSide, a, offset, lda, scale, columns, columnStride);
        }
        int stride = Storage.stride(shortSide);
        Arrays.fill(square, START, START + shortSide * stride, 0f);
        for (int j = 0; j < shortSide; j += 4) {
            int group = Math.min(4, shortSide - j);
            tallReflectors.apply(group, columns, START + j * columnStride, columnStride, 0, j);
            for (int column = j; column < j + group; column++) {
                int start = START + column * columnStride;
                tallReflectors.apply(1, columns, start, columnStride, j, column);
                System.arraycopy(columns, start, square, START + column * stride, column);
                Arrays.fill(columns, start, start + column, 0f);
                square[START + column * stride + column] = tallReflectors.make(column, column);
            }
        }
    }

    /** From the singular vectors of the bidiagonal matrix to those of A. */
    private void transformBack() {
        int shortStride = Storage.stride(shortSide);
        int longStride = Storage.stride(longSide);
        // A square A was taken as it is, a wide one transposed: so the left vectors always belong to the long side.
        bidiagonalization.left().applyTransposed(shortSide, longFactor, shortStride, 0, gemm);
        bidiagonalization.right().applyTransposed(shortSide, shortFactor, shortStride, 1, gemm);
        if (longSide > shortSide) {
            for (int i = shortSide - 1; i >= 0; i--) {
                System.arraycopy(longFactor, START + i * shortStride, longFactor, START + i * longStride, shortSide);
                Arrays.fill(longFactor, START + i * longStride + shortSide, START + (i + 1) * longStride, 0f);
            }
            tallReflectors.applyTransposed(shortSide, longFactor, longStride, 0, gemm);
        }
    }

    /** Scales the singular values back and finds their order. */
    private void finish(int exponent) {
        FloatScaling.undo(exponent, shortSide, diagonal);
        // Insertion, because the values are nearly in order.
        for (int i = 1; i < shortSide; i++) {
            int row = order[i];
            int place = i;
            while (place > 0 && diagonal[order[place - 1]] < diagonal[row]) {
                order[place] = order[place - 1];
                place--;
            }
            order[place] = row;
        }
    }

    /**
     * Copies the transposed factor of one side, the vectors as rows in the order of their singular values.
     *
     * @param ofLongSide whether the vectors of length max(rows, cols) are meant
     * @param out        row-major, rows stride apart; the gaps are left alone
     */
    void rows(boolean ofLongSide, float[] out, int stride) {
        int length = ofLongSide ? longSide : shortSide;
        float[] factor = ofLongSide ? longFactor : shortFactor;
        for (int j = 0; j < shortSide; j++) {
            System.arraycopy(factor, START + order[j] * Storage.stride(length), out, j * stride, length);
        }
    }

    /** Copies the singular values. */
    void values(float[] out) {
        for (int j = 0; j < shortSide; j++) {
            out[j] = diagonal[order[j]];
        }
    }

    private void requireDecomposed() {
        if (!decomposed) {
            throw new IllegalStateException("no matrix was decomposed yet, or the last one could not be");
        }
    }

    private void write(float[] out, boolean ofLongSide) {
        requireDecomposed();
        if (!withVectors) {
            throw new IllegalStateException("only values() was called for this matrix; factor() gives U and V");
        }
        int length = ofLongSide ? longSide : shortSide;
        float[] factor = ofLongSide ? longFactor : shortFactor;
        int stride = Storage.stride(length);
        if (out.length < (long) length * shortSide) {
            throw new IllegalArgumentException("out has " + out.length + " elements; " + length + " x " + shortSide
                    + " needs " + (long) length * shortSide + " or more");
        }
        int band = 16;
        for (int top = 0; top < length; top += band) {
            int bottom = Math.min(length, top + band);
            for (int j = 0; j < shortSide; j++) {
                int row = START + order[j] * stride;
                for (int i = top; i < bottom; i++) {
                    out[i * shortSide + j] = factor[row + i];
                }
            }
        }
    }
}
