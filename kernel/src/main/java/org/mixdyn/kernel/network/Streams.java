package org.mixdyn.kernel.network;

import org.mixdyn.kernel.task.Task;

/**
 * Which of the streams of random numbers of a seed are whose: no two draws that one network may need share a stream.
 *
 * <p>Streams of the seed of a task, below {@link Task#FIRST_FREE_STREAM}: {@link Task#LEFT_STREAM},
 * {@link Task#RIGHT_STREAM} and {@link Task#NOISE_STREAM}. Streams of the seed of a network, which may be the same: the
 * constants here. Streams of seed 0, whatever the seeds of a task and a network, drawn by their dynamics: 20 for what
 * completes a basis of labels, and 1024 plus l for the test vectors of layer l of its conserved norm. They are not among those used here
 * up to depth 700, so that seed 0 is as good as any other.
 */
final class Streams {
    /** W_1. */
    static final long FIRST = 16;
    /** W_L^T. */
    static final long LAST = 17;
    /** Elements above the diagonal of reduced weights. */
    static final long BARTLETT = 18;
    /** Their diagonal: 2^20 numbers an element. */
    static final long CHI_SQUARED = 19;
    /** The product that balanced weights start from. */
    static final long BALANCED = 24;
    /** W_l, 1 &lt; l &lt; L: this plus l. Where there are frames these are not drawn. */
    static final long HIDDEN = 32;
    /** The frame of layer l: this plus l. */
    static final long FRAMES = 256;

    private Streams() {
    }
}
