package org.mixdyn.kernel.observe;

import java.util.Arrays;

import org.mixdyn.kernel.dynamics.Dynamics;
import org.mixdyn.kernel.simd.Precision;

/** A dynamics whose errors after n steps are read from a script; its product has n + 1 and 2 (n + 1) on the diagonal. */
final class ScriptedDynamics implements Dynamics {
    static final double ETA = 0.1;

    private final double[] trainErrors;
    private final double[] testErrors;
    private int stepsTaken;
    private int failAtStep = Integer.MAX_VALUE;

    /** The last number of a script stands for all later ones. */
    ScriptedDynamics(double[] trainErrors, double[] testErrors) {
        this.trainErrors = trainErrors;
        this.testErrors = testErrors;
    }

    ScriptedDynamics failingAtStep(int step) {
        failAtStep = step;
        return this;
    }

    int stepsTaken() {
        return stepsTaken;
    }

    private double at(double[] script) {
        return script[Math.min(stepsTaken, script.length - 1)];
    }

    @Override
    public int outputs() {
        return 2;
    }

    @Override
    public int inputs() {
        return 3;
    }

    @Override
    public Precision precision() {
        return Precision.F64;
    }

    @Override
    public void step() {
        if (stepsTaken == failAtStep) {
            throw new IllegalStateException("scripted failure");
        }
        stepsTaken++;
    }

    @Override
    public double stepSize() {
        return ETA;
    }

    @Override
    public double trainError() {
        return at(trainErrors);
    }

    @Override
    public double testError() {
        return at(testErrors);
    }

    @Override
    public void product(double[] a) {
        Arrays.fill(a, 0);
        a[0] = stepsTaken + 1;
        a[4] = 2 * (stepsTaken + 1);
    }

    @Override
    public void keepProduct() {
        throw new AssertionError("a recorder keeps no product");
    }

    @Override
    public void keptProduct(double[] a) {
        throw new AssertionError("a recorder keeps no product");
    }

    @Override
    public double conservedDrift() {
        return stepsTaken * 1e-3;
    }

    @Override
    public double flopsPerStep() {
        return 1;
    }

    @Override
    public void close() {
        throw new AssertionError("a recorder does not close what it runs");
    }
}
