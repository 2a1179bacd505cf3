package org.mixdyn.kernel.network;

import java.util.List;

/**
 * The shape of a linear network A = W_L ... W_2 W_1 with W_l: n_l x n_(l-1), n_0 = d_in and n_L = d_out.
 *
 * @param outputs d_out
 * @param inputs  d_in
 * @param widths  the hidden widths n_1, ..., n_(L-1), at least one
 */
public record DeepShape(int outputs, int inputs, List<Integer> widths) {
    /**
     * Checks the sizes and copies the list.
     *
     * @throws IllegalArgumentException if there is no width, or a size is out of its range
     */
    public DeepShape {
        widths = List.copyOf(widths);
        if (widths.isEmpty()) {
            throw new IllegalArgumentException("widths is empty; at least one hidden width is needed");
        }
        if (outputs < 1 || inputs < 1) {
            throw new IllegalArgumentException(
                    "outputs and inputs are " + outputs + " and " + inputs + "; both must be at least 1");
        }
        long most = largestWidth(outputs, inputs);
        for (int width : widths) {
            if (width < 1 || width > most) {
                throw new IllegalArgumentException("a width is " + width + "; allowed are 1 to " + most);
            }
        }
    }

    /**
     * The shape for widths of 64 bits.
     *
     * @throws IllegalArgumentException as the constructor does
     */
    public static DeepShape of(int outputs, int inputs, List<Long> widths) {
        for (long width : widths) {
            if (width != (int) width) {
                throw new IllegalArgumentException(
                        "a width is " + width + "; allowed are 1 to " + largestWidth(outputs, inputs));
            }
        }
        return new DeepShape(outputs, inputs, widths.stream().map(Math::toIntExact).toList());
    }

    /** The largest hidden width for which W_1 and W_L, and products of their shape, are arrays in either precision. */
    public static int largestWidth(int outputs, int inputs) {
        return LayerLayout.mostRows(Math.max(outputs, inputs));
    }

    /** L, the number of weight matrices. */
    public int depth() {
        return widths.size() + 1;
    }

    /** n_l, l from 0 to L. */
    public int width(int l) {
        if (l == 0) {
            return inputs;
        }
        return l == depth() ? outputs : widths.get(l - 1);
    }

    /** The largest hidden width. */
    public int widest() {
        return widths.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** Number of weights, sum_l n_l n_(l-1). */
    public long weights() {
        long sum = 0;
        for (int l = 1; l <= depth(); l++) {
            sum += (long) width(l) * width(l - 1);
        }
        return sum;
    }
}
