package org.mixdyn.kernel.network;

import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;

/**
 * The weights of a linear network of any depth: W_1 and W_L^T, which have few columns, as arrays, and the matrices between
 * hidden layers in panels.
 */
public final class FloatLayers {
    /** Streams of the random numbers of W_1 and W_L^T, those of a network with one hidden layer. */
    private static final long FIRST_STREAM = 16;
    private static final long LAST_STREAM = 17;
    /** Stream of W_l, 1 < l < L, is this plus l. */
    private static final long HIDDEN_STREAM = 32;

    private final DeepShape shape;
    private final float[] first;
    private final FloatLayer[] hidden;
    private final float[] lastTransposed;

    private FloatLayers(DeepShape shape, Team team) {
        this.shape = shape;
        int depth = shape.depth();
        first = new float[shape.width(1) * shape.inputs()];
        lastTransposed = new float[shape.width(depth - 1) * shape.outputs()];
        hidden = new FloatLayer[depth - 2];
        for (int l = 2; l < depth; l++) {
            hidden[l - 2] = new FloatLayer(shape.width(l), shape.width(l - 1), team);
        }
    }

    /**
     * Independent N(0, sigma^2) weights, the same for any number of threads: W_l(i, j) is number i n_(l-1) + j of a stream
     * of its layer, but W_L(i, h) number h d_out + i of its own.
     */
    public static FloatLayers gaussian(DeepShape shape, double sigma, long seed, Team team) {
        FloatLayers layers = new FloatLayers(shape, team);
        fill(new Gaussian(seed, FIRST_STREAM), sigma, layers.first, team);
        for (int l = 2; l < shape.depth(); l++) {
            layers.hidden(l).fill(new Gaussian(seed, HIDDEN_STREAM + l), sigma, team);
        }
        fill(new Gaussian(seed, LAST_STREAM), sigma, layers.lastTransposed, team);
        return layers;
    }

    private static void fill(Gaussian normals, double sigma, float[] matrix, Team team) {
        team.run((rank, size) -> {
            int from = (int) ((long) matrix.length * rank / size);
            int to = (int) ((long) matrix.length * (rank + 1) / size);
            normals.fill(from, sigma, matrix, from, to - from);
        });
    }

    /**
     * Given weights, rounded.
     *
     * @param weights W_1, ..., W_L, row-major, not modified
     * @throws IllegalArgumentException if their number or a length does not fit the shape
     */
    public static FloatLayers of(DeepShape shape, double[][] weights, Team team) {
        int depth = shape.depth();
        if (weights.length != depth) {
            throw new IllegalArgumentException("weights has " + weights.length + " matrices; " + depth + " are needed");
        }
        for (int l = 1; l <= depth; l++) {
            long needed = (long) shape.width(l) * shape.width(l - 1);
            if (weights[l - 1].length != needed) {
                throw new IllegalArgumentException("weights W_" + l + " has " + weights[l - 1].length + " elements; "
                        + shape.width(l) + " x " + shape.width(l - 1) + " are needed");
            }
        }
        FloatLayers layers = new FloatLayers(shape, team);
        for (int i = 0; i < layers.first.length; i++) {
            layers.first[i] = (float) weights[0][i];
        }
        for (int l = 2; l < depth; l++) {
            layers.hidden(l).set(weights[l - 1]);
        }
        int outputs = shape.outputs();
        int inner = shape.width(depth - 1);
        for (int i = 0; i < outputs; i++) {
            for (int h = 0; h < inner; h++) {
                layers.lastTransposed[h * outputs + i] = (float) weights[depth - 1][i * inner + h];
            }
        }
        return layers;
    }

    /** The shape of the network. */
    public DeepShape shape() {
        return shape;
    }

    /** W_1, row-major n_1 x d_in; not a copy. */
    public float[] first() {
        return first;
    }

    /** W_l, l from 2 to L - 1; not a copy. */
    public FloatLayer hidden(int l) {
        return hidden[l - 2];
    }

    /** W_L^T, row-major n_(L-1) x d_out; not a copy. */
    public float[] lastTransposed() {
        return lastTransposed;
    }
}
