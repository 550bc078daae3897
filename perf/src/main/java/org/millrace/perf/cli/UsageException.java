package org.millrace.perf.cli;

/** The command line cannot be understood; the message says what is wrong and what would be right. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With a message for the user. */
    public UsageException(String message) {
        super(message);
    }
}
