package org.mixdyn.kernel.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import org.mixdyn.kernel.svd.DoubleSvd;
import org.junit.jupiter.api.function.Executable;

import org.mixdyn.kernel.random.Gaussian;

/** The matrices against their definition, their rank and their variances. */
class TaskTest {
    @Test
    void targetIsTheProductOfItsFactors() {
        int outputs = 7;
        int inputs = 11;
        int rank = 3;
        Task task = Task.lowRank(outputs, inputs, rank, 0.5, 99);
        double[] c = new double[outputs * rank];
        double[] d = new double[inputs * rank];
        double[] e = new double[outputs * inputs];
        new Gaussian(99, Task.LEFT_STREAM).fill(0, c, 0, c.length);
        new Gaussian(99, Task.RIGHT_STREAM).fill(0, d, 0, d.length);
        new Gaussian(99, Task.NOISE_STREAM).fill(0, e, 0, e.length);
        for (int i = 0; i < outputs; i++) {
            for (int j = 0; j < inputs; j++) {
                double product = 0;
                for (int k = 0; k < rank; k++) {
                    product += c[rank * i + k] * d[rank * j + k];
                }
                double target = product / Math.sqrt(rank);
                assertEquals(target, task.target()[inputs * i + j], 1e-14);
                assertEquals(target + 0.5 * e[inputs * i + j], task.labels()[inputs * i + j], 1e-14);
            }
        }
        assertEquals(outputs, task.outputs());
        assertEquals(inputs, task.inputs());
        assertEquals(rank, task.rank());
        assertEquals(0.5, task.noise());
        assertEquals(99, task.seed());
    }

    @Test
    void rankIsExact() {
        for (int rank = 1; rank <= 6; rank++) {
            double[] pivots = pivots(9, 6, Task.lowRank(9, 6, rank, 1, 4).target().clone());
            for (int k = 0; k < 6; k++) {
                assertTrue(k < rank ? pivots[k] > 1e-3 : pivots[k] < 1e-12, "rank " + rank + ", pivot " + pivots[k]);
            }
        }
        double[] labels = pivots(9, 6, Task.lowRank(9, 6, 1, 1, 4).labels().clone());
        assertTrue(labels[5] > 1e-3, "the labels have full rank");
    }

    /** Pivots of Gaussian elimination with complete pivoting; a is overwritten. */
    private static double[] pivots(int rows, int columns, double[] a) {
        double[] pivots = new double[Math.min(rows, columns)];
        for (int k = 0; k < pivots.length; k++) {
            int best = 0;
            for (int i = 0; i < a.length; i++) {
                best = Math.abs(a[i]) > Math.abs(a[best]) ? i : best;
            }
            pivots[k] = Math.abs(a[best]);
            int row = best / columns;
            int column = best % columns;
            double[] pivotRow = Arrays.copyOfRange(a, row * columns, (row + 1) * columns);
            for (int i = 0; i < rows; i++) {
                double factor = a[i * columns + column] / pivotRow[column];
                for (int j = 0; j < columns; j++) {
                    a[i * columns + j] = j == column || i == row ? 0 : a[i * columns + j] - factor * pivotRow[j];
                }
            }
        }
        return pivots;
    }

    @Test
    void entriesHaveTheRightVariances() {
        int d = 60;
        int seeds = 200;
        for (int rank : new int[]{1, 5, 20}) {
            double targets = 0;
            double noises = 0;
            double cross = 0;
            for (int seed = 0; seed < seeds; seed++) {
                Task task = Task.lowRank(d, d, rank, 2, seed);
                for (int i = 0; i < d * d; i++) {
                    double error = task.labels()[i] - task.target()[i];
                    targets += task.target()[i] * task.target()[i];
                    noises += error * error;
                    cross += error * task.target()[i];
                }
            }
            double count = (double) seeds * d * d;
            // ||C D^T||^2 / d^2 of one task varies by about 2 / sqrt(d rank / 2) round 1.
            assertEquals(1, targets / count, 5 * 2 / Math.sqrt(d * rank / 2.0 * seeds), "variance of the target");
            assertEquals(4, noises / count, 5 * 4 * Math.sqrt(2 / count), "variance of the noise");
            assertEquals(0, cross / count, 5 * 2 * 1.1 / Math.sqrt(count), "target and noise are independent");
        }
    }

    @Test
    void seedAndNoiseDoWhatTheySay() {
        Task task = Task.lowRank(5, 4, 2, 1, 1);
        Task again = Task.lowRank(5, 4, 2, 1, 1);
        assertArrayEquals(task.target(), again.target());
        assertArrayEquals(task.labels(), again.labels());
        assertNotEquals(task.target()[0], Task.lowRank(5, 4, 2, 1, 2).target()[0]);
        Task noiseless = Task.lowRank(5, 4, 2, 0, 1);
        assertArrayEquals(task.target(), noiseless.target());
        assertArrayEquals(noiseless.target(), noiseless.labels());
        Task noisier = Task.lowRank(5, 4, 2, 3, 1);
        for (int i = 0; i < 20; i++) {
            assertEquals(3 * (task.labels()[i] - task.target()[i]), noisier.labels()[i] - noisier.target()[i], 1e-14);
        }
        assertTrue(Task.FIRST_FREE_STREAM > Task.NOISE_STREAM);
    }

