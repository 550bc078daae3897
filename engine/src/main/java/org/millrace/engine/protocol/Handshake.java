package org.millrace.engine.protocol;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the proxy says first on a link.
 *
 * @param bytes   requests
 * @param replies how many replies they bring
 * @param decides requests must wait for the last of these replies, which may forbid them
 */
public record Handshake(DirectBuffer bytes, int replies, boolean decides) {
    /** Nothing is said. */
    public static final Handshake NONE = new Handshake(new UnsafeBuffer(new byte[0]), 0, false);
}
