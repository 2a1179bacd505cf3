package org.mixdyn.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;
import org.mixdyn.reference.Validation.Check;
import org.mixdyn.reference.Validation.Row;

/**
 * One hundred Euler steps of the paper's equation 1 by the kernel and by EJML, from the same A; the error is that of
 * {@link TrajectoryErrors}. A step adds to A what is wrong by the backward error of a decomposition, at most
 * 4 max(m, n) u of its size as in {@link SingularChecks}; what n steps add is of the size of A together. The roundings of
 * A itself leave 8 sqrt(n) u as in {@link TrajectoryChecks}. The bound is (4 max(m, n) + 8 sqrt(n)) (u + 2^-53).
 */
final class SelfConsistentChecks {
    private static final int STEPS = 100;

    /**
     * A task and the initial scale.
     *
     * @param s sigma^2 w in units of ||A*||_op: lazy above 1, active below
     */
    record Case(int outputs, int inputs, double s) {
        @Override
        public String toString() {
            return outputs + " x " + inputs + ", s = " + s + " ||A*||";
        }
    }

    /** Makes the dynamics that is checked. */
    @FunctionalInterface
    interface Engine {
        Dynamics start(Task task, double s, double[] product, double eta, Precision precision);
    }

    private static final List<Case> CASES = List.of(new Case(1, 4, 1), new Case(30, 30, 3), new Case(41, 23, 0.3),
            new Case(23, 41, 0.02));

    private SelfConsistentChecks() {
    }

    static List<Check> all(int threads, RandomGenerator.SplittableGenerator random) {
        Engine kernel = (task, s, product, eta, precision) -> org.mixdyn.kernel.dynamics.SelfConsistent.of(task, s,
                product, eta, precision, threads);
        List<Check> checks = new ArrayList<>();
        for (Case shape : CASES) {
            RandomGenerator own = random.split();
            checks.add(() -> rows(shape, kernel, own));
        }
        return checks;
    }

    /** The rows of one case, in both precisions. */
    static List<Row> rows(Case shape, Engine engine, RandomGenerator random) {
        int rank = Math.min(5, Math.min(shape.outputs, shape.inputs));
        Task task = Task.lowRank(shape.outputs, shape.inputs, rank, 0.5, random.nextLong());
        double s = shape.s * norm(shape, task.target());
        double eta = 0.2 / Math.max(s, norm(shape, task.labels()));
        double[] start = new double[task.labels().length];
        Arrays.setAll(start, i -> 0.1 * shape.s * random.nextGaussian());
        double[] product = Errors.rounded(Precision.F32, start);
        List<DMatrixRMaj> expected = run(new SelfConsistent(DMatrixRMaj.wrap(shape.outputs, shape.inputs, product),
                DMatrixRMaj.wrap(shape.outputs, shape.inputs, task.labels()), s, eta));
        List<Row> rows = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            double bound = (4 * Math.max(shape.outputs, shape.inputs) + 8 * Math.sqrt(STEPS))
                    * (precision.unitRoundoff() + Precision.F64.unitRoundoff());
            try (Dynamics dynamics = engine.start(task, s, product, eta, precision)) {
                double error = TrajectoryErrors.largest(dynamics, expected, task);
                rows.add(new Row("self-consistent", shape + ": A", precision.toString(), error, bound));
            }
        }
        return rows;
    }

    private static List<DMatrixRMaj> run(SelfConsistent dynamics) {
        List<DMatrixRMaj> products = new ArrayList<>();
        products.add(dynamics.product());
        for (int i = 0; i < STEPS; i++) {
            dynamics.step();
            products.add(dynamics.product());
        }
        return products;
    }

    /** ||X||_op. */
    private static double norm(Case shape, double[] x) {
        return Singular.of(DMatrixRMaj.wrap(shape.outputs, shape.inputs, x)).values()[0];
    }
}