    @Test
    void givenMatricesAreKept() {
        double[] target = {1, 2, 3, 4, 5, 6};
        double[] labels = {0, 1, 0, 1, 0, 1};
        Task task = Task.of(2, 3, target, labels);
        assertSame(target, task.target());
        assertSame(labels, task.labels());
        assertEquals(2, task.outputs());
        assertEquals(3, task.inputs());
        assertEquals(0, task.rank());
        assertTrue(Double.isNaN(task.noise()));
        assertEquals(0, task.seed());
    }

    @Test
    void refusesWhatIsOutOfRange() {
        refused("outputs is 0; allowed is at least 1", () -> Task.lowRank(0, 3, 1, 1, 0));
        refused("inputs is -3; allowed is at least 1", () -> Task.lowRank(3, -3, 1, 1, 0));
        refused("rank is 0; allowed is 1 to 3, the smaller of outputs and inputs", () -> Task.lowRank(3, 4, 0, 1, 0));
        refused("rank is 4; allowed is 1 to 3, the smaller of outputs and inputs", () -> Task.lowRank(4, 3, 4, 1, 0));
        refused("noise is -1.0; allowed is a finite number of at least 0", () -> Task.lowRank(3, 3, 1, -1, 0));
        refused("noise is NaN; allowed is a finite number of at least 0",
                () -> Task.lowRank(3, 3, 1, Double.NaN, 0));
        refused("noise is Infinity; allowed is a finite number of at least 0",
                () -> Task.lowRank(3, 3, 1, Double.POSITIVE_INFINITY, 0));
        refused("outputs x inputs is 65536 x 65536; allowed are up to 2147483639 elements",
                () -> Task.lowRank(65536, 65536, 1, 1, 0));
        refused("target has 5 elements; allowed is outputs x inputs, 6",
                () -> Task.of(2, 3, new double[5], new double[6]));
        refused("labels has 7 elements; allowed is outputs x inputs, 6",
                () -> Task.of(2, 3, new double[6], new double[7]));
        refused("labels is NaN at element 1; allowed are finite numbers",
                () -> Task.of(1, 2, new double[2], new double[]{0, Double.NaN}));
        refused("inputs is 0; allowed is at least 1", () -> Task.of(1, 0, new double[0], new double[0]));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void singularValuesCanBeGiven() {
        double[] given = {30, 20, 7};
        Task task = Task.withSingularValues(40, 25, given, 0.5, 9);
        DoubleSvd svd = new DoubleSvd();
        svd.values(40, 25, task.target(), 0, 25);
        double[] found = svd.singularValues();
        for (int i = 0; i < found.length; i++) {
            assertEquals(i < 3 ? given[i] : 0, found[i], 1e-12);
        }
        Task drawn = Task.lowRank(40, 25, 3, 0.5, 9);
        for (int i = 0; i < 1000; i++) {
            assertEquals(drawn.labels()[i] - drawn.target()[i], task.labels()[i] - task.target()[i], 1e-13,
                    "the noise is that of the seed");
        }
        assertThrows(IllegalArgumentException.class,
                () -> Task.withSingularValues(4, 4, new double[]{1, 0}, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> Task.withSingularValues(1, 4, new double[]{1, 1}, 1, 1));
    }

    /** Without noise the labels are the target to the last bit, however small it is beside what the seed would draw. */
    @Test
    void labelsWithoutNoiseAreTheTargetOfAnySize() {
        for (double value : new double[]{1e-18, 1e-300, 1, 1e18}) {
            Task task = Task.withSingularValues(6, 4, new double[]{3 * value, value}, 0, 11);
            assertArrayEquals(task.target(), task.labels());
            double squares = 0;
            for (double x : task.labels()) {
                squares += x / value * (x / value);
            }
            assertEquals(10, squares, 1e-13, "singular value " + value);
        }
    }

    /** Size and direction along A* are as asked; what is across is the seed's, but for a factor. */
    @Test
    void noiseCanBeConditioned() {
        Task drawn = Task.withSingularValues(12, 9, new double[]{8, 3}, 1, 7);
        Task task = drawn.withNoise(100, -5);
        double squares = 0;
        double along = 0;
        for (int i = 0; i < 108; i++) {
            assertEquals(drawn.target()[i], task.target()[i]);
            double e = task.labels()[i] - task.target()[i];
            squares += e * e;
            along += e * task.target()[i];
        }
        assertEquals(100, squares, 1e-10);
        assertEquals(-5, along, 1e-11);
        double[] across = across(task);
        double[] drawnAcross = across(drawn);
        for (int i = 1; i < 108; i++) {
            assertEquals(drawnAcross[i] / drawnAcross[0], across[i] / across[0], 1e-9);
        }
        double[] again = task.withNoise(100, -5).labels();
        for (int i = 0; i < 108; i++) {
            assertEquals(task.labels()[i], again[i], 1e-12);
        }
        assertThrows(IllegalArgumentException.class, () -> drawn.withNoise(1, 10));
        assertThrows(IllegalArgumentException.class, () -> Task.lowRank(3, 3, 1, 0, 1).withNoise(1, 0));
    }

    private static double[] across(Task task) {
        double squares = 0;
        double along = 0;
        double[] noise = new double[task.target().length];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = task.labels()[i] - task.target()[i];
            squares += task.target()[i] * task.target()[i];
            along += noise[i] * task.target()[i];
        }
        for (int i = 0; i < noise.length; i++) {
            noise[i] -= along / squares * task.target()[i];
        }
        return noise;
    }
}
