package org.mixdyn.reference;

import org.ejml.data.DMatrixRMaj;

import org.mixdyn.kernel.simd.Precision;
import org.mixdyn.kernel.svd.DoubleLeadingTracker;
import org.mixdyn.kernel.svd.DoubleSvdTracker;
import org.mixdyn.kernel.svd.FloatLeadingTracker;
import org.mixdyn.kernel.svd.FloatSvdTracker;

/** The trackers of the kernel. */
final class KernelTrackers {
    private static final int MOST_ROUNDS = 2;

    private KernelTrackers() {
    }

    static TrackerChecks.Trackers of(Precision precision, int threads) {
        return precision == Precision.F32 ? new Single(threads) : new Dual(threads);
    }

    private record Single(int threads) implements TrackerChecks.Trackers {
        @Override
        public SingularChecks.Decomposer all(int rows, int cols) {
            FloatSvdTracker tracker = new FloatSvdTracker(rows, cols, threads);
            int side = Math.min(rows, cols);
            return new SingularChecks.Decomposer() {
                @Override
                public Singular factors(DMatrixRMaj a) {
                    tracker.update(Errors.toFloat(a.data));
                    float[] u = new float[rows * side];
                    float[] v = new float[cols * side];
                    tracker.u(u);
                    tracker.v(v);
                    return new Singular(DMatrixRMaj.wrap(rows, side, Errors.toDouble(u)), values(a),
                            DMatrixRMaj.wrap(cols, side, Errors.toDouble(v)));
                }

                @Override
                public double[] values(DMatrixRMaj a) {
                    return Errors.toDouble(tracker.singularValues());
                }
            };
        }

        @Override
        public TrackerChecks.Leading leading(int rows, int cols, int r) {
            FloatLeadingTracker tracker = new FloatLeadingTracker(rows, cols, r, 0, MOST_ROUNDS, threads);
            return a -> {
                tracker.update(Errors.toFloat(a.data));
                float[] values = new float[r];
                float[] bounds = new float[r];
                tracker.singularValues(values);
                tracker.bounds(bounds);
                return new double[][]{Errors.toDouble(values), Errors.toDouble(bounds)};
            };
        }
    }

    private record Dual(int threads) implements TrackerChecks.Trackers {
        @Override
        public SingularChecks.Decomposer all(int rows, int cols) {
            DoubleSvdTracker tracker = new DoubleSvdTracker(rows, cols, threads);
            int side = Math.min(rows, cols);
            return new SingularChecks.Decomposer() {
                @Override
                public Singular factors(DMatrixRMaj a) {
                    tracker.update(a.data);
                    DMatrixRMaj u = new DMatrixRMaj(rows, side);
                    DMatrixRMaj v = new DMatrixRMaj(cols, side);
                    tracker.u(u.data);
                    tracker.v(v.data);
                    return new Singular(u, values(a), v);
                }

                @Override
                public double[] values(DMatrixRMaj a) {
                    return tracker.singularValues();
                }
            };
        }

        @Override
        public TrackerChecks.Leading leading(int rows, int cols, int r) {
            DoubleLeadingTracker tracker = new DoubleLeadingTracker(rows, cols, r, 0, MOST_ROUNDS, threads);
            return a -> {
                tracker.update(a.data);
                double[][] valuesAndBounds = new double[2][r];
                tracker.singularValues(valuesAndBounds[0]);
                tracker.bounds(valuesAndBounds[1]);
                return valuesAndBounds;
            };
        }
    }
}
