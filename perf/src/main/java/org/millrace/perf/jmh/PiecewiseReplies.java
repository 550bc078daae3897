package org.millrace.perf.jmh;

import org.millrace.io.ConnectionHandler;
import org.millrace.io.Segment;

/** Delivers replies that lie together in a segment, as much at a time as is received at once. */
abstract class PiecewiseReplies implements ServerScript {
    private int at;
    private int limit;

    /** Requests have come: those before must be answered. */
    final void mustBeDone() {
        if (at < limit) {
            throw new IllegalStateException("a further request before the last one was answered");
        }
    }

    /** What is to be delivered, {@code [from, to)} of the segment. */
    final void answer(int from, int to) {
        at = from;
        limit = to;
    }

    abstract Segment segment();

    @Override
    public final boolean deliver(ConnectionHandler link) {
        if (at == limit) {
            return false;
        }
        int from = at;
        at = Math.min(limit, from + ScriptedTransport.RECEIVE_BYTES);
        link.onReceived(segment(), from, at - from);
        return true;
    }
}
