package org.mixdyn.bench.suite;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes of a product.
 *
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k columns of A, rows of B
 */
record Shape(int m, int n, int k) {
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

    /** 2 m n k. */
    double flops() {
        return 2.0 * m * n * k;
    }
}
