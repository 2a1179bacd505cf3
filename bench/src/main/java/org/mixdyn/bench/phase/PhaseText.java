package org.mixdyn.bench.phase;

import java.util.Locale;

/** What people read of a sweep on the terminal. */
final class PhaseText {
    private PhaseText() {
    }

    /** How fast it went. */
    static String speed(PhaseSummary summary) {
        String resumed = summary.resumed() == 0 ? "" : ", " + summary.resumed() + " others resumed";
        return String.format(Locale.ROOT, "%,d runs in %.1f s on %d threads%s: %.3g GFLOP/s, %.0f %% of %d x one core's"
                + " peak of %.3g", summary.runs() - summary.resumed(), summary.seconds(), summary.threads(), resumed,
                summary.gflops(), 100 * summary.peakFraction(), summary.threads(),
                summary.peakGflops() / summary.threads());
    }

    /** How it compares with what is published, one line each. */
    static String checks(PhaseSummary summary) {
        StringBuilder text = new StringBuilder();
        for (PaperCheck.Printed check : summary.printed()) {
            String heldOut = check.heldOut() == 0
                    ? ""
                    : ", " + check.heldOutAgreeing() + " of the " + check.heldOut() + " that no target was fitted to";
            text.append(String.format(Locale.ROOT,
                    "seed %d against the printed runs: %d of %d agree%s; its ||A*||^2/d^2 is %+.3f from theirs;"
                            + " mean differences: stop %.1f, train %.4f, test %.4f%n",
                    check.seed(), check.agreeing(), check.points(), heldOut, check.startDifference(),
                    check.iterationsDifference(), check.trainDifference(), check.testDifference()));
        }
        for (PaperCheck.Bands check : summary.bands()) {
            text.append(String.format(Locale.ROOT, "%s against figure 2: %d of %d in the band, %d in it or the next%n",
                    check.panel(), check.inside(), check.points(), check.next()));
        }
        return text.toString();
    }
}
