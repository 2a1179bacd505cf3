package org.mixdyn.reference;

import static org.ejml.dense.row.CommonOps_DDRM.subtract;
import static org.ejml.dense.row.NormOps_DDRM.fastNormF;

import java.util.List;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.task.Task;

/**
 * How far a dynamics strays from a reference. The error of a step is the largest of
 *
 * <ul>
 * <li>||A - A_ref||_F / max(||A_ref||_F, ||A_0||_F), A_0 being the first A_ref, so that A may pass near zero on its way;
 * <li>the differences of what the dynamics reports as ||A - Y||_F and ||A - A*||_F from ||A_ref - Y||_F and
 * ||A_ref - A*||_F, in units of ||A_ref||_F + ||Y||_F.
 * </ul>
 */
final class TrajectoryErrors {
    private TrajectoryErrors() {
    }

    /**
     * The largest error of a fresh dynamics and of its next steps.
     *
     * @param dynamics stepped expected.size() - 1 times
     * @param expected A_ref before the first step and after every step
     */
    static double largest(Dynamics dynamics, List<DMatrixRMaj> expected, Task task) {
        double first = fastNormF(expected.getFirst());
        double error = distance(dynamics, expected.getFirst(), task, first);
        for (DMatrixRMaj product : expected.subList(1, expected.size())) {
            dynamics.step();
            error = Math.max(error, distance(dynamics, product, task, Math.max(first, fastNormF(product))));
        }
        return error;
    }

    private static double distance(Dynamics dynamics, DMatrixRMaj expected, Task task, double scale) {
        DMatrixRMaj labels = DMatrixRMaj.wrap(task.outputs(), task.inputs(), task.labels());
        DMatrixRMaj target = DMatrixRMaj.wrap(task.outputs(), task.inputs(), task.target());
        DMatrixRMaj actual = new DMatrixRMaj(task.outputs(), task.inputs());
        dynamics.product(actual.data);
        double elements = expected.getNumElements();
        double train = Math.sqrt(dynamics.trainError() * elements) - fastNormF(subtract(expected, labels, null));
        double test = Math.sqrt(dynamics.testError() * elements) - fastNormF(subtract(expected, target, null));
        double distances = Errors.relative(Math.max(Math.abs(train), Math.abs(test)),
                fastNormF(expected) + fastNormF(labels));
        return Math.max(distances, Errors.relative(fastNormF(subtract(actual, expected, null)), scale));
    }
}
