package org.mixdyn.bench.plot;

import java.util.stream.IntStream;

/** Which of many records a picture shows: it is a thousand dots wide, and more would weigh megabytes and show no more. */
public final class Thinning {
    /** Records that are shown one by one. */
    private static final int MOST = 1000;

    private Thinning() {
    }

    /** Of so many records evenly spaced ones, the first and the last among them; all where they are few. */
    public static IntStream evenly(int count) {
        return count <= MOST
                ? IntStream.range(0, count)
                : IntStream.range(0, MOST).map(i -> (int) ((count - 1L) * i / (MOST - 1)));
    }

    /**
     * Records of finite positive values, among which no peak is missing: of each of {@value #MOST} stretches of them the one
     * with the least value and the one with the largest, and those at its ends; all where they are few.
     */
    static IntStream withPeaks(double[] values) {
        int[] shown = IntStream.range(0, values.length)
                .filter(i -> values[i] > 0 && values[i] < Double.POSITIVE_INFINITY).toArray();
        if (shown.length <= 4 * MOST) {
            return IntStream.of(shown);
        }
        return IntStream.range(0, MOST).flatMap(stretch -> {
            int first = (int) ((long) shown.length * stretch / MOST);
            int last = (int) ((long) shown.length * (stretch + 1) / MOST) - 1;
            int least = first;
            int largest = first;
            for (int i = first; i <= last; i++) {
                least = values[shown[i]] < values[shown[least]] ? i : least;
                largest = values[shown[i]] > values[shown[largest]] ? i : largest;
            }
            return IntStream.of(first, least, largest, last).sorted().distinct().map(i -> shown[i]);
        });
    }
}
