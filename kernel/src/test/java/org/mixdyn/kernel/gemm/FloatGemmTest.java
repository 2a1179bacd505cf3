package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import org.mixdyn.kernel.parallel.Allocation;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** The product against a triple loop in binary64, element by element, with bounds that grow with k. */
class FloatGemmTest {
    private static final double U = Precision.F32.unitRoundoff();
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final float PADDING = 7.25f;

    private final SplittableRandom random = new SplittableRandom(20240529);

    @Test
    void everyEdgeOfTheRegisterTile() {
        int mr = BLOCKS.mr();
        int nr = BLOCKS.nr();
        int lanes = Lanes.FLOAT.length();
        int tail = Lanes.FLOAT_TAIL.length();
        for (int m : new int[]{1, 2, mr - 1, mr, mr + 1, 2 * mr + 1}) {
            for (int n : new int[]{1, tail, tail + 1, lanes + tail - 1, nr - tail, nr - 1, nr, nr + 1, nr + tail,
                    2 * nr + 5}) {
                for (int k : new int[]{1, 2, 7, 16, 33}) {
                    checkTransposes(1, m, n, k, 1, 0);
                }
            }
        }
    }

    @Test
    void everyEdgeOfTheBlocks() {
        int mc = BLOCKS.mc();
        int kc = BLOCKS.kc();
        int[][] shapes = {{mc - 1, 17, 5}, {mc, 9, 3}, {mc + 1, 33, 19}, {2 * mc + 7, 5, 11}, {13, 29, kc - 1},
                {13, 29, kc}, {13, 29, kc + 1}, {31, 37, 2 * kc + 3}, {mc + 5, 101, kc + 5}, {127, 129, 131},
                {1, 999, 257}, {999, 1, 257}, {255, 64, 1}, {2, 230, 231}, {230, 3, 231}, {200, 210, 220},
                {411, 430, 97}};
        for (int[] shape : shapes) {
            for (int threads = 1; threads <= 3; threads++) {
                checkTransposes(threads, shape[0], shape[1], shape[2], 1, 0);
            }
        }
    }

    /** Operands that fit the cache are read as they stand; these do not, and are packed. */
    @Test
    void operandsBeyondTheCache() {
        int side = (int) Math.sqrt(Caches.L2 / (double) Precision.F32.bytes()) + 9;
        checkTransposes(2, 67, side, side, 1, 1);
        checkTransposes(1, side, 51, side, -0.5f, 0);
    }

    /** A long k with small m and n: read as it stands, part by part. */
    @Test
    void slenderOperandsBeyondTheCache() {
        checkTransposes(1, 33, 34, 8 * BLOCKS.kc() + 5, 1, 0);
        checkTransposes(2, 33, 34, 8 * BLOCKS.kc() + 5, 1, 1);
        // The bound of so long a sum hides beta C unless it is large.
        checkTransposes(3, 52, 61, 16411, -0.5f, 3e4f);
    }

    /** Where one operand has few rows or columns, the other one, from memory, is read as it stands. */
    @Test
    void fewRowsOrColumnsBeyondTheCache() {
        int side = (int) Math.sqrt(Caches.L2 / (double) Precision.F32.bytes()) / 64 * 64 + 64;
        for (int few : new int[]{1, BLOCKS.mr() + 3, 2 * BLOCKS.mr(), Limits.FEW,
                Limits.FEW + 1}) {
            checkTransposes(2, few, side + 5, side, -0.6f, 0.3f);
            checkTransposes(1, side, few, side + 7, 2, 0);
        }
    }

    /** The same where all rows of the large operand meet in one set of a cache: fewer of them are read side by side. */
    @Test
    void fewRowsBesideClashingOnes() {
        // Rows have two elements more than are multiplied.
        int apart = 4096 / Precision.F32.bytes() - 2;
        int deep = (int) (Caches.L2 / 4096) + 3;
        for (int few : new int[]{2, BLOCKS.mr() + 3, Limits.FEW_BESIDE_CLASHING, Limits.FEW_BESIDE_CLASHING + 1}) {
            checkTransposes(2, few, apart, deep, -0.6f, 0.3f);
            checkTransposes(1, apart, few, deep, 1, 0);
        }
    }

