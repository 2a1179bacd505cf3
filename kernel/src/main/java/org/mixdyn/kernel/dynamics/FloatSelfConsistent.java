package org.mixdyn.kernel.dynamics;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

import org.mixdyn.kernel.gemm.FloatTransposition;
import org.mixdyn.kernel.gemm.Gemm;
import org.mixdyn.kernel.parallel.Team;
import org.mixdyn.kernel.simd.FloatVectors;
import org.mixdyn.kernel.simd.Lanes;
import org.mixdyn.kernel.svd.FloatSvd;
import org.mixdyn.kernel.task.Task;

/**
 * Euler steps of {@link SelfConsistent}. All is kept in {@link FloatBases} in which A is nearly diagonal: the equation is the
 * same there, and both roots are followed by {@link FloatTrackedRoot} with products alone. A lazy beginning, A below s, is nearly
 * diagonal in every basis and needs none of its own. When a root cannot be followed any more, a singular value decomposition
 * of the present A gives the next basis, and in it the roots themselves. Where that serves for a few steps only, since a turn
 * of a large singular value by an angle of sqrt(s / S) is too much for the small ones, {@link FloatLeadingRotation} turns the
 * basis after the leading values at each step. A rectangular A is padded with zeros to a square one, which leaves its steps as
 * they are.
 *
 * <p>Since sqrt(A A^T + s^2 I) A = A sqrt(A^T A + s^2 I), one product is enough where the labels are diagonal, that is, as long
 * as those of a task that has such labels stand in the original basis.
 */
final class FloatSelfConsistent extends FloatEvolution implements SelfConsistent.Equation {
    private static final VectorSpecies<Float> S = Lanes.FLOAT;
    private static final int L = S.length();
    private static final int START = FloatSymmetric.START;

    /** Decompositions from one time that the bases are made orthogonal again to the next. */
    private static final int ORTHOGONAL_EVERY = 8;

    /** Without a basis of its own, A keeps the small singular values to a rounding of the large ones: up to this over s. */
    private static final double LARGEST_OVER_S = 1e3;

    /** Steps that a basis has to serve; after one that did not, the basis is turned after the leading values at each step. */
    private static final int SERVICE = 12;

    /** Leading values at most. */
    private static final int MOST_LEADING = 24;

    /** From a leading value to the largest that is none. */
    private static final double GAP = 2;

    /** From s to a leading value. */
    private static final double LEAST_LEADING = 10;

    /** Up to this over s values do not hinder those of the order of s. */
    private static final double CALM = 2e3;

    /** Steps with a rotation from one time that the bases are made orthogonal again to the next. */
    private static final int ROTATIONS = 64;

    /** After several failures in a row, at most 2 to this power of decompositions before the roots are followed again. */
    private static final int MOST_FAILURES = 4;

    private final Task task;
    private final double s;
    private final int substeps;
    private final Team team;
    private final FloatBands bands;
    private final FloatSvd svd;
    private final int n;
    private final int stride;
    private final FloatLeadingRotation leadingRotation;
    private final FloatTrackedRoot left;
    private final FloatTrackedRoot right;
    private final FloatBases bases;
    /** In the basis, with the stride of {@link FloatSymmetric}: A, Y and A*. */
    private final float[] a;
    private final float[] labels;
    private final float[] target;
    /** The diagonal of the labels in whole vectors; null where they are not diagonal, or may not be any more. */
    private float[] labelValues;
    private boolean targetKnown = true;
    /**
     * G, the change of A and then its transpose. When these are not needed, the first two are the roots' residual and square, and
     * all three are room for products with the bases: the fewer the arrays, the more of them stay in the cache. The zeros that
     * rows of the first two are padded with have to be left.
     */
    private final float[] gradient;
    private final float[] change;
    private final float[] transpose;
    /** The two products of a comparison, once there was one. */
    private double[] ours;
    private double[] theirs;
    /** The product that is kept, once there is one. */
    private double[] kept;
    /** Products that the last change of A took. */
    private int changeProducts = 2;
    private long decompositions;
    /** Failures to follow the roots in a row, and decompositions that are made without trying again. */
    private int failures;
    private int patience;
    /** Steps since the last decomposition, those of them with a rotation, and whether there are to be any. */
    private int served;
    private int rotations;
    private boolean rotates;

