package org.millrace.io.nio;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.SocketAddresses;

/** A socket between its listener and the transport that adopts it; closes at most once, from any thread. */
final class NioAcceptedSocket implements AcceptedSocket {
    private final AtomicReference<SocketChannel> channel;
    private final SocketAddress remote;

    NioAcceptedSocket(SocketChannel channel) throws IOException {
        this(channel, channel.getRemoteAddress());
    }

    NioAcceptedSocket(SocketChannel channel, SocketAddress remote) {
        this.channel = new AtomicReference<>(channel);
        this.remote = remote;
    }

    @Override
    public String peer() {
        return SocketAddresses.text(remote);
    }

    /** Hands the socket over, once. */
    SocketChannel take() throws IOException {
        SocketChannel taken = channel.getAndSet(null);
        if (taken == null) {
            throw new IOException("socket of " + peer() + " is adopted or closed already");
        }
        return taken;
    }

    @Override
    public void close() {
        SocketChannel taken = channel.getAndSet(null);
        if (taken != null) {
            NioAddresses.closeQuietly(taken);
        }
    }
}
