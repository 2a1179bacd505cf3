package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntBinaryOperator;

import org.junit.jupiter.api.Test;

/** Panels cover a side once, none is much smaller than the others, and the shares of threads begin where panels begin. */
class PanelsTest {
    @Test
    void coverEverySide() {
        for (int whole : new int[]{2, 3, 5, 8}) {
            for (int all = 1; all < 70; all++) {
                Set<Integer> starts = new HashSet<>();
                int at = 0;
                while (at < all) {
                    starts.add(at);
                    int size = Panels.next(all - at, whole);
                    assertTrue(size >= 1 && size <= whole, all + " in panels of " + whole);
                    assertTrue(all < whole || size >= whole / 2,
                            all + " in panels of " + whole + " has one of " + size);
                    at += size;
                }
                assertEquals(all, at);
                starts.add(all);
                int sides = all;
                int panel = whole;
                sharesBeginAt(starts, (rank, size) -> Panels.share(sides, panel, rank, size));
            }
        }
    }

    @Test
    void evenOnesAreFewAndDifferByOneAtMost() {
        for (int most : new int[]{1, 2, 3, 4, 7}) {
            for (int all = 1; all < 70; all++) {
                Set<Integer> starts = new HashSet<>();
                int least = most;
                int largest = 1;
                int at = 0;
                while (at < all) {
                    starts.add(at);
                    int size = Panels.nextEven(all - at, most);
                    least = Math.min(least, size);
                    largest = Math.max(largest, size);
                    at += size;
                }
                assertEquals(all, at);
                assertEquals((all + most - 1) / most, starts.size());
                assertTrue(largest <= most && largest - least <= 1, all + " in panels of " + least + " to " + largest);
                starts.add(all);
                int sides = all;
                int panel = most;
                sharesBeginAt(starts, (rank, size) -> Panels.shareEven(sides, panel, rank, size));
            }
        }
    }

    private static void sharesBeginAt(Set<Integer> starts, IntBinaryOperator share) {
        for (int size = 1; size <= 5; size++) {
            assertEquals(0, share.applyAsInt(0, size));
            assertEquals(Collections.max(starts), share.applyAsInt(size, size));
            for (int rank = 0; rank < size; rank++) {
                int first = share.applyAsInt(rank, size);
                assertTrue(starts.contains(first), "share " + rank + " of " + size + " begins at " + first);
                assertTrue(first <= share.applyAsInt(rank + 1, size));
            }
        }
    }
}
