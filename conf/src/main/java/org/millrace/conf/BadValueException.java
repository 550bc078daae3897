package org.millrace.conf;

/** A text is not what its directive allows. The reader turns it into a {@link ConfigError}. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    BadValueException(String wrong) {
        this(wrong, null);
    }

    /** What is wrong, and what the operator probably wants or null. */
    BadValueException(String wrong, String hint) {
        super(wrong);
        this.hint = hint;
    }

    String hint() {
        return hint;
    }
}
