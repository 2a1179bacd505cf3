package org.mixdyn.kernel.svd;

import java.util.Arrays;

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
 * <li>adds X P to P and X B to B, and returns to 3 with as few vectors as it takes such that the others turned, among
 * themselves, by less than the square root of the rounding unit, until there are none. Convergence is quadratic.
 * </ol>
 * Vectors whose values are nothing but rounding, at most 4 ulp of the largest, are not told from one another: their images
 * are completed to an orthonormal set. Where the matrix has changed too much for this, or is the first one, or the
 * certificate turns out bad, {@link FloatSvd} decomposes it anew.
 *
 * <p>
 * Signs are continuous: a vector of the shorter side has a nonnegative product with the one that it developed from, or after
 * a new decomposition with the former one that it resembles most, and its image follows; so only where a value passes
 * through zero does an image turn round. The values are sorted at every step. What an update returns depends on the
 * matrices before it in rounding only, where values do not coincide. An instance belongs to one thread at a time; an
 * update allocates nothing, on one thread, once each path has been taken.
 */
public final class FloatSvdTracker {
    private static final float ULP = Math.ulp(1f);

    /** Vectors that turn by less leave errors below an ulp, their square; and they can be turned in lower precision. */
    private static final float SMALL_TURN = (float) Math.sqrt(ULP);

    /** Images are orthogonal when the cosine of their angle is below this. */
    private static final float ORTHOGONAL = 4 * ULP;

    /** Values up to this part of the largest are rounding errors. */
    private static final float NULL = 4 * ULP;

    /** Pairs that X would turn by more are turned exactly, in any case. */
    private static final float LARGE_TURN = 0.03f;

    /** As many of the pairs that X would turn most, per vector, are turned exactly too. */
    private static final float EXACT_PER_VECTOR = 0.5f;

    /** More exact rotations than this per vector cost more than a new decomposition. */
    private static final int MOST_ROTATIONS_PER_VECTOR = 6;

    private static final int SWEEPS = 4;
    private static final int ITERATIONS = 9;

    /** Highest degree of the prediction, and the differences that it needs to be chosen. */
    private static final int DEGREE = 6;
    private static final int DIFFERENCES = DEGREE + 2;

    /** Updates that are decomposed anew without trying, after failures in a row: 0, 1, 2, 4 and no more than this. */
    private static final int MOST_SKIPPED = 8;

    /** A certificate beyond this, where LAPACK's testers allow 30, makes the tracker decompose anew. */
    private static final double ACCEPTED = 4;

    private final int rows;
    private final int cols;
    private final int side;
    private final int longSide;
    private final boolean wide;
    private final int stride;
    private final int longStride;
    private final int aStride;

    private final Gemm gemm;
    private final SmallCorrection small;
    private final FloatSvd svd = new FloatSvd();
    private final FloatProbe probe;

    /** A, divided by a power of two such that its largest element is about 1. */
    private final float[] matrix;
    private int exponent;
    private double norm;

    /** P and B; B is divided by the singular values at the end. */
    private float[] basis;
    private float[] image;
    private float[] imageBefore;

    /** The present P and its backward differences in time; the one beyond the last is work space. */
    private final float[][] differences = new float[DIFFERENCES + 1][];
    private final float[] squaresOfDifferences = new float[DIFFERENCES];
    private int differencesKnown;

    /** The rows of the two Gram matrices, and of X, of the vectors that are at work. */
    private final float[] gram;
    private final float[] gramOfBasis;
    private final float[] correction;
    private final float[] gathered;
    private final float[] coefficients;
    private final float[] product;

    /** Lengths of the images and their squares. */
    private final float[] squares;
    private final float[] lengths;
    private final float[] values;

    /** The vectors at work, how far X turns each, and whether each is at work in the next round. */
    private final int[] active;
    private int activeCount;
    private final float[] turn;
    private final boolean[] again;
    private final int[] sequence;

    private int[] firstOfPair = new int[64];
    private int[] secondOfPair = new int[64];
    private int pairs;
    private final int[] pairsByExponent = new int[64];

    /** order[j] is the row of P that belongs to the j-th largest singular value. */
    private final int[] order;

    private long updates;
    private long refinements;
    private long rotations;
    private long coldStarts;
    private int skip;
    private int nextSkip;

