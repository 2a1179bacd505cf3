package org.mixdyn.kernel.gemm.code;

import org.mixdyn.kernel.simd.Lanes;

/** Transposes a few rows of a matrix in vector registers: see {@link TransposeCode}. */
public abstract class FloatTranspose {
    /** The lanes 0, L, 1, L + 1, ... of two vectors of L lanes, which {@link #transpose} merges. */
    public static final float[] LOW = new float[Lanes.FLOAT.length()];

    /** The lanes L/2, L + L/2, ... of the same. */
    public static final float[] HIGH = new float[Lanes.FLOAT.length()];

    static {
        int lanes = LOW.length;
        for (int i = 0; i < lanes; i++) {
            LOW[i] = i % 2 * lanes + i / 2;
            HIGH[i] = LOW[i] + lanes / 2;
        }
    }

    /**
     * to(p, i) = from(i, p) for the rows i of the transpose and p = 0 .. k - 1, k a multiple of the number of lanes.
     *
     * @param from     element (i, p) at from0 + i ld + p
     * @param to       element (p, i) at to0 + p toStride + i; overwritten. Where there are fewer rows than lanes, toStride
     *                 is the number of rows
     * @param low      {@link #LOW}
     * @param high     {@link #HIGH}
     */
    public abstract void transpose(int k, float[] from, int from0, int ld, float[] to, int to0, int toStride,
            float[] low,
            float[] high);
}
