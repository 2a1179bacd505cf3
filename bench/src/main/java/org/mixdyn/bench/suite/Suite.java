package org.mixdyn.bench.suite;

import java.util.Arrays;
import java.util.List;

/** The suites of benchmarks. */
public enum Suite {
    /** Matrix products against OpenBLAS. */
    GEMM("gemm", GemmBenchmark.class, 5, "[1-9]\\d{0,8}x[1-9]\\d{0,8}x[1-9]\\d{0,8}", "transposes",
            List.of("NN", "NT", "TN", "TT"), List.of("8x8x8", "16x16x16", "24x24x24", "32x32x32", "48x48x48",
                    "64x64x64", "96x96x96", "100x100x100", "128x128x128", "200x200x200", "256x256x256", "384x384x384",
                    "500x500x500", "512x512x512", "768x768x768", "1000x1000x1000", "1024x1024x1024", "2048x2048x2048",
                    "127x127x127", "129x129x129", "255x255x255", "257x257x257", "999x999x999", "500x500x200000",
                    "64x64x1000000", "256x256x65536", "200000x200x200", "65536x256x256", "240x208x200", "200x208x240",
                    "500x500x96", "1x4096x4096", "2x4096x4096", "4x4096x4096", "8x4096x4096", "16x4096x4096",
                    "4096x1x4096", "4096x2x4096", "4096x4x4096", "4096x8x4096", "4096x16x4096")),
    /** Steps of gradient descent on real weights: see {@link StepSuite}, which has more shapes. */
    STEP("step", StepBenchmark.class, 1, StepShape.PATTERN, "update", List.of("alternating", "simultaneous"),
            List.of("200x40000", "128x2048x6")),
    /** Singular value decompositions from scratch against OpenBLAS and EJML. */
    SVD("svd", SvdBenchmark.class, 5, "[1-9]\\d{0,3}x[1-9]\\d{0,3}", "job", List.of("vectors", "values"),
            List.of("64x64", "200x200", "500x500", "1000x1000")),
    /** Singular triplets followed over whole trainings, against OpenBLAS at every step. */
    TRACK("track", TrackBenchmark.class, 5, "[1-9]\\d{0,3}(:-?\\d+(\\.\\d+)?){3}(:[1-9]\\d{0,3})?", "triplets",
            List.of("all", "leading"), List.of("500:-1.85:2.25:5:101", "200:-2.2:2:50", "200:-1.5:2:50",
                    "200:-0.8:2.2:50"));

    /**
     * What to run.
     *
     * @param precisions f32, f64
     * @param threads    numbers
     * @param variants   transposes, update orders, jobs or triplets
     * @param shapes     sizes
     * @param forks      fresh virtual machines for each benchmark
     * @param seconds    of measurement for each figure in each of them, and at least of warm-up
     */
    public record Plan(List<String> precisions, List<String> threads, List<String> variants, List<String> shapes,
            int forks, double seconds) {
        /** The same of other shapes. */
        public Plan of(List<String> others) {
            return new Plan(precisions, threads, variants, others, forks, seconds);
        }
    }

    private final String label;
    private final Class<?> benchmark;
    private final int forks;
    private final String shapePattern;
    private final String variantName;
    private final List<String> variants;
    private final List<String> shapes;

    Suite(String label, Class<?> benchmark, int forks, String shapePattern, String variantName, List<String> variants,
            List<String> shapes) {
        this.label = label;
        this.benchmark = benchmark;
        this.forks = forks;
        this.shapePattern = shapePattern;
        this.variantName = variantName;
        this.variants = variants;
        this.shapes = shapes;
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return label;
    }

    /** Numbers that the operands and results of an operation hold, roughly. */
    public double elements(String shape) {
        double[] n = numbers(shape);
        return switch (this) {
            case GEMM -> n[0] * n[2] + n[2] * n[1] + 2 * n[0] * n[1];
            case STEP -> 2.1 * n[0] * n[1] + (n.length > 2 ? (n[2] - 2) * n[1] * n[1] : 0) + 32 * n[0] * n[0];
            case SVD -> 3 * n[0] * n[1] + 15 * Math.pow(Math.min(n[0], n[1]), 2);
            case TRACK -> 40 * n[0] * n[0];
        };
    }

    /** Elements of the largest matrix that is one array. */
    public double largestMatrix(String shape) {
        double[] n = numbers(shape);
        return switch (this) {
            case GEMM -> Math.max(n[0] * n[1], n[2] * Math.max(n[0], n[1]));
            case STEP, TRACK -> n[0] * n[0];
            case SVD -> n[0] * n[1];
        };
    }

    private static double[] numbers(String shape) {
        return Arrays.stream(shape.split("[x:]")).mapToDouble(Double::parseDouble).toArray();
    }

    /** Every shape of the suite. */
    public List<String> shapes() {
        return shapes;
    }

    /** Variants of an operation. */
    public List<String> variants() {
        return variants;
    }

    /** Virtual machines for each figure, where nothing else is asked for. */
    public int forks() {
        return forks;
    }

    /** What a shape on the command line has to match. */
    public String shapePattern() {
        return shapePattern;
    }

    /** The parameter of the benchmark that {@link #variants} are values of. */
    String variantName() {
        return variantName;
    }

    Class<?> benchmark() {
        return benchmark;
    }

    /** Operations of one call; those of a tracker depend on the path it follows, and are not counted. */
    double flops(String shape) {
        return switch (this) {
            case GEMM -> Shape.parse(shape).flops();
            case STEP -> StepShape.parse(shape).flops();
            case SVD -> {
                double[] sizes = numbers(shape);
                double m = Math.max(sizes[0], sizes[1]);
                double n = Math.min(sizes[0], sizes[1]);
                // Of a bidiagonalisation, the part that every method for either job has.
                yield 4 * n * n * (m - n / 3);
            }
            case TRACK -> Double.NaN;
        };
    }
}
