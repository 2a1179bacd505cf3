package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** Which products do not take the five loops: short ones, those with few rows or columns, and those with a long k. */
final class FloatRoute {
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final int T = Lanes.FLOAT_TAIL.length();

    private FloatRoute() {
    }

    /**
     * Whether one thread does it best with the two inner loops alone: nothing to pack, to share or to scale, and no
     * tile that sticks out of C and would need a scratch tile.
     */
    static boolean isShort(boolean transB, int m, int n, int k, int ldb, float alpha, float beta) {
        return !transB && alpha == 1 && (beta == 0 && n >= T || beta == 1 && n % T == 0) && k != 0 && k <= BLOCKS.kc()
                && (long) m * n * k <= Limits.ALONE && FloatProduct.bytes(k, n) <= Limits.UNPACKED
                && !clashes(m, k, ldb);
    }

    /** Whether C has so few rows that B is read only for a few multiply-adds. */
    static boolean hasFewRows(FloatProduct p) {
        return p.m <= few(p.transB, p.ldb) && p.n >= BLOCKS.nr()
                && p.bytesOfB() > (p.transB ? Limits.UNPACKED : Limits.UNPACKED_FOR_FEW);
    }

    /** Rows of a C with few rows at most, beside a large operand that is stored k x n, or transposed, n x k. */
    private static int few(boolean transposed, int ld) {
        boolean clashing = Precision.F32.bytes() == 8 && !transposed && apart(ld) >= Limits.CLASH;
        return clashing ? Limits.FEW_BESIDE_CLASHING : Limits.FEW;
    }

    /** Whether C has so few columns that A is read only for a few. */
    static boolean hasFewColumns(FloatProduct p) {
        // The rows of a large A that is not transposed are as good as they stand.
        int few = p.transA && p.bytesOfA() > Limits.L2 / 2 ? few(false, p.lda) : 2 * BLOCKS.mr();
        return p.n <= few && p.m >= BLOCKS.nr() && p.bytesOfA() > Limits.UNPACKED_FOR_FEW;
    }

    /** Whether C is so small, and k so long, that threads had better share k: the same for any number of threads. */
    static boolean hasLongSums(FloatProduct p) {
        return (long) p.m * p.n <= Limits.SMALL_C && p.k >= 2 * Limits.SHORTEST_PART;
    }

    /**
     * Whether the rows of a B that stands as it is, a multiple of 512 bytes apart, meet in so few lines of the L1
     * cache that those of a panel of columns do not stay there, and are read again for enough rows of A.
     */
    static boolean clashes(int m, int k, int ldb) {
        return m >= Limits.ROWS_FOR_CLASHING && apart(ldb) >= Limits.CLASH / 8 && k * apart(ldb) >= Limits.L1;
    }

    /**
     * Bytes between neighbouring rows, as far as it matters for where they meet in a cache: the largest power of two
     * in them.
     */
    static long apart(int ld) {
        return Math.min((long) Integer.lowestOneBit(ld) * Precision.F32.bytes(), Limits.CLASH);
    }
}
