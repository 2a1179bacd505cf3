package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.mixdyn.kernel.gemm.Gemm;

/** Damaged factors: what probes estimate of the errors, and what products make of them, against sums in double. */
class FloatProbeTest {
    private static final double EPS = Math.ulp(1f);

    /** What an error has to be, relative to the matrix, to be nothing like rounding. */
    private static final double DAMAGE = 4096 * EPS;

    /** How factors are damaged: which of them, and the errors that are not of the order of rounding any more. */
    private enum Damage {
        LENGTH(true, false, false) {
            @Override
            void apply(Factors f) {
                f.lengths[3] *= (float) (1 + 100 * DAMAGE);
            }
        },
        TURNED_BASIS(true, true, false) {
            @Override
            void apply(Factors f) {
                f.turn(f.basis, f.shape.shortStride(), f.shape.side());
            }
        },
        TURNED_IMAGE(true, false, true) {
            @Override
            void apply(Factors f) {
                f.turn(f.image, f.shape.longStride(), f.shape.longSide());
            }
        },
        LONG_BASIS(true, true, false) {
            @Override
            void apply(Factors f) {
                f.stretch(f.basis, f.shape.shortStride(), f.shape.side());
            }
        },
        LONG_IMAGE(true, false, true) {
            @Override
            void apply(Factors f) {
                f.stretch(f.image, f.shape.longStride(), f.shape.longSide());
            }
        };

        private final boolean residual;
        private final boolean basis;
        private final boolean image;

        Damage(boolean residual, boolean basis, boolean image) {
            this.residual = residual;
            this.basis = basis;
            this.image = image;
        }

        abstract void apply(Factors factors);
    }

    /** A and its factors as the tracker keeps them. */
    private static final class Factors {
        final ThinShape shape;
        final float[] a;
        final float[] basis;
        final float[] image;
        final float[] lengths;
        final double norm;

        /** Of a matrix of random elements. */
        Factors(int rows, int cols, long seed) {
            this(new ThinShape(rows, cols), FloatSvdMatrices.uniform(new SplittableRandom(seed), rows * cols));
        }

        Factors(ThinShape shape, float[] dense) {
            this.shape = shape;
            int rows = shape.rows();
            int cols = shape.cols();
            a = new float[shape.size()];
            for (int i = 0; i < rows; i++) {
                System.arraycopy(dense, i * cols, a, i * shape.stride(), cols);
            }
            FloatSvd svd = new FloatSvd();
            svd.factor(rows, cols, dense, 0, cols);
            lengths = svd.singularValues();
            float[] u = rowsOf(svd.u(), rows, shape.wide() ? shape.shortStride() : shape.longStride());
            float[] v = rowsOf(svd.v(), cols, shape.wide() ? shape.longStride() : shape.shortStride());
            basis = shape.wide() ? u : v;
            image = shape.wide() ? v : u;
            norm = FloatCertifier.norm1(rows, cols, a, shape.stride(), new double[cols]);
        }

        private float[] rowsOf(float[] vectors, int length, int stride) {
            int side = shape.side();
            float[] rows = new float[side * stride];
            for (int k = 0; k < side; k++) {
                for (int i = 0; i < length; i++) {
                    rows[k * stride + i] = vectors[i * side + k];
                }
            }
            return rows;
        }

        /** The second vector turns towards the first. */
        void turn(float[] vectors, int stride, int length) {
            for (int i = 0; i < length; i++) {
                vectors[stride + i] += (float) (100 * DAMAGE * vectors[i]);
            }
        }

        void stretch(float[] vectors, int stride, int length) {
            for (int i = 0; i < length; i++) {
                vectors[2 * stride + i] *= (float) (1 + 100 * DAMAGE);
            }
        }

        FloatProbe probe() {
            return new FloatProbe(shape.rows(), shape.cols(), Gemm.withThreads(1));
        }

        SvdCertificate measure(FloatProbe probe) {
            probe.measure(a, shape.stride(), norm, basis, shape.shortStride(), image, shape.longStride(), lengths);
            return probe.certificate();
        }

        SvdCertificate certify() {
            return new FloatCertifier(shape, Gemm.withThreads(1)).certify(a, norm, basis, image, lengths);
        }

