package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.mult;
import static org.ejml.dense.row.CommonOps_DDRM.multTransA;
import static org.ejml.dense.row.CommonOps_DDRM.multTransB;
import static org.ejml.dense.row.NormOps_DDRM.fastNormF;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.dynamics.DeepLinear;
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
 * a weight and L times that in A = W_L ... W_1, where they relax or grow no faster than A itself. The bound is
 * 4 L sqrt(n) (u + 2^-53), the reference erring likewise in binary64.
 *
 * <p>The second error is that of the drift | ||M||_F - ||M_0||_F | / ||M_0||_F at the end, M being all of
 * M_l = W_l W_l^T - W_(l+1)^T W_(l+1). The kernel finds ||M_l||^2 of two layers as S - 2 ||A||^2,
 * S = ||W_1^T W_1||^2 + ||W_2 W_2^T||^2, which cancels where M is small. So the bound is multiplied by the condition of that
 * difference, the larger of (S + 2 ||A||^2) / (||M|| ||M_0||) at the start and at the end; for more layers S and ||A||^2 are
 * summed over the pairs of neighbours, whose M_l the kernel computes up to width 64.
 */
final class TrajectoryChecks {
    private static final int STEPS = 100;
    private static final double FACTOR = 4;

    /** Up to which width the kernel computes the drift of more than two layers, rather than estimating it. */
    private static final int EXACT_WIDTH = 64;

    /**
     * A network and its task.
     *
     * @param widths of the hidden layers, W_1 leading to the first
     * @param s      (sigma^2 w)^(L/2) in units of ||A*||_op, w being the geometric mean of the widths: lazy above 1, active
     *               below
     */
    record Case(int outputs, int inputs, List<Long> widths, double s) {
        Case(int outputs, int inputs, int width, double s) {
            this(outputs, inputs, List.of((long) width), s);
        }

        int depth() {
            return widths.size() + 1;
        }

        int units(int layer) {
            if (layer == 0) {
                return inputs;
            }
            return layer == depth() ? outputs : widths.get(layer - 1).intValue();
        }

        @Override
        public String toString() {
            String hidden = widths.stream().map(Object::toString).collect(Collectors.joining(", "));
            return outputs + " x " + inputs + ", width " + hidden + ", s = " + s + " ||A*||";
        }
    }

    /** Makes the dynamics that is checked. */
    @FunctionalInterface
    interface Engine {
        Dynamics start(Task task, List<Long> widths, double[][] weights, double eta, UpdateOrder order,
                Precision precision);
    }

    private static final List<Case> CASES = List.of(new Case(3, 2, 5, 0.5), new Case(1, 9, 17, 0.5),
            new Case(40, 40, 333, 4), new Case(37, 61, 233, 0.1), new Case(61, 37, 45, 0.01),
            new Case(20, 27, 1501, 1), new Case(67, 41, 151, 0.3),
            new Case(31, 43, List.of(61L, 50L), 1), new Case(43, 17, List.of(120L, 47L), 0.1),
            new Case(3, 2, List.of(5L, 7L, 4L, 6L), 0.5), new Case(29, 41, List.of(47L, 64L, 33L, 51L), 0.3),
            new Case(41, 29, List.of(35L, 55L, 64L, 40L), 2));

    private TrajectoryChecks() {
    }

    static List<Check> all(int threads, RandomGenerator.SplittableGenerator random) {
        Engine kernel = kernel(threads);
        List<Check> checks = new ArrayList<>();
        for (Case shape : CASES) {
            for (UpdateOrder order : UpdateOrder.values()) {
                RandomGenerator own = random.split();
                checks.add(() -> rows(shape, order, kernel, own));
            }
        }
        return checks;
    }

    /** The kernel's own way for each depth. */
    static Engine kernel(int threads) {
        return (task, widths, weights, eta, order, precision) -> widths.size() == 1
                ? TwoLayer.of(task, widths.getFirst().intValue(), weights[0], weights[1], eta, order, precision,
                        threads)
                : DeepLinear.of(task, widths, weights, eta, order, precision, threads);
    }

