package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * The triplets that a tracker works on: the vectors p_i of the shorter side of A as rows of P, and their images
 * b_i = A p_i (A^T p_i where A is wide) as rows of B, which at the solution are orthogonal, of lengths s_i. In the end they
 * are divided by their lengths. The rows are in no order.
 */
final class FloatTriplets {
    /** Images up to this part of the longest are rounding errors. */
    private static final float NULL = 4 * Math.ulp(1f);

    final int side;
    final int longSide;
    final int stride;
    final int longStride;

    /** P. */
    final float[] basis;

    /** B, and what it was before. */
    float[] image;
    float[] imageBefore;

    /** Lengths of the images and their squares. */
    final float[] lengths;
    final float[] squares;

    private final ThinShape shape;
    private final Gemm gemm;
    private float[] matrix;
    private final float[] gathered;
    private final float[] product;

    FloatTriplets(ThinShape shape, Gemm gemm) {
        this.shape = shape;
        this.gemm = gemm;
        side = shape.side();
        longSide = shape.longSide();
        stride = shape.shortStride();
        longStride = shape.longStride();
        basis = new float[shape.square()];
        image = new float[shape.oblong()];
        imageBefore = new float[shape.oblong()];
        gathered = new float[shape.square()];
        product = new float[shape.oblong()];
        lengths = new float[stride];
        squares = new float[stride];
    }

    /** B = P A^T, or P A where A is wide. */
    void formImages(float[] a) {
        matrix = a;
        float[] free = imageBefore;
        imageBefore = image;
        image = free;
        multiply(side, basis, image);
    }

    /** The images of some vectors anew, of the same A. */
    void formImages(ActiveRows rows) {
        rows.gather(basis, stride, side, gathered);
        multiply(rows.count(), gathered, product);
        for (int a = 0; a < rows.count(); a++) {
            System.arraycopy(product, a * longStride, image, rows.get(a) * longStride, longSide);
        }
    }

    private void multiply(int count, float[] vectors, float[] images) {
        gemm.sgemm(false, !shape.wide(), count, longSide, side, 1, vectors, 0, stride, matrix, 0, shape.stride(), 0,
                images, 0, longStride);
    }

    void measureImages() {
        for (int i = 0; i < side; i++) {
            squares[i] = FloatVectors.sumOfSquares(longSide, image, i * longStride);
            lengths[i] = (float) Math.sqrt(squares[i]);
        }
    }

    /** Images up to this length are nothing but rounding errors. */
    float nullLength() {
        float largest = 0;
        for (int i = 0; i < side; i++) {
            largest = Math.max(largest, squares[i]);
        }
        return NULL * (float) Math.sqrt(largest);
    }

    /** p_i and b_i change their signs. */
    void negate(int i) {
        FloatVectors.scale(side, -1, basis, i * stride, basis, i * stride);
        FloatVectors.scale(longSide, -1, image, i * longStride, image, i * longStride);
    }

    /** (p_i, p_j) and (b_i, b_j) become (xx x_i + xy x_j, yx x_i + yy x_j). */
    void combine(int i, int j, float xx, float xy, float yx, float yy) {
        FloatVectors.combine(side, xx, xy, yx, yy, basis, i * stride, basis, j * stride);
        FloatVectors.combine(longSide, xx, xy, yx, yy, image, i * longStride, image, j * longStride);
    }

    void setSquare(int i, float square) {
        squares[i] = square;
        lengths[i] = (float) Math.sqrt(square);
    }
}
