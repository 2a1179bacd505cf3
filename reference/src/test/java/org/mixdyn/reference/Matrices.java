package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.subtract;
import static org.ejml.dense.row.NormOps_DDRM.fastNormF;

import java.util.Random;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.RandomMatrices_DDRM;

/** Matrices to test with. */
final class Matrices {
    private Matrices() {
    }

    /** Independent entries N(0, scale^2). */
    static DMatrixRMaj gaussian(int rows, int cols, double scale, Random random) {
        return RandomMatrices_DDRM.rectangleGaussian(rows, cols, 0, scale, random);
    }

    /** ||X - Y||_F. */
    static double distance(DMatrixRMaj x, DMatrixRMaj y) {
        return fastNormF(subtract(x, y, null));
    }
}
