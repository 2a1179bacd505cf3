package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.task.Task;

/** What all evolutions of a product A have in common: its shape, the time of a step, and who asks for A is answered alike. */
abstract class FloatEvolution implements Dynamics {
    final int outputs;
    final int inputs;
    final double eta;
    private boolean isKept;

    FloatEvolution(Task task, double eta) {
        outputs = task.outputs();
        inputs = task.inputs();
        this.eta = eta;
    }

    @Override
    public final int outputs() {
        return outputs;
    }

    @Override
    public final int inputs() {
        return inputs;
    }

    @Override
    public final Precision precision() {
        return Precision.F32;
    }

    @Override
    public final double stepSize() {
        return eta;
    }

    @Override
    public final void product(double[] a) {
        checkLength(a);
        writeProduct(a);
    }

    private void checkLength(double[] a) {
        int needed = outputs * inputs;
        if (a.length < needed) {
            throw new IllegalArgumentException("a has " + a.length + " elements; " + outputs + " x " + inputs
                    + " needs " + needed + " or more");
        }
    }

    @Override
    public final void keepProduct() {
        keep();
        isKept = true;
    }

    @Override
    public final void keptProduct(double[] a) {
        checkLength(a);
        if (!isKept) {
            throw new IllegalStateException("no product was kept");
        }
        writeKept(a);
    }

    /** Writes A, row-major, to the beginning of an array that is long enough. */
    abstract void writeProduct(double[] out);

    /** Keeps A for {@link #writeKept}. */
    abstract void keep();

    /** Writes the A that was kept, as {@link #writeProduct} would have. */
    abstract void writeKept(double[] out);

    /** Whether A is at hand as it is, for {@link #squaredDistance}. */
    boolean holdsProduct() {
        return false;
    }

    /**
     * ||A - B||_F^2 where A is at hand, every row summed in the precision of A.
     *
     * @param b element (i, j) at from + i stride + j
     */
    double squaredDistance(float[] b, int from, int stride) {
        throw new UnsupportedOperationException("A would have to be made first");
    }

    @Override
    public final void close() {
        // Everything belongs to the heap alone.
    }
}
