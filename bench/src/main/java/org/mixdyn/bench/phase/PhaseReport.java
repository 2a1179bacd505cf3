package org.mixdyn.bench.phase;

import java.util.List;
import java.util.Locale;
import org.mixdyn.bench.run.Environment;
import org.mixdyn.bench.run.Text;

/** One page with the panels, what was run, and how it compares with the published runs; it needs no other file. */
final class PhaseReport {
    private static final String STYLE = """
            body { font: 15px/1.5 Helvetica, Arial, sans-serif; color: #222; max-width: 1560px; margin: 2em auto; padding: 0 1em; }
            h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
            .panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(560px, 1fr)); gap: 1em; }
            .panels svg { width: 100%; height: auto; }
            table { border-collapse: collapse; } td, th { padding: 0.15em 0.9em; border-bottom: 1px solid #ddd; text-align: right; }
            td:first-child, th:first-child { text-align: left; } th { font-weight: 600; }
            """;

    private PhaseReport() {
    }

    static String html(PhaseSummary summary, List<String> pictures) {
        StringBuilder page = new StringBuilder();
        page.append(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"UTF-8\">\n<title>Phase diagram</title>\n")
                .append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<h1>Phase diagram</h1>\n");
        PhaseSettings settings = summary.settings();
        paragraph(page,
                "%,d runs: γ_σ² from %s to %s in %d steps, γ_w from %s to %s in %d; %s. %s %s stop rule, at most %d"
                        + " iterations.",
                summary.runs(), settings.gammaSigma2().lo(), settings.gammaSigma2().hi(),
                settings.gammaSigma2().count() - 1, settings.gammaW().lo(), settings.gammaW().hi(),
                settings.gammaW().count() - 1, PhasePanels.subtitle(settings),
                "A* and E are drawn once a seed, the weights for each point.", settings.stop(), settings.steps());
        paragraph(page, "%s.", Text.target(settings.target()));
        paragraph(page, "%s", PhaseText.speed(summary));
        page.append("<div class=\"panels\">\n");
        for (String picture : pictures) {
            page.append("<div>").append(picture.substring(picture.indexOf("<svg"))).append("</div>\n");
        }
        page.append("</div>\n");
        printed(page, summary.printed());
        bands(page, summary.bands());
        environment(page, summary.environment());
        return page.append("</body>\n</html>\n").toString();
    }

    private static void printed(StringBuilder page, List<PaperCheck.Printed> checks) {
        if (checks.isEmpty()) {
            return;
        }
        page.append("<h2>Against the runs that the paper's authors print</h2>\n");
        paragraph(page,
                "Agreeing: stop within 10 %% or 6 iterations, train and test error within 0.03. Held out: those runs to"
                        + " which no target was fitted. Their singular vectors, noise and weights are another draw;"
                        + " differences are means over the points.");
        page.append(
                "<table>\n<tr><th>seed</th><th>points</th><th>agreeing</th><th>held out</th><th>‖A*‖²/d² − theirs</th><th>|stop − theirs|</th>"
                        + "<th>|train − theirs|</th><th>|test − theirs|</th></tr>\n");
        for (PaperCheck.Printed check : checks) {
            page.append(String.format(Locale.ROOT,
                    "<tr><td>%d</td><td>%d</td><td>%d</td><td>%d of %d</td><td>%+.3f</td><td>%.1f</td><td>%.4f</td><td>%.4f</td></tr>%n",
                    check.seed(), check.points(), check.agreeing(), check.heldOutAgreeing(), check.heldOut(),
                    check.startDifference(), check.iterationsDifference(), check.trainDifference(),
                    check.testDifference()));
        }
        page.append("</table>\n");
    }

    private static void bands(StringBuilder page, List<PaperCheck.Bands> checks) {
        if (checks.isEmpty()) {
            return;
        }
        page.append("<h2>Against the colour bands of the paper's figure 2</h2>\n");
        page.append("<table>\n<tr><th>panel</th><th>places</th><th>in the band</th><th>in it or the next</th></tr>\n");
        for (PaperCheck.Bands check : checks) {
            page.append(String.format(Locale.ROOT, "<tr><td>%s</td><td>%d</td><td>%d</td><td>%d</td></tr>%n",
                    check.panel(), check.points(), check.inside(), check.next()));
        }
        page.append("</table>\n");
    }

    private static void environment(StringBuilder page, Environment environment) {
        page.append("<h2>Where it was made</h2>\n");
        paragraph(page, "%s, %d processors, %d-bit vectors; %s; %s; mixdyn %s, commit %s; %s.",
                escaped(environment.cpu()), environment.processors(), environment.vectorBits(),
                escaped(environment.jdk()), escaped(environment.os()), environment.version(), environment.commit(),
                environment.date());
    }

    private static void paragraph(StringBuilder page, String format, Object... values) {
        page.append("<p>").append(String.format(Locale.ROOT, format, values)).append("</p>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
