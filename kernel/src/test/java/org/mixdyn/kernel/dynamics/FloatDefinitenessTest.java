package org.mixdyn.kernel.dynamics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.parallel.Team;

/** An X that is not positive definite is refused, whichever of the tests has to tell. */
class FloatDefinitenessTest {
    private static final int N = 50;

    private final int size = FloatSymmetric.size(N, N);
    private final int stride = FloatSymmetric.padded(N);
    private final Team team = Team.of(1);

    /** X = D^1/2 (I + M) D^1/2 with a diagonal D that is far from even. */
    private FloatSymmetric matrix(double[] m) {
        FloatSymmetric x = new FloatSymmetric(N);
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                double scale = Math.sqrt((1 + i * i) * (1.0 + j * j));
                x.elements()[FloatSymmetric.START + i * stride
                        + j] = (float) (scale * ((i == j ? 1 : 0) + m[i * N + j]));
            }
        }
        return x;
    }

    private boolean isPositive(FloatSymmetric x) {
        return new FloatDefiniteness(N, team, new FloatBands(team), new float[size], new float[size]).isPositive(x);
    }

    /** Off-diagonal elements of random sign. */
    private static double[] random(double element) {
        SplittableRandom random = new SplittableRandom(7);
        double[] m = new double[N * N];
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < i; j++) {
                m[i * N + j] = random.nextBoolean() ? element : -element;
                m[j * N + i] = m[i * N + j];
            }
        }
        return m;
    }

    /** Off-diagonal elements, all equal: an eigenvalue of I + M is 1 + (N - 1) element, all others are 1 - element. */
    private static double[] even(double element) {
        double[] m = new double[N * N];
        Arrays.fill(m, element);
        for (int i = 0; i < N; i++) {
            m[i * N + i] = 0;
        }
        return m;
    }

    @Test
    void positiveDefiniteOnesAreTaken() {
        // ||M||_F is 0.49, 1.5 and, of the last, 44; ||M^2||_F of the second 0.44.
        assertTrue(isPositive(matrix(random(0.01))));
        assertTrue(isPositive(matrix(random(0.03))));
        assertTrue(isPositive(matrix(even(0.9))));
    }

    @Test
    void othersAreRefused() {
        // Least eigenvalues 1 - 49 / 48 and 1 - 1.01.
        assertFalse(isPositive(matrix(even(-1.0 / 48))));
        assertFalse(isPositive(matrix(even(1.01))));
    }

    /** Small elements make both norms small, whatever the signs of the diagonal. */
    @Test
    void aDiagonalThatIsNotPositiveIsRefused() {
        for (float element : new float[]{-1e-3f, 0, Float.NaN}) {
            FloatSymmetric x = matrix(random(1e-4));
            x.elements()[FloatSymmetric.START + 3 * stride + 3] = element;
            assertFalse(isPositive(x), "diagonal element " + element);
        }
    }
}
