package org.mixdyn.kernel.svd;

/** Marsaglia's generator of 64-bit words (Xorshift RNGs, Journal of Statistical Software 8, 2003): good enough for probes and starts. */
final class Xorshift {
    private long state;

    /** A sequence that begins behind a number other than 0. */
    Xorshift(long state) {
        this.state = state;
    }

    /** The next word. */
    long next() {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return state;
    }
}
