package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Precision;

/**
 * Householder bidiagonalisation of a square matrix, A = Q B P^T, B upper bidiagonal, Q and P products of reflectors.
 *
 * <p>
 * Reflectors are made a panel at a time (Dongarra, Sorensen and Hammarling 1989). Within a panel the matrix stays as it
 * was, and what the reflectors made so far change is kept as a sum of outer products, two for each step, A + sum_q l_q
 * r_q^T; a matrix product adds them at the end of the panel. So a step reads A twice, for A^T u and for A v. Both are
 * done in one pass: as soon as one column of A has met u, the element of the unscaled v that belongs to it is known, and
 * so is its contribution to A v while the column is in the nearest cache (Howell, Demmel et al. 2008). What the scaling
 * of v changes is one column of A.
 */
final class FloatBidiagonalization implements Team.Work {
    /** Reflectors of each side in a panel. */
    private static final int PANEL = 16;

    /** Above this the scaling of v neither overflows nor uncovers what underflow has lost. */
    private static final float SAFE = Float.MIN_NORMAL / Math.ulp(1f);

    /** Columns of A whose part in A v is summed by itself: so its bits do not depend on the number of threads. */
    private static final int CHUNK = 64;

    /** Elements of A below which waking other threads takes longer than a pass. */
    private static final long ALONE = 1 << 15;

    /** Where the first row of a matrix begins, and vectors do. */
    private static final int START = FloatReflectors.START;

    private final FloatReflectors left = new FloatReflectors();
    private final FloatReflectors right = new FloatReflectors();
    private final FloatRows rows = new FloatRows();
    private final float[] factors = new float[2 * PANEL];
    private float[] minusY = new float[0];
    private float[] x = new float[0];
    private float[] partialX = new float[0];

    /** One place for each thread. */
    private float[][] products = new float[0][];

    private int n;
    private int stride;
    private int k;
    private float[] a;

    /** The outer products of a panel: l_q belongs to the rows of A, r_q to the columns. */
    private float[] leftStack = new float[0];
    private float[] rightStack = new float[0];

    /** The reflectors whose product in ascending order is Q; u_k begins at k. */
    FloatReflectors left() {
        return left;
    }

    /** The reflectors whose product in ascending order is P; v_k begins at k + 1. */
    FloatReflectors right() {
        return right;
    }

    /**
     * Reduces A.
     *
     * @param order of A
     * @param transposed A^T, row-major n x n, so that columns of A are contiguous, {@link Storage#stride} apart from
     *        {@link FloatReflectors#START} on, padding zero; destroyed
     * @param diagonal n elements, overwritten with b_kk
     * @param superdiagonal n elements, the first n - 1 overwritten with b_k,k+1
     * @param gemm makes the products
     * @param team shares the passes over A; the result does not depend on its size
     */
    void reduce(int order, float[] transposed, float[] diagonal, float[] superdiagonal, Gemm gemm, Team team) {
        n = order;
        stride = Storage.stride(n);
        a = transposed;
        left.reset(n, n);
        right.reset(n, n);
        reserve(team.size());
        for (int begin = 0; begin < n; begin += PANEL) {
            int end = Math.min(n, begin + PANEL);
            for (k = begin; k < end; k++) {
                step(2 * (k - begin), diagonal, superdiagonal, team);
            }
            if (end < n) {
                gemm.sgemm(true, false, n - end, Precision.F32.wholeVectors(n - end), 2 * PANEL, 1, rightStack,
                        START + end, stride, leftStack,
                        START + end, stride, 1, a, START + end * stride + end, stride);
            }
        }
    }

    private void reserve(int threads) {
        if (products.length < threads) {
            products = new float[threads][FloatVectors.FOUR_SUMS];
        }
        int chunks = (n + CHUNK - 1) / CHUNK;
        if (partialX.length < START + chunks * stride) {
            partialX = new float[START + Storage.size(chunks, stride)];
            x = new float[START + Storage.size(1, stride)];
            minusY = new float[START + Storage.size(1, stride)];
            leftStack = new float[START + Storage.size(2 * PANEL, stride)];
            rightStack = new float[START + Storage.size(2 * PANEL, stride)];
        }
    }

