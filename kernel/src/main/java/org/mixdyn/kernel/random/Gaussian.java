package org.mixdyn.kernel.random;

import java.util.Objects;

import org.mixdyn.kernel.simd.Lanes;

/**
 * Standard normal deviates without a state: element i of a stream is a pure function of (seed, stream, i), with the same
 * bits however a range is cut into calls, by how many threads it is filled, and at every vector width.
 *
 * <p>Threefry-2x64-20 under the key (seed, stream) turns the counter (p, 0) into two 64-bit words; with u in (0, 1] and v
 * in [0, 1) from the high 52 bits of each, element 2 p is sqrt(-2 ln u) cos(2 pi v) and element 2 p + 1 is
 * sqrt(-2 ln u) sin(2 pi v). No deviate exceeds sqrt(104 ln 2) = 8.49 in size, which a true one does with probability
 * 2e-17. Instances are immutable and may be shared between threads.
 */
public final class Gaussian {
    /** Pairs worked on at once: what they pass through takes 8 KiB, a part of the first-level cache. */
    private static final int BLOCK = 128;

    private final long seed;
    private final long stream;

    /**
     * One stream of one seed.
     *
     * @param seed   any number
     * @param stream any number; streams of a seed are independent of each other
     */
    public Gaussian(long seed, long stream) {
        this.seed = seed;
        this.stream = stream;
    }

    /**
     * Writes the elements index .. index + length - 1 of the stream to out[offset] .. out[offset + length - 1].
     *
     * @param index  the first element, from 0
     * @param out    overwritten in that range
     * @param offset of the first element in out
     * @param length number of elements
     * @throws IllegalArgumentException  if index is negative or index + length exceeds 2^63 - 1
     * @throws IndexOutOfBoundsException if the range is not inside out
     */
    public void fill(long index, double[] out, int offset, int length) {
        fill(index, 1, out, offset, length);
    }

    /**
     * Writes scale times the elements index .. index + length - 1 of the stream to out[offset] .. out[offset + length - 1].
     *
     * @param index  the first element, from 0
     * @param scale  standard deviation of what is written
     * @param out    overwritten in that range
     * @param offset of the first element in out
     * @param length number of elements
     * @throws IllegalArgumentException  if index is negative or index + length exceeds 2^63 - 1
     * @throws IndexOutOfBoundsException if the range is not inside out
     */
    public void fill(long index, double scale, double[] out, int offset, int length) {
        fill(index, scale, out, offset, 1, length, length);
    }

    /**
     * Fills a matrix, row after row, with scale times consecutive elements of the stream: element (i, j), at
     * out[offset + i stride + j], is number index + i cols + j.
     *
     * @param index  the first element, from 0
     * @param scale  standard deviation of what is written
     * @param out    overwritten in the matrix, not between its rows
     * @param offset of the first row in out
     * @param rows   number of rows
     * @param cols   elements of a row
     * @param stride distance between two rows, at least cols
     * @throws IllegalArgumentException  if index is negative, its last exceeds 2^63 - 1, or stride is less than cols
     * @throws IndexOutOfBoundsException if the matrix is not inside out
     */
    public void fill(long index, double scale, double[] out, int offset, int rows, int cols, int stride) {
        check(index, out.length, offset, rows, cols, stride);
        fill(index, offset, rows, cols, stride, scaled(scale, out), new Block((long) rows * cols));
    }

    /**
     * Writes scale times the elements index .. index + length - 1 of the stream, multiplied in binary64 and rounded once
     * to binary32, to out[offset] .. out[offset + length - 1].
     *
     * @param index  the first element, from 0
     * @param scale  standard deviation of what is written
     * @param out    overwritten in that range
     * @param offset of the first element in out
     * @param length number of elements
     * @throws IllegalArgumentException  if index is negative or index + length exceeds 2^63 - 1
     * @throws IndexOutOfBoundsException if the range is not inside out
     */
    public void fill(long index, double scale, float[] out, int offset, int length) {
        fill(index, scale, out, offset, 1, length, length);
    }

    /**
     * Fills a matrix, row after row, with scale times consecutive elements of the stream, multiplied in binary64 and
     * rounded once: element (i, j), at out[offset + i stride + j], is number index + i cols + j.
     *
     * @param index  the first element, from 0
     * @param scale  standard deviation of what is written
     * @param out    overwritten in the matrix, not between its rows
     * @param offset of the first row in out
     * @param rows   number of rows
     * @param cols   elements of a row
     * @param stride distance between two rows, at least cols
     * @throws IllegalArgumentException  if index is negative, its last exceeds 2^63 - 1, or stride is less than cols
     * @throws IndexOutOfBoundsException if the matrix is not inside out
     */
    public void fill(long index, double scale, float[] out, int offset, int rows, int cols, int stride) {
        check(index, out.length, offset, rows, cols, stride);
        fill(index, offset, rows, cols, stride, (normals, from, at, count) -> {
            for (int i = 0; i < count; i++) {
                out[at + i] = (float) (scale * normals[from + i]);
            }
        }, new Block((long) rows * cols));
    }

