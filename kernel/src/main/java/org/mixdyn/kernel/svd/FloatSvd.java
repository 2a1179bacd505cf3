package org.mixdyn.kernel.svd;

import java.util.Arrays;

import org.mixdyn.kernel.simd.FloatVectors;

/**
 * Thin singular value decomposition A = U S V^T of a dense matrix, by one-sided Jacobi rotations (Hestenes 1958, with the
 * pivoting of de Rijk 1989): the columns of A, or of A^T where A is wide, are rotated in pairs until all are orthogonal to
 * working precision. Their lengths are the singular values, their directions the left vectors, and the rotations gathered
 * give the right ones. Small singular values come out as accurately as the columns of A determine them (Demmel and Veselic
 * 1992).
 *
 * <p>An instance is a workspace that is used again from call to call; it serves one thread at a time.
 */
public final class FloatSvd {
    private static final float EPSILON = Math.ulp(1f);
    /** Sweeps beyond which something is wrong: random matrices take 6 to 12. */
    private static final int MOST_SWEEPS = 60;
    /** Squared lengths below this have lost digits to underflow: such a vector is zero beside one of length 1. */
    private static final float NEGLIGIBLE = Float.MIN_NORMAL / EPSILON / EPSILON;

    private int rows;
    private int cols;
    private int count;
    private int length;
    private boolean withVectors;
    private int exponent;
    /** The vectors to orthogonalise: count rows of the given length. */
    private float[] vectors = new float[0];
    /** The rotations gathered: count rows of count elements. */
    private float[] rotations = new float[0];
    private float[] squares = new float[0];
    private float[] values = new float[0];
    private int[] order = new int[0];

    /** An empty workspace. */
    public FloatSvd() {
        // Arrays grow with the first matrix of a size.
    }

    /**
     * Decomposes A, so that {@link #singularValues}, {@link #u} and {@link #v} answer for it.
     *
     * @param newRows rows of A, at least 0
     * @param newCols columns of A, at least 0
     * @param a       element (i, j) at offset + i lda + j; not modified
     * @param lda     distance between rows, at least newCols
     * @throws IllegalArgumentException if an element is infinite or NaN, or a size is out of its range
     * @throws IllegalStateException    if the sweeps do not converge
     */
    public void factor(int newRows, int newCols, float[] a, int offset, int lda) {
        decompose(newRows, newCols, a, offset, lda, true);
    }

    /** The singular values alone, in less time: see {@link #factor}. */
    public void values(int newRows, int newCols, float[] a, int offset, int lda) {
        decompose(newRows, newCols, a, offset, lda, false);
    }

    /** The min(rows, cols) singular values, in descending order and nonnegative; a copy. */
    public float[] singularValues() {
        float[] sorted = new float[count];
        for (int k = 0; k < count; k++) {
            sorted[k] = values[order[k]];
        }
        return sorted;
    }

    /**
     * The left singular vectors.
     *
     * @param u row-major rows x min(rows, cols), overwritten
     * @throws IllegalStateException if the last call was not {@link #factor}
     */
    public void u(float[] u) {
        writeFactor(u, rows >= cols);
    }

    /**
     * The right singular vectors.
     *
     * @param v row-major cols x min(rows, cols), overwritten
     * @throws IllegalStateException if the last call was not {@link #factor}
     */
    public void v(float[] v) {
        writeFactor(v, rows < cols);
    }

    private void writeFactor(float[] out, boolean directions) {
        if (!withVectors) {
            throw new IllegalStateException("only singular values were computed; call factor for the vectors");
        }
        float[] from = directions ? vectors : rotations;
        int size = directions ? length : count;
        for (int k = 0; k < count; k++) {
            int start = order[k] * size;
            for (int i = 0; i < size; i++) {
                out[i * count + k] = from[start + i];
            }
        }
    }

    private void decompose(int newRows, int newCols, float[] a, int offset, int lda, boolean vectorsToo) {
        if (newRows < 0 || newCols < 0 || lda < newCols) {
            throw new IllegalArgumentException("rows, cols and lda are " + newRows + ", " + newCols + " and " + lda
                    + "; none may be negative and lda not below cols");
        }
        rows = newRows;
        cols = newCols;
        count = Math.min(rows, cols);
        length = Math.max(rows, cols);
        withVectors = vectorsToo;
        allocate();
        load(a, offset, lda);
        orthogonalise();
        sort();
        if (withVectors) {
            normalise();
        }
    }

    private void allocate() {
        int size = Math.multiplyExact(count, length);
        if (vectors.length < size) {
            vectors = new float[size];
        }
        if (withVectors) {
            if (rotations.length < count * count) {
                rotations = new float[count * count];
            }
            Arrays.fill(rotations, 0, count * count, 0);
            for (int k = 0; k < count; k++) {
                rotations[k * count + k] = 1;
            }
        }
        if (values.length < count) {
            values = new float[count];
            squares = new float[count];
            order = new int[count];
        }
    }

