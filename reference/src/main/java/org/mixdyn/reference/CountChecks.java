package org.mixdyn.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleActiveCount;
import org.mixdyn.kernel.svd.FloatActiveCount;
import org.mixdyn.kernel.task.Task;
import org.mixdyn.reference.Validation.Check;
import org.mixdyn.reference.Validation.Row;

/**
 * Counts of the active singular values, those above s = sigma^2 w, by the kernel, for labels of rank 3 and noise. The kernel says
 * where it cannot tell. The two errors of a matrix are
 *
 * <ul>
 * <li>counts: how far, in units of the largest value, s is from where a count that was given would be right. The kernel gives none
 * that rounding could change, so what is left is that of the reference, C max(m, n) 2^-53 with the C of {@link SingularChecks};
 * <li>undecided: the share of the thresholds that have no count, of those from the largest value down to the middle of the gap
 * below the third. At most half of them may.
 * </ul>
 */
final class CountChecks {
    private static final int RANK = 3;
    private static final int THRESHOLDS = 16;
    /** A counter that is checked. */
    @FunctionalInterface
    interface Counter {
        /** Singular values of A above s; negative where it cannot tell. */
        int above(DMatrixRMaj a, double s);
    }

    private CountChecks() {
    }

    static List<Check> all(Function<Precision, Counter> kernel, RandomGenerator random) {
        List<Check> checks = new ArrayList<>();
        for (int[] shape : new int[][]{{36, 36}, {100, 41}, {41, 100}}) {
            Task task = Task.lowRank(shape[0], shape[1], RANK, 0.5, random.nextLong());
            DMatrixRMaj a = DMatrixRMaj.wrap(shape[0], shape[1], task.labels());
            for (Precision precision : Precision.values()) {
                checks.add(() -> rows(shape[0] + " x " + shape[1], a, precision, kernel.apply(precision)));
            }
        }
        return checks;
    }

    /** The kernel's counter. */
    static Counter kernel(Precision precision, int threads) {
        return (a, s) -> precision == Precision.F32
                ? new FloatActiveCount(a.numRows, a.numCols, threads).above(Errors.toFloat(a.data), s)
                : new DoubleActiveCount(a.numRows, a.numCols, threads).above(a.data, s);
    }

    /** The rows of one matrix. */
    static List<Row> rows(String name, DMatrixRMaj unrounded, Precision precision, Counter counter) {
        DMatrixRMaj a = DMatrixRMaj.wrap(unrounded.numRows, unrounded.numCols,
                Errors.rounded(precision, unrounded.data));
        double[] values = Singular.of(a).values();
        double least = Math.sqrt(values[RANK - 1] * values[RANK]);
        double error = 0;
        double undecided = 0;
        for (int i = 0; i < THRESHOLDS; i++) {
            double s = values[0] * Math.pow(least / values[0], i / (THRESHOLDS - 1.0));
            int count = counter.above(a, s);
            if (count < 0) {
                undecided += 1.0 / THRESHOLDS;
            } else {
                error = Math.max(error, distance(values, count, s) / values[0]);
            }
        }
        double bound = SingularChecks.C * Math.max(a.numRows, a.numCols) * Precision.F64.unitRoundoff();
        return List.of(new Row("count", name + ": counts above s", precision.toString(), error, bound),
                new Row("count", name + ": undecided", precision.toString(), undecided, 0.5));
    }

    /** How far s is from where so many values are above it. */
    private static double distance(double[] values, int count, double s) {
        if (count > values.length) {
            return Double.POSITIVE_INFINITY;
        }
        double tooLow = count == values.length ? 0 : values[count] - s;
        double tooHigh = count == 0 ? 0 : s - values[count - 1];
        return Math.max(0, Math.max(tooLow, tooHigh));
    }
}
