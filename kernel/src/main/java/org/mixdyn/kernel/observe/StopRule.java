package org.mixdyn.kernel.observe;

/**
 * When a run ends before its last step. Asked after each record, it gives one of the reasons {@value #TRAIN_ERROR},
 * {@value #TEST_ERROR_ROSE}, {@value #TRAIN_ERROR_FLAT} and {@value #DIVERGED}; a run that no rule ends has the reason
 * {@value #STEPS}.
 */
public enum StopRule {
    /** Only a train error that is not finite ends the run: {@value #DIVERGED}. */
    NEVER("never"),
    /**
     * The rules of the paper's phase diagram. With t_i and e_i the train and test errors of record i, the run ends after
     * record i, by the first of these that holds:
     * <ol>
     * <li>{@value #DIVERGED}: t_i is not finite;</li>
     * <li>{@value #TRAIN_ERROR}: t_i &lt; 1e-3;</li>
     * <li>{@value #TEST_ERROR_ROSE}: i &gt; 3 and e_(i-2) &lt; e_(i-1) &lt; e_i;</li>
     * <li>{@value #TRAIN_ERROR_FLAT}: i &gt; 3 and |t_i - t_(i-1)| &lt; 2e-4 and t_0 - t_j &gt; 1e-2 for some j &lt;= i.</li>
     * </ol>
     */
    PAPER("paper");

    /** Reason: every step that was asked for is done. */
    public static final String STEPS = "steps";
    /** Reason: the train error is small. */
    public static final String TRAIN_ERROR = "train_error";
    /** Reason: the test error rose twice in a row. */
    public static final String TEST_ERROR_ROSE = "test_error_rose";
    /** Reason: the train error, once it had dropped, hardly changed. */
    public static final String TRAIN_ERROR_FLAT = "train_error_flat";
    /** Reason: the train error is infinite or not a number. */
    public static final String DIVERGED = "diverged";

    private static final double SMALL_TRAIN_ERROR = 1e-3;
    private static final double FLAT_CHANGE = 2e-4;
    private static final double DROP = 1e-2;
    private static final int LAST_PATIENT_ITERATION = 3;

    private final String label;

    StopRule(String label) {
        this.label = label;
    }

    /** The reason to end after the latest record of a trajectory, or null to go on. */
    String reason(Trajectory trajectory) {
        int last = trajectory.size() - 1;
        double train = trajectory.trainError(last);
        if (!Double.isFinite(train)) {
            return DIVERGED;
        }
        if (this == NEVER) {
            return null;
        }
        if (train < SMALL_TRAIN_ERROR) {
            return TRAIN_ERROR;
        }
        if (last <= LAST_PATIENT_ITERATION) {
            return null;
        }
        if (trajectory.testError(last - 2) < trajectory.testError(last - 1)
                && trajectory.testError(last - 1) < trajectory.testError(last)) {
            return TEST_ERROR_ROSE;
        }
        boolean dropped = trajectory.trainError(0) - trajectory.lowestTrainError() > DROP;
        if (dropped && Math.abs(train - trajectory.trainError(last - 1)) < FLAT_CHANGE) {
            return TRAIN_ERROR_FLAT;
        }
        return null;
    }

    /** The name used on the command line and in files: never or paper. */
    @Override
    public String toString() {
        return label;
    }
}
