package org.millrace.perf.jmh;

import org.agrona.ExpandableArrayBuffer;
import org.millrace.io.ConnectionHandler;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** A client that sends what it is given and counts the bytes that it gets. */
final class ScriptedClient extends ScriptedConnection {
    private Segment segment;
    private int at;
    private int limit;
    private long received;
    private ExpandableArrayBuffer record;
    private int recorded;

    ScriptedClient(SegmentArena arena, ConnectionHandler client) {
        super(arena, "client", client);
    }

    /** Sends these bytes in the turns to come. */
    void send(Segment from, int offset, int length) {
        segment = from;
        at = offset;
        limit = offset + length;
    }

    /** Bytes of replies that have come so far. */
    long received() {
        return received;
    }

    /** Keeps a copy of all that comes from now on. */
    void record() {
        record = new ExpandableArrayBuffer();
    }

    /** What came since {@link #record()}. */
    String recorded() {
        return record.getStringWithoutLengthAscii(0, recorded);
    }

    @Override
    protected void onFlush(Output leaving) {
        received += leaving.unsentBytes();
        if (record != null) {
            for (int i = 0; i < leaving.chunks(); i++) {
                int length = leaving.chunkLength(i);
                record.putBytes(recorded, leaving.chunkSegment(i).buffer(), leaving.chunkOffset(i), length);
                recorded += length;
            }
        }
    }

    @Override
    protected boolean onPoll() {
        if (at == limit) {
            return false;
        }
        int from = at;
        at = Math.min(limit, from + ScriptedTransport.RECEIVE_BYTES);
        handler.onReceived(segment, from, at - from);
        return true;
    }
}
