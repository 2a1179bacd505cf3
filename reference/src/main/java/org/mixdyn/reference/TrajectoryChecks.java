package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.multTransA;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;
import static org.ejml.dense.row.CommonOps_DDRM.subtract;
import static org.ejml.dense.row.NormOps_DDRM.fastNormF;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.dynamics.TwoLayer;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;
import org.mixdyn.reference.Validation.Check;
import org.mixdyn.reference.Validation.Row;

/**
 * One hundred steps of gradient descent by the kernel and by EJML, from the same weights.
 *
 * <p>The first error is the largest ||A - A_ref||_F / max(||A_ref||_F, ||A_0||_F) of any step, the initial A_0 included;
 * what the kernel reports as errors is held against ||A_ref - Y||_F and ||A_ref - A*||_F too, in units of
 * ||A_ref||_F + ||Y||_F. A step rounds the step size, the gradient, the change of a weight and the weight itself, each by u
 * of its size; over n steps such roundings, independent of mean zero, leave 4 sqrt(n) u in a weight and twice that in
 * A = W_2 W_1, where they relax or grow no faster than A itself. The bound is 8 sqrt(n) (u + 2^-53), the reference erring
 * likewise in binary64.
 *
 * <p>The second error is that of the drift | ||M||_F - ||M_0||_F | / ||M_0||_F of M = W_1 W_1^T - W_2^T W_2 at the end. The
 * kernel finds ||M||^2 as S - 2 ||A||^2, S = ||W_1^T W_1||^2 + ||W_2 W_2^T||^2, which cancels where M is small. So the bound
 * is multiplied by the condition of that difference, the larger of (S + 2 ||A||^2) / (||M|| ||M_0||) at the start and at
 * the end.
 */
final class TrajectoryChecks {
    private static final int STEPS = 100;
    private static final double FACTOR = 8;

    /**
     * A network and its task.
     *
     * @param s sigma^2 w in units of ||A*||_op: lazy above 1, active below
     */
    record Case(int outputs, int inputs, int width, double s) {
        @Override
        public String toString() {
            return outputs + " x " + inputs + ", width " + width + ", s = " + s + " ||A*||";
        }
    }

    /** Makes the dynamics that is checked. */
    @FunctionalInterface
    interface Engine {
        Dynamics start(Task task, int width, double[] w1, double[] w2, double eta, UpdateOrder order,
                Precision precision);
    }

    private static final List<Case> CASES = List.of(new Case(3, 2, 5, 0.5), new Case(1, 9, 17, 0.5),
            new Case(40, 40, 333, 4), new Case(37, 61, 233, 0.1), new Case(61, 37, 45, 0.01),
            new Case(20, 27, 1501, 1), new Case(67, 41, 151, 0.3));

    private TrajectoryChecks() {
    }

    static List<Check> all(int threads, RandomGenerator.SplittableGenerator random) {
        Engine kernel = (task, width, w1, w2, eta, order, precision) -> TwoLayer.of(task, width, w1, w2, eta, order,
                precision, threads);
        List<Check> checks = new ArrayList<>();
        for (Case shape : CASES) {
            for (UpdateOrder order : UpdateOrder.values()) {
                RandomGenerator own = random.split();
                checks.add(() -> rows(shape, order, kernel, own));
            }
        }
        return checks;
    }