    /** Step k, to which count outer products are still to be added to A. Stretches begin at multiples of 16. */
    private void step(int count, float[] diagonal, float[] superdiagonal, Team team) {
        float[] u = left.vectors();
        float[] v = right.vectors();
        int row = START + k * stride;
        int from = k & -16;
        int length = stride - from;
        System.arraycopy(a, row + from, u, row + from, length);
        gather(count, rightStack);
        rows.add(count, length, factors, leftStack, START + from, stride, u, row + from);
        Arrays.fill(u, row + from, row + k, 0f);
        diagonal[k] = left.make(k, k);
        if (k == n - 1) {
            return;
        }
        int first = k + 1;
        int fromFirst = first & -16;
        int lengthFirst = stride - fromFirst;

        // minusY is -tau A^T u, row k of v the k-th row of A - tau u (A^T u)^T; both lack what the pass adds.
        rows.dots(count, length, u, row + from, leftStack, START + from, stride, factors);
        Arrays.fill(minusY, START + fromFirst, START + stride, 0f);
        rows.add(count, lengthFirst, factors, rightStack, START + fromFirst, stride, minusY, START + fromFirst);
        gather(count, leftStack);
        Arrays.fill(v, row + fromFirst, row + stride, 0f);
        rows.add(count, lengthFirst, factors, rightStack, START + fromFirst, stride, v, row + fromFirst);
        multiplyBoth(team);
        Arrays.fill(minusY, START + fromFirst, START + first, 0f);
        Arrays.fill(v, row + fromFirst, row + first, 0f);
        float head = v[row + first];
        float beta = right.make(k, first);
        superdiagonal[k] = beta;
        push(count, length, u, row + from, minusY, START + from);
        if (right.tau(k) != 0 && Math.abs(beta) >= SAFE) {
            float scale = 1 / (head - beta);
            FloatVectors.axpy(lengthFirst, -beta, a, START + first * stride + fromFirst, x, START + fromFirst);
            FloatVectors.scale(lengthFirst, scale, x, START + fromFirst, x, START + fromFirst);
        } else {
            Arrays.fill(x, START + fromFirst, START + stride, 0f);
            for (int i = first; i < n; i++) {
                FloatVectors.axpy(lengthFirst, v[row + i], a, START + i * stride + fromFirst, x, START + fromFirst);
            }
        }
        rows.dots(count + 1, lengthFirst, v, row + fromFirst, rightStack, START + fromFirst, stride, factors);
        rows.add(count + 1, lengthFirst, factors, leftStack, START + fromFirst, stride, x, START + fromFirst);
        FloatVectors.scale(lengthFirst, -right.tau(k), x, START + fromFirst, x, START + fromFirst);
        Arrays.fill(x, START + from, START + first, 0f);
        push(count + 1, length, x, START + from, v, row + from);
    }

    /** factors_q = element k of row q of a stack. */
    private void gather(int count, float[] stack) {
        for (int q = 0; q < count; q++) {
            factors[q] = stack[START + q * stride + k];
        }
    }

    /** Appends an outer product. Both stretches begin at the same place of a row. */
    private void push(int count, int length, float[] l, int lOffset, float[] r, int rOffset) {
        System.arraycopy(l, lOffset, leftStack, START + (count + 1) * stride - length, length);
        System.arraycopy(r, rOffset, rightStack, START + (count + 1) * stride - length, length);
    }

    /** Completes minusY and row k of v, and forms x = sum_i v_i a_i of the columns a_i of A. */
    private void multiplyBoth(Team team) {
        if ((long) (n - k) * (n - k) < ALONE) {
            execute(0, 1);
        } else {
            team.run(this);
        }
        int from = k & -16;
        Arrays.fill(x, START + from, START + stride, 0f);
        for (int chunk = (k + 1) / CHUNK; chunk * CHUNK < n; chunk++) {
            FloatVectors.axpy(stride - from, 1, partialX, START + chunk * stride + from, x, START + from);
        }
    }

    /** The chunks of one thread: always the same columns of A, which may still be in its cache from the last step. */
    @Override
    public void execute(int rank, int size) {
        for (int chunk = (k + 1) / CHUNK; chunk * CHUNK < n; chunk++) {
            if (chunk % size == rank) {
                multiplyChunk(Math.max(k + 1, chunk * CHUNK), Math.min(n, (chunk + 1) * CHUNK), START + chunk * stride,
                        products[rank]);
            }
        }
    }

    private void multiplyChunk(int begin, int end, int sum, float[] four) {
        float tau = left.tau(k);
        float[] u = left.vectors();
        float[] v = right.vectors();
        int from = k & -16;
        int length = stride - from;
        int row = START + k * stride;
        Arrays.fill(partialX, sum + from, sum + stride, 0f);
        int i = begin;
        for (; i <= end - 4; i += 4) {
            FloatVectors.dotFour(length, u, row + from, a, START + i * stride + from, stride, four);
            for (int c = 0; c < 4; c++) {
                four[c] = complete(tau, four[c], i + c, a[START + (i + c) * stride + k], v, row);
            }
            FloatVectors.addFour(length, four, 0, a, START + i * stride + from, stride, partialX, sum + from);
        }
        for (; i < end; i++) {
            float product = FloatVectors.dot(length, u, row + from, a, START + i * stride + from);
            FloatVectors.axpy(length, complete(tau, product, i, a[START + i * stride + k], v, row), a,
                    START + i * stride + from,
                    partialX, sum + from);
        }
    }

    private float complete(float tau, float product, int i, float element, float[] v, int row) {
        float y = tau * (product + minusY[START + i]);
        minusY[START + i] = -y;
        float r = element + v[row + i] - y;
        v[row + i] = r;
        return r;
    }
}
