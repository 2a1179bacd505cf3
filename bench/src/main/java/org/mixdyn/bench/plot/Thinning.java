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
     * Records among which no peak is missing: of each of {@value #MOST} stretches the one with the least value and the
     * one with the largest, and those at its ends; all where they are few.
     */
    static IntStream withPeaks(double[] values) {
        if (values.length <= 4 * MOST) {
            return IntStream.range(0, values.length);
        }
        return IntStream.range(0, MOST).flatMap(stretch -> {
            int first = (int) ((long) values.length * stretch / MOST);
            int last = (int) ((long) values.length * (stretch + 1) / MOST) - 1;
            int least = first;
            int largest = first;
            for (int i = first; i <= last; i++) {
                least = values[i] < values[least] ? i : least;
                largest = values[i] > values[largest] ? i : largest;
            }
            return IntStream.of(first, least, largest, last).sorted().distinct();
        });
    }
}
