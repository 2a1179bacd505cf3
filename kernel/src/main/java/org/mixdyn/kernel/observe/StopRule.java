package org.mixdyn.kernel.observe;

/** When a run ends before its last step. */
public enum StopRule {
    /** Only when the errors are no longer finite. */
    NEVER("never"),
    /**
     * As in the paper's phase diagram, in this order: train error below 1e-3; then, from the fifth record on, test error
     * that rose twice in a row, or a change of train error below 2e-4 once it has dropped by more than 1e-2.
     */
    PAPER("paper");

    private final String label;

    StopRule(String label) {
        this.label = label;
    }

    /** Why the run ends at the last record, or null if it goes on. */
    String reason(Trajectory trajectory) {
        int last = trajectory.size() - 1;
        double train = trajectory.trainError(last);
        if (!Double.isFinite(train)) {
            return "diverged";
        }
        if (this == NEVER) {
            return null;
        }
        if (train < 1e-3) {
            return "train_error";
        }
        if (trajectory.iteration(last) <= 3) {
            return null;
        }
        if (trajectory.testError(last) > trajectory.testError(last - 1)
                && trajectory.testError(last - 1) > trajectory.testError(last - 2)) {
            return "test_error_rose";
        }
        boolean dropped = trajectory.trainError(0) - train > 1e-2;
        if (dropped && Math.abs(train - trajectory.trainError(last - 1)) < 2e-4) {
            return "train_error_flat";
        }
        return null;
    }

    /** The name used on the command line and in files. */
    @Override
    public String toString() {
        return label;
    }
}
