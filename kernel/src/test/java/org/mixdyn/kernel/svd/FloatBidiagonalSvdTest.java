package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

/** Matrices that are bidiagonal already: known values, and what divide and conquer and the QR iteration have trouble with. */
class FloatBidiagonalSvdTest {
    private static final double EPS = Math.ulp(1f);

    private final SplittableRandom random = new SplittableRandom(20240530);
    private final FloatSvd svd = new FloatSvd();

    /** The singular values of the bidiagonal matrix of ones are 2 cos(j pi / (2n + 1)), each wanted to relative accuracy. */
    @Test
    void bidiagonalOnes() {
        for (int n : new int[]{2, 3, 10, 101}) {
            float[] a = new float[n * n];
            for (int i = 0; i < n; i++) {
                a[i * n + i] = 1;
                if (i + 1 < n) {
                    a[i * n + i + 1] = 1;
                }
            }
            float[] s = FloatSvdCheck.check("bidiagonal ones " + n, svd, n, n, a);
            for (int j = 0; j < n; j++) {
                double expected = 2 * Math.cos((j + 1) * Math.PI / (2 * n + 1));
                assertEquals(expected, s[j], 20 * n * EPS * expected + 4 * Math.ulp(1.0), "value " + j + " of " + n);
            }
        }
    }

    /** Small singular values of a bidiagonal matrix keep their digits: the product of all is that of the diagonal. */
    @Test
    void gradedBidiagonalKeepsRelativeAccuracy() {
        int n = 20;
        for (double ratio : new double[]{0.3, 3}) {
            float[] a = new float[n * n];
            double expected = 0;
            for (int i = 0; i < n; i++) {
                a[i * n + i] = (float) Math.pow(ratio, i);
                expected += Math.log(a[i * n + i]);
                if (i + 1 < n) {
                    a[i * n + i + 1] = (float) (0.9 * Math.pow(ratio, i));
                }
            }
            float[] s = FloatSvdCheck.check("graded by " + ratio, svd, n, n, a);
            double sum = 0;
            for (float value : s) {
                sum += Math.log(value);
            }
            assertTrue(s[n - 1] < 1e-9 * s[0], "the smallest value is " + s[n - 1]);
            assertEquals(expected, sum, 20 * n * EPS);
        }
    }

    /** Bidiagonal matrices that divide and conquer has trouble with: much, little or nothing of z is negligible. */
    @Test
    void bidiagonalOfAllKinds() {
        double range = Math.log10(Float.MAX_VALUE) - 3;
        for (int n : new int[]{15, 16, 17, 18, 33, 34, 35, 36, 67, 69, 130}) {
            for (int kind = 0; kind < 9; kind++) {
                float[] a = new float[n * n];
                for (int i = 0; i < n; i++) {
                    double d = random.nextDouble(-1, 1);
                    double e = random.nextDouble(-1, 1);
                    switch (kind) {
                        case 0 -> d = i % 4 == 0 ? 0 : d;
                        case 1 -> e = i % 5 == 0 ? 0 : e;
                        case 2 -> {
                            d = 1;
                            e = Math.sqrt(EPS);
                        }
                        case 3 -> {
                            d = Math.abs(i - n / 2);
                            e = 1;
                        }
                        case 4 -> {
                            d = Math.pow(10, range * (1 - 2.0 * i / n));
                            e = d;
                        }
                        case 5 -> {
                            d = Math.pow(10, range * (2.0 * i / n - 1));
                            e = d * 0.1;
                        }
                        case 6 -> {
                            d *= EPS * EPS;
                            e = i % 2 == 0 ? e : 20 * EPS;
                        }
                        case 7 -> {
                            d = 1 + (i % 10) * EPS;
                            e = i % 10 == 9 ? 10 * EPS : e * 0.1;
                        }
                        default -> {
                            d = i % 2;
                            e = 1 - d;
                        }
                    }
                    a[i * n + i] = (float) d;
                    if (i + 1 < n) {
                        a[i * n + i + 1] = (float) e;
                    }
                }
                FloatSvdCheck.check("bidiagonal " + n + " of kind " + kind, svd, n, n, a);
            }
        }
    }
}
