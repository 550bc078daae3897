package org.millrace.perf.replay;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A request that was captured, with its reply, on its way through a replay. */
final class Recorded {
    final Talk talk;
    final byte[] request;
    final long epochNs;
    Treatment treatment = Treatment.COMPARED;
    String command = "";
    List<ByteBuffer> keys = List.of();
    boolean writes;
    /** Null until it is known. */
    byte[] reply;
    /** Requests that must be answered before this one is sent. */
    int blockers;
    final List<Recorded> dependents = new ArrayList<>(0);
    boolean done;
    boolean differs;
    long sentNs;

    Recorded(Talk talk, byte[] request, long epochNs) {
        this.talk = talk;
        this.request = request;
        this.epochNs = epochNs;
    }

    /** It is known whether and how it was answered. */
    boolean isKnown() {
        return reply != null || treatment == Treatment.NOT_SENT;
    }

    /** No reply was due. */
    boolean isSilent() {
        return reply.length == 0;
    }

    int heldBytes() {
        return request.length + (reply == null ? 0 : reply.length);
    }
}
