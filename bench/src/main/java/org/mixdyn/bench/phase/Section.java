package org.mixdyn.bench.phase;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.mixdyn.bench.plot.PhaseLines;

/**
 * A straight cut through the phase diagram, across the boundaries that are looked for.
 *
 * @param name        of its journal
 * @param gammaSigma2 along the cut, or a single value
 * @param gammaW      a single value, or along the cut
 */
record Section(String name, Axis gammaSigma2, Axis gammaW) {
    /** Minimal test error of noise that is fitted as much as the target, the lazy networks' best, halved. */
    private static final double BELOW_LAZY = 0.25;
    /** Between that best, 1/2, and that of a network that learns nothing before its initial noise is gone, 1. */
    private static final double ABOVE_LAZY = 0.75;

    /** From one of the points that are looked at first to the next. */
    private static final int FIRST_STRIDE = 4;

    /** A boundary that theory draws across a section, and the level of the minimal test error that is taken for it. */
    enum Boundary {
        /** x + y = 1. */
        LAZY("active | lazy"),
        /** x = -y / 2. */
        NOISE("infinite noise"),
        /** y = log_d k. */
        NARROW("underparameterised");

        private final String label;

        Boundary(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }

        /** The minimal test error at it; k - 1 hidden units leave out a k-th of the target. */
        double level(int rank) {
            return switch (this) {
                case LAZY -> BELOW_LAZY;
                case NOISE -> ABOVE_LAZY;
                case NARROW -> 1.0 / rank;
            };
        }

        /** Where theory has it along a section. */
        double theory(Section section, PhaseLines lines) {
            return switch (this) {
                case LAZY -> 1 - section.gammaW.lo();
                case NOISE -> -section.gammaW.lo() / 2;
                case NARROW -> lines.underparameterised();
            };
        }
    }

    /** Whether gamma_sigma2 changes along it; else gamma_w does. */
    boolean alongVariance() {
        return gammaSigma2.count() > 1;
    }

    Axis along() {
        return alongVariance() ? gammaSigma2 : gammaW;
    }

    /** What stays the same. */
    String fixed() {
        return alongVariance() ? "γ_w = " + gammaW.lo() : "γ_σ² = " + gammaSigma2.lo();
    }

    /**
     * Points whose values are wanted next: first a few over the whole section, then the one in the middle between those
     * two that a level lies between, until they are neighbours. A walk over all points would find the same crossings.
     *
     * @param values along the section, NaN where they are not known yet
     * @return their numbers; none when the crossing of each level is known
     */
    Set<Integer> wanted(double[] values, List<Double> levels) {
        Set<Integer> wanted = new TreeSet<>();
        for (int i = 0; i < values.length; i += FIRST_STRIDE) {
            wanted.add(i);
        }
        wanted.add(values.length - 1);
        wanted.removeIf(i -> !Double.isNaN(values[i]));
        if (wanted.isEmpty()) {
            for (double level : levels) {
                int[] ends = around(values, level);
                if (ends != null && ends[1] - ends[0] > 1) {
                    wanted.add((ends[0] + ends[1]) / 2);
                }
            }
        }
        return wanted;
    }

    /** Where values along the section first pass a level, linear between two that are known; NaN if they do not. */
    double crossing(double[] values, double level) {
        int[] ends = around(values, level);
        if (ends == null) {
            return Double.NaN;
        }
        double part = (level - values[ends[0]]) / (values[ends[1]] - values[ends[0]]);
        return along().value(ends[0]) + part * (along().value(ends[1]) - along().value(ends[0]));
    }

    /** The first two known points, with none known between them, that a level lies between; null if there are none. */
    private static int[] around(double[] values, double level) {
        int before = -1;
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i])) {
                continue;
            }
            if (before >= 0 && (values[before] < level) != (values[i] < level)) {
                return new int[]{before, i};
            }
            before = i;
        }
        return null;
    }
}