    FloatSelfConsistent(Task task, double s, double[] initialProduct, double eta, int substeps, int threads) {
        super(task, eta);
        this.task = task;
        this.s = s;
        this.substeps = substeps;
        team = Team.of(threads);
        Gemm gemm = Gemm.withThreads(threads);
        bands = new FloatBands(team);
        svd = new FloatSvd(threads);
        n = Math.max(outputs, inputs);
        stride = FloatSymmetric.padded(n);
        leadingRotation = new FloatLeadingRotation(n, MOST_LEADING, team, bands, svd);
        int size = FloatSymmetric.size(n, n);
        a = new float[size];
        transpose = new float[size];
        labels = new float[size];
        target = new float[size];
        gradient = new float[size];
        change = new float[size];
        bases = new FloatBases(outputs, inputs, stride, team, bands, gemm, transpose, change, gradient);
        left = new FloatTrackedRoot(n, s, team, bands, change, gradient);
        right = new FloatTrackedRoot(n, s, team, bands, change, gradient);
        bases.pad(initialProduct, a);
        bases.pad(task.labels(), labels);
        bases.pad(task.target(), target);
        if (FloatLabelBasis.isDiagonal(task)) {
            labelValues = new float[stride];
            for (int i = 0; i < n; i++) {
                labelValues[i] = labels[at(i, i)];
            }
        }
        decompose();
        float[] values = svd.singularValues();
        if (values[0] <= s) {
            left.restart(values, svd.u(), gemm);
            right.restart(values, svd.v(), gemm);
        } else {
            takeBasis();
        }
    }

    @Override
    public void step() {
        for (int i = 0; i < substeps; i++) {
            smallStep();
        }
    }

    private void smallStep() {
        float step = (float) (eta / substeps);
        if (left.isDiagonal() && right.isDiagonal()) {
            changeProducts = 0;
            Parts.forEach(team, FloatBands.count(n), (rank, band) -> stepByDiagonals(band, step));
        } else if (labelValues != null) {
            changeProducts = 1;
            Parts.forEach(team, FloatBands.count(n), (rank, band) -> stepByOneProduct(rank, band, step));
        } else {
            changeProducts = 2;
            stepByTwoProducts(step);
        }
        if (patience > 0) {
            patience--;
            changeBasis();
        } else if (follows()) {
            failures = 0;
            served++;
        } else {
            rotates = served < SERVICE;
            failures = Math.min(failures + 1, MOST_FAILURES);
            patience = (1 << failures) - 2;
            changeBasis();
        }
    }

    /** Where element (i, j) of A, and of what has its stride, stands. */
    private int at(int i, int j) {
        return START + i * stride + j;
    }

