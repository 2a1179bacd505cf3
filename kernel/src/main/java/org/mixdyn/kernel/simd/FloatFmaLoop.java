package org.mixdyn.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Twelve independent chains of fused multiply-adds: more than two units times four cycles of latency need. They are sums, as in a
 * product: the instruction overwrites what is added to, and x c + y would need a copy of y each time.
 */
final class FloatFmaLoop {
    static final int CHAINS = 12;

    private static final VectorSpecies<Float> S = Lanes.FLOAT;

    private FloatFmaLoop() {
    }

    /** Runs the chains and returns a value that depends on all of them. */
    static float run(int steps) {
        FloatVector x = FloatVector.broadcast(S, 0.999f);
        FloatVector y = FloatVector.broadcast(S, 0.001f);
        FloatVector c0 = x, c1 = y, c2 = x, c3 = y, c4 = x, c5 = y, c6 = x, c7 = y, c8 = x, c9 = y, c10 = x, c11 = y;
        for (int i = 0; i < steps; i++) {
            c0 = x.fma(y, c0);
            c1 = x.fma(y, c1);
            c2 = x.fma(y, c2);
            c3 = x.fma(y, c3);
            c4 = x.fma(y, c4);
            c5 = x.fma(y, c5);
            c6 = x.fma(y, c6);
            c7 = x.fma(y, c7);
            c8 = x.fma(y, c8);
            c9 = x.fma(y, c9);
            c10 = x.fma(y, c10);
            c11 = x.fma(y, c11);
        }
        return c0.add(c1).add(c2.add(c3)).add(c4.add(c5)).add(c6.add(c7)).add(c8.add(c9)).add(c10.add(c11)).lane(0);
    }
}
