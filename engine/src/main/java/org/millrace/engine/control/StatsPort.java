package org.millrace.engine.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The stats port: whoever connects gets one JSON text in twemproxy's shape, then the end of the stream. */
public final class StatsPort implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final ServerSocketChannel listener;
    private final StatsReport report;
    private final EventLog log;
    private final Thread thread;

    /**
     * Binds and serves.
     *
     * @throws IOException if the address cannot be bound, with a text that names it
     */
    public StatsPort(String address, int port, StatsReport report, EventLog log) throws IOException {
        this.report = report;
        this.log = log;
        listener = ServerSocketChannel.open();
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw new IOException("cannot listen for stats on " + address + ':' + port + ": " + e.getMessage()
                + "; choose another with -a and -s, or stop what uses it", e);
        }
        thread = Thread.ofPlatform().name("millrace-stats").daemon().start(this::serve);
    }

    /** The bound port. */
    public int port() {
        return listener.socket().getLocalPort();
    }

    private void serve() {
        while (listener.isOpen()) {
            try (SocketChannel socket = listener.accept()) {
                ByteBuffer text = ByteBuffer.wrap(report.json().getBytes(StandardCharsets.UTF_8));
                while (text.hasRemaining()) {
                    socket.write(text);
                }
            } catch (IOException e) {
                if (listener.isOpen()) {
                    log.warn("stats port: " + e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