    /** A band of A -= eta (L G + G R), both roots being diagonal. */
    private void stepByDiagonals(int band, float step) {
        float[] rows = left.x();
        float[] cols = right.x();
        for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, n); i++) {
            float root = rows[at(i, i)];
            int row = at(i, 0);
            for (int j = 0; j < n; j++) {
                a[row + j] -= step * (root + cols[at(j, j)]) * (a[row + j] - labels[row + j]);
            }
        }
    }

    /**
     * A band of A -= eta (2 A R - L Y - Y R), Y being diagonal. What the roots are off by is multiplied by Y here, by G in two
     * products: A ends some roundings of Y away from it.
     */
    private void stepByOneProduct(int rank, int band, float step) {
        float[] rows = left.x();
        float[] cols = right.x();
        bands.multiply(rank, band, n, n, n, a, stride, cols, change, stride, false);
        FloatVector ofProduct = FloatVector.broadcast(S, -2 * step);
        for (int i = band * FloatBands.ROWS; i < FloatBands.end(band, n); i++) {
            FloatVector ofRow = FloatVector.broadcast(S, step * labelValues[i]);
            int row = at(i, 0);
            for (int j = 0; j < stride; j += L) {
                FloatVector ofColumns = FloatVector.fromArray(S, labelValues, j).mul(step);
                FloatVector next = FloatVector.fromArray(S, change, row + j)
                        .fma(ofProduct, FloatVector.fromArray(S, a, row + j));
                next = FloatVector.fromArray(S, rows, row + j).fma(ofColumns, next);
                FloatVector.fromArray(S, cols, row + j).fma(ofRow, next).intoArray(a, row + j);
            }
        }
    }

    /** A -= eta (L G + G R). */
    private void stepByTwoProducts(float step) {
        for (int i = START; i < START + n * stride; i++) {
            gradient[i] = a[i] - labels[i];
        }
        Parts.forEach(team, FloatBands.count(n), (rank, band) -> {
            bands.multiply(rank, band, n, n, n, left.x(), stride, gradient, change, stride, false);
            bands.multiply(rank, band, n, n, n, gradient, stride, right.x(), change, stride, true);
            int from = at(band * FloatBands.ROWS, 0);
            FloatVectors.axpy(at(FloatBands.end(band, n), 0) - from, -step, change, from, a, from);
        });
    }

    private boolean follows() {
        int leading = rotates && !bases.isOriginal() ? leading() : 0;
        if (leading > 0) {
            if (!leadingRotation.decouple(a, leading)) {
                return false;
            }
            bases.turn(leadingRotation);
            rotations++;
            if (rotations % ROTATIONS == 0) {
                bases.makeOrthogonal();
                bases.into(task.labels(), labels);
            } else {
                leadingRotation.turn(labels);
            }
            targetKnown = false;
        }
        Parts.forEach(team, FloatSymmetric.strips(n), (rank, strip) -> FloatTransposition.strip(stride, a,
                at(strip * FloatSymmetric.STRIP, 0), stride, transpose, at(0, strip * FloatSymmetric.STRIP), stride));
        return left.follow(transpose, leading) && right.follow(a, leading)
                && !(bases.isOriginal() && Math.max(left.norm(), right.norm()) > LARGEST_OVER_S * s);
    }

    /**
     * How many values lead, each of them far above s and {@link #GAP} times as large as all that follow: the fewest after
     * which the rest is {@link #CALM}, or else the most; 0 where none do.
     */
    private int leading() {
        int most = Math.min(MOST_LEADING, n / 2);
        double largest = 0;
        for (int i = most; i < n; i++) {
            largest = Math.max(largest, Math.abs(a[at(i, i)]));
        }
        int leading = 0;
        for (int r = most; r > 0 && (leading == 0 || largest <= CALM * s); r--) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < r; i++) {
                least = Math.min(least, Math.abs(a[at(i, i)]));
            }
            if (least > Math.max(LEAST_LEADING * s, GAP * largest)) {
                leading = r;
            }
            largest = Math.max(largest, Math.abs(a[at(r - 1, r - 1)]));
        }
        return leading;
    }

    /**
     * A decomposition of A as it stands in the basis gives the next basis. There small singular values are small in whole
     * rows and columns, which a decomposition of A itself would bury under the roundings of the large ones.
     */
    private void changeBasis() {
        if (!Double.isFinite(trainError())) {
            // Diverged: there is no basis, and the errors tell.
            return;
        }
        decompose();
        takeBasis();
    }

    private void decompose() {
        svd.factor(n, n, a, START, stride);
        decompositions++;
        served = 0;
    }

    private void takeBasis() {
        float[] singularValues = svd.singularValues();
        Arrays.fill(a, 0);
        for (int i = 0; i < n; i++) {
            a[at(i, i)] = singularValues[i];
        }
        bases.turn(svd);
        if (decompositions % ORTHOGONAL_EVERY == 0) {
            bases.makeOrthogonal();
        }
        left.restart(singularValues);
        right.restart(singularValues);
        bases.into(task.labels(), labels);
        labelValues = null;
        targetKnown = false;
    }

    /** Singular value decompositions so far, the first included. */
    long decompositions() {
        return decompositions;
    }

    @Override
    public double trainError() {
        return error(labels);
    }

    @Override
    public double testError() {
        if (!targetKnown) {
            bases.into(task.target(), target);
            targetKnown = true;
        }
        return error(target);
    }

    private double error(float[] from) {
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += FloatVectors.squaredDistance(n, a, at(i, 0), from, at(i, 0));
        }
        return squares / ((double) outputs * inputs);
    }

    @Override
    void writeProduct(double[] out) {
        bases.back(a, out);
    }

    @Override
    void keep() {
        if (kept == null) {
            kept = new double[outputs * inputs];
        }
        writeProduct(kept);
    }

    @Override
    void writeKept(double[] out) {
        System.arraycopy(kept, 0, out, 0, kept.length);
    }

    /**
     * The product of a narrow network is turned into the basis by way of its weights, at 6 n^2 operations for a hidden unit;
     * otherwise A is turned back at 4 n^3.
     */
    @Override
    public double distance(Dynamics network) {
        if (network.outputs() != outputs || network.inputs() != inputs) {
            throw new IllegalArgumentException("the network is " + network.outputs() + " x " + network.inputs()
                    + "; allowed is " + outputs + " x " + inputs);
        }
        if (!bases.isOriginal() && network instanceof FloatTwoLayer weighted
                && 3 * weighted.weights().layout().width() < 2L * n) {
            return bases.squaredDistance(a, weighted.weights()) / ((double) outputs * inputs);
        }
        if (network instanceof FloatEvolution other && other.holdsProduct()) {
            double squares = bases.isOriginal()
                    ? other.squaredDistance(a, START, stride)
                    : other.squaredDistance(bases.back(a), START, stride);
            return squares / ((double) outputs * inputs);
        }
        if (ours == null) {
            ours = new double[outputs * inputs];
            theirs = new double[outputs * inputs];
        }
        product(ours);
        network.product(theirs);
        return MeanSquare.distance(ours, theirs);
    }

    @Override
    public double conservedDrift() {
        return Double.NaN;
    }

    /**
     * The products for the change of A as the last step made them, and two halves for each root; what more is done now and then
     * does not count.
     */
    @Override
    public double flopsPerStep() {
        return 2.0 * (changeProducts + 2) * n * n * n * substeps;
    }
}
