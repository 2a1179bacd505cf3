package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.add;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;
import org.mixdyn.reference.Validation.Check;
import org.mixdyn.reference.Validation.Row;

/**
 * Sequences of matrices decomposed step by step by the kernel's trackers. The errors of all triplets are the largest over
 * all steps of those that {@link SingularChecks} defines, with its bounds: a tracker may not be worse at any step than a
 * decomposition from scratch. The sequences are gradient descent by EJML, from weights that are lazy or active, and its
 * end with a sudden change, back and forth.
 *
 * <p>The error of the leading triplets is the largest distance of one of their values from the nearest of EJML's beyond the
 * bound that the tracker gives for it, in units of the largest value; rounding explains as much as above.
 */
final class TrackerChecks {
    private static final int STEPS = 40;
    private static final int LEADING = 5;

    /** The trackers of one precision. */
    interface Trackers {
        /** A tracker of all triplets, which is given one matrix after the other. */
        SingularChecks.Decomposer all(int rows, int cols);

        /** A tracker of leading triplets. */
        Leading leading(int rows, int cols, int r);
    }

    /** A tracker of leading triplets. */
    @FunctionalInterface
    interface Leading {
        /** The values of the next matrix and the bounds of their errors. */
        double[][] update(DMatrixRMaj a);
    }

    private TrackerChecks() {
    }

    static List<Check> all(Function<Precision, Trackers> kernel, RandomGenerator.SplittableGenerator random) {
        List<Check> checks = new ArrayList<>();
        for (int[] shape : new int[][]{{36, 36}, {40, 23}, {23, 40}}) {
            for (double s : new double[]{0.1, 2}) {
                List<DMatrixRMaj> path = path(shape[0], shape[1], s, random.split());
                String name = shape[0] + " x " + shape[1] + ", s = " + s + " ||A*||";
                for (Precision precision : Precision.values()) {
                    checks.add(() -> rows(name, path, precision, kernel.apply(precision)));
                }
            }
        }
        return checks;
    }

    /** The rows of one sequence. */
    static List<Row> rows(String name, List<DMatrixRMaj> path, Precision precision, Trackers trackers) {
        int rows = path.getFirst().numRows;
        int cols = path.getFirst().numCols;
        SingularChecks.Decomposer all = trackers.all(rows, cols);
        Leading leading = trackers.leading(rows, cols, LEADING);
        List<Row> worst = new ArrayList<>();
        double beyond = 0;
        double bound = 0;
        for (DMatrixRMaj a : path) {
            List<Row> now = SingularChecks.rows("tracker", name, a, precision, all);
            bound = now.getFirst().bound();
            beyond = Math.max(beyond, beyond(leading, a, precision));
            if (worst.isEmpty()) {
                worst.addAll(now);
            }
            for (int i = 0; i < now.size(); i++) {
                Row row = worst.get(i);
                double error = Math.max(row.error(), now.get(i).error());
                worst.set(i, new Row(row.group(), row.subject(), row.precision(), error, row.bound()));
            }
        }
        worst.add(
                new Row("tracker", name + ": leading values beyond their bounds", precision.toString(), beyond, bound));
        return worst;
    }

    private static double beyond(Leading leading, DMatrixRMaj a, Precision precision) {
        DMatrixRMaj rounded = DMatrixRMaj.wrap(a.numRows, a.numCols, Errors.rounded(precision, a.data));
        double[][] valuesAndBounds = leading.update(rounded);
        double[] exact = Singular.of(rounded).values();
        double worst = 0;
        for (int i = 0; i < LEADING; i++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (double value : exact) {
                nearest = Math.min(nearest, Math.abs(value - valuesAndBounds[0][i]));
            }
            worst = Math.max(worst, (nearest - valuesAndBounds[1][i]) / exact[0]);
        }
        return worst;
    }

    /** s is sigma^2 w in units of ||A*||_op. */
    private static List<DMatrixRMaj> path(int outputs, int inputs, double s, RandomGenerator random) {
        int width = 4 * Math.max(outputs, inputs);
        Task task = Task.lowRank(outputs, inputs, 3, 0.5, random.nextLong());
        double target = Singular.of(DMatrixRMaj.wrap(outputs, inputs, task.target())).values()[0];
        double sigma = Math.sqrt(s * target / width);
        GradientDescent descent = new GradientDescent(
                List.of(gaussian(width, inputs, sigma, random), gaussian(outputs, width, sigma, random)),
                DMatrixRMaj.wrap(outputs, inputs, task.labels()), 0.1 / ((1 + s) * target));
        List<DMatrixRMaj> path = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            path.add(descent.product());
            descent.simultaneousStep();
        }
        DMatrixRMaj changed = add(path.getLast(), gaussian(outputs, inputs, 0.1 * target, random), null);
        path.add(changed);
        path.add(path.get(STEPS - 1));
        path.add(changed);
        return path;
    }

    private static DMatrixRMaj gaussian(int rows, int cols, double sigma, RandomGenerator random) {
        DMatrixRMaj x = new DMatrixRMaj(rows, cols);
        for (int i = 0; i < x.data.length; i++) {
            x.data[i] = sigma * random.nextGaussian();
        }
        return x;
    }
}
