package org.millrace.engine.control;

import org.millrace.engine.control.Health.Key;

/** What is known of the health of one server. Control thread writes, others read what is volatile. */
final class ServerHealth {
    final Key key;
    /** Failures in a row: of one incident each. */
    volatile int failures;
    /** When the last incident began. */
    long incidentNs;
    /** Good replies of the server when it failed last. */
    long goodReplies;
    volatile boolean ejected;
    /** Ejections so far. */
    volatile long ejections;
    /** When it was ejected last, in microseconds since 1970; 0 if never. */
    volatile long ejectedAtMicros;
    /** When it is asked whether it is there, likewise. */
    volatile long askedAtMicros;
    /** Why it is out: what it has failed of, or what it has answered when it was asked. */
    volatile String why = "";
    long dueNs;
    boolean asking;
    long askedNs;

    ServerHealth(Key key) {
        this.key = key;
    }
}
