package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.simd.Precision;

/** What must hold of the plan of a product, whatever its shape and the machine. */
class FloatPlanTest {
    private static final int[] SIZES = {1, 7, 16, 33, 64, 200, 257, 500, 1000, 2100, 9000};
    private static final int[] TEAMS = {1, 2, 5};
    private static final int L = Lanes.FLOAT.length();
    private static final int T = Lanes.FLOAT_TAIL.length();
    private static final int KC = BlockSizes.of(Precision.F32).kc();

    private interface Check {
        void check(FloatProduct p, FloatPlan plan, int team);
    }

    /** One plan for all products, as a gemm has: nothing may stay from the one before. */
    private static void forEachProduct(Check check) {
        FloatPlan plan = new FloatPlan();
        FloatProduct p = new FloatProduct();
        // Never written to or read: only the length of B counts.
        float[] any = new float[2100 * 2100];
        for (int m : SIZES) {
            for (int n : SIZES) {
                for (int k : SIZES) {
                    for (int variant = 0; variant < 8 && n * k <= any.length; variant++) {
                        boolean transA = variant % 2 == 1;
                        boolean transB = variant / 2 % 2 == 1;
                        float beta = variant / 4;
                        p.set(transA, transB, m, n, k, 1, any, 0, transA ? m : k, any, any.length - n * k,
                                transB ? k : n, beta, any, 0, n);
                        for (int team : TEAMS) {
                            plan.set(p, team);
                            check.check(p, plan, team);
                        }
                    }
                }
            }
        }
    }

    @Test
    void passesCoverKInWholeVectorsOfAtMostKc() {
        forEachProduct((p, plan, team) -> {
            assertEquals(0, plan.depth() % L);
            assertTrue(plan.depth() > 0 && plan.depth() <= KC);
        });
    }

    @Test
    void rowsOfCAreWalkedAlongBetweenPackedOperands() {
        forEachProduct((p, plan, team) -> assertTrue(!plan.alongRows() || plan.packsA() && plan.packsB()
                && plan.packsOwnB()));
    }

    @Test
    void whoWaitsSharesAPackedB() {
        forEachProduct((p, plan, team) -> {
            assertTrue(plan.threads() == 1 || plan.threads() == team);
            if (plan.waits(p.n)) {
                assertTrue(plan.threads() > 1 && plan.packsB());
                assertFalse(plan.packsOwnB());
            }
            // All of B in one shared buffer, and rows to share: the others must be waited for.
            assertEquals(plan.threads() > 1 && plan.packsB() && plan.sharesRows() && !plan.packsOwnB(),
                    plan.waits(p.n) && plan.sharesRows());
        });
    }

    @Test
    void columnsThatEndOutsideOfTheArrayArePackedOrMoved() {
        forEachProduct((p, plan, team) -> {
            long end = p.bOffset + (p.k - 1L) * p.ldb + Math.ceilDiv(p.n, T) * (long) T;
            if (!plan.packsB() && end > p.b.length) {
                assertTrue(p.beta == 0 && p.n >= T && p.k <= plan.depth(), "moves to the left, in one pass");
                assertTrue(plan.threads() == 1 || plan.sharesRows(), "all columns are one thread's");
            }
        });
    }

    @Test
    void aTransposedBIsAlwaysPacked() {
        forEachProduct((p, plan, team) -> assertTrue(!p.transB || plan.packsB()));
    }
}
