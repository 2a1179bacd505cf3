package org.mixdyn.bench.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.mixdyn.bench.file.OutputFolder;
import org.mixdyn.bench.phase.ScalingStudy;
import org.mixdyn.bench.run.BadInput;
import org.mixdyn.bench.run.Memory;
import org.mixdyn.kernel.dynamics.UpdateOrder;
import org.mixdyn.kernel.simd.Precision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The scaling study. */
@Command(name = "scaling", sortOptions = false, header = "Shows how the phases sharpen as d grows.", description = {
        "Cuts through the phase diagram at several d, with widths d^gamma_w that are reduced to 2 d. Where the minimal test",
        "error passes 1/4, 3/4 and 1/k, the boundary to lazy, to infinite noise and to too few hidden units is observed. A",
        "cut is looked at in a few points first, then where a level lies, by halving. A study that was broken off goes on",
        "where it stopped when the same command is given again.",
        "Writes scaling.csv, boundaries.csv, summary.json and a picture of the boundaries and of each cut."})
public final class ScalingCommand implements Callable<Integer> {
    /** Below it the widths of a cut are hardly wider than d; above, a run takes minutes. */
    private static final int SMALLEST_DIM = 10;
    private static final int LARGEST_DIM = 5000;

    @Option(names = "--dims", paramLabel = "D1,D2,...", description = "values of d, rising (${DEFAULT-VALUE})")
    private String dims;

    @Mixin
    private TaskOptions size;

    @Mixin
    private SweepOptions sweep;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        int[] values = dims();
        int seeds = sweep.seeds(1);
        int team = sweep.threads();
        ScalingStudy study = new ScalingStudy(values, size.rank(values[0]), size.noise(), sweep.seed(), seeds, team);
        sweep.checkMemory("--dims", values[values.length - 1], seeds, d -> Memory.ofSweeps(d, ScalingStudy.sections(),
                seeds, team, false, UpdateOrder.ALTERNATING, Precision.F32));
        try (OutputFolder folder = common.openFolder()) {
            study.run(folder, sweep.fresh(), common.out());
        }
        return 0;
    }

    private int[] dims() {
        String[] parts = dims.strip().split(",", -1);
        int[] values = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            values[i] = Values.small("--dims", parts[i], SMALLEST_DIM, LARGEST_DIM);
            if (i > 0 && values[i] <= values[i - 1]) {
                throw new BadInput("--dims", dims, "allowed are rising numbers with commas between them");
            }
        }
        return values;
    }
}
