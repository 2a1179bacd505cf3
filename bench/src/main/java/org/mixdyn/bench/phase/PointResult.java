package org.mixdyn.bench.phase;

/**
 * What one run gave.
 *
 * @param iterations       index of the last recorded iteration, from 0
 * @param trainError       at the last recorded iteration
 * @param testError        at the last recorded iteration
 * @param minTestIteration first iteration of the least test error
 * @param stableRank       ||A||_F^2 / ||A||_op^2 at that iteration; NaN if no test error was a number
 * @param active           singular values above sigma^2 w at that iteration, of which there are none then
 * @param logDistance      ln(max over the iterations of ||A_gd - A_sc||_F^2 / d^2); NaN if it was not asked for
 * @param eta              step size
 */
record PointResult(int iterations, String stopReason, double initialTrainError, double initialTestError,
        double trainError, double testError, double minTestError, int minTestIteration, double stableRank, int active,
        double logDistance, double eta) {

    /** One line without line ends; every number reads back exactly. */
    String text() {
        return String.join(",", Integer.toString(iterations), stopReason, Double.toString(initialTrainError),
                Double.toString(initialTestError), Double.toString(trainError), Double.toString(testError),
                Double.toString(minTestError), Integer.toString(minTestIteration), Double.toString(stableRank),
                Integer.toString(active), Double.toString(logDistance), Double.toString(eta));
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static PointResult parse(String text) {
        String[] cells = text.split(",", -1);
        if (cells.length != 12) {
            throw new IllegalArgumentException("a result has 12 numbers: " + text);
        }
        return new PointResult(Integer.parseInt(cells[0]), cells[1], Double.parseDouble(cells[2]),
                Double.parseDouble(cells[3]), Double.parseDouble(cells[4]), Double.parseDouble(cells[5]),
                Double.parseDouble(cells[6]), Integer.parseInt(cells[7]), Double.parseDouble(cells[8]),
                Integer.parseInt(cells[9]), Double.parseDouble(cells[10]), Double.parseDouble(cells[11]));
    }
}
