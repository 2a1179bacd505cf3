package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Caches;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** What must hold of the plan of a product, whatever its shape and the machine. */
class FloatPlanTest {
    private static final int[] SIZES = {1, 7, 16, 17, 33, 64, 200, 257, 500, 1000, 2100, 9001};
    private static final int[] TEAMS = {1, 2, 5};
    private static final int L = Lanes.FLOAT.length();
    private static final int T = Lanes.FLOAT_TAIL.length();
    private static final BlockSizes BLOCKS = BlockSizes.of(Precision.F32);
    private static final int NR = BLOCKS.nr();

    /** Never read or written: only the length of B counts, and where it begins. */
    private static final float[] ANY = new float[2100 * 2100];

    private interface Check {
        void check(FloatProduct p, FloatPlan plan, int team);
    }

    /** One plan for all products, as a gemm has: nothing may stay from the one before. B ends where its array does. */
    private static void forEachProduct(Check check) {
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        for (int m : SIZES) {
            for (int n : SIZES) {
                for (int k : SIZES) {
                    for (int variant = 0; variant < 8 && n * k <= ANY.length; variant++) {
                        set(p, variant % 2 == 1, variant / 2 % 2 == 1, m, n, k, variant / 4);
                        for (int team : TEAMS) {
                            plan.set(p, team);
                            check.check(p, plan, team);
                        }
                    }
                }
            }
        }
    }

    private static void set(FloatProduct p, boolean transA, boolean transB, int m, int n, int k, float beta) {
        p.set(transA, transB, m, n, k, 1, ANY, 0, transA ? m : k, ANY, ANY.length - n * k, transB ? k : n, beta, ANY, 0,
                n);
    }

    @Test
    void passesCoverKInWholeVectorsOfAtMostKc() {
        forEachProduct((p, plan, team) -> {
            assertEquals(0, plan.depth() % L);
            assertTrue(plan.depth() > 0 && plan.depth() <= BLOCKS.kc());
        });
    }

    @Test
    void rowsOfCAreWalkedAlongBetweenPackedOperands() {
        forEachProduct((p, plan, team) -> assertTrue(!plan.alongRows() || plan.packsA() && plan.packsB()
                && plan.packsOwnB()));
    }

    /** Whoever packs all of B for itself multiplies all of its columns: then threads share the rows. */
    @Test
    void noColumnIsTwoThreads() {
        forEachProduct((p, plan, team) -> {
            assertTrue(!plan.packsOwnB() || plan.alongRows() || plan.sharesRows());
            assertTrue(!plan.packsOwnB() || plan.packsB());
        });
    }

    /** Who reads what another packs, or packs again where it has read, waits; who packs for itself does not. */
    @Test
    void whoSharesAPackedBWaits() {
        forEachProduct((p, plan, team) -> {
            boolean shared = plan.threads() > 1 && plan.packsB() && !plan.packsOwnB();
            if (shared && (plan.sharesRows() || p.n > BLOCKS.nc())) {
                assertTrue(plan.waits());
            }
            assertFalse(plan.waits() && !shared);
        });
    }

    @Test
    void columnsThatEndOutsideOfTheArrayArePackedOrMoved() {
        forEachProduct((p, plan, team) -> {
            long end = p.bOffset + (p.k - 1L) * p.ldb + Math.ceilDiv(p.n, T) * (long) T;
            if (!plan.packsB() && end > p.b.length) {
                assertTrue(p.beta == 0 && p.k <= plan.depth(), "overwritten in one pass");
                assertTrue(p.n >= T && p.n <= BLOCKS.nc(), "wide enough to move, and in one block");
                assertTrue(plan.threads() == 1 || plan.sharesRows(), "all columns are one thread's");
            }
        });
    }

    @Test
    void aTransposedBIsAlwaysPacked() {
        forEachProduct((p, plan, team) -> assertTrue(!p.transB || plan.packsB()));
    }

    @Test
    void largeProductsAreEveryonesAndSmallOnesOneThreads() {
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        set(p, false, true, 33, 33, 33, 0);
        plan.set(p, 5);
        assertEquals(1, plan.threads());
        set(p, false, true, 1000, 1000, 1000, 0);
        plan.set(p, 5);
        assertEquals(5, plan.threads());
    }

    /** So that the tiles of short products need no scratch, which threads would have to take turns with. */
    @Test
    void noTileOfAShortProductSticksOut() {
        int found = 0;
        for (int n = 1; n <= 100; n++) {
            for (int beta = 0; beta <= 1; beta++) {
                if (FloatRoute.isShort(false, 8, n, 8, n, 1, beta)) {
                    found++;
                    assertTrue(beta == 0 ? n >= T : n % T == 0);
                }
                assertFalse(FloatRoute.isShort(true, 8, n, 8, 8, 1, beta));
                assertFalse(FloatRoute.isShort(false, 8, n, 8, n, 0.5f, beta));
                assertFalse(FloatRoute.isShort(false, 8, n, 8, n, 1, 0.5f));
            }
        }
        assertTrue(found > 0);
    }

    /** Beyond two tiles of columns only a stored A that is read against its rows is better left as it stands. */
    @Test
    void fewColumns() {
        int k = (int) (Caches.L2 / Precision.F32.bytes() / NR) + 1;
        int few = 2 * BLOCKS.mr();
        FloatProduct p = new FloatProduct();
        for (boolean transA : new boolean[]{false, true}) {
            set(p, transA, false, NR, few, k, 0);
            assertTrue(FloatRoute.hasFewColumns(p));
            set(p, transA, false, NR, Limits.FEW, k, 0);
            assertEquals(transA || Limits.FEW == few, FloatRoute.hasFewColumns(p));
            set(p, transA, false, NR, Limits.FEW + 1, k, 0);
            assertFalse(FloatRoute.hasFewColumns(p));
            set(p, transA, false, NR - 1, few, k, 0);
            assertFalse(FloatRoute.hasFewColumns(p));
        }
    }

