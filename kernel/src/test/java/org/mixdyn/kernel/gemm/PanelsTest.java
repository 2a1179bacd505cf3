package org.mixdyn.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

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
                for (int size = 1; size <= 5; size++) {
                    assertEquals(0, Panels.share(all, whole, 0, size));
                    assertEquals(all, Panels.share(all, whole, size, size));
                    for (int rank = 0; rank < size; rank++) {
                        int share = Panels.share(all, whole, rank, size);
                        assertTrue(starts.contains(share), "share " + rank + " of " + size + " begins at " + share);
                        assertTrue(share <= Panels.share(all, whole, rank + 1, size));
                    }
                }
            }
        }
    }
}
