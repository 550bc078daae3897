package org.millrace.perf.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/** A selector and the sockets on it. One thread calls everything but {@link #wakeup()}. */
public final class SocketLoop implements AutoCloseable {
    private final Selector selector;
    private final Consumer<SelectionKey> dispatch = key -> ((FramedSocket) key.attachment()).onReady();

    /** Opens the selector. */
    public SocketLoop() throws IOException {
        selector = Selector.open();
    }

    /** A socket of this loop for RESP2, not connected yet. */
    public FramedSocket socket(InetSocketAddress address, ReplyHandler handler) {
        return socket(address, handler, new RespReplyFramer());
    }

    /** A socket of this loop, not connected yet; {@code framing} is its own from now on. */
    public FramedSocket socket(InetSocketAddress address, ReplyHandler handler, Framing framing) {
        return new FramedSocket(selector, address, handler, framing);
    }

    /** Serves what is ready without waiting. */
    public void poll() throws IOException {
        selector.selectNow(dispatch);
    }

    /** Waits at most {@code timeoutMs} (at least 1) for something to be ready and serves it. */
    public void await(long timeoutMs) throws IOException {
        selector.select(dispatch, Math.max(1, timeoutMs));
    }

    /** Ends a running {@link #await}, or the next one. Any thread. */
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            ((FramedSocket) key.attachment()).quietlyClose();
        }
        selector.close();
    }
}