    /**
     * A tracker of matrices of one shape.
     *
     * @param rows    rows of A, at least 0
     * @param cols    columns of A, at least 0
     * @param threads that its products use
     * @throws IllegalArgumentException if a size is negative or too large, or threads is out of the range of {@link Gemm}
     */
    public FloatSvdTracker(int rows, int cols, int threads) {
        if (rows < 0) {
            throw new IllegalArgumentException("rows is " + rows + "; allowed is 0 or more");
        }
        if (cols < 0) {
            throw new IllegalArgumentException("cols is " + cols + "; allowed is 0 or more");
        }
        this.rows = rows;
        this.cols = cols;
        wide = cols > rows;
        side = Math.min(rows, cols);
        longSide = Math.max(rows, cols);
        stride = Storage.stride(side);
        longStride = Storage.stride(longSide);
        aStride = wide ? longStride : stride;
        gemm = Gemm.withThreads(threads);
        small = new SmallCorrection(gemm);
        int square = Storage.size(side, stride);
        int oblong = Storage.size(side, longStride);
        matrix = new float[Storage.size(rows, aStride)];
        basis = new float[square];
        image = new float[oblong];
        imageBefore = new float[oblong];
        for (int m = 0; m < differences.length; m++) {
            differences[m] = new float[square];
        }
        gram = new float[square];
        gramOfBasis = new float[square];
        correction = new float[square];
        gathered = new float[Math.max(square, oblong)];
        coefficients = new float[square];
        product = new float[oblong];
        squares = new float[stride];
        lengths = new float[stride];
        values = new float[side];
        active = new int[side];
        turn = new float[side];
        again = new boolean[side];
        sequence = new int[side];
        order = new int[side];
        probe = new FloatProbe(rows, cols);
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
        exponent = FloatSvd.exponentOf(rows, cols, a, offset, lda);
        if (side > 0) {
            float scale = Math.scalb(1f, -exponent);
            for (int i = 0; i < rows; i++) {
                FloatVectors.scale(cols, scale, a, offset + i * lda, matrix, i * aStride);
            }
            norm = SvdCertificate.norm1(rows, cols, matrix, aStride);
            if (!follow()) {
                decomposeAnew();
            }
            sort();
        }
        updates++;
    }

    /** The update from what is known; false if it fails. */
    private boolean follow() {
        if (updates == 0) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        float[] free = imageBefore;
        imageBefore = image;
        image = free;
        formImages();
        if (refine() && complete()) {
            probe.measure(matrix, aStride, norm, basis, stride, image, longStride, lengths);
            if (probe.worst() <= ACCEPTED) {
                nextSkip = 0;
                remember();
                return true;
            }
        }
        skip = nextSkip;
        nextSkip = Math.clamp(2 * nextSkip, 1, MOST_SKIPPED);
        return false;
    }

    private void formImages() {
        if (wide) {
            gemm.sgemm(false, false, side, cols, rows, 1, basis, 0, stride, matrix, 0, aStride, 0, image, 0,
                    longStride);
        } else {
            gemm.sgemm(false, true, side, rows, cols, 1, basis, 0, stride, matrix, 0, aStride, 0, image, 0, longStride);
        }
    }