    /** The rows of one case, in both precisions. */
    static List<Row> rows(Case shape, UpdateOrder order, Engine engine, RandomGenerator random) {
        int rank = Math.min(5, Math.min(shape.outputs, shape.inputs));
        Task task = Task.lowRank(shape.outputs, shape.inputs, rank, 0.5, random.nextLong());
        int depth = shape.depth();
        double targetNorm = norm(shape.outputs, shape.inputs, task.target());
        double meanWidth = Math
                .exp(shape.widths.stream().mapToDouble(w -> Math.log(w)).average().orElseThrow());
        double sigma = Math.sqrt(Math.pow(shape.s * targetNorm, 2.0 / depth) / meanWidth);
        double[][] weights = new double[depth][];
        List<DMatrixRMaj> matrices = new ArrayList<>();
        for (int layer = 1; layer <= depth; layer++) {
            weights[layer - 1] = weights(shape.units(layer) * shape.units(layer - 1), sigma, random);
            matrices.add(DMatrixRMaj.wrap(shape.units(layer), shape.units(layer - 1), weights[layer - 1]));
        }
        DMatrixRMaj labels = DMatrixRMaj.wrap(shape.outputs, shape.inputs, task.labels());
        double eta = 0.4 / Math.max(curvature(matrices),
                depth * Math.pow(norm(shape.outputs, shape.inputs, task.labels()), 2 - 2.0 / depth));

        GradientDescent descent = new GradientDescent(matrices, labels, eta);
        Conserved start = Conserved.of(descent);
        List<DMatrixRMaj> expected = run(descent, order);
        Conserved end = Conserved.of(descent);
        double drift = Math.abs(end.norm - start.norm) / start.norm;
        double condition = Math.max(start.squares / start.norm, end.squares / end.norm) / start.norm;

        List<Row> rows = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            double bound = FACTOR * depth * Math.sqrt(STEPS)
                    * (precision.unitRoundoff() + Precision.F64.unitRoundoff());
            try (Dynamics dynamics = engine.start(task, shape.widths, weights, eta, order, precision)) {
                double error = TrajectoryErrors.largest(dynamics, expected, task);
                double driftError = Math.abs(dynamics.conservedDrift() - drift);
                rows.add(new Row("trajectory", shape + ", " + order + ": A", precision.toString(), error, bound));
                if (depth == 2 || shape.widths.stream().allMatch(width -> width <= EXACT_WIDTH)) {
                    rows.add(new Row("trajectory", shape + ", " + order + ": drift", precision.toString(), driftError,
                            bound * condition));
                }
            }
        }
        return rows;
    }

    /** sum_l ||W_L ... W_(l+1)||^2 ||W_(l-1) ... W_1||^2: a bound on the curvature where A = Y. */
    private static double curvature(List<DMatrixRMaj> weights) {
        double sum = 0;
        for (int layer = 1; layer <= weights.size(); layer++) {
            sum += Math.pow(norm(weights.subList(layer, weights.size())) * norm(weights.subList(0, layer - 1)), 2);
        }
        return sum;
    }

    /** ||W_m ... W_1||_op of some weights, 1 of none. */
    private static double norm(List<DMatrixRMaj> weights) {
        return weights.stream().reduce((below, above) -> mult(above, below, null))
                .map(product -> Singular.of(product).values()[0]).orElse(1.0);
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
     * The conserved quantities M_l of all pairs of neighbouring layers.
     *
     * @param norm    sqrt(sum_l ||M_l||_F^2)
     * @param squares sum_l ||W_l^T W_l||_F^2 + ||W_(l+1) W_(l+1)^T||_F^2 + 2 ||W_(l+1) W_l||_F^2
     */
    private record Conserved(double norm, double squares) {
        static Conserved of(GradientDescent descent) {
            double norm = 0;
            double squares = 0;
            for (int layer = 1; layer < descent.depth(); layer++) {
                DMatrixRMaj below = descent.weight(layer);
                DMatrixRMaj above = descent.weight(layer + 1);
                DMatrixRMaj product = mult(above, below, null);
                // The norm is that of the two layers reduced to their least width.
                DMatrixRMaj m = new GradientDescent(ReducedWidth.of(below, above), product, 1).conserved(1);
                norm += Math.pow(fastNormF(m), 2);
                squares += Math.pow(fastNormF(multTransA(below, below, null)), 2)
                        + Math.pow(fastNormF(multTransB(above, above, null)), 2) + 2 * Math.pow(fastNormF(product), 2);
            }
            return new Conserved(Math.sqrt(norm), squares);
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
