package org.millrace.engine.link;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.io.CloseCause;

/** The error replies for failures, made once: twemproxy's texts. */
public final class FailureReplies {
    /** The proxy has no memory for a request or reply. */
    public static final DirectBuffer NO_MEMORY = error("Cannot allocate memory");
    /** An exception in a stage: the request is given up. */
    public static final DirectBuffer FAULT = error("internal error of the proxy, see its log");
    /** The time of the request is up. */
    public static final DirectBuffer TIMED_OUT = error(CloseCause.TIMED_OUT.text());

    /** The request has waited for its server longer than queue_timeout. */
    public static final DirectBuffer OVERLOADED = error("overloaded: the request waited longer than queue_timeout");
    /** As much waits for the server as may. */
    public static final DirectBuffer SHARE_FULL =
        error("overloaded: no more memory for requests that wait for this server");
    /** Memory has run short, and the server does nothing. */
    public static final DirectBuffer SHED =
        error("overloaded: memory is short, and the request waited for a server that does nothing");
    /** A large reply is ahead of its turn, and its client takes too little for it to wait any longer. */
    public static final DirectBuffer HELD_UP = error("the reply has waited too long for the replies before it");
    /** Nobody will read this: the client is gone. */
    public static final DirectBuffer NO_CLIENT = error("the client is gone");

    private static final Map<CloseCause, DirectBuffer> BY_CAUSE = new EnumMap<>(CloseCause.class);

    static {
        for (CloseCause cause : CloseCause.values()) {
            BY_CAUSE.put(cause, error(cause.text()));
        }
    }

    private FailureReplies() {
    }

    /** The reply for requests that were on a link when it ended. */
    public static DirectBuffer of(CloseCause cause) {
        return BY_CAUSE.get(cause);
    }

    /** An error reply. */
    public static DirectBuffer error(String text) {
        return new UnsafeBuffer(("-ERR " + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