    /** Copies A or A^T, scaled by a power of two so that its largest element is about one. */
    private void load(float[] a, int offset, int lda) {
        float largest = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                float x = Math.abs(a[offset + i * lda + j]);
                if (!(x < Float.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("element (" + i + ", " + j + ") of the matrix is "
                            + a[offset + i * lda + j] + "; all must be finite");
                }
                largest = Math.max(largest, x);
            }
        }
        exponent = largest == 0 ? 0 : Math.getExponent(largest);
        // In two steps: the reciprocal of a denormal number is infinite.
        float half = Math.scalb(1f, -exponent / 2);
        float rest = Math.scalb(1f, -exponent + exponent / 2);
        boolean tall = rows >= cols;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                vectors[tall ? j * length + i : i * length + j] = a[offset + i * lda + j] * half * rest;
            }
        }
    }

    private void orthogonalise() {
        // A dot product of n terms is not known better than this.
        float tolerance = EPSILON * (float) Math.sqrt(Math.max(length, 1));
        for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
            for (int k = 0; k < count; k++) {
                squares[k] = FloatVectors.sumOfSquares(length, vectors, k * length);
            }
            boolean rotated = false;
            for (int p = 0; p < count - 1; p++) {
                bringLargestTo(p);
                for (int q = p + 1; q < count; q++) {
                    rotated |= rotate(p, q, tolerance);
                }
            }
            if (!rotated) {
                return;
            }
        }
        throw new IllegalStateException("the decomposition of a " + rows + " x " + cols + " matrix did not converge in "
                + MOST_SWEEPS + " sweeps");
    }

    /** Exchanges vectors so that the longest of p and those after it stands at p: fewer sweeps, and sorted at the end. */
    private void bringLargestTo(int p) {
        int longest = p;
        for (int q = p + 1; q < count; q++) {
            if (squares[q] > squares[longest]) {
                longest = q;
            }
        }
        if (longest == p) {
            return;
        }
        exchange(vectors, p * length, longest * length, length);
        if (withVectors) {
            exchange(rotations, p * count, longest * count, count);
        }
        float square = squares[p];
        squares[p] = squares[longest];
        squares[longest] = square;
    }

    private static void exchange(float[] x, int first, int second, int n) {
        for (int i = 0; i < n; i++) {
            float kept = x[first + i];
            x[first + i] = x[second + i];
            x[second + i] = kept;
        }
    }

    /** Makes vectors p and q orthogonal; false if they are, or if one of them is zero. */
    private boolean rotate(int p, int q, float tolerance) {
        float pp = squares[p];
        float qq = squares[q];
        if (pp < NEGLIGIBLE || qq < NEGLIGIBLE) {
            return false;
        }
        float pq = FloatVectors.dot(length, vectors, p * length, vectors, q * length);
        if (Math.abs(pq) <= tolerance * (float) (Math.sqrt(pp) * Math.sqrt(qq))) {
            return false;
        }
        // t = tan of the smaller angle that removes pq; in double, where no quotient of floats overflows its square.
        double zeta = ((double) qq - pp) / (2.0 * pq);
        double t = Math.copySign(1, zeta) / (Math.abs(zeta) + Math.hypot(1, zeta));
        double cosine = 1 / Math.hypot(1, t);
        float c = (float) cosine;
        float s = (float) (-cosine * t);
        FloatVectors.rotate(length, c, s, vectors, p * length, vectors, q * length);
        if (withVectors) {
            FloatVectors.rotate(count, c, s, rotations, p * count, rotations, q * count);
        }
        squares[p] = Math.max(0, pp - (float) t * pq);
        squares[q] = Math.max(0, qq + (float) t * pq);
        return true;
    }

    private void sort() {
        Integer[] indices = new Integer[count];
        for (int k = 0; k < count; k++) {
            indices[k] = k;
            float square = FloatVectors.sumOfSquares(length, vectors, k * length);
            values[k] = square < NEGLIGIBLE ? 0 : (float) Math.sqrt(square);
        }
        Arrays.sort(indices, (x, y) -> Float.compare(values[y], values[x]));
        for (int k = 0; k < count; k++) {
            order[k] = indices[k];
        }
        if (withVectors) {
            for (int k = 0; k < count; k++) {
                squares[k] = values[k];
            }
        }
        for (int k = 0; k < count; k++) {
            values[k] = Math.scalb(values[k], exponent);
        }
    }

    /** Divides every vector by its length; where that is zero, finds a direction orthogonal to all others. */
    private void normalise() {
        for (int k = 0; k < count; k++) {
            int vector = order[k];
            float size = squares[vector];
            if (size > 0) {
                FloatVectors.scale(length, 1 / size, vectors, vector * length, vectors, vector * length);
                continue;
            }
            int unit = 0;
            while (!completes(vector, k, unit)) {
                unit++;
            }
        }
    }

    /** Tries the unit vector of the given index, less its parts along the first k vectors in order. */
    private boolean completes(int vector, int k, int unit) {
        int start = vector * length;
        Arrays.fill(vectors, start, start + length, 0);
        vectors[start + unit] = 1;
        // Twice is enough (Kahan; Parlett, The Symmetric Eigenvalue Problem, section 6.9).
        for (int pass = 0; pass < 2; pass++) {
            for (int other = 0; other < k; other++) {
                int from = order[other] * length;
                float along = FloatVectors.dot(length, vectors, start, vectors, from);
                FloatVectors.axpy(length, -along, vectors, from, vectors, start);
            }
        }
        float square = FloatVectors.sumOfSquares(length, vectors, start);
        // Some unit vector keeps at least (length - k) / length of its square; half of that is accepted.
        if (square < 0.5 * (length - k) / length) {
            return false;
        }
        FloatVectors.scale(length, (float) (1 / Math.sqrt(square)), vectors, start, vectors, start);
        return true;
    }
}
