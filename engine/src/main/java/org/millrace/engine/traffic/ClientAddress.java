package org.millrace.engine.traffic;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Where a client comes from, without its port. Immutable. */
public final class ClientAddress {
    private final DirectBuffer text;
    private final long hash;

    private ClientAddress(String address) {
        text = new UnsafeBuffer(address.getBytes(StandardCharsets.UTF_8));
        hash = NameHash.of(text, 0, text.capacity());
    }

    /** Of the text of a connection's peer: {@code 10.0.0.1:5000}, {@code [::1]:5000}, or what a unix socket says. */
    public static ClientAddress ofPeer(String peer) {
        int colon = peer.lastIndexOf(':');
        String host = colon > 0 && !peer.startsWith("/") ? peer.substring(0, colon) : peer;
        return new ClientAddress(host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1)
            : host);
    }

    /** The address as text. */
    DirectBuffer text() {
        return text;
    }

    long hash() {
        return hash;
    }
}
