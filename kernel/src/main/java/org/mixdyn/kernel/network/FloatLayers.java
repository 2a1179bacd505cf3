package org.mixdyn.kernel.network;

import java.util.Collections;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.random.Gaussian;

/**
 * The weights of a linear network of any depth: W_1 and W_L^T, which have few columns, as arrays, and the matrices between
 * hidden layers in panels.
 */
public final class FloatLayers {
    private final DeepShape shape;
    private final FloatColumns first;
    private final FloatLayer[] hidden;
    private final FloatColumns lastTransposed;

    private FloatLayers(DeepShape shape, Team team) {
        this.shape = shape;
        int depth = shape.depth();
        first = FloatColumns.zeros(shape.width(1), shape.inputs());
        lastTransposed = FloatColumns.zeros(shape.width(depth - 1), shape.outputs());
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
        fill(new Gaussian(seed, Streams.FIRST), sigma, layers.first, shape.width(1), team);
        for (int l = 2; l < shape.depth(); l++) {
            layers.hidden(l).fill(new Gaussian(seed, Streams.HIDDEN + l), sigma, team);
        }
        fill(new Gaussian(seed, Streams.LAST), sigma, layers.lastTransposed, shape.width(shape.depth() - 1), team);
        return layers;
    }

    private static void fill(Gaussian normals, double sigma, FloatColumns matrix, int rows, Team team) {
        team.run((rank, size) -> {
            int from = (int) ((long) rows * rank / size);
            int to = (int) ((long) rows * (rank + 1) / size);
            matrix.fill(from, to - from, normals, (long) from * matrix.columns(), sigma);
        });
    }

    /**
     * Weights drawn from a seed, the same for any number of threads.
     *
     * @throws IllegalArgumentException if they do not exist at this shape: lambda-balanced weights for more than one
     *                                  hidden layer, or orthonormal frames that no array can hold
     */
    public static FloatLayers drawn(DeepShape shape, InitialWeights initial, long seed, Team team) {
        if (initial.kind() == Initialization.GAUSSIAN) {
            return gaussian(shape, initial.sigma(), seed, team);
        }
        Frames.check(initial.kind(), shape);
        FloatLayers layers = new FloatLayers(shape, team);
        Gemm gemm = Gemm.withThreads(team.size());
        if (initial.kind() == Initialization.ORTHOGONAL) {
            layers.setOrthogonal(initial.sigma(), seed, team, gemm);
        } else {
            layers.setBalanced(initial, seed, team, gemm);
        }
        return layers;
    }

    private void setOrthogonal(double sigma, long seed, Team team, Gemm gemm) {
        int depth = shape.depth();
        for (int l = 1; l <= depth; l++) {
            boolean last = l == depth;
            // W_L is stored as its transpose.
            int rows = shape.width(last ? l - 1 : l);
            int cols = shape.width(last ? l : l - 1);
            float[] frame = FloatFrame.draw(Math.min(rows, cols), Math.max(rows, cols), Frames.normals(seed, l), team,
                    gemm);
            float scale = (float) (sigma * Math.sqrt(Math.max(rows, cols)));
            if (l == 1 || last) {
                copy(frame, scale, rows, cols, 0, l == 1 ? first : lastTransposed);
            } else {
                LayerLayout layout = hidden(l).layout();
                for (int panel = 0; panel < layout.panels(); panel++) {
                    copy(frame, scale, rows, cols, layout.firstCol(panel), hidden(l).panel(panel));
                }
            }
        }
    }

    /**
     * Copies scale times some columns of a rows x cols matrix, from firstCol on. The frame is the matrix or, where that has
     * more rows than columns, its transpose.
     */
    private static void copy(float[] frame, float scale, int rows, int cols, int firstCol, FloatColumns to) {
        float[] elements = to.elements();
        boolean transposed = rows > cols;
        // A few rows at a time: so much of each row of a transposed frame stays in the cache.
        for (int i0 = 0; i0 < rows; i0 += 16) {
            int i1 = Math.min(rows, i0 + 16);
            for (int j = 0; j < to.columns(); j++) {
                int column = firstCol + j;
                for (int i = i0; i < i1; i++) {
                    elements[to.rowStart(i) + j] = scale * frame[transposed ? column * rows + i : i * cols + column];
                }
            }
        }
    }

    private void setBalanced(InitialWeights initial, long seed, Team team, Gemm gemm) {
        int depth = shape.depth();
        double entry = Math.pow(initial.sigma(), depth);
        for (int width : shape.widths()) {
            entry *= Math.sqrt(width);
        }
        BalancedFactors factors = BalancedFactors.draw(shape.outputs(), shape.inputs(),
                Collections.min(shape.widths()), entry, seed);
        int rank = factors.rank();
        double[] lower = factors.power(1.0 / depth);
        double[] upper = lower;
        if (initial.kind() == Initialization.LAMBDA_BALANCED) {
            double[][] split = factors.split(initial.lambda());
            lower = split[0];
            upper = split[1];
        }
        float[] below = rounded(BalancedFactors.scaled(lower, factors.vt()));
        for (int l = 1; l < depth; l++) {
            float[] frame = FloatFrame.draw(rank, shape.width(l), Frames.normals(seed, l), team, gemm);
            int rows = shape.width(l);
            int cols = shape.width(l - 1);
            if (l == 1) {
                multiply(gemm, rows, rank, frame, below, 0, cols, first);
            } else {
                LayerLayout layout = hidden(l).layout();
                for (int panel = 0; panel < layout.panels(); panel++) {
                    multiply(gemm, rows, rank, frame, below, layout.firstCol(panel), cols, hidden(l).panel(panel));
                }
            }
            if (l == depth - 1) {
                float[] above = rounded(BalancedFactors.scaled(upper, factors.ut()));
                multiply(gemm, rows, rank, frame, above, 0, shape.outputs(), lastTransposed);
            }
            for (int i = 0; i < rank; i++) {
                for (int j = 0; j < rows; j++) {
                    frame[i * rows + j] *= (float) upper[i];
                }
            }
            below = frame;
        }
    }

    /** Some columns of H X, from firstCol on; the frame is H^T, rank x rows, and X is rank x cols. */
    private static void multiply(Gemm gemm, int rows, int rank, float[] frame, float[] x, int firstCol, int cols,
            FloatColumns product) {
        gemm.sgemm(true, false, rows, product.columns(), rank, 1, frame, 0, rows, x, firstCol, cols, 0,
                product.elements(), product.rowStart(0), product.stride());
    }

    private static float[] rounded(double[] x) {
        float[] result = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = (float) x[i];
        }
        return result;
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
        for (int h = 0; h < shape.width(1); h++) {
            layers.first.setRow(h, weights[0], h * shape.inputs(), 1);
        }
        for (int l = 2; l < depth; l++) {
            layers.hidden(l).set(weights[l - 1]);
        }
        int inner = shape.width(depth - 1);
        for (int h = 0; h < inner; h++) {
            layers.lastTransposed.setRow(h, weights[depth - 1], h, inner);
        }
        return layers;
    }

    /** The shape of the network. */
    public DeepShape shape() {
        return shape;
    }

    /** W_1, n_1 x d_in, whose padding is zero; not a copy. */
    public FloatColumns first() {
        return first;
    }

    /** W_l, l from 2 to L - 1; not a copy. */
    public FloatLayer hidden(int l) {
        return hidden[l - 2];
    }

    /** W_L^T, n_(L-1) x d_out, whose padding is zero; not a copy. */
    public FloatColumns lastTransposed() {
        return lastTransposed;
    }
}
