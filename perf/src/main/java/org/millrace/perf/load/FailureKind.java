package org.millrace.perf.load;

/** The ways in which a request can fail. */
public enum FailureKind {
    /** The reply does not belong to the request. */
    WRONG("wrong replies"),
    /** The server answered with an error. */
    ERROR_REPLY("error replies"),
    /** No answer in time. */
    TIMEOUT("timeouts"),
    /** The connection went away before the answer came. */
    CLOSED("lost with a connection"),
    /** A connection could not be opened again in time, so what it had to send was never sent. */
    NOT_CONNECTED("connections given up");

    private final String label;

    FailureKind(String label) {
        this.label = label;
    }

    /** What to call it in a report. */
    public String label() {
        return label;
    }
}
