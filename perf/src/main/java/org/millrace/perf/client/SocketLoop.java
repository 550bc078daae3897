package org.millrace.perf.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/** A selector and the sockets on it. One thread calls everything but {@link #wakeup()}. */
public final class SocketLoop implements AutoCloseable {
    private final Selector selector;
    private final Consumer<SelectionKey> dispatch = key -> ((RespSocket) key.attachment()).onReady();

    /** Opens the selector. */
    public SocketLoop() throws IOException {
        selector = Selector.open();
    }

    /** A socket of this loop, not connected yet. */
    public RespSocket socket(InetSocketAddress address, ReplyHandler handler) {
        return new RespSocket(selector, address, handler);
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
            ((RespSocket) key.attachment()).quietlyClose();
        }
        selector.close();
    }
}
