package org.millrace.engine.control.admin;

/** A word of an administrative command that cannot be understood; the message is the error that its client gets. */
final class BadWordException extends Exception {
    private static final long serialVersionUID = 1L;

    BadWordException(String error) {
        super(error);
    }
}
