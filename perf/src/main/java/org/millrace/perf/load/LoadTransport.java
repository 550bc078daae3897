package org.millrace.perf.load;

import java.io.IOException;
import java.util.Locale;
import org.millrace.perf.client.SocketLoop;

/** How a load talks to the operating system. */
public enum LoadTransport {
    /** io_uring where the kernel allows it, else a selector. */
    AUTO,
    /** The engine's transport: one system call a turn for all connections. */
    IO_URING,
    /** A selector: three system calls a request. */
    NIO;

    /**
     * Reads its name.
     *
     * @throws IllegalArgumentException if there is no such transport
     */
    public static LoadTransport parse(String text) {
        for (LoadTransport transport : values()) {
            if (transport.name().equals(text.toUpperCase(Locale.ROOT))) {
                return transport;
            }
        }
        throw new IllegalArgumentException(text + ": auto, io_uring or nio is needed");
    }

    /**
     * What so many threads use.
     *
     * @throws IOException if it was named and cannot be had
     */
    LoadTransport choose(int threads) throws IOException {
        String obstacle = this == NIO ? null : SocketLoop.obstacle(threads);
        if (obstacle == null) {
            return this == AUTO ? IO_URING : this;
        }
        if (this == IO_URING) {
            throw new IOException("io_uring cannot be used: " + obstacle);
        }
        return NIO;
    }

    /** A loop for so many sockets, after the choice. */
    SocketLoop loop(int sockets) throws IOException {
        return this == IO_URING ? SocketLoop.ring(sockets) : SocketLoop.selecting();
    }
}
