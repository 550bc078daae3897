package org.millrace.engine.sim;

import java.util.Set;

/** Decides whether a request may fail for this reason: texts without the word that a protocol puts before them. */
final class Failures {
    static final String NO_MEMORY = "Cannot allocate memory";
    static final String REFUSED = "Connection refused";
    /** What a server says that does not want to. */
    static final String UNWILLING = "out of memory storing object";
    private static final String TIMED_OUT = "Connection timed out";
    private static final String UNEXPECTED = "Invalid argument";
    private static final String OVERLOADED = "overloaded: the request waited longer than queue_timeout";
    private static final String SHARE_FULL = "overloaded: no more memory for requests that wait for this server";
    private static final String SHED =
        "overloaded: memory is short, and the request waited for a server that does nothing";
    private static final String HELD_UP = "the reply has waited too long for the replies before it";
    private static final String NO_ROOM = "max memory reached, try again later";
    /** How the proxy tells that a server, not the request, was at fault. */
    private static final Set<String> OF_SERVERS = Set.of("unknown", REFUSED, "Connection reset by peer",
        "Broken pipe", TIMED_OUT, UNEXPECTED, NO_MEMORY, OVERLOADED, SHED);

    private final Scenario scenario;

    Failures(Scenario scenario) {
        this.scenario = scenario;
    }

    /** A new client may be refused when memory is short; it is told so before it has asked for anything. */
    boolean isRefusal(String text) {
        return scenario.shortOfMemory && text.equals(NO_ROOM);
    }

    boolean mayBe(String text) {
        if (text.equals(UNWILLING)) {
            return scenario.serverError > 0;
        }
        if (text.equals(HELD_UP)) {
            // of a client whose earlier reply is slow, from a server that need not fail for it
            return true;
        }
        if (text.equals(SHARE_FULL)) {
            // servers that are well let requests wait, too
            return scenario.shortOfMemory;
        }
        if (!scenario.serversFail() || !OF_SERVERS.contains(text)) {
            return false;
        }
        return switch (text) {
            case TIMED_OUT -> scenario.timeoutMs > 0;
            case OVERLOADED -> scenario.limits.queueTimeoutMs > 0;
            case NO_MEMORY, SHED -> scenario.shortOfMemory;
            case UNEXPECTED -> scenario.serverGarbage > 0 || scenario.serverStray > 0;
            default -> true;
        };
    }
}
