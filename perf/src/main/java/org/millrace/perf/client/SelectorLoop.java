package org.millrace.perf.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/** A selector and the sockets on it. */
final class SelectorLoop extends SocketLoop {
    private static final long MS = 1_000_000;

    private final Selector selector;
    private final Consumer<SelectionKey> dispatch = key -> ((ChannelSocket) key.attachment()).onReady();

    SelectorLoop() throws IOException {
        selector = Selector.open();
    }

    @Override
    public FramedSocket socket(InetSocketAddress address, ReplyHandler handler, Framing framing) {
        return new ChannelSocket(selector, address, handler, framing);
    }

    @Override
    public void poll() throws IOException {
        selector.selectNow(dispatch);
    }

    @Override
    public void await(long timeoutMs) throws IOException {
        selector.select(dispatch, Math.max(1, timeoutMs));
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public void awaitNs(long timeoutNs) throws IOException {
        await((timeoutNs + MS - 1) / MS);
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            ((ChannelSocket) key.attachment()).quietlyClose();
        }
        selector.close();
    }
}
