package org.mixdyn.kernel.network;

import java.util.Collections;

import org.mixdyn.kernel.random.Gaussian;

/** What the random frames of both precisions share. */
final class Frames {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private Frames() {
    }

    /** The random numbers that the frame of layer l is made of. */
    static Gaussian normals(long seed, int l) {
        return new Gaussian(seed, Streams.FRAMES + l);
    }

    /** Refuses what does not exist at a shape. */
    static void check(Initialization kind, DeepShape shape) {
        if (kind == Initialization.LAMBDA_BALANCED && shape.depth() > 2) {
            throw new IllegalArgumentException("lambda-balanced weights exist for one hidden layer; there are "
                    + (shape.depth() - 1));
        }
        for (int l = 1; l <= shape.depth(); l++) {
            long elements = elements(kind, shape, l);
            if (elements > LARGEST_ARRAY) {
                throw new IllegalArgumentException(kind + " weights need a frame of " + elements + " elements; at most "
                        + LARGEST_ARRAY + " are possible");
            }
        }
    }

    /** Elements of all frames that are drawn: the collector may leave those of one layer while the next is drawn. */
    static long elements(Initialization kind, DeepShape shape) {
        long sum = 0;
        for (int l = 1; l <= shape.depth(); l++) {
            sum += elements(kind, shape, l);
        }
        return sum;
    }

    private static long elements(Initialization kind, DeepShape shape, int l) {
        return switch (kind) {
            case GAUSSIAN -> 0;
            case ORTHOGONAL -> (long) shape.width(l) * shape.width(l - 1);
            case BALANCED, LAMBDA_BALANCED -> {
                int ends = Math.min(shape.outputs(), shape.inputs());
                yield (long) shape.width(l) * Math.min(Collections.min(shape.widths()), ends);
            }
        };
    }
}
