package org.mixdyn.kernel.gemm;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.Lanes;

/**
 * Products with a small C and a long k, C = alpha op(A) op(B) + beta C: k is cut into parts, and each thread computes
 * the sums of some of them. Threads that shared C would each have to read one operand as a whole, and memory sets the
 * pace.
 *
 * <p>How k is cut depends on its length alone, and the parts are added in their order: so the bits of C do not depend
 * on the number of threads.
 */
final class FloatLongProduct implements Team.Work {
    /** Parts at most. */
    private static final int PARTS = 16;

    private static final int L = Lanes.FLOAT.length();

    private final Team team;
    /** For the parts of each thread, made when they are needed. */
    private final FloatBlockedProduct[] blocked;
    private final FloatProduct[] ofParts;
    private FloatProduct product;
    private int parts;
    private float[] sums = {};

    FloatLongProduct(Team team) {
        this.team = team;
        blocked = new FloatBlockedProduct[team.size()];
        ofParts = new FloatProduct[team.size()];
    }

    /** The product: see {@link FloatRoute#hasLongSums}. */
    void multiply(FloatProduct p) {
        product = p;
        // A power of two, so that two, four or more threads have the same number of them.
        parts = Integer.highestOneBit(Math.min(PARTS, p.k / Limits.SHORTEST_PART));
        if (sums.length < parts * p.m * p.n) {
            sums = new float[parts * p.m * p.n];
        }
        for (int rank = 0; rank < blocked.length && blocked[rank] == null; rank++) {
            blocked[rank] = new FloatBlockedProduct(Team.of(1));
            ofParts[rank] = new FloatProduct();
        }
        team.run(this);
        product = null;
    }

    /** The share of one thread: sums of parts of k, and then rows of C. */
    @Override
    public void execute(int rank, int size) {
        FloatProduct p = product;
        for (int part = parts * rank / size; part < parts * (rank + 1) / size; part++) {
            int from = begin(part);
            ofParts[rank].set(p.transA, p.transB, p.m, p.n, begin(part + 1) - from, 1, p.a, p.atA(0, from), p.lda, p.b,
                    p.atB(from, 0), p.ldb, 0, sums, part * p.m * p.n, p.n);
            blocked[rank].multiply(ofParts[rank]);
        }
        ofParts[rank].forget();
        team.barrier();
        for (int i = p.m * rank / size; i < p.m * (rank + 1) / size; i++) {
            for (int j = 0; j < p.n; j++) {
                float sum = 0;
                for (int part = 0; part < parts; part++) {
                    sum += sums[(part * p.m + i) * p.n + j];
                }
                int at = p.atC(i, j);
                p.c[at] = p.element(sum, at);
            }
        }
    }

    /** The first k of a part. */
    private int begin(int part) {
        return part == parts ? product.k : (int) ((long) (product.k / L) * part / parts) * L;
    }
}
