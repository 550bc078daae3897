package org.millrace.engine.client;

import org.millrace.engine.message.Message;
import org.millrace.engine.traffic.Sample;
import org.millrace.io.Segment;

/**
 * A client's request on its way, from frame to reply: its place in the client's order. Pooled; known to the rest of the
 * lane by {@link #id()}, whose generation changes when the record is used again.
 */
public final class Exchange {
    /** It is none of those that are recorded: it was not parsed. */
    static final byte NO_FAMILY = -1;

    final int index;
    int generation;
    long id;
    Client client;
    Exchange next;
    /** True once the reply is here, waiting for its turn. */
    boolean ready;
    /** The client is closed once this reply is sent. */
    boolean closeAfter;
    /** A reply ahead of its turn: copied bytes ... */
    Segment replySegment;
    int replyLength;
    /** ... or the server half's messages, one or the parts of a large reply that have come. */
    Message replyMessage;
    Message lastPart;
    /** Bytes of the parts that have come so far, and whether the client gets them already. */
    long partBytes;
    boolean begun;
    /** What is recorded of it: when it was framed, when its reply came (0 = just now), and its kind of command. */
    int receivedTicks;
    int repliedTicks;
    byte family = NO_FAMILY;
    /** What is remembered of it as one of those that traffic is judged by; null for nearly all. */
    Sample sample;
    /** For the case that it is slow: its command, its words, who answered, when it was sent there (0 = never). */
    int command;
    int words;
    String server;
    int sentTicks;

    Exchange(int index) {
        this.index = index;
    }

    /** Names this use of this record, lane included. */
    public long id() {
        return id;
    }

    public Client client() {
        return client;
    }

    /** Makes the client be closed after this exchange's reply. */
    public void closeAfter() {
        closeAfter = true;
    }
}
