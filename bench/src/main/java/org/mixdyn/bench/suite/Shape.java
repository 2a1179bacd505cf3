package org.mixdyn.bench.suite;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mixdyn.kernel.simd.Precision;

/**
 * Sizes of a product.
 *
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k columns of A, rows of B
 */
record Shape(int m, int n, int k) {
    private static final int THIN = 16;
    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,8})x([1-9]\\d{0,8})x([1-9]\\d{0,8})");

    /** Reads m x n x k, such as 500x500x200000. */
    static Shape parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text + " is no shape; allowed are three whole numbers as 500x500x64");
        }
        return new Shape(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    /** Whether C has so few rows or columns that memory sets the pace: {@value #THIN} at most. */
    boolean isThin() {
        return Math.min(m, n) <= THIN;
    }

    /** Bytes of both operands, which are read. */
    long operandBytes(Precision precision) {
        return precision.bytes() * ((long) m * k + (long) k * n);
    }

    /** The same and those of the result, which is written. */
    long bytes(Precision precision) {
        return operandBytes(precision) + precision.bytes() * (long) m * n;
    }

    /** 2 m n k. */
    double flops() {
        return 2.0 * m * n * k;
    }
}
