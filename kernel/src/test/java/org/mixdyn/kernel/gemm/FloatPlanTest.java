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
                if (FloatPlan.isShort(false, 8, n, 8, n, 1, beta)) {
                    found++;
                    assertTrue(beta == 0 ? n >= T : n % T == 0);
                }
                assertFalse(FloatPlan.isShort(true, 8, n, 8, 8, 1, beta));
                assertFalse(FloatPlan.isShort(false, 8, n, 8, n, 0.5f, beta));
                assertFalse(FloatPlan.isShort(false, 8, n, 8, n, 1, 0.5f));
            }
        }
        assertTrue(found > 0);
    }

    /** Rows of B 4096 bytes apart share the lines of one way of a cache; a vector more, and they do not. */
    @Test
    void aSmallBIsPackedWhereItsRowsClash() {
        int apart = 4096 / Precision.F32.bytes();
        int k = 64;
        assertEquals(Lanes.WHOLE_512, !FloatPlan.isShort(false, 48, L, k, apart, 1, 0));
        assertTrue(FloatPlan.isShort(false, 48, L, k, apart + L, 1, 0));
        assertTrue(FloatPlan.isShort(false, 47, L, k, apart, 1, 0), "few rows");
        assertTrue(FloatPlan.isShort(false, 48, L, 11, apart, 1, 0), "few enough for the ways of the cache");
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        p.set(false, false, 48, L, k, 1, ANY, 0, k, ANY, 0, apart, 0, ANY, 0, L);
        plan.set(p, 1);
        assertEquals(Lanes.WHOLE_512, plan.packsB());
    }

    /** Columns of a stored A of which each row begins a power of two after the one before; a vector more, and they fit. */
    @Test
    void aTransposedAIsPackedWhereItsColumnsClash() {
        int apart = 4096 / Precision.F32.bytes();
        int k = (int) (Caches.L2 / 2 / 4096) + 1;
        int n = BLOCKS.nr() + 1;
        int rows = (int) (Caches.L2 / 2 / Precision.F32.bytes() / k);
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        for (int pad : new int[]{0, L}) {
            p.set(true, false, rows, n, k, 1, ANY, 0, apart + pad, ANY, 0, n, 0, ANY, 0, n);
            plan.set(p, 1);
            assertEquals(Lanes.WHOLE_512 && pad == 0, Lanes.WHOLE_512 && plan.packsA());
        }
    }
}
