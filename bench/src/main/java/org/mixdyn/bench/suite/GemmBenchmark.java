package org.mixdyn.bench.suite;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.mixdyn.bench.peer.OpenBlas;
import org.mixdyn.kernel.gemm.Gemm;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long does one matrix product take? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GemmBenchmark {
    /** f32 or f64. */
    @Param("f32")
    public String precision;

    /** Threads of one product. */
    @Param("1")
    public int threads;

    /** N or T for A, then for B. */
    @Param("NN")
    public String transposes;

    /** m x n x k. */
    @Param("256x256x256")
    public String shape;

    /** mixdyn, openblas or ejml. */
    @Param({"mixdyn", "openblas"})
    public String implementation;

    private Runnable product;

    /** Draws the operands, and checks the product of this implementation on one row. */
    @Setup
    public void setUp() {
        Shape of = Shape.parse(shape);
        boolean transA = transposes.charAt(0) == 'T';
        boolean transB = transposes.charAt(1) == 'T';
        int m = of.m();
        int n = of.n();
        int k = of.k();
        int lda = transA ? m : k;
        int ldb = transB ? k : n;
        SplittableRandom random = new SplittableRandom(7);
        if (precision.equals("f32")) {
            float[] a = floats(random, (long) m * k);
            float[] b = floats(random, (long) k * n);
            float[] c = new float[Math.multiplyExact(m, n)];
            product = switch (implementation) {
                case "mixdyn" -> {
                    Gemm gemm = Gemm.withThreads(threads);
                    yield () -> gemm.sgemm(transA, transB, m, n, k, 1, a, 0, lda, b, 0, ldb, 0, c, 0, n);
                }
                case "openblas" -> {
                    OpenBlas blas = openBlas();
                    MemorySegment sa = MemorySegment.ofArray(a);
                    MemorySegment sb = MemorySegment.ofArray(b);
                    MemorySegment sc = MemorySegment.ofArray(c);
                    yield () -> blas.sgemm(transA, transB, m, n, k, 1, sa, lda, sb, ldb, 0, sc, n);
                }
                default -> throw new IllegalArgumentException(implementation + " has no product in f32");
            };
            product.run();
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double size = 0;
                for (int p = 0; p < k; p++) {
                    double term = (double) a[transA ? p * lda : p] * b[transB ? j * ldb + p : p * ldb + j];
                    sum += term;
                    size += Math.abs(term);
                }
                check(c[j], sum, (k + 3) * 0x1p-23 * size);
            }
        } else {
            double[] a = doubles(random, (long) m * k);
            double[] b = doubles(random, (long) k * n);
            double[] c = new double[Math.multiplyExact(m, n)];
            product = switch (implementation) {
                case "mixdyn" -> {
                    Gemm gemm = Gemm.withThreads(threads);
                    yield () -> gemm.dgemm(transA, transB, m, n, k, 1, a, 0, lda, b, 0, ldb, 0, c, 0, n);
                }
                case "openblas" -> {
                    OpenBlas blas = openBlas();
                    MemorySegment sa = MemorySegment.ofArray(a);
                    MemorySegment sb = MemorySegment.ofArray(b);
                    MemorySegment sc = MemorySegment.ofArray(c);
                    yield () -> blas.dgemm(transA, transB, m, n, k, 1, sa, lda, sb, ldb, 0, sc, n);
                }
                case "ejml" -> {
                    DMatrixRMaj ea = DMatrixRMaj.wrap(transA ? k : m, lda, a);
                    DMatrixRMaj eb = DMatrixRMaj.wrap(transB ? n : k, ldb, b);
                    DMatrixRMaj ec = DMatrixRMaj.wrap(m, n, c);
                    yield () -> multiply(transA, transB, ea, eb, ec);
                }
                default -> throw new IllegalArgumentException(implementation + " is unknown");
            };
            product.run();
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double size = 0;
                for (int p = 0; p < k; p++) {
                    double term = a[transA ? p * lda : p] * b[transB ? j * ldb + p : p * ldb + j];
                    sum += term;
                    size += Math.abs(term);
                }
                check(c[j], sum, (k + 3) * 0x1p-51 * size);
            }
        }
    }

    /** One product. */
    @Benchmark
    public void gemm() {
        product.run();
    }

    private OpenBlas openBlas() {
        OpenBlas blas = OpenBlas.find().orElseThrow(() -> new IllegalStateException("OpenBLAS is not there"));
        blas.setThreads(threads);
        System.out.println("OpenBLAS core: " + blas.core());
        return blas;
    }

    private static void multiply(boolean transA, boolean transB, DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
        if (transA && transB) {
            CommonOps_DDRM.multTransAB(a, b, c);
        } else if (transA) {
            CommonOps_DDRM.multTransA(a, b, c);
        } else if (transB) {
            CommonOps_DDRM.multTransB(a, b, c);
        } else {
            CommonOps_DDRM.mult(a, b, c);
        }
    }

    private static void check(double is, double shouldBe, double bound) {
        if (!(Math.abs(is - shouldBe) <= bound)) {
            throw new IllegalStateException("the product is wrong: " + is + " in place of " + shouldBe);
        }
    }

    private static float[] floats(SplittableRandom random, long size) {
        float[] x = new float[Math.toIntExact(size)];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        return x;
    }

    private static double[] doubles(SplittableRandom random, long size) {
        double[] x = new double[Math.toIntExact(size)];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextDouble(-1, 1);
        }
        return x;
    }
}
