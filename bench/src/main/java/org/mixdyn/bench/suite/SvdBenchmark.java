package org.mixdyn.bench.suite;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.mixdyn.bench.peer.Gesdd;
import org.mixdyn.kernel.svd.DoubleSvd;
import org.mixdyn.kernel.svd.FloatSvd;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long does a singular value decomposition take that knows nothing of the matrix? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SvdBenchmark {
    /** f32 or f64. */
    @Param("f32")
    public String precision;

    /** Threads of one decomposition. */
    @Param("1")
    public int threads;

    /** vectors, with U and V, or values alone. */
    @Param("vectors")
    public String job;

    /** rows x columns. */
    @Param("200x200")
    public String shape;

    /** mixdyn, openblas or ejml. */
    @Param({"mixdyn", "openblas"})
    public String implementation;

    private Runnable decomposition;

    /** Draws the matrix, and checks that the squares of the values add up to its own. */
    @Setup
    public void setUp() {
        String[] sizes = shape.split("x");
        int rows = Integer.parseInt(sizes[0]);
        int cols = Integer.parseInt(sizes[1]);
        boolean single = precision.equals("f32");
        boolean vectors = job.equals("vectors");
        SplittableRandom random = new SplittableRandom(7);
        double[] a = new double[Math.multiplyExact(rows, cols)];
        float[] f = new float[a.length];
        double squares = 0;
        for (int i = 0; i < rows; i++) {
            // Row by row: one long sum would be less accurate than the decomposition.
            double ofRow = 0;
            for (int at = i * cols; at < (i + 1) * cols; at++) {
                f[at] = (float) random.nextDouble(-1, 1);
                a[at] = f[at];
                ofRow += a[at] * a[at];
            }
            squares += ofRow;
        }
        double[] values = switch (implementation) {
            case "mixdyn" -> single ? ofFloats(rows, cols, f, vectors) : ofDoubles(rows, cols, a, vectors);
            case "openblas" -> ofOpenBlas(rows, cols, single ? f : a, vectors);
            case "ejml" -> ofEjml(rows, cols, a, vectors);
            default -> throw new IllegalArgumentException(implementation + " is unknown");
        };
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        double bound = Math.max(rows, cols) * (single ? Math.ulp(1f) : Math.ulp(1.0)) * squares;
        if (!(Math.abs(sum - squares) <= bound)) {
            throw new IllegalStateException("the decomposition is wrong: " + sum + " in place of " + squares);
        }
    }

    /** One decomposition. */
    @Benchmark
    public void svd() {
        decomposition.run();
    }

    /** Sets the decomposition up and runs it once. Returns its singular values. */
    private double[] ofFloats(int rows, int cols, float[] a, boolean vectors) {
        FloatSvd svd = new FloatSvd(threads);
        float[] u = new float[rows * Math.min(rows, cols)];
        float[] v = new float[cols * Math.min(rows, cols)];
        decomposition = vectors ? () -> {
            svd.factor(rows, cols, a, 0, cols);
            svd.u(u);
            svd.v(v);
        } : () -> svd.values(rows, cols, a, 0, cols);
        decomposition.run();
        float[] values = svd.singularValues();
        double[] widened = new double[values.length];
        for (int j = 0; j < values.length; j++) {
            widened[j] = values[j];
        }
        return widened;
    }

    private double[] ofDoubles(int rows, int cols, double[] a, boolean vectors) {
        DoubleSvd svd = new DoubleSvd(threads);
        double[] u = new double[rows * Math.min(rows, cols)];
        double[] v = new double[cols * Math.min(rows, cols)];
        decomposition = vectors ? () -> {
            svd.factor(rows, cols, a, 0, cols);
            svd.u(u);
            svd.v(v);
        } : () -> svd.values(rows, cols, a, 0, cols);
        decomposition.run();
        return svd.singularValues();
    }

    private double[] ofOpenBlas(int rows, int cols, Object a, boolean vectors) {
        Gesdd gesdd = new Gesdd(threads, a instanceof float[], rows, cols, vectors);
        decomposition = () -> gesdd.factor(a);
        decomposition.run();
        return gesdd.singularValues();
    }

    private double[] ofEjml(int rows, int cols, double[] a, boolean vectors) {
        if (precision.equals("f32")) {
            throw new IllegalArgumentException("ejml has no decomposition in f32");
        }
        SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(rows, cols, vectors, vectors,
                true);
        DMatrixRMaj matrix = DMatrixRMaj.wrap(rows, cols, a);
        // Its inputModified() says that the matrix stays as it is.
        decomposition = () -> svd.decompose(matrix);
        decomposition.run();
        return svd.getSingularValues();
    }
}
