package org.mixdyn.bench.run;

/** What a user asked for and cannot have; its message is one line that names the option, its value and what is allowed. */
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A refusal.
     *
     * @param option  with its dashes
     * @param value   as it was given
     * @param allowed what is allowed instead, or why it is not
     */
    public BadInput(String option, String value, String allowed) {
        super(option + " is " + (value.isBlank() ? "blank" : value.replaceAll("\\s+", " ")) + "; " + allowed);
    }
}
