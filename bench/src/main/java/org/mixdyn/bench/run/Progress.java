package org.mixdyn.bench.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells on standard error how far a command has come: a bar with rate and time left on a terminal, plain lines elsewhere. */
public abstract class Progress implements AutoCloseable {
    /** System property: whether standard error is a terminal, which Java does not tell. */
    private static final String TERMINAL = "mixdyn.terminal";

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    Progress() {
    }

    /**
     * Progress of one task.
     *
     * @param task  a few words
     * @param unit  of the count, in the singular
     * @param total of the count
     */
    public static Progress start(String task, String unit, long total) {
        return Boolean.getBoolean(TERMINAL) ? new Bar(task, unit, total) : new Lines(task, unit, total, System.err);
    }

    /**
     * So much is done.
     *
     * @param count  of the total
     * @param detail what else is worth a look, in a few words
     */
    public abstract void done(long count, String detail);

    @Override
    public abstract void close();

    private static final class Bar extends Progress {
        private final ProgressBar bar;

        Bar(String task, String unit, long total) {
            bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(total).setUnit(" " + unit + "s", 1)
                    .setStyle(ProgressBarStyle.ASCII).showSpeed().setUpdateIntervalMillis(250).build();
        }

        @Override
        public void done(long count, String detail) {
            bar.stepTo(count);
            bar.setExtraMessage(" " + detail);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** A line at the first count, then every few seconds, and one at the end. */
    static final class Lines extends Progress {
        private final String task;
        private final String unit;
        private final long total;
        private final PrintStream out;
        private final long start = System.nanoTime();
        private long printed = -1;
        private long count;
        private String detail = "";

        Lines(String task, String unit, long total, PrintStream out) {
            this.task = task;
            this.unit = unit;
            this.total = total;
            this.out = out;
        }

        @Override
        public void done(long newCount, String newDetail) {
            count = newCount;
            detail = newDetail;
            long now = System.nanoTime();
            if (printed < 0 || now - start - printed > BETWEEN_LINES.toNanos()) {
                print(now);
            }
        }

        @Override
        public void close() {
            print(System.nanoTime());
        }

        private void print(long now) {
            printed = now - start;
            double seconds = printed * 1e-9;
            String rate = count > 1 && seconds > 0
                    ? String.format(Locale.ROOT, ", %.3g %ss/s", count / seconds, unit)
                    : "";
            out.printf(Locale.ROOT, "%s: %s %d of %d%s%s%n", task, unit, count, total, rate,
                    detail.isBlank() ? "" : ", " + detail);
        }
    }
}
