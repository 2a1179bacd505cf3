package org.mixdyn.kernel.network;

import java.util.Collections;

import org.mixdyn.kernel.random.Gaussian;

/** What the random frames of both precisions share. */
final class Frames {
    private static final long STREAM = 256;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private Frames() {
    }

    /** The random numbers that the frame of layer l is made of. */
    static Gaussian normals(long seed, int l) {
        return new Gaussian(seed, STREAM + l);
    }

    /** Refuses what does not exist at a shape. */
    static void check(Initialization kind, DeepShape shape) {
        if (kind == Initialization.LAMBDA_BALANCED && shape.depth() > 2) {
            throw new IllegalArgumentException("lambda-balanced weights exist for one hidden layer; there are "
                    + (shape.depth() - 1));
        }
        if (largest(kind, shape) > LARGEST_ARRAY) {
            throw new IllegalArgumentException(kind + " weights need a frame of " + largest(kind, shape)
                    + " elements; at most " + LARGEST_ARRAY + " are possible");
        }
    }

    /** Elements of the largest frame that is drawn. */
    static long largest(Initialization kind, DeepShape shape) {
        if (kind == Initialization.GAUSSIAN) {
            return 0;
        }
        long largest = 0;
        long rank = Math.min(Collections.min(shape.widths()), Math.min(shape.outputs(), shape.inputs()));
        for (int l = 1; l <= shape.depth(); l++) {
            largest = Math.max(largest, shape.width(l) * (kind == Initialization.ORTHOGONAL
                    ? (long) shape.width(l - 1)
                    : rank));
        }
        return largest;
    }
}