    /**
     * Fills an upper triangular matrix from the diagonal on with scale times elements of the stream: element (i, j), at
     * out[i n + j], is number i n + j.
     *
     * @param scale standard deviation of what is written
     * @param out   overwritten in the triangle, not below the diagonal
     * @param n     rows and columns of the matrix
     * @throws IndexOutOfBoundsException if the matrix is not inside out
     */
    public void fillTriangle(double scale, double[] out, int n) {
        Objects.checkFromIndexSize(0, (long) n * n, out.length);
        Block block = new Block(n);
        Sink sink = scaled(scale, out);
        for (int i = 0; i < n; i++) {
            int diagonal = i * n + i;
            fill(diagonal, diagonal, 1, n - i, n, sink, block);
        }
    }

    private static Sink scaled(double scale, double[] out) {
        return (normals, from, at, count) -> {
            for (int i = 0; i < count; i++) {
                out[at + i] = scale * normals[from + i];
            }
        };
    }

    /** Takes count normals, from one on, for a place in the matrix. */
    private interface Sink {
        void write(double[] normals, int from, int at, int count);
    }

    private void fill(long index, int offset, int rows, int cols, int stride, Sink sink, Block block) {
        long total = (long) rows * cols;
        int row = offset;
        int column = 0;
        for (long done = 0; done < total;) {
            int skip = (int) ((index + done) & 1);
            int count = block.compute(seed, stream, (index + done) >>> 1, skip, total - done);
            for (int from = 0; from < count;) {
                int here = Math.min(count - from, cols - column);
                sink.write(block.normals, skip + from, row + column, here);
                from += here;
                column += here;
                if (column == cols) {
                    column = 0;
                    row += stride;
                }
            }
            done += count;
        }
    }

    private static void check(long index, int size, int offset, int rows, int cols, int stride) {
        if (stride < cols) {
            throw new IllegalArgumentException("stride is " + stride + "; allowed is at least cols, " + cols);
        }
        if (rows < 0 || cols < 0) {
            throw new IndexOutOfBoundsException("a matrix of " + rows + " x " + cols + " is inside no array");
        }
        long extent = rows == 0 || cols == 0 ? 0 : (rows - 1L) * stride + cols;
        Objects.checkFromIndexSize(offset, extent, size);
        if (index < 0 || index > Long.MAX_VALUE - (long) rows * cols) {
            throw new IllegalArgumentException("index is " + index + "; allowed is 0 to 2^63 - 1 - length, length "
                    + (long) rows * cols);
        }
    }

    /** What a block of pairs passes through; made anew for each call, so that threads share nothing. */
    private static final class Block {
        private final long[] firstWords;
        private final long[] secondWords;
        private final double[] radii;
        private final double[] turns;
        private final double[] cosines;
        private final double[] sines;
        /** Elements 2 p and 2 p + 1 of every pair p of the block, in order. */
        private final double[] normals;

        Block(long length) {
            int pairs = wholeVectors((int) Math.min(BLOCK, length / 2 + 1));
            firstWords = new long[pairs];
            secondWords = new long[pairs];
            radii = new double[pairs];
            turns = new double[pairs];
            cosines = new double[pairs];
            sines = new double[pairs];
            normals = new double[2 * pairs];
        }

        /** Computes pairs from pair on and returns how many elements after the skipped one are there, at most wanted. */
        int compute(long seed, long stream, long pair, int skip, long wanted) {
            int count = (int) Math.min(normals.length - skip, wanted);
            int pairs = wholeVectors((skip + count + 1) / 2);
            Threefry.words(seed, stream, pair, 0, firstWords, secondWords, pairs);
            BoxMuller.radii(firstWords, radii, pairs);
            BoxMuller.turns(secondWords, turns, pairs);
            BoxMuller.sincos(turns, cosines, sines, pairs);
            interleave(pairs);
            return count;
        }

        private void interleave(int pairs) {
            for (int i = 0; i < pairs; i++) {
                normals[2 * i] = radii[i] * cosines[i];
                normals[2 * i + 1] = radii[i] * sines[i];
            }
        }

        private static int wholeVectors(int pairs) {
            int lanes = Lanes.DOUBLE.length();
            return (pairs + lanes - 1) / lanes * lanes;
        }
    }
}
