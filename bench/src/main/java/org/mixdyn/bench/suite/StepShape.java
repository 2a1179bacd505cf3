package org.mixdyn.bench.suite;

import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mixdyn.kernel.simd.Precision;

/**
 * Sizes of a network.
 *
 * @param dim   d_in and d_out
 * @param width of every hidden layer
 * @param depth matrices of weights, at least 2
 */
record StepShape(int dim, long width, int depth) {
    /** d x w, or d x w x L. */
    static final String PATTERN = "([1-9]\\d{0,4})x([1-9]\\d{0,11})(?:x([2-9]|[1-9]\\d))?";

    private static final Pattern TEXT = Pattern.compile(PATTERN);

    /** Reads d x w, such as 200x40000, or d x w x L, such as 128x2048x6. */
    static StepShape parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text + " is no shape; allowed are 200x40000 or 128x2048x6");
        }
        int depth = matcher.group(3) == null ? 2 : Integer.parseInt(matcher.group(3));
        return new StepShape(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)), depth);
    }

    /** The hidden widths. */
    List<Long> widths() {
        return Collections.nCopies(depth - 1, width);
    }

    /** Operations of a step: those of the products with the weights, and of the factors of a hidden layer's change. */
    double flops() {
        double square = (double) dim * dim;
        return 6 * square * width + (depth - 2) * (6.0 * width * width * dim + 2 * square * width);
    }

    /** Bytes of all weights, read and written once. */
    double bytes(Precision precision) {
        return 2.0 * precision.bytes() * (2.0 * dim * width + (depth - 2.0) * width * width);
    }

    @Override
    public String toString() {
        return dim + "x" + width + (depth == 2 ? "" : "x" + depth);
    }
}
