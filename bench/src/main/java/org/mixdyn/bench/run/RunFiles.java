package org.mixdyn.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mixdyn.bench.file.Csv;
import org.mixdyn.bench.file.Json;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.plot.ErrorChart;
import org.mixdyn.bench.plot.ErrorCurve;
import org.mixdyn.bench.plot.SpectrumChart;
import org.mixdyn.bench.plot.SpectrumCurve;
import org.mixdyn.bench.plot.Thinning;
import org.mixdyn.kernel.observe.Spectrum;
import org.mixdyn.kernel.observe.Trajectory;

/**
 * The files of a run: summary.json, trajectory.csv, spectrum.csv, error.svg and spectrum.svg. A second dynamics on the same
 * task has tables of its own and shares the pictures.
 */
public final class RunFiles {
    private static final List<String> TRAJECTORY = List.of("iteration", "time", "train_error", "test_error", "active",
            "stable_rank", "gap", "conserved_drift");

    /** Ends the names of a second dynamics' tables. */
    public static final String SECOND = "-self-consistent";

    private final OutputFolder folder;
    private final List<String> suffixes = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    /** Files that will go to a folder. */
    public RunFiles(OutputFolder folder) {
        this.folder = folder;
    }

    /**
     * Stages the tables and the summary of a run.
     *
     * @param name   of its dynamics in the pictures' legends; blank if it is the only one
     * @param suffix of its files' names: blank for the first run, {@link #SECOND} for the other
     * @throws IOException if a file cannot be written
     */
    public void add(Outcome outcome, String name, String suffix) throws IOException {
        outcomes.add(outcome);
        names.add(name);
        suffixes.add(suffix);
        folder.stage("summary" + suffix + ".json", Json.text(Summary.of(outcome)));
        folder.stage("trajectory" + suffix + ".csv", trajectory(outcome));
        if (outcome.settings().spectrumEvery() > 0) {
            folder.stage("spectrum" + suffix + ".csv", spectrum(outcome));
        }
    }

    /**
     * Puts the tables in place, then draws the pictures, so that a machine that cannot draw (for want of fonts, say) does
     * not cost the figures.
     *
     * @throws IOException if a file cannot be written or a picture not drawn
     */
    public void finish() throws IOException {
        Settings settings = outcomes.getFirst().settings();
        boolean spectra = settings.spectrumEvery() > 0;
        folder.commit();
        removeOthers(spectra);
        folder.stage("error.svg",
                ErrorChart.svg("Errors: " + Text.title(settings), Text.subtitle(settings), errorCurves()));
        if (spectra) {
            folder.stage("spectrum.svg",
                    SpectrumChart.svg("Singular values: " + Text.title(settings), Text.subtitle(settings),
                            spectrumCurves(), settings.rank(), settings.threshold(),
                            outcomes.getFirst().targetSingularValues()));
        }
        folder.commit();
    }

    /** What an earlier run of another kind left would be taken for this run's. */
    private void removeOthers(boolean spectra) throws IOException {
        for (String suffix : List.of("", SECOND)) {
            boolean there = suffixes.contains(suffix);
            if (!there) {
                folder.remove("summary" + suffix + ".json");
                folder.remove("trajectory" + suffix + ".csv");
            }
            if (!there || !spectra) {
                folder.remove("spectrum" + suffix + ".csv");
            }
        }
        if (!spectra) {
            folder.remove("spectrum.svg");
        }
    }

    private static Csv trajectory(Outcome outcome) {
        Trajectory trajectory = outcome.trajectory();
        Settings settings = outcome.settings();
        return new Csv(TRAJECTORY, IntStream.range(0, trajectory.size()).mapToObj(i -> {
            double[] values = trajectory.hasSpectrum(i) ? trajectory.singularValues(i) : null;
            return Csv.row(trajectory.iteration(i), trajectory.time(i), trajectory.trainError(i),
                    trajectory.testError(i),
                    values == null ? null : settings.active(values),
                    values == null ? null : Spectrum.stableRank(values),
                    values == null ? null : settings.gap(values),
                    trajectory.conservedDrift(i));
        }));
    }

    private static Csv spectrum(Outcome outcome) {
        Trajectory trajectory = outcome.trajectory();
        int count = Math.min(outcome.settings().dimIn(), outcome.settings().dimOut());
        List<String> columns = Stream
                .concat(Stream.of("iteration"), IntStream.rangeClosed(1, count).mapToObj(i -> "s" + i)).toList();
        return new Csv(columns, IntStream.range(0, trajectory.size()).filter(trajectory::hasSpectrum)
                .mapToObj(i -> Stream.concat(Stream.of(trajectory.iteration(i)),
                        DoubleStream.of(trajectory.singularValues(i)).boxed()).toArray()));
    }

    private List<ErrorCurve> errorCurves() {
        List<ErrorCurve> curves = new ArrayList<>();
        for (int run = 0; run < outcomes.size(); run++) {
            Trajectory trajectory = outcomes.get(run).trajectory();
            IntStream records = IntStream.range(0, trajectory.size());
            curves.add(new ErrorCurve(names.get(run), records.map(trajectory::iteration).toArray(),
                    IntStream.range(0, trajectory.size()).mapToDouble(trajectory::trainError).toArray(),
                    IntStream.range(0, trajectory.size()).mapToDouble(trajectory::testError).toArray()));
        }
        return curves;
    }

    private List<SpectrumCurve> spectrumCurves() {
        List<SpectrumCurve> curves = new ArrayList<>();
        for (int run = 0; run < outcomes.size(); run++) {
            Trajectory trajectory = outcomes.get(run).trajectory();
            int[] all = IntStream.range(0, trajectory.size()).filter(trajectory::hasSpectrum).toArray();
            int[] records = Thinning.evenly(all.length).map(i -> all[i]).toArray();
            double[][] values = IntStream.of(records).mapToObj(trajectory::singularValues).toArray(double[][]::new);
            curves.add(new SpectrumCurve(names.get(run), IntStream.of(records).map(trajectory::iteration).toArray(),
                    values, Arrays.stream(values).map(outcomes.get(run).settings()::active).filter(Objects::nonNull)
                            .mapToInt(Integer::intValue).toArray()));
        }
        return curves;
    }
}
