package org.millrace.io;

/** Why a connection ended, with the text that twemproxy gives its clients for it (strerror of the cause). */
public enum CloseCause {
    /** Closed by this side on purpose. */
    LOCAL("unknown"),
    /** The peer closed in good order. */
    PEER_CLOSED("unknown"),
    /** ECONNREFUSED. */
    REFUSED("Connection refused"),
    /** ECONNRESET. */
    RESET("Connection reset by peer"),
    /** EPIPE: a write to a connection that is gone. */
    BROKEN_PIPE("Broken pipe"),
    /** The connection could not be made, or nothing was answered, in time. */
    TIMED_OUT("Connection timed out"),
    /** EHOSTUNREACH. */
    NO_ROUTE("No route to host"),
    /** ENETUNREACH. */
    NETWORK_UNREACHABLE("Network is unreachable"),
    /** The name does not resolve. */
    HOST_DOWN("Host is down"),
    /** A unix socket that is not there. */
    NO_SUCH_FILE("No such file or directory"),
    /** The peer broke the protocol. */
    PROTOCOL("Invalid argument"),
    /** No memory or descriptors left on this side. */
    EXHAUSTED("Cannot allocate memory"),
    /** Anything else. */
    OTHER("unknown");

    private final String text;

    CloseCause(String text) {
        this.text = text;
    }

    /** twemproxy's words for this cause. */
    public String text() {
        return text;
    }
}
