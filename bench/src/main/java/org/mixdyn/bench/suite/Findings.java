package org.mixdyn.bench.suite;

import java.io.PrintWriter;
import java.util.Map;
import org.mixdyn.bench.file.Csv;
import org.mixdyn.bench.run.Environment;

/** What a suite has found out. */
public sealed interface Findings permits PeerFigures, StepFigures {
    /** JMH's own results, JSON. */
    String jmh();

    /** A row for each benchmark. */
    Csv table();

    /**
     * Where and how the figures were made, an object for JSON.
     *
     * @param here this machine
     */
    Object provenance(Environment here);

    /** Prints the rows for a reader. */
    void print(PrintWriter out);

    /**
     * The pictures for which there are rows, by name of the file.
     *
     * @param here this machine, for the subtitles
     */
    Map<String, String> pictures(Environment here);
}