    /** The rows of one case, in both precisions. */
    static List<Row> rows(Case shape, UpdateOrder order, Engine engine, RandomGenerator random) {
        int rank = Math.min(5, Math.min(shape.outputs, shape.inputs));
        Task task = Task.lowRank(shape.outputs, shape.inputs, rank, 0.5, random.nextLong());
        DMatrixRMaj target = DMatrixRMaj.wrap(shape.outputs, shape.inputs, task.target());
        DMatrixRMaj labels = DMatrixRMaj.wrap(shape.outputs, shape.inputs, task.labels());
        double sigma = Math.sqrt(shape.s * Singular.of(target).values()[0] / shape.width);
        DMatrixRMaj w1 = weights(shape.width, shape.inputs, sigma, random);
        DMatrixRMaj w2 = weights(shape.outputs, shape.width, sigma, random);
        double[] norms = {Singular.of(labels).values()[0], Math.pow(Singular.of(w1).values()[0], 2),
                Math.pow(Singular.of(w2).values()[0], 2)};
        double eta = 0.2 / Arrays.stream(norms).max().getAsDouble();

        GradientDescent descent = new GradientDescent(List.of(w1, w2), labels, eta);
        Conserved start = Conserved.of(descent);
        List<DMatrixRMaj> expected = new ArrayList<>();
        expected.add(descent.product());
        for (int i = 0; i < STEPS; i++) {
            if (order == UpdateOrder.SIMULTANEOUS) {
                descent.simultaneousStep();
            } else {
                descent.alternatingStep();
            }
            expected.add(descent.product());
        }
        Conserved end = Conserved.of(descent);
        double drift = Math.abs(end.norm - start.norm) / start.norm;
        double condition = Math.max(start.squares / start.norm, end.squares / end.norm) / start.norm;

        List<Row> rows = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            double bound = FACTOR * Math.sqrt(STEPS) * (precision.unitRoundoff() + Precision.F64.unitRoundoff());
            try (Dynamics dynamics = engine.start(task, shape.width, w1.data, w2.data, eta, order, precision)) {
                double error = 0;
                for (int i = 0; i <= STEPS; i++) {
                    if (i > 0) {
                        dynamics.step();
                    }
                    double scale = Math.max(fastNormF(expected.get(i)), fastNormF(expected.getFirst()));
                    error = Math.max(error, distance(dynamics, expected.get(i), labels, target, scale));
                }
                rows.add(new Row("trajectory", shape + ", " + order + ": A", precision.toString(), error, bound));
                rows.add(new Row("trajectory", shape + ", " + order + ": drift", precision.toString(),
                        Math.abs(dynamics.conservedDrift() - drift), bound * condition));
            }
        }
        return rows;
    }

    /** The error of A in units of scale, and of its distances from labels and target. */
    private static double distance(Dynamics dynamics, DMatrixRMaj expected, DMatrixRMaj labels, DMatrixRMaj target,
            double scale) {
        DMatrixRMaj actual = new DMatrixRMaj(expected.numRows, expected.numCols);
        dynamics.product(actual.data);
        double product = Errors.relative(fastNormF(subtract(actual, expected, null)), scale);
        double elements = expected.getNumElements();
        double train = Math.sqrt(dynamics.trainError() * elements) - fastNormF(subtract(expected, labels, null));
        double test = Math.sqrt(dynamics.testError() * elements) - fastNormF(subtract(expected, target, null));
        double distances = Errors.relative(Math.max(Math.abs(train), Math.abs(test)),
                fastNormF(expected) + fastNormF(labels));
        return Math.max(product, distances);
    }

    /**
     * The conserved quantity M, whose norm is that of the network reduced to its least width.
     *
     * @param norm    ||M||_F
     * @param squares ||W_1^T W_1||_F^2 + ||W_2 W_2^T||_F^2 + 2 ||A||_F^2
     */
    private record Conserved(double norm, double squares) {
        static Conserved of(GradientDescent descent) {
            DMatrixRMaj w1 = descent.weight(1);
            DMatrixRMaj w2 = descent.weight(2);
            DMatrixRMaj a = descent.product();
            double norm = fastNormF(new GradientDescent(ReducedWidth.of(w1, w2), a, 1).conserved(1));
            return new Conserved(norm, Math.pow(fastNormF(multTransA(w1, w1, null)), 2)
                    + Math.pow(fastNormF(multTransB(w2, w2, null)), 2) + 2 * Math.pow(fastNormF(a), 2));
        }
    }

    /** Numbers of binary32, so that both precisions start from the same weights. */
    private static DMatrixRMaj weights(int rows, int cols, double sigma, RandomGenerator random) {
        double[] x = new double[rows * cols];
        Arrays.setAll(x, i -> sigma * random.nextGaussian());
        return DMatrixRMaj.wrap(rows, cols, Errors.rounded(Precision.F32, x));
    }
}
