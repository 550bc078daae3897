package org.millrace.codec.memcached.command;

import org.agrona.DirectBuffer;

/** What is wrong with a request, and what memcached says to that. */
public enum Fault {
    /** Nothing. */
    NONE(null),
    /** An unknown command, or a wrong number of words. */
    ERROR("ERROR"),
    /** A bad key or number. */
    BAD_FORMAT("CLIENT_ERROR bad command line format"),
    /** Too many meta flags of mg. */
    OPTIONS_ARE_TOO_LONG("CLIENT_ERROR options flags are too long"),
    /** Too many meta flags of the others. */
    OPTIONS_TOO_LONG("CLIENT_ERROR options flags too long"),
    /** The data block is not followed by CRLF. */
    BAD_DATA_CHUNK("CLIENT_ERROR bad data chunk"),
    /** The data block is longer than the proxy takes; it is skipped. */
    TOO_LARGE("SERVER_ERROR object too large for cache"),
    /** The proxy does not support the command: {@link Command#refusal()} says why. */
    REFUSED(null),
    /** A browser was made to talk to us: the connection is closed without an answer, as memcached does. */
    HTTP(null);

    private final String text;
    private final DirectBuffer reply;

    Fault(String text) {
        this.text = text;
        this.reply = text == null ? null : MemcachedErrors.ready(text);
    }

    /** The whole error reply, not to be written to; null where the text depends on the command or there is none. */
    public DirectBuffer reply() {
        return reply;
    }

    /** The fault with that text. */
    static Fault of(String text) {
        for (Fault fault : values()) {
            if (text.equals(fault.text)) {
                return fault;
            }
        }
        throw new IllegalArgumentException("unknown error: " + text);
    }
}
