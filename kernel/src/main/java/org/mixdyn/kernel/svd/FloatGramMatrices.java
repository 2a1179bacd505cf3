package org.mixdyn.kernel.svd;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.simd.FloatVectors;

/**
 * The Gram matrices G = B B^T of the images and M = P P^T of the vectors, of which the rows of the active vectors are kept:
 * row a, column j belongs to active vector a and any vector j. Among the active vectors both are exactly symmetric, since
 * corrections divide their elements by small gaps, so that a rounding error on one side alone would not be small.
 */
final class FloatGramMatrices {
    private final FloatTriplets triplets;
    private final ActiveRows active;
    private final Gemm gemm;
    private final int stride;
    private final float[] gathered;

    /** Rows of G and of M. */
    final float[] ofImages;
    final float[] ofBasis;

    FloatGramMatrices(ThinShape shape, FloatTriplets triplets, ActiveRows active, Gemm gemm) {
        this.triplets = triplets;
        this.active = active;
        this.gemm = gemm;
        stride = shape.shortStride();
        ofImages = new float[shape.square()];
        ofBasis = new float[shape.square()];
        gathered = new float[Math.max(shape.square(), shape.oblong())];
    }

    /** Forms both; where all vectors are active the lengths of the images come with them. */
    void form() {
        FloatTriplets t = triplets;
        if (active.isAll()) {
            symmetric(t.basis, stride, t.side, ofBasis);
            symmetric(t.image, t.longStride, t.longSide, ofImages);
            for (int i = 0; i < t.side; i++) {
                t.squares[i] = ofImages[i * stride + i];
                t.lengths[i] = (float) Math.sqrt(t.squares[i]);
            }
        } else {
            ofActive(t.basis, stride, t.side, ofBasis);
            ofActive(t.image, t.longStride, t.longSide, ofImages);
        }
    }

    private void ofActive(float[] x, int ldx, int length, float[] out) {
        active.gather(x, ldx, length, gathered);
        gemm.sgemm(false, true, active.count(), triplets.side, length, 1, gathered, 0, ldx, x, 0, ldx, 0, out, 0,
                stride);
        for (int a = 0; a < active.count(); a++) {
            for (int b = a + 1; b < active.count(); b++) {
                out[b * stride + active.get(a)] = out[a * stride + active.get(b)];
            }
        }
    }

    /** X X^T of side x side: the lower triangle by blocks of rows, the upper one copied. */
    private void symmetric(float[] x, int ldx, int length, float[] out) {
        int side = triplets.side;
        int block = Math.max(48, Storage.stride((side + 7) / 8));
        for (int top = 0; top < side; top += block) {
            int height = Math.min(block, side - top);
            gemm.sgemm(false, true, height, top + height, length, 1, x, top * ldx, ldx, x, 0, ldx, 0, out, top * stride,
                    stride);
        }
        for (int top = 0; top < side; top += FloatTransposition.ROWS) {
            mirror(top, Math.min(side, top + FloatTransposition.ROWS), out);
        }
    }

    /** Copies rows of the lower triangle to the columns above the diagonal: whole strips of them together. */
    private void mirror(int top, int bottom, float[] out) {
        boolean whole = bottom - top == FloatTransposition.ROWS;
        if (whole) {
            FloatTransposition.strip(top, out, top * stride, stride, out, top, stride);
        }
        for (int i = top; i < bottom; i++) {
            for (int j = whole ? top : 0; j < i; j++) {
                out[j * stride + i] = out[i * stride + j];
            }
        }
    }

    /** What replacing active vectors a and b by xx a + xy b and yx a + yy b does to both. */
    void turn(int a, int b, float xx, float xy, float yx, float yy) {
        turn(ofImages, a, b, xx, xy, yx, yy);
        turn(ofBasis, a, b, xx, xy, yx, yy);
    }

    private void turn(float[] x, int a, int b, float xx, float xy, float yx, float yy) {
        int i = active.get(a);
        int j = active.get(b);
        int rowA = a * stride;
        int rowB = b * stride;
        float ii = x[rowA + i];
        float ij = x[rowA + j];
        float jj = x[rowB + j];
        FloatVectors.combine(triplets.side, xx, xy, yx, yy, x, rowA, x, rowB);
        x[rowA + i] = xx * (xx * ii + xy * ij) + xy * (xx * ij + xy * jj);
        x[rowA + j] = yx * (xx * ii + xy * ij) + yy * (xx * ij + xy * jj);
        x[rowB + i] = x[rowA + j];
        x[rowB + j] = yx * (yx * ii + yy * ij) + yy * (yx * ij + yy * jj);
        for (int e = 0; e < active.count(); e++) {
            int row = e * stride;
            int k = active.get(e);
            x[row + i] = x[rowA + k];
            x[row + j] = x[rowB + k];
        }
    }
}
