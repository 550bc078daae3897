package org.millrace.engine.protocol;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.io.CloseCause;

/** The error replies of one protocol for failures, made once: twemproxy's texts. Immutable. */
public final class FailureReplies {
    private final String prefix;
    private final DirectBuffer noMemory;
    private final DirectBuffer fault;
    private final DirectBuffer timedOut;
    private final DirectBuffer overloaded;
    private final DirectBuffer shareFull;
    private final DirectBuffer shed;
    private final DirectBuffer heldUp;
    private final DirectBuffer noClient;
    private final DirectBuffer unexpected;
    private final DirectBuffer poolGone;
    private final Map<CloseCause, DirectBuffer> byCause = new EnumMap<>(CloseCause.class);

    /**
     * The replies of a protocol.
     *
     * @param prefix of every error, its blank included
     */
    public FailureReplies(String prefix) {
        this.prefix = prefix;
        noMemory = error("Cannot allocate memory");
        fault = error("internal error of the proxy, see its log");
        timedOut = error(CloseCause.TIMED_OUT.text());
        overloaded = error("overloaded: the request waited longer than queue_timeout");
        shareFull = error("overloaded: no more memory for requests that wait for this server");
        shed = error("overloaded: memory is short, and the request waited for a server that does nothing");
        heldUp = error("the reply has waited too long for the replies before it");
        noClient = error("the client is gone");
        unexpected = error(CloseCause.PROTOCOL.text());
        poolGone = error("the pool has been removed, and the request was not whole in time");
        for (CloseCause cause : CloseCause.values()) {
            byCause.put(cause, error(cause.text()));
        }
    }

    private DirectBuffer error(String text) {
        return new UnsafeBuffer((prefix + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The reply for requests that were on a link when it ended. */
    public DirectBuffer of(CloseCause cause) {
        return byCause.get(cause);
    }

    /** The proxy has no memory for a request or reply. */
    public DirectBuffer noMemory() {
        return noMemory;
    }

    /** An exception in a stage: the request is given up. */
    public DirectBuffer fault() {
        return fault;
    }

    /** The time of the request is up. */
    public DirectBuffer timedOut() {
        return timedOut;
    }

    /** The request has waited for its server longer than queue_timeout. */
    public DirectBuffer overloaded() {
        return overloaded;
    }

    /** As much waits for the server as may. */
    public DirectBuffer shareFull() {
        return shareFull;
    }

    /** Memory has run short, and the server does nothing. */
    public DirectBuffer shed() {
        return shed;
    }

    /** A large reply is ahead of its turn, and its client takes too little for it to wait any longer. */
    public DirectBuffer heldUp() {
        return heldUp;
    }

    /** Nobody will read this: the client is gone. */
    public DirectBuffer noClient() {
        return noClient;
    }

    /** The servers' answers to the parts of a request do not fit together. */
    public DirectBuffer unexpected() {
        return unexpected;
    }

    /** The client's pool is removed, and the request did not come to its end. */
    public DirectBuffer poolGone() {
        return poolGone;
    }
}
