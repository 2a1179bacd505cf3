package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Householder bidiagonalisation of a square matrix, A = Q B P^T, B upper bidiagonal, Q and P products of reflectors.
 *
 * <p>
 * Step k removes column k below the diagonal by a left reflector and row k right of the superdiagonal by a right one, a
 * change of rank two: A - u y^T - z v^T. That change is not made at once but in the next step, in the same pass over A
 * that forms the next A^T u. So a step reads and writes A once and reads it once more for A v, where the textbook's order
 * reads it four times and writes it twice.
 */
final class FloatBidiagonalization {
    private static final VectorSpecies<Float> SPECIES = Lanes.FLOAT;
    private static final int LANES = SPECIES.length();

    private final FloatReflectors left = new FloatReflectors();
    private final FloatReflectors right = new FloatReflectors();
    private float[] y = new float[0];
    private float[] minusU = new float[0];
    private float[] minusZ = new float[0];
    private final float[] products = new float[4];

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
     * @param n order of A
     * @param a row-major n x n, rows {@link Storage#stride} apart, padding zero; destroyed
     * @param diagonal n elements, overwritten with b_kk
     * @param superdiagonal n elements, the first n - 1 overwritten with b_k,k+1
     */
    void reduce(int n, float[] a, float[] diagonal, float[] superdiagonal) {
        int stride = Storage.stride(n);
        left.reset(n, n);
        right.reset(n, n);
        clear(stride);
        float[] u = left.vectors();
        float[] v = right.vectors();
        for (int k = 0; k < n; k++) {
            int row = k * stride;
            int lastV = Math.max(k - 1, 0) * stride;
            float yk = y[k];
            float vk = v[lastV + k];
            for (int i = k; i < n; i++) {
                u[row + i] = Math.fma(minusZ[i], vk, Math.fma(minusU[i], yk, a[i * stride + k]));
            }
            diagonal[k] = left.make(k, k);
            if (k == n - 1) {
                break;
            }
            int first = k + 1;
            int from = first & -16;
            updateAndMultiply(n, k, stride, from, a, v, lastV, u, row);
            FloatVectors.scale(stride - from, left.tau(k), v, row + from, y, from);
            Arrays.fill(y, from, first, 0f);
            for (int j = first; j < n; j++) {
                v[row + j] = a[row + j] - y[j];
            }
            Arrays.fill(v, row + from, row + first, 0f);
            superdiagonal[k] = right.make(k, first);
            multiply(n, first, stride, from, a, v, row);
            float yv = FloatVectors.dot(stride - from, y, from, v, row + from);
            for (int i = first; i < n; i++) {
                minusU[i] = -u[row + i];
                minusZ[i] = -right.tau(k) * Math.fma(minusU[i], yv, minusZ[i]);
            }
        }
    }

    private void clear(int stride) {
        if (y.length < stride) {
            y = new float[stride];
            minusU = new float[stride];
            minusZ = new float[stride];
        } else {
            Arrays.fill(y, 0, stride, 0f);
            Arrays.fill(minusU, 0, stride, 0f);
            Arrays.fill(minusZ, 0, stride, 0f);
        }
    }

    /**
     * For rows i = k..n-1 of A, columns from on: a_i += minusU_i y + minusZ_i v, and x = sum_i u_i a_i of the updated
     * rows. x is gathered in row k of v, which is zero before.
     */
    private void updateAndMultiply(int n, int k, int stride, int from, float[] a, float[] v, int lastV, float[] u,
            int row) {
        int i = k;
        for (; i <= n - 2; i += 2) {
            updateTwoRows(stride - from, a, i * stride + from, stride, y, from, v, lastV + from, row + from, i, u,
                    row + i);
        }
        if (i < n) {
            FloatVectors.axpy(stride - from, minusU[i], y, from, a, i * stride + from);
            FloatVectors.axpy(stride - from, minusZ[i], v, lastV + from, a, i * stride + from);
            FloatVectors.axpy(stride - from, u[row + i], a, i * stride + from, v, row + from);
        }
    }

    private void updateTwoRows(int length, float[] a, int row0, int stride, float[] yValues, int yStart, float[] v,
            int vStart, int xStart, int i, float[] u, int uStart) {
        int row1 = row0 + stride;
        FloatVector u0 = FloatVector.broadcast(SPECIES, minusU[i]);
        FloatVector u1 = FloatVector.broadcast(SPECIES, minusU[i + 1]);
        FloatVector z0 = FloatVector.broadcast(SPECIES, minusZ[i]);
        FloatVector z1 = FloatVector.broadcast(SPECIES, minusZ[i + 1]);
        FloatVector next0 = FloatVector.broadcast(SPECIES, u[uStart]);
        FloatVector next1 = FloatVector.broadcast(SPECIES, u[uStart + 1]);
        for (int j = 0; j <= length - LANES; j += LANES) {
            FloatVector yj = FloatVector.fromArray(SPECIES, yValues, yStart + j);
            FloatVector vj = FloatVector.fromArray(SPECIES, v, vStart + j);
            FloatVector a0 = vj.fma(z0, yj.fma(u0, FloatVector.fromArray(SPECIES, a, row0 + j)));
            FloatVector a1 = vj.fma(z1, yj.fma(u1, FloatVector.fromArray(SPECIES, a, row1 + j)));
            a0.intoArray(a, row0 + j);
            a1.intoArray(a, row1 + j);
            a1.fma(next1, a0.fma(next0, FloatVector.fromArray(SPECIES, v, xStart + j))).intoArray(v, xStart + j);
        }
    }

    /** minusZ_i = a_i v for rows i = first..n-1; the sign is settled by the caller. */
    private void multiply(int n, int first, int stride, int from, float[] a, float[] v, int row) {
        int i = first;
        for (; i <= n - 4; i += 4) {
            FloatVectors.dotFour(stride - from, v, row + from, a, i * stride + from, stride, products);
            System.arraycopy(products, 0, minusZ, i, 4);
        }
        for (; i < n; i++) {
            minusZ[i] = FloatVectors.dot(stride - from, v, row + from, a, i * stride + from);
        }
    }
}
