package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;

/** Products whose k is one thread's as a whole: those with few rows or columns, and all that take the five loops. */
final class FloatWholeProduct {
    private final FloatBlockedProduct blocked;
    private final FloatThinProduct thin;

    FloatWholeProduct(Team team) {
        blocked = new FloatBlockedProduct(team);
        thin = new FloatThinProduct(team);
    }

    /** A product with k and alpha not 0; p may be exchanged after it. */
    void multiply(FloatProduct p) {
        if (FloatRoute.hasFewRows(p)) {
            thin.multiply(p);
        } else if (FloatRoute.hasFewColumns(p)) {
            p.exchange();
            thin.multiply(p);
        } else {
            blocked.multiply(p);
        }
    }
}