    /** Makes P orthonormal and B orthogonal; false if they are too far from it. */
    private boolean refine() {
        activeCount = side;
        for (int i = 0; i < side; i++) {
            active[i] = i;
        }
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            formGrams();
            refinements++;
            if (!turnPairs(iteration == 0)) {
                return false;
            }
            int left = chooseNext();
            if (left < 0) {
                return false;
            }
            if (activeCount < side) {
                correctOthers();
            }
            correctActive(left);
            measureImages();
            activeCount = 0;
            for (int i = 0; i < side; i++) {
                if (again[i]) {
                    active[activeCount++] = i;
                }
            }
            if (activeCount == 0) {
                return true;
            }
        }
        return false;
    }

    private void formGrams() {
        if (activeCount == side) {
            symmetricProduct(basis, stride, side, gramOfBasis);
            symmetricProduct(image, longStride, longSide, gram);
            for (int i = 0; i < side; i++) {
                squares[i] = gram[i * stride + i];
                lengths[i] = (float) Math.sqrt(squares[i]);
            }
        } else {
            gather(basis, stride, side);
            gemm.sgemm(false, true, activeCount, side, side, 1, gathered, 0, stride, basis, 0, stride, 0, gramOfBasis,
                    0,
                    stride);
            gather(image, longStride, longSide);
            gemm.sgemm(false, true, activeCount, side, longSide, 1, gathered, 0, longStride, image, 0, longStride, 0,
                    gram, 0, stride);
            symmetrise(gram);
            symmetrise(gramOfBasis);
        }
    }

    private void symmetrise(float[] x) {
        for (int a = 0; a < activeCount; a++) {
            for (int b = a + 1; b < activeCount; b++) {
                x[b * stride + active[a]] = x[a * stride + active[b]];
            }
        }
    }

    /** X X^T of side x side: the lower triangle by blocks of rows, the upper one copied. */
    private void symmetricProduct(float[] x, int ldx, int length, float[] out) {
        int block = Math.max(96, Storage.stride((side + 3) / 4));
        for (int top = 0; top < side; top += block) {
            int height = Math.min(block, side - top);
            gemm.sgemm(false, true, height, top + height, length, 1, x, top * ldx, ldx, x, 0, ldx, 0, out, top * stride,
                    stride);
        }
        int tile = 16;
        for (int top = 0; top < side; top += tile) {
            int bottom = Math.min(side, top + tile);
            for (int left = 0; left <= top; left += tile) {
                int right = Math.min(side, left + tile);
                for (int i = top; i < bottom; i++) {
                    for (int j = left; j < Math.min(right, i); j++) {
                        out[j * stride + i] = out[i * stride + j];
                    }
                }
            }
        }
    }

    private void gather(float[] from, int ld, int length) {
        for (int a = 0; a < activeCount; a++) {
            System.arraycopy(from, active[a] * ld, gathered, a * ld, length);
        }
    }

    /** Turns the pairs of active vectors that X would turn most, and leaves X formed; false if there are too many. */
    private boolean turnPairs(boolean first) {
        float threshold = 0;
        int turned = 0;
        for (int sweep = 0;; sweep++) {
            formCorrection();
            if (sweep == SWEEPS) {
                return true;
            }
            if (sweep == 0) {
                threshold = threshold();
            }
            collectPairs(threshold);
            turned += pairs;
            if (first && turned > MOST_ROTATIONS_PER_VECTOR * side) {
                return false;
            }
            if (pairs == 0) {
                return true;
            }
            for (int p = 0; p < pairs; p++) {
                turnPair(firstOfPair[p], secondOfPair[p], threshold);
            }
        }
    }

    private void formCorrection() {
        float largest = 0;
        for (int i = 0; i < side; i++) {
            largest = Math.max(largest, squares[i]);
        }
        float nullLength = NULL * (float) Math.sqrt(largest);
        for (int a = 0; a < activeCount; a++) {
            int i = active[a];
            int own = a * stride + i;
            float ownSquare = gram[own];
            float ownOfBasis = gramOfBasis[own];
            // A vector has no angle with itself; with zeros in their places the loop finds none.
            gram[own] = 0;
            gramOfBasis[own] = 0;
            boolean isNull = lengths[i] <= nullLength;
            float inverse = isNull ? 0 : 1 / lengths[i];
            // Null images are rounding errors, whose angles with each other mean nothing.
            float sum = FloatPairs.correction(stride, gram, gramOfBasis, a * stride, squares, lengths, i, ORTHOGONAL,
                    isNull ? nullLength : -1, inverse, correction);
            gram[own] = ownSquare;
            gramOfBasis[own] = ownOfBasis;
            float stretch = (1 - ownOfBasis) / 2;
            correction[own] = stretch;
            turn[a] = sum + stretch * stretch;
        }
    }

    /** By how much X turns active vector a towards vector j, the orthonormality of P left aside. */
    private float angle(int a, int j) {
        return Math.abs(correction[a * stride + j] + gramOfBasis[a * stride + j] / 2);
    }

    /** The power of two that a few pairs exceed, at most the large turn. */
    private float threshold() {
        Arrays.fill(pairsByExponent, 0);
        for (int a = 0; a < activeCount; a++) {
            for (int b = a + 1; b < activeCount; b++) {
                int e = -Math.getExponent(angle(a, active[b]));
                pairsByExponent[Math.clamp(e, 0, pairsByExponent.length - 1)]++;
            }
        }
        int e = 0;
        float count = 0;
        while (e < pairsByExponent.length - 1 && count + pairsByExponent[e] <= EXACT_PER_VECTOR * activeCount) {
            count += pairsByExponent[e];
            e++;
        }
        return Math.max(SMALL_TURN / 16, Math.min(LARGE_TURN, Math.scalb(1f, 1 - e)));
    }

    private void collectPairs(float threshold) {
        pairs = 0;
        for (int a = 0; a < activeCount; a++) {
            for (int b = a + 1; b < activeCount; b++) {
                if (angle(a, active[b]) > threshold) {
                    if (pairs == firstOfPair.length) {
                        firstOfPair = Arrays.copyOf(firstOfPair, 2 * pairs);
                        secondOfPair = Arrays.copyOf(secondOfPair, 2 * pairs);
                    }
                    firstOfPair[pairs] = a;
                    secondOfPair[pairs] = b;
                    pairs++;
                }
            }
        }
    }

    /** Makes the active vectors a and b orthonormal and their images orthogonal, exactly, unless little is to be done. */
    private void turnPair(int a, int b, float threshold) {
        int i = active[a];
        int j = active[b];
        int rowA = a * stride;
        int rowB = b * stride;
        float mii = gramOfBasis[rowA + i];
        float mij = gramOfBasis[rowA + j];
        float mjj = gramOfBasis[rowB + j];
        float gii = gram[rowA + i];
        float gij = gram[rowA + j];
        float gjj = gram[rowB + j];
        float t = gij - mij * (gii + gjj) / 2;
        if (!(Math.abs(t) > threshold * Math.abs(gii - gjj)
                && Math.abs(t) > ORTHOGONAL * Math.sqrt(gii) * Math.sqrt(gjj))) {
            return;
        }
        // Gram-Schmidt: p_i / sqrt(m_ii), and what of p_j is orthogonal to it.
        float ofI = 1 / (float) Math.sqrt(mii);
        float ofJ = 1 / (float) Math.sqrt(mjj - mij / mii * mij);
        float mixed = -mij / mii * ofJ;
        float hii = ofI * ofI * gii;
        float hij = ofI * (ofJ * gij + mixed * gii);
        float hjj = ofJ * (ofJ * gjj + 2 * mixed * gij) + mixed * mixed * gii;
        if (hij == 0) {
            return;
        }
        float cotangent = (hjj - hii) / (2 * hij);
        float tangent = Math.copySign(1 / (Math.abs(cotangent) + (float) Math.sqrt(1 + cotangent * cotangent)),
                cotangent);
        float c = 1 / (float) Math.sqrt(1 + tangent * tangent);
        float s = -tangent * c;
        float xx = c * ofI + s * mixed;
        float xy = s * ofJ;
        float yx = c * mixed - s * ofI;
        float yy = c * ofJ;
        FloatPairs.combine(side, xx, xy, yx, yy, basis, i * stride, basis, j * stride);
        FloatPairs.combine(longSide, xx, xy, yx, yy, image, i * longStride, image, j * longStride);
        turnGram(gram, a, b, xx, xy, yx, yy);
        turnGram(gramOfBasis, a, b, xx, xy, yx, yy);
        squares[i] = gram[rowA + i];
        squares[j] = gram[rowB + j];
        lengths[i] = (float) Math.sqrt(squares[i]);
        lengths[j] = (float) Math.sqrt(squares[j]);
        rotations++;
    }

    /**
     * What the turn of a pair does to a Gram matrix, of which the rows of the active vectors are kept. It stays exactly
     * symmetric: X divides its elements by small gaps, so that a rounding error on one side alone would not be small.
     */
    private void turnGram(float[] x, int a, int b, float xx, float xy, float yx, float yy) {
        int i = active[a];
        int j = active[b];
        int rowA = a * stride;
        int rowB = b * stride;
        float ii = x[rowA + i];
        float ij = x[rowA + j];
        float jj = x[rowB + j];
        FloatPairs.combine(side, xx, xy, yx, yy, x, rowA, x, rowB);
        x[rowA + i] = xx * (xx * ii + xy * ij) + xy * (xx * ij + xy * jj);
        x[rowA + j] = yx * (xx * ii + xy * ij) + yy * (xx * ij + xy * jj);
        x[rowB + i] = x[rowA + j];
        x[rowB + j] = yx * (yx * ii + yy * ij) + yy * (yx * ij + yy * jj);
        for (int e = 0; e < activeCount; e++) {
            int row = e * stride;
            int k = active[e];
            x[row + i] = x[rowA + k];
            x[row + j] = x[rowB + k];
        }
    }

    /**
     * Chooses which of the active vectors will be active in the next round: as few as possible such that X turns the
     * others little as far as they are concerned among themselves. Those come last in the sequence.
     *
     * @return how many will be active again, or -1 if some turn is too large for a first-order correction to be of use
     */
    private int chooseNext() {
        Arrays.fill(again, 0, side, false);
        for (int a = 0; a < activeCount; a++) {
            if (!(turn[a] < 4)) {
                return -1;
            }
        }
        int left = 0;
        while (true) {
            int most = -1;
            for (int a = 0; a < activeCount; a++) {
                if (!again[active[a]] && (most < 0 || turn[a] > turn[most])) {
                    most = a;
                }
            }
            if (most < 0 || turn[most] <= SMALL_TURN * SMALL_TURN) {
                break;
            }
            int i = active[most];
            again[i] = true;
            sequence[left++] = most;
            for (int a = 0; a < activeCount; a++) {
                float x = weight(active[a], i) * correction[a * stride + i];
                turn[a] = Math.max(0, turn[a] - x * x);
            }
        }
        int last = left;
        for (int a = 0; a < activeCount; a++) {
            if (!again[active[a]]) {
                sequence[last++] = a;
            }
        }
        return left;
    }

    /** How much more the image of i turns towards that of j than i towards j. */
    private float weight(int i, int j) {
        return lengths[j] > lengths[i] && lengths[i] > 0 ? lengths[j] / lengths[i] : 1;
    }

    /**
     * Adds to the vectors that are not active their corrections by the active ones. X is known from the side of the active:
     * x_ji = -M_ij / 2 - t_j / (g_i - g_j). As among the active, what turns again does not matter yet: its products with
     * the others may still be large, and second-order terms with them.
     */
    private void correctOthers() {
        int others = side - activeCount;
        int ld = Storage.stride(activeCount);
        int row = 0;
        int next = 0;
        for (int j = 0; j < side; j++) {
            if (next < activeCount && active[next] == j) {
                next++;
                continue;
            }
            float sum = 0;
            for (int a = 0; a < activeCount; a++) {
                int at = a * stride + j;
                float x = -gramOfBasis[at] - correction[at];
                if (again[active[a]]) {
                    x = 0;
                }
                float weighted = weight(j, active[a]) * x;
                sum += weighted * weighted;
                coefficients[row * ld + a] = x;
            }
            again[j] = sum > SMALL_TURN * SMALL_TURN;
            row++;
        }
        // The active vectors themselves are still what they were: they are corrected after this.
        addToOthers(others, ld, basis, stride, side);
        addToOthers(others, ld, image, longStride, longSide);
    }

    private void addToOthers(int others, int ld, float[] target, int ldTarget, int length) {
        gather(target, ldTarget, length);
        gemm.sgemm(false, false, others, length, activeCount, 1, coefficients, 0, ld, gathered, 0, ldTarget, 0, product,
                0, ldTarget);
        int row = 0;
        int next = 0;
        for (int j = 0; j < side; j++) {
            if (next < activeCount && active[next] == j) {
                next++;
            } else {
                FloatVectors.axpy(length, 1, product, row * ldTarget, target, j * ldTarget);
                row++;
            }
        }
    }

    /**
     * Adds X P to P and X B to B, for the active rows: in full precision for those that turn again; for the others without
     * what turns again.
     */
    private void correctActive(int left) {
        for (int p = 0; p < activeCount; p++) {
            System.arraycopy(correction, sequence[p] * stride, gathered, p * stride, side);
            for (int q = 0; q < left && p >= left; q++) {
                gathered[p * stride + active[sequence[q]]] = 0;
            }
        }
        addToActive(left, basis, stride, side);
        addToActive(left, image, longStride, longSide);
    }

    private void addToActive(int left, float[] target, int ldTarget, int length) {
        gemm.sgemm(false, false, left, length, side, 1, gathered, 0, stride, target, 0, ldTarget, 0, product, 0,
                ldTarget);
        if (left < activeCount) {
            small.multiply(activeCount - left, length, side, gathered, left * stride, stride, target, ldTarget, product,
                    left * ldTarget, ldTarget);
        }
        for (int p = 0; p < activeCount; p++) {
            FloatVectors.axpy(length, 1, product, p * ldTarget, target, active[sequence[p]] * ldTarget);
        }
    }

    private void measureImages() {
        for (int i = 0; i < side; i++) {
            squares[i] = FloatVectors.sumOfSquares(longSide, image, i * longStride);
            lengths[i] = (float) Math.sqrt(squares[i]);
        }
    }

    /**
     * Divides the images by their lengths. Those that are rounding errors are replaced by what is left of the former ones
     * when all others are projected out; false if that is not an orthonormal set nearly enough.
     */
    private boolean complete() {
        float largest = 0;
        for (int i = 0; i < side; i++) {
            largest = Math.max(largest, lengths[i]);
        }
        activeCount = 0;
        for (int i = 0; i < side; i++) {
            if (lengths[i] <= NULL * largest) {
                active[activeCount++] = i;
                Arrays.fill(image, i * longStride, i * longStride + longSide, 0f);
            } else {
                FloatVectors.scale(longSide, 1 / lengths[i], image, i * longStride, image, i * longStride);
            }
        }
        return activeCount == 0 || completeNull();
    }

    private boolean completeNull() {
        gather(imageBefore, longStride, longSide);
        for (int twice = 0; twice < 2; twice++) {
            gemm.sgemm(false, true, activeCount, side, longSide, 1, gathered, 0, longStride, image, 0, longStride, 0,
                    gram, 0, stride);
            gemm.sgemm(false, false, activeCount, longSide, side, -1, gram, 0, stride, image, 0, longStride, 1,
                    gathered,
                    0, longStride);
        }
        // Q <- (3 I - Q Q^T) Q / 2 makes Q orthonormal if it nearly is.
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            gemm.sgemm(false, true, activeCount, activeCount, longSide, -0.5f, gathered, 0, longStride, gathered, 0,
                    longStride, 0, gram, 0, stride);
            float worst = 0;
            for (int a = 0; a < activeCount; a++) {
                gram[a * stride + a] += 0.5f;
                worst = Math.max(worst, FloatVectors.sumOfSquares(activeCount, gram, a * stride));
            }
            if (!(worst < 0.1f)) {
                return false;
            }
            gemm.sgemm(false, false, activeCount, longSide, activeCount, 1, gram, 0, stride, gathered, 0, longStride, 0,
                    product, 0, longStride);
            for (int a = 0; a < activeCount; a++) {
                FloatVectors.axpy(longSide, 1, product, a * longStride, gathered, a * longStride);
            }
            if (worst <= SMALL_TURN * SMALL_TURN) {
                for (int a = 0; a < activeCount; a++) {
                    System.arraycopy(gathered, a * longStride, image, active[a] * longStride, longSide);
                }
                return true;
            }
        }
        return false;
    }

    /** Takes P into the differences in time, and predicts the next one. */
    private void remember() {
        differencesKnown = Math.min(differencesKnown + 1, DIFFERENCES);
        float[] newest = differences[differencesKnown];
        for (int i = 0; i < side; i++) {
            int row = i * stride;
            if (FloatVectors.dot(side, basis, row, differences[0], row) < 0) {
                FloatVectors.scale(side, -1, basis, row, basis, row);
                FloatVectors.scale(longSide, -1, image, i * longStride, image, i * longStride);
            }
            System.arraycopy(basis, row, newest, row, side);
            for (int m = 0; m < differencesKnown; m++) {
                squaresOfDifferences[m] = FloatPairs.shift(side, differences[m], newest, row);
            }
            // The difference of order m + 1 is the error that the degree m would have had.
            int degree = 0;
            for (int m = 1; m <= DEGREE && m + 1 < differencesKnown; m++) {
                if (squaresOfDifferences[m + 1] < squaresOfDifferences[degree + 1]) {
                    degree = m;
                }
            }
            for (int m = 1; m <= degree; m++) {
                FloatVectors.axpy(side, 1, differences[m], row, basis, row);
            }
        }
    }

    private void decomposeAnew() {
        coldStarts++;
        svd.factor(rows, cols, matrix, 0, aStride);
        svd.rows(false, basis, stride);
        svd.rows(true, image, longStride);
        svd.values(lengths);
        if (updates > 0) {
            keepSigns();
        }
        probe.measure(matrix, aStride, norm, basis, stride, image, longStride, lengths);
        differencesKnown = 1;
        System.arraycopy(basis, 0, differences[0], 0, basis.length);
    }

    /** Gives each new vector the sign of the former one that it resembles most. */
    private void keepSigns() {
        gemm.sgemm(false, true, side, side, side, 1, basis, 0, stride, differences[0], 0, stride, 0, gram, 0, stride);
        for (int i = 0; i < side; i++) {
            float most = 0;
            for (int j = 0; j < side; j++) {
                float x = gram[i * stride + j];
                most = Math.abs(x) > Math.abs(most) ? x : most;
            }
            if (most < 0) {
                FloatVectors.scale(side, -1, basis, i * stride, basis, i * stride);
                FloatVectors.scale(longSide, -1, image, i * longStride, image, i * longStride);
            }
        }
    }

    private void sort() {
        for (int i = 0; i < side; i++) {
            int place = i;
            while (place > 0 && lengths[order[place - 1]] < lengths[i]) {
                order[place] = order[place - 1];
                place--;
            }
            order[place] = i;
        }
        for (int j = 0; j < side; j++) {
            values[j] = Math.scalb(lengths[order[j]], exponent);
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
     * The min(rows, cols) singular values of the last matrix, descending and nonnegative.
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
        requireRoom(out.length, side);
        System.arraycopy(values, 0, out, 0, side);
    }

    /**
     * Writes U, rows x min(rows, cols), row-major without gaps.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void u(float[] out) {
        write(out, rows, wide);
    }

    /**
     * Writes V, cols x min(rows, cols), row-major without gaps.
     *
     * @param out overwritten from its beginning
     * @throws IllegalArgumentException if out is too short
     * @throws IllegalStateException    if there was no matrix
     */
    public void v(float[] out) {
        write(out, cols, !wide);
    }

    private void write(float[] out, int length, boolean ofShortSide) {
        requireUpdate();
        requireRoom(out.length, (long) length * side);
        float[] factor = ofShortSide ? differences[0] : image;
        int ld = ofShortSide ? stride : longStride;
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

    private static void requireRoom(int length, long needed) {
        if (length < needed) {
            throw new IllegalArgumentException("out has " + length + " elements; " + needed + " or more are needed");
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
        float[] left = wide ? differences[0] : image;
        float[] right = wide ? image : differences[0];
        int leftStride = wide ? stride : longStride;
        int rightStride = wide ? longStride : stride;
        float[] scaled = left.clone();
        for (int i = 0; i < side; i++) {
            FloatVectors.scale(rows, lengths[i], left, i * leftStride, scaled, i * leftStride);
        }
        float[] residual = matrix.clone();
        gemm.sgemm(true, false, rows, cols, side, -1, scaled, 0, leftStride, right, 0, rightStride, 1, residual, 0,
                aStride);
        double error = SvdCertificate.norm1(rows, cols, residual, aStride);
        return new SvdCertificate(norm == 0 ? error : error / (norm * longSide * ULP),
                departure(left, leftStride, rows) / (rows * (double) ULP),
                departure(right, rightStride, cols) / (cols * (double) ULP));
    }

    private double departure(float[] vectors, int ld, int length) {
        float[] identity = new float[Storage.size(side, stride)];
        for (int i = 0; i < side; i++) {
            identity[i * stride + i] = 1;
        }
        gemm.sgemm(false, true, side, side, length, -1, vectors, 0, ld, vectors, 0, ld, 1, identity, 0, stride);
        return SvdCertificate.norm1(side, side, identity, stride);
    }

    /** Updates so far. */
    public long updates() {
        return updates;
    }

    /** Updates that decomposed the matrix anew, the first one included. */
    public long coldStarts() {
        return coldStarts;
    }

    /** Rounds of first-order corrections so far, of all vectors or of some; a good update needs one or two. */
    public long refinements() {
        return refinements;
    }

    /** Exact rotations of pairs so far. */
    public long rotations() {
        return rotations;
    }
}
