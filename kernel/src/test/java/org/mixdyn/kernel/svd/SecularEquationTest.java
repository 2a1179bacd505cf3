package org.mixdyn.kernel.svd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

/** Values and vectors of M = diag(d) with the row z where d is 0, for gaps and weights over all magnitudes. */
class SecularEquationTest {
    private static final double EPS = Math.ulp(1.0);

    private final SplittableRandom random = new SplittableRandom(5);
    private final SecularEquation secular = new SecularEquation();

    @Test
    void valuesAndVectorsOfRandomMatrices() {
        for (int n : new int[]{1, 2, 3, 7, 8, 9, 40, 100}) {
            for (double decades : new double[]{0, 3, 14}) {
                for (int trial = 0; trial < 5; trial++) {
                    check(n, decades);
                }
            }
        }
    }

    /** d = (0, 1), z = (1, 1): the squares are the roots (3 +- sqrt 5) / 2 of x^2 - 3 x + 1. */
    @Test
    void goldenRatio() {
        secular.reserve(2);
        secular.poles[0] = 1;
        secular.poles[1] = 0;
        secular.weights[0] = 1;
        secular.weights[1] = 1;
        secular.ascending[0] = 1;
        secular.ascending[1] = 0;
        secular.solve(2, EPS);
        double golden = (1 + Math.sqrt(5)) / 2;
        assertEquals(1 / golden, secular.root(0), 2 * EPS);
        assertEquals(golden, secular.root(1), 4 * EPS);
    }

    private void check(int n, double decades) {
        secular.reserve(n);
        int shift = random.nextInt(n);
        double d = 0;
        double sum = 0;
        double[] z = new double[n];
        double[] poles = new double[n];
        for (int i = 0; i < n; i++) {
            int place = (i + shift) % n;
            secular.ascending[i] = place;
            poles[place] = d;
            z[place] = (random.nextBoolean() ? 1 : -1) * Math.pow(10, -decades * random.nextDouble());
            secular.poles[place] = d;
            secular.weights[place] = z[place];
            sum += d * d + z[place] * z[place];
            d += Math.pow(10, -decades * random.nextDouble());
        }
        secular.solve(n, 8 * EPS);
        double norm = Math.sqrt(sum);
        double squares = 0;
        double[][] left = new double[n][n + 16];
        double[][] right = new double[n][n + 16];
        for (int i = 0; i < n; i++) {
            double root = secular.root(i);
            squares += root * root;
            assertTrue(root >= poles[secular.ascending[i]], "root " + i + " is " + root);
            if (i + 1 < n) {
                assertTrue(root <= poles[secular.ascending[i + 1]], "root " + i + " is " + root);
            }
            secular.vectors(i, shift, left[i], right[i]);
            double row = 0;
            for (int g = 0; g < n; g++) {
                row += z[g] * right[i][g];
                if (g != shift) {
                    assertEquals(root * left[i][g], poles[g] * right[i][g], 50 * EPS * norm, "element " + g);
                }
            }
            assertEquals(root * left[i][shift], row, 50 * EPS * norm, "row of z");
        }
        // The squares of all elements of M, and of its singular values.
        assertEquals(sum, squares, 50 * EPS * sum);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double u = 0;
                double v = 0;
                for (int g = 0; g < n; g++) {
                    u += left[i][g] * left[j][g];
                    v += right[i][g] * right[j][g];
                }
                assertEquals(i == j ? 1 : 0, u, 10 * (5 + n) * EPS, "left vectors " + i + ", " + j);
                assertEquals(i == j ? 1 : 0, v, 10 * (5 + n) * EPS, "right vectors " + i + ", " + j);
            }
        }
    }
}
