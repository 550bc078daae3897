package org.millrace.codec.memcached.command;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Error replies of the proxy itself, in the words of memcached and of twemproxy: {@code SERVER_ERROR} and the system's
 * own text for what failed on the way to a server, {@code CLIENT_ERROR} for a request that cannot be sent on. For
 * constants, not for the way of a request.
 */
public final class MemcachedErrors {
    /** The protocol is broken: what {@link org.millrace.codec.Framer#error()} tells goes behind it. */
    public static final String PROTOCOL_ERROR = "CLIENT_ERROR ";

    private MemcachedErrors() {
    }

    /** A whole reply of one line of ASCII text. */
    public static DirectBuffer ready(String line) {
        return new UnsafeBuffer((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** A whole reply that says why a server could not be asked. */
    public static DirectBuffer serverError(String text) {
        return ready("SERVER_ERROR " + text);
    }

    /** A whole reply that says what is wrong with a request. */
    public static DirectBuffer clientError(String text) {
        return ready(PROTOCOL_ERROR + text);
    }
}
