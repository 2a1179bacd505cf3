package org.mixdyn.kernel.network;

/**
 * Which of the streams of random numbers of a seed are whose: no two draws that one network may need share a stream.
 * Lower numbers belong to the task.
 */
final class Streams {
    /** W_1. */
    static final long FIRST = 16;
    /** W_L^T. */
    static final long LAST = 17;
    /** Elements above the diagonal of reduced weights. */
    static final long BARTLETT = 18;
    /** Their diagonal. */
    static final long CHI_SQUARED = 19;
    /** The product that balanced weights start from. */
    static final long BALANCED = 24;
    /** W_l, 1 &lt; l &lt; L: this plus l. */
    static final long HIDDEN = 32;
    /** The frame of layer l: this plus l. */
    static final long FRAMES = 256;

    private Streams() {
    }
}
