package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;

import org.junit.jupiter.api.Test;

/** Panels cover a side once, none is much smaller than the others, and threads share them evenly. */
class PanelsTest {
    private static final int LONGEST = 70;

    @Test
    void wholeOnesButTheLastTwoWhichAreEven() {
        for (int whole : new int[]{1, 2, 3, 5, 8}) {
            for (int all = 1; all < LONGEST; all++) {
                String what = all + " in panels of " + whole;
                List<Integer> starts = starts(all, left -> Panels.next(left, whole));
                int count = starts.size() - 1;
                assertEquals(Math.ceilDiv(all, whole), count, what);
                for (int i = 0; i < count - 2; i++) {
                    assertEquals(whole, size(starts, i), what);
                }
                if (count > 1) {
                    int apart = size(starts, count - 2) - size(starts, count - 1);
                    assertTrue(apart == 0 || apart == 1, what + ": the last two are " + apart + " apart");
                }
                int units = all;
                assertSharedEvenly(what, starts, (rank, size) -> Panels.share(units, whole, rank, size));
            }
        }
    }

    @Test
    void evenOnesAreFewAndDifferByOneAtMost() {
        for (int most : new int[]{1, 2, 3, 4, 7}) {
            for (int all = 1; all < LONGEST; all++) {
                String what = all + " in panels of at most " + most;
                List<Integer> starts = starts(all, left -> Panels.nextEven(left, most));
                int count = starts.size() - 1;
                assertEquals(Math.ceilDiv(all, most), count, what);
                for (int i = 0; i < count; i++) {
                    assertEquals(i < all % count ? all / count + 1 : all / count, size(starts, i), what);
                }
                int units = all;
                assertSharedEvenly(what, starts, (rank, size) -> Panels.shareEven(units, most, rank, size));
            }
        }
    }

    @Test
    void nothingIsSharedAsNothing() {
        for (int rank = 0; rank <= 3; rank++) {
            assertEquals(0, Panels.share(0, 4, rank, 3));
            assertEquals(0, Panels.shareEven(0, 4, rank, 3));
        }
    }

    /** Sides as long as arrays can be, on many threads: no product is beyond 31 bits. */
    @Test
    void longestSides() {
        int all = Integer.MAX_VALUE - 8;
        for (int size : new int[]{1, 3, 1024}) {
            for (int rank = 0; rank < size; rank++) {
                assertEquals((double) all * rank / size, Panels.share(all, 8, rank, size), 8);
                assertEquals((double) all * rank / size, Panels.shareEven(all, 4, rank, size), 4);
            }
            assertEquals(all, Panels.share(all, 8, size, size));
            assertEquals(all, Panels.shareEven(all, 4, size, size));
        }
    }

    /** Where panels begin, and where the last one ends. */
    private static List<Integer> starts(int all, IntUnaryOperator next) {
        List<Integer> starts = new ArrayList<>();
        int at = 0;
        while (at < all) {
            starts.add(at);
            int size = next.applyAsInt(all - at);
            assertTrue(size >= 1 && size <= all - at, "a panel of " + size + " where " + (all - at) + " are left");
            at += size;
        }
        starts.add(at);
        return starts;
    }

    private static int size(List<Integer> starts, int panel) {
        return starts.get(panel + 1) - starts.get(panel);
    }

    /** Shares are stretches of panels that follow each other, and their numbers of panels differ by one at most. */
    private static void assertSharedEvenly(String what, List<Integer> starts, IntBinaryOperator share) {
        int count = starts.size() - 1;
        for (int size = 1; size <= 5; size++) {
            int panel = 0;
            assertEquals(0, share.applyAsInt(0, size), what);
            for (int rank = 0; rank < size; rank++) {
                int end = starts.indexOf(share.applyAsInt(rank + 1, size));
                int own = end - panel;
                assertTrue(own == count / size || own == Math.ceilDiv(count, size),
                        what + ": share " + rank + " of " + size + " has " + own + " of " + count + " panels");
                panel = end;
            }
            assertEquals(count, panel, what);
        }
    }
}
