package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.identity;
import static org.ejml.dense.row.CommonOps_DDRM.multTransA;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;
import static org.ejml.dense.row.CommonOps_DDRM.scale;
import static org.ejml.dense.row.CommonOps_DDRM.subtract;
import static org.ejml.dense.row.NormOps_DDRM.fastNormF;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.reference.Validation.Check;
import org.mixdyn.reference.Validation.Row;

/**
 * The decomposition A = U S V^T by the kernel. One that is made of orthogonal transformations is the exact decomposition of
 * A + E with U and V close to orthogonal, and ||E||_F &lt;= p(m, n) u ||A||_F. For reflectors p is proved to be of order m n
 * (Higham, Accuracy and Stability of Numerical Algorithms, section 19.3); where roundings are independent of mean zero it
 * is about the root of that, at most max(m, n). With C = 4, one each for the transformations from the left and from the
 * right, for what an iteration leaves when it stops, and for multiplying the factors, each error is at most
 * C max(m, n) (u + 2^-53), the reference erring likewise in binary64:
 *
 * <ul>
 * <li>residual: ||A - U S V^T||_F / ||A||_F;
 * <li>orthogonality: the larger of ||I - U^T U||_F and ||I - V^T V||_F, over sqrt(min(m, n)), the norm of I;
 * <li>values: max |S_i - S_i,ref| / S_1,ref, both of the values with vectors and of the values alone; by Weyl's inequality it
 * is at most ||E||_2 / ||A||_2. Values that are negative or not in descending order are infinitely wrong.
 * </ul>
 */
final class SingularChecks {
    static final double C = 4;

    /** A decomposition that is checked. */
    interface Decomposer {
        /** Thin factors of A. */
        Singular factors(DMatrixRMaj a);

        /** Singular values of A alone. */
        double[] values(DMatrixRMaj a);
    }

    private SingularChecks() {
    }

    static List<Check> all(Function<Precision, Decomposer> kernel, RandomGenerator.SplittableGenerator random) {
        List<Check> checks = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            Decomposer decomposer = kernel.apply(precision);
            matrices(random.split()).forEach((name, a) -> checks.add(() -> rows(name, a, precision, decomposer)));
        }
        return checks;
    }

    private static Map<String, DMatrixRMaj> matrices(RandomGenerator random) {
        Map<String, DMatrixRMaj> matrices = new LinkedHashMap<>();
        int[][] shapes = {{1, 1}, {1, 37}, {37, 1}, {2, 2}, {3, 5}, {16, 16}, {33, 32}, {64, 63}, {100, 41}, {41, 100},
                {129, 127}, {200, 200}};
        for (int[] shape : shapes) {
            matrices.put(shape[0] + " x " + shape[1] + " Gaussian", gaussian(shape[0], shape[1], random));
        }
        DMatrixRMaj lowRank = multTransB(gaussian(80, 5, random), gaussian(61, 5, random), null);
        matrices.put("80 x 61 of rank 5", lowRank);
        DMatrixRMaj graded = gaussian(50, 40, random);
        for (int j = 0; j < graded.numCols; j++) {
            for (int i = 0; i < graded.numRows; i++) {
                graded.set(i, j, graded.get(i, j) * Math.scalb(1.0, -j));
            }
        }
        matrices.put("50 x 40, column j times 2^-j", graded);
        Singular basis = Singular.of(gaussian(48, 48, random));
        matrices.put("48 x 48 orthogonal", multTransB(basis.u(), basis.v(), null));
        DMatrixRMaj tiny = gaussian(30, 30, random);
        scale(0x1p-100, tiny);
        matrices.put("30 x 30 times 2^-100", tiny);
        DMatrixRMaj huge = gaussian(30, 30, random);
        scale(0x1p100, huge);
        matrices.put("30 x 30 times 2^100", huge);
        matrices.put("20 x 30 identity", identity(20, 30));
        matrices.put("20 x 30 zero", new DMatrixRMaj(20, 30));
        return matrices;
    }

    /** Residual, orthogonality and values of one matrix, rounded to the precision before. */
    static List<Row> rows(String name, DMatrixRMaj unrounded, Precision precision, Decomposer decomposer) {
        return rows("decomposition", name, unrounded, precision, decomposer);
    }

    /** The same of a group. */
    static List<Row> rows(String group, String name, DMatrixRMaj unrounded, Precision precision,
            Decomposer decomposer) {
        DMatrixRMaj a = DMatrixRMaj.wrap(unrounded.numRows, unrounded.numCols,
                Errors.rounded(precision, unrounded.data));
        Singular svd = decomposer.factors(a);
        double residual = Errors.relative(fastNormF(subtract(svd.product(), a, null)), fastNormF(a));
        double orthogonality = Math.max(departure(svd.u()), departure(svd.v()));
        double[] expected = Singular.of(a).values();
        double values = Math.max(distance(svd.values(), expected), distance(decomposer.values(a), expected));
        double bound = C * Math.max(a.numRows, a.numCols)
                * (precision.unitRoundoff() + Precision.F64.unitRoundoff());
        return List.of(new Row(group, name + ": residual", precision.toString(), residual, bound),
                new Row(group, name + ": orthogonality", precision.toString(), orthogonality, bound),
                new Row(group, name + ": values", precision.toString(), values, bound));
    }

    /** ||I - X^T X||_F / ||I||_F. */
    private static double departure(DMatrixRMaj x) {
        DMatrixRMaj identity = identity(x.numCols);
        return fastNormF(subtract(multTransA(x, x, null), identity, null)) / fastNormF(identity);
    }

    private static double distance(double[] actual, double[] expected) {
        double error = actual.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(actual.length, expected.length); i++) {
            boolean ordered = actual[i] >= 0 && (i == 0 || actual[i] <= actual[i - 1]);
            double difference = Errors.relative(actual[i] - expected[i], expected[0]);
            error = Math.max(error, ordered ? difference : Double.POSITIVE_INFINITY);
        }
        return error;
    }

    private static DMatrixRMaj gaussian(int rows, int cols, RandomGenerator random) {
        DMatrixRMaj a = new DMatrixRMaj(rows, cols);
        for (int i = 0; i < a.data.length; i++) {
            a.data[i] = random.nextGaussian();
        }
        return a;
    }
}
