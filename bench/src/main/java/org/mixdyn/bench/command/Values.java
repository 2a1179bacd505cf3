package org.mixdyn.bench.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mixdyn.bench.run.BadInput;

/** Reads the values of options; what it cannot accept it refuses in one line with what is allowed. */
final class Values {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?");

    private Values() {
    }

    static long whole(String option, String value, long least, long most) {
        String range = most < Long.MAX_VALUE ? " from " + least + " to " + most : " of at least " + least;
        String allowed = "allowed are whole numbers"
                + (least == Long.MIN_VALUE && most == Long.MAX_VALUE ? " of 64 bits" : range);
        try {
            long number = Long.parseLong(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new BadInput(option, value, allowed);
        }
        throw new BadInput(option, value, allowed);
    }

    static int small(String option, String value, int least, int most) {
        return (int) whole(option, value, least, most);
    }

    /** Whole numbers with commas between them, at least one. */
    static List<Long> list(String option, String value, long least, long most) {
        List<Long> numbers = new ArrayList<>();
        for (String part : value.split(",", -1)) {
            try {
                numbers.add(whole(option, part, least, most));
            } catch (BadInput e) {
                throw new BadInput(option, value, "allowed are whole numbers of at least " + least
                        + " with commas between them");
            }
        }
        return numbers;
    }

    /** A number of iterations, or 0 for off. */
    static int interval(String option, String value) {
        String given = value.strip().toLowerCase(Locale.ROOT);
        if (given.equals("off")) {
            return 0;
        }
        if (!given.matches("0*[1-9][0-9]{0,8}")) {
            throw new BadInput(option, value, "allowed are off and whole numbers from 1 to 999999999");
        }
        return Integer.parseInt(given);
    }

    static double finite(String option, String value) {
        return real(option, value, "finite numbers", -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    /** Both ends are allowed. */
    static double between(String option, String value, double least, double most) {
        return real(option, value, "numbers from " + text(least) + " to " + text(most), least, most);
    }

    static <T extends Enum<T>> T choice(String option, String value, Class<T> type) {
        for (T constant : type.getEnumConstants()) {
            if (constant.toString().equals(value.strip().toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        String names = Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", "));
        throw new BadInput(option, value, "allowed are " + names);
    }

    private static String text(double end) {
        return end == Math.rint(end) && Math.abs(end) < 1e6
                ? Long.toString((long) end)
                : String.format(Locale.ROOT, "%.0e", end).replaceAll("e\\+?(-?)0*", "e$1");
    }

    private static double real(String option, String value, String allowed, double least, double most) {
        OptionalDouble number = decimal(value);
        if (number.isEmpty() || !(number.getAsDouble() >= least && number.getAsDouble() <= most)) {
            throw new BadInput(option, value, "allowed are " + allowed);
        }
        return number.getAsDouble();
    }

    /** A decimal number with or without an exponent; none where it is written otherwise, as Java's own may be. */
    static OptionalDouble decimal(String value) {
        String given = value.strip();
        return DECIMAL.matcher(given).matches()
                ? OptionalDouble.of(Double.parseDouble(given))
                : OptionalDouble.empty();
    }
}