        /** The certificate in double, with Frobenius norms or 1-norms. */
        SvdCertificate exact(boolean frobenius) {
            int rows = shape.rows();
            int cols = shape.cols();
            float[] u = shape.wide() ? basis : image;
            float[] v = shape.wide() ? image : basis;
            int ldu = shape.wide() ? shape.shortStride() : shape.longStride();
            int ldv = shape.wide() ? shape.longStride() : shape.shortStride();
            double[] residual = new double[rows * cols];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    double sum = a[i * shape.stride() + j];
                    for (int k = 0; k < shape.side(); k++) {
                        sum -= (double) u[k * ldu + i] * lengths[k] * v[k * ldv + j];
                    }
                    residual[i * cols + j] = sum;
                }
            }
            return new SvdCertificate(
                    size(residual, rows, cols, frobenius) / (norm * shape.longSide() * EPS),
                    departure(u, ldu, rows, frobenius) / (rows * EPS),
                    departure(v, ldv, cols, frobenius) / (cols * EPS));
        }

        private double departure(float[] q, int ld, int length, boolean frobenius) {
            int side = shape.side();
            double[] e = new double[side * side];
            for (int k = 0; k < side; k++) {
                for (int l = 0; l < side; l++) {
                    double sum = k == l ? 1 : 0;
                    for (int i = 0; i < length; i++) {
                        sum -= (double) q[k * ld + i] * q[l * ld + i];
                    }
                    e[k * side + l] = sum;
                }
            }
            return size(e, side, side, frobenius);
        }

        private static double size(double[] e, int rows, int cols, boolean frobenius) {
            double squares = 0;
            double largest = 0;
            for (int j = 0; j < cols; j++) {
                double sum = 0;
                for (int i = 0; i < rows; i++) {
                    sum += Math.abs(e[i * cols + j]);
                    squares += e[i * cols + j] * e[i * cols + j];
                }
                largest = Math.max(largest, sum);
            }
            return frobenius ? Math.sqrt(squares) : largest;
        }
    }

    /** No estimate is less than a tenth of the norm that it stands for, and none is far above it, wherever the damage is. */
    @ParameterizedTest
    @CsvSource({"24,24", "30,18", "18,30", "5,70"})
    void estimatesSeeEveryDamage(int rows, int cols) {
        for (Damage damage : Damage.values()) {
            for (int seed = 0; seed < 10; seed++) {
                Factors factors = new Factors(rows, cols, seed);
                FloatProbe probe = factors.probe();
                for (int i = 0; i < seed; i++) {
                    assertTrue(factors.measure(probe).worst() < 4, "undamaged");
                }
                damage.apply(factors);
                SvdCertificate exact = factors.exact(true);
                String what = damage + ", " + rows + " x " + cols + ", seed " + seed + ": ";
                for (int i = 0; i < 5; i++) {
                    SvdCertificate estimate = factors.measure(probe);
                    assertSeen(what + "residual", damage.residual, exact.residual(), estimate.residual());
                    assertSeen(what + "U", cols > rows ? damage.basis : damage.image, exact.orthogonalityU(),
                            estimate.orthogonalityU());
                    assertSeen(what + "V", cols > rows ? damage.image : damage.basis, exact.orthogonalityV(),
                            estimate.orthogonalityV());
                }
            }
        }
    }

    private static void assertSeen(String what, boolean damaged, double exact, double estimate) {
        assertEquals(damaged, exact > 100, what + " is " + exact);
        assertTrue(estimate >= exact / 10, what + " is " + exact + ", estimated as " + estimate);
        assertTrue(estimate <= (damaged ? 4 * exact : 4), what + " is " + exact + ", estimated as " + estimate);
    }

    /** E = a b^T with two equal elements in b, or two that differ in sign: signs would add up to nothing again and again. */
    @Test
    void errorsOfFewElementsAreSeen() {
        int n = 20;
        for (int sign = -1; sign <= 1; sign += 2) {
            float[] identity = new float[n * n];
            for (int i = 0; i < n; i++) {
                identity[i * n + i] = 1;
            }
            Factors factors = new Factors(new ThinShape(n, n), identity);
            factors.a[3 * factors.shape.stride() + 7] += 0.01f;
            factors.a[3 * factors.shape.stride() + 12] += sign * 0.01f;
            double exact = factors.exact(true).residual();
            FloatProbe probe = factors.probe();
            double squares = 0;
            int count = 2000;
            int missed = 0;
            for (int i = 0; i < count; i++) {
                double estimate = factors.measure(probe).residual();
                missed += estimate < exact / 10 ? 1 : 0;
                squares += estimate / exact * (estimate / exact) / count;
            }
            // Less than half a one is expected; signs would miss 125.
            assertTrue(missed <= 5, "missed " + missed + " of " + count);
            // (b^T z)^2 has the mean 1 and the variance 1.4 for such a b; four are averaged.
            assertEquals(1, squares, 4 * Math.sqrt(1.4 / 4 / count));
        }
    }

    /** Products give each of the three errors to the rounding of the products. */
    @ParameterizedTest
    @CsvSource({"24,24", "30,18", "18,30", "5,70"})
    void productsGiveEveryError(int rows, int cols) {
        for (Damage damage : Damage.values()) {
            Factors factors = new Factors(rows, cols, 77);
            damage.apply(factors);
            SvdCertificate exact = factors.exact(false);
            SvdCertificate certificate = factors.certify();
            String what = damage + ", " + rows + " x " + cols;
            assertEquals(exact.residual(), certificate.residual(), 2 + 1e-3 * exact.residual(), what);
            assertEquals(exact.orthogonalityU(), certificate.orthogonalityU(), 2 + 1e-3 * exact.orthogonalityU(), what);
            assertEquals(exact.orthogonalityV(), certificate.orthogonalityV(), 2 + 1e-3 * exact.orthogonalityV(), what);
        }
    }
}