    /** Rows of B a multiple of 512 bytes apart: as many as there are lines in a set of the L1 cache, or a few less. */
    @Test
    void aSmallBIsPackedWhereItsRowsClash() {
        int apart = 4096 / Precision.F32.bytes();
        int lines = (int) (Caches.L1 / 4096);
        assertClashes(true, 48, lines, apart);
        assertClashes(false, 48, lines - 1, apart);
        assertClashes(false, 47, lines, apart);
        assertClashes(false, 48, 64, apart + L);
        assertClashes(true, 48, lines, 4 * apart);
        assertClashes(false, 48, lines - 1, 4 * apart);
        assertClashes(true, 48, 8 * lines, apart / 8);
        assertClashes(false, 48, 8 * lines - 1, apart / 8);
        assertClashes(false, 48, 16 * lines, apart / 16);
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        for (int m : new int[]{383, 384}) {
            p.set(false, false, m, 480, lines, 1, ANY, 0, lines, ANY, 0, apart, 0, ANY, 0, 480);
            plan.set(p, 2);
            assertEquals(2, plan.threads());
            assertEquals(!Lanes.HALVES && m == 384, plan.packsB(), m + " rows, two threads");
        }
    }

    private static void assertClashes(boolean expected, int m, int k, int ldb) {
        String what = m + " rows, k = " + k + ", B's rows " + ldb + " apart";
        boolean packs = !Lanes.HALVES && expected;
        assertEquals(packs, !FloatRoute.isShort(false, m, L, k, ldb, 1, 0), what);
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        p.set(false, false, m, L, k, 1, ANY, 0, k, ANY, 0, ldb, 0, ANY, 0, L);
        plan.set(p, 1);
        assertEquals(packs, plan.packsB(), what);
    }

    /** Rows of a stored A a power of two apart, or a vector more. */
    @Test
    void aTransposedAIsPackedWhereItsColumnsClash() {
        int apart = 4096 / Precision.F32.bytes();
        int fits = (int) (Caches.L2 / 2 / 4096);
        // Where vectors are taken in halves less than the L2 cache is never packed, and one pass over C may fit it anyway.
        assertPacksA(!Lanes.HALVES && fits < BLOCKS.kc(), true, NR + 1, fits + 1, apart);
        assertPacksA(false, true, NR + 1, fits, apart);
        assertPacksA(false, true, NR, fits + 1, apart);
        assertPacksA(false, true, NR + 1, fits + 1, apart + L);
        assertPacksA(false, false, NR + 1, fits + 1, 2 * apart);
        // Of a longer k a pass over C reads kc rows at most.
        assertPacksA(false, true, NR + 1, 17 * BLOCKS.kc(), apart / 32);
    }

    private static void assertPacksA(boolean expected, boolean transA, int n, int k, int lda) {
        // Less than the L2 cache, and more than what is never packed.
        int rows = (int) Math.min(transA ? lda : Integer.MAX_VALUE, Caches.L2 * 3 / 4 / Precision.F32.bytes() / k);
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        p.set(transA, false, rows, n, k, 1, ANY, 0, lda, ANY, 0, n, 0, ANY, 0, n);
        plan.set(p, 1);
        assertEquals(expected, plan.packsA(), "n = " + n + ", k = " + k + ", A's rows " + lda + " apart");
    }

    /** A large C, one that is low beside a large B, and what is neither, by teams. */
    @Test
    void rowsOfCAreWalkedAlongWhereVectorsAreWhole() {
        int narrow = FloatPlan.NARROW;
        // Of fewer columns the rows of A are read as they stand.
        int wideEnough = Limits.COLUMNS_FOR_UNPACKED + 1;
        int half = (int) (Caches.L2 / 2 / Precision.F32.bytes());
        for (int team : TEAMS) {
            int m = team * FloatPlan.ROWS_FOR_ALL;
            int wide = Math.max(half / m + 1, Math.max(2 * narrow, wideEnough));
            int low = Math.max(2 * team * narrow, wideEnough);
            int deep = (int) Math.max(500, Limits.UNPACKED / Precision.F32.bytes() / m + 1);
            assertWalk(true, true, m, wide, deep, team);
            assertWalk(false, true, m, 2 * narrow - 1, 400, team);
            assertWalk(false, true, m, half / m, Math.min(400, 2 * m), team);
            assertWalk(true, false, m - 1, low, 2 * half / narrow, team);
            assertWalk(false, false, m - 1, 2 * team * narrow - 1, 2 * half / narrow, team);
            assertWalk(false, false, m - 1, low, half / low, team);
        }
    }

    private static void assertWalk(boolean alongRows, boolean sharesRows, int m, int n, int k, int team) {
        String what = m + " x " + n + " x " + k + ", " + team + " threads";
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        p.set(false, false, m, n, k, 1, ANY, 0, k, ANY, 0, n, 0, ANY, 0, n);
        plan.set(p, team);
        assertEquals(!Lanes.HALVES && alongRows, plan.alongRows(), what);
        if (plan.alongRows()) {
            assertEquals(sharesRows, plan.sharesRows(), what);
        }
    }
}
