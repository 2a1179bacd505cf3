package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.multTransA;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;
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
 * <p>The first error is that of {@link TrajectoryErrors}. A step rounds the step size, the gradient, the change of a weight
 * and the weight itself, each by u of its size; over n steps such roundings, independent of mean zero, leave 4 sqrt(n) u in
 * a weight and twice that in A = W_2 W_1, where they relax or grow no faster than A itself. The bound is
 * 8 sqrt(n) (u + 2^-53), the reference erring likewise in binary64.
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
        double sigma = Math.sqrt(shape.s * norm(shape.outputs, shape.inputs, task.target()) / shape.width);
        double[] w1 = weights(shape.width * shape.inputs, sigma, random);
        double[] w2 = weights(shape.outputs * shape.width, sigma, random);
        double norm = norm(shape.outputs, shape.inputs, task.labels());
        double norm1 = norm(shape.width, shape.inputs, w1);
        double norm2 = norm(shape.outputs, shape.width, w2);
        double eta = 0.2 / Math.max(norm, Math.max(norm1 * norm1, norm2 * norm2));

        GradientDescent descent = new GradientDescent(
                List.of(DMatrixRMaj.wrap(shape.width, shape.inputs, w1),
                        DMatrixRMaj.wrap(shape.outputs, shape.width, w2)),
                DMatrixRMaj.wrap(shape.outputs, shape.inputs, task.labels()), eta);
        Conserved start = Conserved.of(descent);
        List<DMatrixRMaj> expected = run(descent, order);
        Conserved end = Conserved.of(descent);
        double drift = Math.abs(end.norm - start.norm) / start.norm;
        double condition = Math.max(start.squares / start.norm, end.squares / end.norm) / start.norm;

        List<Row> rows = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            double bound = FACTOR * Math.sqrt(STEPS) * (precision.unitRoundoff() + Precision.F64.unitRoundoff());
            try (Dynamics dynamics = engine.start(task, shape.width, w1, w2, eta, order, precision)) {
                double error = TrajectoryErrors.largest(dynamics, expected, task);
                double driftError = Math.abs(dynamics.conservedDrift() - drift);
                rows.add(new Row("trajectory", shape + ", " + order + ": A", precision.toString(), error, bound));
                rows.add(new Row("trajectory", shape + ", " + order + ": drift", precision.toString(), driftError,
                        bound * condition));
            }
        }
        return rows;
    }

    private static List<DMatrixRMaj> run(GradientDescent descent, UpdateOrder order) {
        List<DMatrixRMaj> products = new ArrayList<>();
        products.add(descent.product());
        for (int i = 0; i < STEPS; i++) {
            switch (order) {
                case SIMULTANEOUS -> descent.simultaneousStep();
                case ALTERNATING -> descent.alternatingStep();
            }
            products.add(descent.product());
        }
        return products;
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
    private static double[] weights(int length, double sigma, RandomGenerator random) {
        double[] x = new double[length];
        Arrays.setAll(x, i -> sigma * random.nextGaussian());
        return Errors.rounded(Precision.F32, x);
    }

    /** ||X||_op. */
    private static double norm(int rows, int cols, double[] x) {
        return Singular.of(DMatrixRMaj.wrap(rows, cols, x)).values()[0];
    }
}
