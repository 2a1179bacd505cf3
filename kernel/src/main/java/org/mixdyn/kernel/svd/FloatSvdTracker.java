package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * The thin singular value decomposition A = U S V^T of a matrix that changes little by little, all k = min(rows, cols)
 * triplets to full accuracy at every {@link #update}.
 *
 * <p>
 * Let P hold the singular vectors of the shorter side as rows (V^T, or U^T where A is wide). An update
 * <ol>
 * <li>predicts P from its past by a polynomial in time, the degree chosen for each vector by what would have served it
 * best at the last step;
 * <li>forms the images B = P A^T (P A where A is wide), which at the solution are orthogonal, of lengths S;
 * <li>turns the pairs that are furthest from that, mainly neighbours whose values nearly coincide, by exact plane
 * rotations, and finds for all others from the Gram matrices B B^T and P P^T the first-order correction X that makes P
 * orthonormal and B orthogonal (Ogita and Aishima, Iterative refinement for singular value decomposition, 2020, in the
 * one-sided form of Hestenes);
 * <li>adds X P to P and X B to B, forms the images of what turned far anew, and returns to 3 with as few vectors as it takes
 * such that the others turned, among themselves, by less than the square root of the rounding unit, until there are none.
 * Corrections are added in binary32; convergence is quadratic.
 * </ol>
 * Vectors whose values are nothing but rounding, at most 4 ulp of the largest, are not told from one another: their images
 * are completed to an orthonormal set. Where the matrix has changed too much for this, or is the first one, or the
 * certificate turns out bad, or the last prediction was so far off that rounds would cost more, {@link FloatSvd} decomposes
 * it anew; the prediction learns from that too.
 *
 * <p>
 * Signs are continuous: a vector of the shorter side has a nonnegative product with the former one that it resembles most,
 * and its image follows; so only where a value passes through zero does an image turn round. The values are sorted at
 * every step. What an update returns depends on the matrices before it in rounding only, where values do not coincide. An
 * instance belongs to one thread at a time; an update allocates nothing, on one thread, once each path has been taken.
 */
public final class FloatSvdTracker {
    /** A certificate beyond this, where LAPACK's testers allow 30, makes the tracker decompose anew. */
    private static final double ACCEPTED = 4;

    private final ThinShape shape;
    private final int rows;
    private final int cols;
    private final int side;

    private final FloatTriplets triplets;
    private final FloatPrediction prediction;
    private final FloatRefinement refinement;
    private final FloatNullImages nullImages;
    private final FloatColdStart coldStart;
    private final ColdDecision decision = new ColdDecision();
    private final FloatProbe probe;
    private final FloatCertifier certifier;

    /** A, divided by a power of two such that its largest element is about 1. */
    private final float[] matrix;
    private int exponent;
    private double norm;
    private final double[] columnSums;

    /** order[j] is the row that belongs to the j-th largest singular value. */
    private final int[] order;
    private final float[] values;
    private long updates;

    /**
     * A tracker of matrices of one shape.
     *
     * @param rows    rows of A, at least 0
     * @param cols    columns of A, at least 0
     * @param threads that its products use
     * @throws IllegalArgumentException if a size is negative or too large, or threads is out of the range of {@link Gemm}
     */
    public FloatSvdTracker(int rows, int cols, int threads) {
        shape = new ThinShape(rows, cols);
        this.rows = rows;
        this.cols = cols;
        side = shape.side();
        Gemm gemm = Gemm.withThreads(threads);
        triplets = new FloatTriplets(shape, gemm);
        prediction = new FloatPrediction(triplets);
        refinement = new FloatRefinement(shape, triplets, gemm);
        nullImages = new FloatNullImages(triplets, gemm);
        coldStart = new FloatColdStart(shape, triplets, gemm);
        probe = new FloatProbe(rows, cols, gemm);
        certifier = new FloatCertifier(shape, gemm);
        matrix = new float[shape.size()];
        columnSums = new double[cols];
        order = new int[side];
        values = new float[side];
    }

    /**
     * The next matrix, row-major without gaps.
     *
     * @param a rows x cols elements; not modified, not kept
     * @throws IllegalArgumentException if a is too short, or if an element is NaN or infinite; the tracker is unchanged then
     */
    public void update(float[] a) {
        update(a, 0, Math.max(1, cols));
    }

    /**
     * The next matrix.
     *
     * @param a      holds A, row-major; not modified, not kept
     * @param offset index of the first element of A
     * @param lda    distance between the first elements of two rows, at least cols
     * @throws IllegalArgumentException if the shape does not fit the array, or if an element is NaN or infinite; the
     *                                  tracker is unchanged then
     */
    public void update(float[] a, int offset, int lda) {
        exponent = FloatScaling.exponentOf(rows, cols, a, offset, lda);
        if (side > 0) {
            float scale = FloatScaling.factor(exponent);
            for (int i = 0; i < rows; i++) {
                FloatVectors.scale(cols, scale, a, offset + i * lda, matrix, i * shape.stride());
            }
            norm = FloatCertifier.norm1(rows, cols, matrix, shape.stride(), columnSums);
            if (!follow()) {
                decomposeAnew();
            }
            sort();
        }
        updates++;
    }

    /** The update from what is known; false if it is not tried, or fails. */
    private boolean follow() {
        if (updates == 0 || !decision.follows(prediction.far(), side)) {
            return false;
        }
        triplets.formImages(matrix);
        if (refinement.run() && nullImages.normalise() && measure() <= ACCEPTED) {
            decision.succeeded();
            prediction.keepSigns();
            prediction.advance();
            return true;
        }
        decision.failed();
        return false;
    }

    private void decomposeAnew() {
        coldStart.decompose(matrix, updates == 0 ? null : prediction.last());
        measure();
        if (updates == 0) {
            prediction.start();
        } else {
            prediction.advance();
        }
    }

    private double measure() {
        probe.measure(matrix, shape.stride(), norm, triplets.basis, triplets.stride, triplets.image,
                triplets.longStride, triplets.lengths);
        return probe.certificate().worst();
    }

    private void sort() {
        for (int i = 0; i < side; i++) {
            int place = i;
            while (place > 0 && triplets.lengths[order[place - 1]] < triplets.lengths[i]) {
                order[place] = order[place - 1];
                place--;
            }
            order[place] = i;
        }
        for (int j = 0; j < side; j++) {
            values[j] = Math.scalb(triplets.lengths[order[j]], exponent);
        }
    }

    /** Rows of A. */
    public int rows() {
        return rows;
    }

    /** Columns of A. */
    public int cols() {
        return cols;
    }

    /**
     * The min(rows, cols) singular values of the last matrix, descending and nonnegative; one beyond the largest number of the
     * precision is infinite, as with {@link FloatSvd}.
     *
     * @return a copy
     * @throws IllegalStateException if there was no matrix
     */
    public float[] singularValues() {
        requireUpdate();
        return values.clone();
    }

    /**
     * Copies the singular values.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void singularValues(float[] out) {
        requireUpdate();
        Storage.requireRoom(out.length, side);
        System.arraycopy(values, 0, out, 0, side);
    }

    /**
     * U, rows x min(rows, cols), row-major without gaps.
     *
     * @return a copy
     * @throws IllegalStateException if there was no matrix
     */
    public float[] u() {
        float[] out = new float[Math.multiplyExact(rows, side)];
        u(out);
        return out;
    }

    /**
     * V, cols x min(rows, cols), row-major without gaps.
     *
     * @return a copy
     * @throws IllegalStateException if there was no matrix
     */
    public float[] v() {
        float[] out = new float[Math.multiplyExact(cols, side)];
        v(out);
        return out;
    }

    /**
     * Writes U, rows x min(rows, cols), row-major without gaps.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void u(float[] out) {
        write(out, rows, shape.wide());
    }

    /**
     * Writes V, cols x min(rows, cols), row-major without gaps.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void v(float[] out) {
        write(out, cols, !shape.wide());
    }

    private void write(float[] out, int length, boolean ofShortSide) {
        requireUpdate();
        Storage.requireRoom(out.length, (long) length * side);
        float[] factor = ofShortSide ? prediction.last() : triplets.image;
        int ld = ofShortSide ? triplets.stride : triplets.longStride;
        int band = 16;
        for (int top = 0; top < length; top += band) {
            int bottom = Math.min(length, top + band);
            for (int j = 0; j < side; j++) {
                int row = order[j] * ld;
                for (int i = top; i < bottom; i++) {
                    out[i * side + j] = factor[row + i];
                }
            }
        }
    }

    private void requireUpdate() {
        if (updates == 0) {
            throw new IllegalStateException("no matrix was given yet; update() comes first");
        }
    }

    /**
     * The certificate of the last update, estimated with random vectors in the update itself: see
     * {@link SvdCertificate}, of which it holds Frobenius norms in place of 1-norms.
     *
     * @throws IllegalStateException if there was no matrix
     */
    public SvdCertificate estimate() {
        requireUpdate();
        return side == 0 ? SvdCertificate.EXACT : probe.certificate();
    }

    /**
     * The certificate of the last update, by matrix products: it costs about as much as an update, and allocates.
     *
     * @throws IllegalStateException if there was no matrix
     */
    public SvdCertificate certify() {
        requireUpdate();
        if (side == 0) {
            return SvdCertificate.EXACT;
        }
        return certifier.certify(matrix, norm, prediction.last(), triplets.image, triplets.lengths);
    }

    /** Updates so far. */
    public long updates() {
        return updates;
    }

    /** Updates that decomposed the matrix anew, the first one included. */
    public long coldStarts() {
        return coldStart.starts();
    }

    /** Rounds of first-order corrections so far, of all vectors or of some; a good update needs one or two. */
    public long refinements() {
        return refinement.rounds();
    }

    /** Exact rotations of pairs so far. */
    public long rotations() {
        return refinement.rotations();
    }
}
