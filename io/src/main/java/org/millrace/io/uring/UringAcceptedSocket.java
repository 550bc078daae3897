package org.millrace.io.uring;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.io.AcceptedSocket;
import org.millrace.io.SocketAddresses;

/** A socket between its listener and the transport that adopts it; closes at most once, from any thread. */
final class UringAcceptedSocket implements AcceptedSocket {
    private final AtomicInteger fd;
    private final SocketAddress remote;

    UringAcceptedSocket(int fd, SocketAddress remote) {
        this.fd = new AtomicInteger(fd);
        this.remote = remote;
    }

    @Override
    public String peer() {
        return SocketAddresses.text(remote);
    }

    SocketAddress remote() {
        return remote;
    }

    /** Hands the socket over, once. */
    int take() throws IOException {
        int taken = fd.getAndSet(-1);
        if (taken < 0) {
            throw new IOException("socket of " + peer() + " is adopted or closed already");
        }
        return taken;
    }

    @Override
    public void close() {
        int taken = fd.getAndSet(-1);
        if (taken >= 0) {
            Syscalls.close(taken);
        }
    }
}
