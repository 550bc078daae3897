package org.millrace.perf.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.millrace.io.uring.UringSupport;

/** Sockets, and what waits for them. One thread calls everything but {@link #wakeup()}. */
public abstract class SocketLoop implements AutoCloseable {
    SocketLoop() {
    }

    /** A loop over a selector: works everywhere, and its owner may be changed before it is run. */
    public static SocketLoop selecting() throws IOException {
        return new SelectorLoop();
    }

    /**
     * A loop over io_uring, by the transport of the engine: one system call a turn for all sockets. Belongs to the
     * thread that first waits. {@link #obstacle} tells whether it can be had.
     *
     * @param sockets most sockets that it will have
     */
    public static SocketLoop ring(int sockets) {
        return new RingLoop(sockets);
    }

    /** Why {@link #ring} cannot be had so many times; null if it can. */
    public static String obstacle(int loops) {
        return UringSupport.probe(loops);
    }

    /** A socket of this loop for RESP2, not connected yet. */
    public final FramedSocket socket(InetSocketAddress address, ReplyHandler handler) {
        return socket(address, handler, new RespReplyFramer());
    }

    /** A socket of this loop, not connected yet; {@code framing} is its own from now on. */
    public abstract FramedSocket socket(InetSocketAddress address, ReplyHandler handler, Framing framing);

    /** Serves what is ready without waiting. */
    public abstract void poll() throws IOException;

    /** Waits at most {@code timeoutMs} (at least 1) for something to be ready and serves it. */
    public abstract void await(long timeoutMs) throws IOException;

    /** Whether {@link #awaitNs} is exact to some microseconds. */
    public abstract boolean isExact();

    /** Waits likewise; where that is not exact, a millisecond and more at a time. */
    public abstract void awaitNs(long timeoutNs) throws IOException;

    /** Ends a running wait, or the next one. Any thread. */
    public abstract void wakeup();

    @Override
    public abstract void close() throws IOException;
}