    /** Few columns and a k of several stretches: inner products, one by one or of several rows and columns at once. */
    @Test
    void fewColumnsAndALongInnerSide() {
        int k = 8203;
        int rows = (int) (Caches.L2 / Precision.F32.bytes() / k) + 3;
        for (int few = 1; few <= 9; few++) {
            checkTransposes(2, rows, few, k, -0.6f, 0.3f);
            checkTransposes(1, few, rows + 1, k, 1, 0);
        }
    }

    /** The same of small whole numbers, whose sums are exact: whole vectors of k and some elements more. */
    @Test
    void fewColumnsOfWholeNumbers() {
        int lanes = Lanes.FLOAT.length();
        for (int k : new int[]{611, 1024 + lanes + 3, 8192 + 2 * lanes + 11}) {
            int rows = (int) (Caches.L2 / Precision.F32.bytes() / k) | 1;
            float[] a = wholeNumbers(rows * k);
            for (int few = 1; few <= 9; few++) {
                float[] b = wholeNumbers(k * few);
                float[] c = wholeNumbers(rows * few);
                float[] expected = new float[rows * few];
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < few; j++) {
                        float sum = 0;
                        for (int p = 0; p < k; p++) {
                            sum += a[i * k + p] * b[p * few + j];
                        }
                        expected[i * few + j] = 2 * sum - c[i * few + j];
                    }
                }
                Gemm.withThreads(2).sgemm(false, false, rows, few, k, 2, a, 0, k, b, 0, few, -1, c, 0, few);
                assertArrayEquals(expected, c, rows + " x " + few + " x " + k);
            }
        }
    }

    private float[] wholeNumbers(int size) {
        float[] x = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = random.nextInt(-3, 4);
        }
        return x;
    }

    /** A large C: but where vectors are taken in halves it is walked along its rows, several blocks of columns and of k. */
    @Test
    void largeResults() {
        check(1, false, false, 523, 517, BLOCKS.kc() + 40, 1, 0);
        check(1, true, true, 997, 701, 120, 0.5f, -2);
        check(2, false, true, 1003, 517, 120, 1, 0);
        check(2, true, false, 1003, 517, 120, -1, 1);
        check(2, false, false, 523, 1003, 300, 1, 0.5f);
        check(1, true, false, 67, 523, 1100, 1, 0);
        check(2, false, true, 99, 1003, 700, 0.5f, -2);
    }

    /** The long side is taken in parts, and here it ends with a single column. */
    @Test
    void fewRowsOrColumnsAndALongSide() {
        int side = FloatThinProduct.side(2) + 1;
        int cache = (int) (Caches.L2 / Precision.F32.bytes());
        checkTransposes(1, 2, side, cache / side + 1, 1, 1);
        checkTransposes(1, side, 2, cache / side + 1, 1, 0);
        checkTransposes(3, 2, BLOCKS.nr() + 1, cache / BLOCKS.nr() + 1, 1, 0.5f);
    }

    @Test
    void wideProductsPassTheOutermostLoop() {
        check(2, false, false, 3, BLOCKS.nc() + 13, 4, 1, 0);
        check(2, true, true, 3, BLOCKS.nc() + 13, 4, 1, 1);
        // The last block is narrower than a vector: it cannot move to the left.
        check(2, false, false, 3, BLOCKS.nc() + 3, 4, 1, 0);
    }

    @Test
    void alphaAndBeta() {
        for (float alpha : new float[]{1, 0, -1, 0.3f}) {
            for (float beta : new float[]{0, 1, -1, 0.7f}) {
                checkTransposes(2, 37, 45, 2 * BLOCKS.kc() + 9, alpha, beta);
                checkTransposes(1, 5, 6, 0, alpha, beta);
            }
        }
    }

    /** On every route: blocked, few rows, few columns, long sums. */
    @Test
    void withoutAlphaTheOperandsAreNotRead() {
        for (int[] shape : new int[][]{{5, 6, 7}, {150, 140, 300}, {2, 800, 900}, {900, 2, 800}, {16, 16, 9000}}) {
            int m = shape[0];
            int n = shape[1];
            int k = shape[2];
            float[] unread = new float[Math.max(m, n) * k];
            Arrays.fill(unread, Float.NaN);
            for (float beta : new float[]{0, 1, 0.5f}) {
                for (int variant = 0; variant < 4; variant++) {
                    boolean transA = variant / 2 == 1;
                    boolean transB = variant % 2 == 1;
                    float[] c = new float[m * n];
                    Arrays.fill(c, beta == 0 ? Float.NaN : 3);
                    Gemm.withThreads(2).sgemm(transA, transB, m, n, k, 0, unread, 0, transA ? m : k, unread, 0,
                            transB ? k : n, beta, c, 0, n);
                    float[] expected = new float[m * n];
                    Arrays.fill(expected, 3 * beta);
                    assertArrayEquals(expected, c);
                }
            }
        }
    }

    /** Products that the two inner loops alone add to C. */
    @Test
    void shortProductsThatAreAdded() {
        checkTransposes(1, BLOCKS.mr() + 1, BLOCKS.nr(), 33, 1, 1);
        checkTransposes(1, 3, Lanes.FLOAT_TAIL.length(), 5, 1, 1);
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        for (int[] shape : new int[][]{{301, 203, 517}, {40, 700, 300}, {2000, 20, 64}, {3, 800, 900},
                {900, 3, 800}, {1, 700, 9001}, {900, 1, 2500}, {700, 2, 2100}, {200, 4, 5000}, {1001, 7, 600},
                {1460, 500, 70}, {70, 2000, 300}, {700, 500, 1100},
                {60, 50, 66000},
                {200, 200, 200}, {1100, 100, 90}, {60, BLOCKS.nc() + 100, 30}}) {
            int m = shape[0];
            int n = shape[1];
            int k = shape[2];
            float[] a = matrix(m * k);
            float[] b = matrix(k * n);
            for (int variant = 0; variant < 4; variant++) {
                boolean transA = variant / 2 == 1;
                boolean transB = variant % 2 == 1;
                int lda = transA ? m : k;
                int ldb = transB ? k : n;
                float[] expected = new float[m * n];
                Gemm.withThreads(1).sgemm(transA, transB, m, n, k, 1, a, 0, lda, b, 0, ldb, 0, expected, 0, n);
                for (int threads = 2; threads <= 5; threads++) {
                    float[] c = new float[m * n];
                    Gemm gemm = Gemm.withThreads(threads);
                    gemm.sgemm(transA, transB, m, n, k, 1, a, 0, lda, b, 0, ldb, 0, c, 0, n);
                    gemm.sgemm(transA, transB, m, n, k, 1, a, 0, lda, b, 0, ldb, 0, c, 0, n);
                    assertArrayEquals(expected, c);
                }
            }
        }
    }

    @Test
    void noAllocation() throws IOException, InterruptedException {
        Allocation.inItsOwnProcess(FloatGemmTest.class);
    }

    /** Multiplies again and again until a product allocates nothing: vectors are objects until the kernels are compiled. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        // Neither panels nor vectors come out even.
        int n = 90;
        float[] a = new float[n * n];
        float[] b = new float[n * n];
        float[] c = new float[n * n];
        Gemm gemm = Gemm.withThreads(1);
        int products = 4000;
        // Less than a byte for each product.
        Allocation.requireAtMost(products / 2, products + " products", () -> {
            for (int i = 0; i < products; i += 2) {
                boolean transA = i % 4 == 0;
                boolean transB = i % 8 < 4;
                gemm.sgemm(transA, transB, 16, 24, 16, 1, a, 0, n, b, 0, n, 0, c, 0, n);
                gemm.sgemm(transA, transB, n, n, n, 2, a, 0, n, b, 0, n, 1, c, 0, n);
            }
        });
    }

    @Test
    void emptyProductsLeaveEverythingAlone() {
        float[] none = new float[0];
        Gemm gemm = Gemm.withThreads(2);
        gemm.sgemm(false, false, 0, 0, 0, 1, none, 0, 1, none, 0, 1, 0, none, 0, 1);
        gemm.sgemm(false, true, 0, 5, 3, 1, none, 0, 3, new float[15], 0, 3, 0, none, 0, 5);
    }

    @Test
    void badArgumentsAreNamedBeforeCIsTouched() {
        Gemm gemm = Gemm.withThreads(1);
        float[] a = new float[100];
        float[] b = new float[100];
        float[] c = new float[100];
        Arrays.fill(c, 7);
        refused("m is -1; allowed are 0 to 2000000000",
                () -> gemm.sgemm(false, false, -1, 2, 2, 1, a, 0, 2, b, 0, 2, 0, c, 0, 2));
        refused("n is 2000000001; allowed are 0 to 2000000000",
                () -> gemm.sgemm(false, false, 1, 2_000_000_001, 0, 1, a, 0, 1, b, 0, 2_000_000_001, 0, c, 0,
                        2_000_000_001));
        refused("k is -2; allowed are 0 to 2000000000",
                () -> gemm.sgemm(false, false, 2, 2, -2, 1, a, 0, 2, b, 0, 2, 0, c, 0, 2));
        refused("lda is 3; allowed is 4 or more",
                () -> gemm.sgemm(false, false, 4, 4, 4, 1, a, 0, 3, b, 0, 4, 0, c, 0, 4));
        refused("ldb is 3; allowed is 4 or more",
                () -> gemm.sgemm(false, true, 4, 4, 4, 1, a, 0, 4, b, 0, 3, 0, c, 0, 4));
        refused("ldc is 0; allowed is 1 or more",
                () -> gemm.sgemm(false, false, 4, 0, 4, 1, a, 0, 4, b, 0, 4, 0, c, 0, 0));
        refused("bOffset is -1; allowed is 0 or more",
                () -> gemm.sgemm(false, false, 4, 4, 4, 1, a, 0, 4, b, -1, 4, 0, c, 0, 4));
        refused("a has 100 elements; 10 x 10 with aOffset 1 and lda 10 needs 101 or more",
                () -> gemm.sgemm(false, false, 10, 10, 10, 1, a, 1, 10, b, 0, 10, 0, c, 0, 10));
        refused("c has 100 elements; 2 x 2 with cOffset 0 and ldc 2147483647 needs 2147483649 or more",
                () -> gemm.sgemm(false, false, 2, 2, 2, 1, a, 0, 2, b, 0, 2, 0, c, 0, Integer.MAX_VALUE));
        refused("c overlaps b: they are one array, cOffset is 5 and bOffset 0; "
                + "allowed are matrices without a common element",
                () -> gemm.sgemm(false, false, 2, 2, 2, 1, a, 0, 4, c, 0, 4, 0, c, 5, 4));
        refused("threads is 0; allowed are 1 to 1024", () -> Gemm.withThreads(0));
        for (float element : c) {
            assertEquals(7, element);
        }
    }

    /** Also those that one thread would do: whoever waits for the instance inside of work may wait for who waits for the team. */
    @Test
    void workOfTheSameTeamIsRefusedAtOnce() {
        Gemm gemm = Gemm.withThreads(2);
        float[] x = new float[64];
        float[] c = new float[64];
        for (boolean nested : new boolean[]{false, true}) {
            IllegalStateException refusal = assertThrows(IllegalStateException.class,
                    () -> Team.of(2).run((rank, size) -> {
                        if (rank == 0 && nested) {
                            Team.of(3).run((otherRank, otherSize) -> {
                                // One team's work may be inside another's.
                            });
                        }
                        if (rank == 0) {
                            gemm.sgemm(false, true, 8, 8, 8, 1, x, 0, 8, x, 0, 8, 0, c, 0, 8);
                        }
                    }));
            assertEquals("a team cannot be given work from inside its own work", refusal.getCause().getMessage());
        }
        Team.of(3).run((rank, size) -> gemm.sgemm(false, true, 4, 4, 4, 1, x, 0, 4, x, 0, 4, 0, c, 16 * rank, 4));
        Team.of(2).run((rank, size) -> Gemm.withThreads(1).sgemm(false, true, 4, 4, 4, 1, x, 0, 4, x, 0, 4, 0, c,
                16 * rank, 4));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    /** Against all pairs of elements. */
    @Test
    void matricesInOneArrayAreRefusedIfAndOnlyIfTheyOverlap() {
        Gemm gemm = Gemm.withThreads(1);
        SplittableRandom random = new SplittableRandom(3);
        int overlapping = 0;
        for (int i = 0; i < 20_000; i++) {
            int m = 1 + random.nextInt(4);
            int n = 1 + random.nextInt(4);
            int k = 1 + random.nextInt(4);
            boolean trans = random.nextBoolean();
            boolean shareA = random.nextBoolean();
            // The operand that shares the array is stored rows x cols.
            int rows = shareA ? trans ? k : m : trans ? n : k;
            int cols = shareA ? trans ? m : k : trans ? k : n;
            int ld = cols + random.nextInt(8);
            int ldc = random.nextBoolean() ? Math.max(ld, n) : n + random.nextInt(8);
            int offset = random.nextInt(30);
            int cOffset = random.nextInt(60);
            boolean common = false;
            for (int row = 0; row < rows; row++) {
                for (int cRow = 0; cRow < m; cRow++) {
                    int from = cOffset + cRow * ldc - offset - row * ld;
                    common |= from < cols && from + n > 0;
                }
            }
            float[] x = new float[200];
            float[] other = new float[16];
            Executable product = shareA
                    ? () -> gemm.sgemm(trans, false, m, n, k, 1, x, offset, ld, other, 0, n, 0, x, cOffset, ldc)
                    : () -> gemm.sgemm(false, trans, m, n, k, 1, other, 0, k, x, offset, ld, 0, x, cOffset, ldc);
            overlapping += common ? 1 : 0;
            if (common) {
                assertThrows(IllegalArgumentException.class, product);
            } else {
                assertDoesNotThrow(product);
            }
        }
        assertTrue(overlapping > 2000 && overlapping < 18_000, "overlapping: " + overlapping);
    }

    /** Products with and without a transpose of each operand. */
    private void checkTransposes(int threads, int m, int n, int k, float alpha, float beta) {
        for (boolean transA : new boolean[]{false, true}) {
            for (boolean transB : new boolean[]{false, true}) {
                check(threads, transA, transB, m, n, k, alpha, beta);
            }
        }
    }

    /** One product with offsets and padded rows; C starts as NaN where beta is 0, and its padding must not change. */
    private void check(int threads, boolean transA, boolean transB, int m, int n, int k, float alpha, float beta) {
        int lda = (transA ? m : k) + 3;
        int ldb = (transB ? k : n) + 2;
        int ldc = n + 1;
        float[] a = matrix(5 + (transA ? k : m) * lda);
        float[] b = matrix(1 + (transB ? n : k) * ldb);
        float[] c = new float[2 + m * ldc];
        Arrays.fill(c, PADDING);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                c[2 + i * ldc + j] = beta == 0 ? 0f / 0f : (float) random.nextDouble(-1, 1);
            }
        }
        float[] before = c.clone();
        Gemm.withThreads(threads).sgemm(transA, transB, m, n, k, alpha, a, 5, lda, b, 1, ldb, beta, c, 2, ldc);
        String what = m + " x " + n + " x " + k + " trans " + transA + " " + transB + " alpha " + alpha + " beta "
                + beta;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double magnitude = 0;
                for (int p = 0; p < k; p++) {
                    double product = (double) a[5 + (transA ? p * lda + i : i * lda + p)]
                            * b[1 + (transB ? j * ldb + p : p * ldb + j)];
                    sum += product;
                    magnitude += Math.abs(product);
                }
                double old = beta == 0 ? 0 : (double) beta * before[2 + i * ldc + j];
                double bound = 2 * U * ((k + 3.0) * Math.abs(alpha) * magnitude + 3 * Math.abs(old));
                double error = Math.abs(c[2 + i * ldc + j] - (alpha * sum + old));
                assertTrue(error <= bound, what + " at " + i + ", " + j + ": error " + error + " above " + bound);
            }
            assertEquals(PADDING, c[2 + i * ldc + n], what + " wrote beside row " + i);
        }
    }

    private float[] matrix(int length) {
        float[] x = new float[length];
        for (int i = 0; i < length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }
}
