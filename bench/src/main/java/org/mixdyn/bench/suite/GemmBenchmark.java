package org.mixdyn.bench.suite;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.mixdyn.bench.peer.OpenBlas;
import org.mixdyn.kernel.gemm.Gemm;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How long does one matrix product take? The contenders multiply the same operands and take turns: iteration number i,
 * counted from the first of the warm-up, belongs to contender i mod their number. So each is measured within a second of the
 * others, whatever else the machine does.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GemmBenchmark {
    /** Threads of OpenBLAS spin for some milliseconds after a product, on cores that the next contender needs. */
    private static final long REST_MILLISECONDS = 50;

    /** f32 or f64. */
    @Param("f32")
    public String precision;

    /** N or T for A, then for B. */
    @Param("NN")
    public String transposes;

    /** m x n x k. */
    @Param("256x256x256")
    public String shape;

    /** mixdyn or openblas, each with a number of threads; commas between them. */
    @Param("mixdyn 1,openblas 1")
    public String contenders;

    private boolean single;
    private boolean transA;
    private boolean transB;
    private Shape size;
    private Object a;
    private Object b;
    private Object c;
    private OpenBlas blas;
    private String[] order;
    private Runnable[] products;
    private int iteration;
    private Runnable product;

    /** Draws the operands, and checks the first row of every contender's product. */
    @Setup(Level.Trial)
    public void setUp() {
        single = precision.equals("f32");
        transA = transposes.charAt(0) == 'T';
        transB = transposes.charAt(1) == 'T';
        size = Shape.parse(shape);
        SplittableRandom random = new SplittableRandom(7);
        a = drawn(random, Math.multiplyExact(size.m(), size.k()));
        b = drawn(random, Math.multiplyExact(size.k(), size.n()));
        blas = contenders.contains("openblas") ? OpenBlas.find().orElseThrow() : null;
        order = contenders.split(",");
        products = new Runnable[order.length];
        for (int i = 0; i < order.length; i++) {
            c = drawn(random, Math.multiplyExact(size.m(), size.n()));
            products[i] = product(order[i].split(" ")[0], threads(order[i]));
            setThreads(order[i]);
            products[i].run();
            checkFirstRow();
        }
    }

    /** The next contender's turn. */
    @Setup(Level.Iteration)
    public void turn() throws InterruptedException {
        int next = iteration++ % order.length;
        product = products[next];
        setThreads(order[next]);
        Thread.sleep(REST_MILLISECONDS);
    }

    /** One product. */
    @Benchmark
    public void gemm() {
        product.run();
    }

    private Runnable product(String implementation, int threads) {
        int m = size.m();
        int n = size.n();
        int k = size.k();
        int lda = transA ? m : k;
        int ldb = transB ? k : n;
        return switch (implementation + " " + precision) {
            case "mixdyn f32" -> {
                Gemm gemm = Gemm.withThreads(threads);
                float[] x = (float[]) a;
                float[] y = (float[]) b;
                float[] z = (float[]) c;
                yield () -> gemm.sgemm(transA, transB, m, n, k, 1, x, 0, lda, y, 0, ldb, 0, z, 0, n);
            }
            case "mixdyn f64" -> {
                Gemm gemm = Gemm.withThreads(threads);
                double[] x = (double[]) a;
                double[] y = (double[]) b;
                double[] z = (double[]) c;
                yield () -> gemm.dgemm(transA, transB, m, n, k, 1, x, 0, lda, y, 0, ldb, 0, z, 0, n);
            }
            case "openblas f32", "openblas f64" -> {
                System.out.println("OpenBLAS core: " + blas.core());
                MemorySegment x = segment(a);
                MemorySegment y = segment(b);
                MemorySegment z = segment(c);
                yield single
                        ? () -> blas.sgemm(transA, transB, m, n, k, 1, x, lda, y, ldb, 0, z, n)
                        : () -> blas.dgemm(transA, transB, m, n, k, 1, x, lda, y, ldb, 0, z, n);
            }
            default -> throw new IllegalArgumentException(implementation + " has no product in " + precision);
        };
    }

    private static int threads(String contender) {
        return Integer.parseInt(contender.substring(contender.indexOf(' ') + 1));
    }

    private void setThreads(String contender) {
        if (contender.startsWith("openblas ")) {
            blas.setThreads(threads(contender));
        }
    }

    private static MemorySegment segment(Object array) {
        return array instanceof float[] floats
                ? MemorySegment.ofArray(floats)
                : MemorySegment.ofArray((double[]) array);
    }

    private void checkFirstRow() {
        int k = size.k();
        double unit = single ? 0x1p-24 : 0x1p-53;
        int some = Math.max(1, size.n() / 16);
        for (int j = 0; j < size.n(); j += some) {
            double sum = 0;
            double magnitude = 0;
            for (int p = 0; p < k; p++) {
                double term = Array.getDouble(a, transA ? p * size.m() : p)
                        * Array.getDouble(b, transB ? j * k + p : p * size.n() + j);
                sum += term;
                magnitude += Math.abs(term);
            }
            // Twice the bound of the product in f32, four times in f64, where this sum rounds as well.
            double bound = (single ? 2 : 4) * (k + 3) * unit * magnitude;
            double is = Array.getDouble(c, j);
            if (!(Math.abs(is - sum) <= bound)) {
                throw new IllegalStateException("the product is wrong: " + is + " in place of " + sum);
            }
        }
    }

    private Object drawn(SplittableRandom random, int length) {
        if (single) {
            float[] x = new float[length];
            for (int i = 0; i < length; i++) {
                x[i] = (float) random.nextDouble(-1, 1);
            }
            return x;
        }
        return random.doubles(length, -1, 1).toArray();
    }
}
