package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.gemm.code.Tile;
import org.mixdyn.kernel.simd.Precision;

/** C is the same, bit by bit, whichever way it is walked along. */
class FloatMacroKernelTest {
    private static final int MR = BlockSizes.of(Precision.F32).mr();
    private static final int N = 2 * BlockSizes.of(Precision.F32).nr() + 3;
    private static final int K = 7;

    private final SplittableRandom random = new SplittableRandom(7);

    /** Panels of A that come in groups, and what a last group leaves to one or two panels. */
    @Test
    void alongRowsAsAlongColumns() {
        FloatMacroKernel kernel = new FloatMacroKernel();
        for (int panels = 0; panels <= 26; panels++) {
            for (int rest : new int[]{1, MR / 2, MR - 1, MR}) {
                int m = panels * MR + rest;
                float[] a = new float[FloatPack.sizeOfA(m, K)];
                float[] b = new float[FloatPack.sizeOfB(N, K)];
                FloatPack.a(m, K, uniform(m * K), 0, K, a, 0);
                FloatPack.b(K, N, Cut.WHOLE, 1, uniform(K * N), 0, N, b, 0);
                float[] rows = uniform(m * N);
                float[] columns = rows.clone();
                kernel.multiplyAlongRows(m, N, K, a, b, 0, K, 0, rows, 0, N, true);
                kernel.multiply(m, N, K, Tile.Layout.COLUMNS, a, 0, K, 0, b, 0, K, 0, columns, 0, N, true);
                assertArrayEquals(columns, rows, m + " rows");
            }
        }
    }

    private float[] uniform(int size) {
        float[] x = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }
}
