package org.mixdyn.bench.phase;

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
     * Where values along the section first pass a level, linear between two of them; NaN if they do not.
     */
    double crossing(double[] values, double level) {
        for (int i = 0; i < values.length - 1; i++) {
            if ((values[i] < level) != (values[i + 1] < level) && !Double.isNaN(values[i + 1] - values[i])) {
                double part = (level - values[i]) / (values[i + 1] - values[i]);
                return along().value(i) + part * (along().value(i + 1) - along().value(i));
            }
        }
        return Double.NaN;
    }
}
