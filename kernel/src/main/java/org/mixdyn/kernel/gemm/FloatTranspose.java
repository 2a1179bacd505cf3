package org.mixdyn.kernel.gemm;

/** Transposes a few rows of a matrix in vector registers: see {@link Transposes}. */
abstract class FloatTranspose {
    /**
     * to(p, i) = from(i, p) for the rows i of the transpose and p = 0 .. k - 1, k a multiple of the number of lanes.
     *
     * @param from     element (i, p) at from0 + i ld + p
     * @param to       element (p, i) at to0 + p toStride + i; overwritten. Where there are fewer rows than lanes, toStride
     *                 is the number of rows
     * @param low      the lanes 0, L, 1, L + 1, ... of two vectors of L lanes
     * @param high     the lanes L/2, L + L/2, ... of the same
     */
    abstract void transpose(int k, float[] from, int from0, int ld, float[] to, int to0, int toStride, float[] low,
            float[] high);
}
