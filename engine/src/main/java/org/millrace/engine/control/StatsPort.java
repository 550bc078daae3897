package org.millrace.engine.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The stats port: whoever connects gets one JSON text in twemproxy's shape, then the end of the stream. */
public final class StatsPort implements AutoCloseable {
    static final long PAUSE_NS = 100_000_000;

    private static final int BACKLOG = 128;
    /** A reader may keep the others waiting for so long. */
    private static final long WRITE_NS = 1_000_000_000L;
    private static final long WRITE_AGAIN_NS = 1_000_000;
    private static final int CAUSES = 64;

    private final ServerSocketChannel listener;
    private final Door door;
    private final Supplier<String> text;
    private final EventLog log;
    private final Set<String> told = new HashSet<>();
    private final Thread thread;

    /**
     * Binds and serves.
     *
     * @throws IOException if the address cannot be bound, with a text that names it
     */
    public StatsPort(String address, int port, StatsReport report, EventLog log) throws IOException {
        this(bind(address, port), ServerSocketChannel::accept, report::json, log);
    }

    StatsPort(ServerSocketChannel listener, Door door, Supplier<String> text, EventLog log) {
        this.listener = listener;
        this.door = door;
        this.text = text;
        this.log = log;
        thread = Thread.ofPlatform().name("millrace-stats").daemon().start(this::serve);
    }

    static ServerSocketChannel bind(String address, int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot listen for stats on " + address + ':' + port + ": " + e.getMessage()
                + "; choose another with -a and -s, or stop what uses it", e);
        }
    }

    /** The bound port. */
    public int port() {
        return listener.socket().getLocalPort();
    }

    private void serve() {
        while (listener.isOpen()) {
            SocketChannel reader;
            try {
                reader = door.accept(listener);
            } catch (IOException e) {
                if (listener.isOpen()) {
                    tell("cannot accept: " + e.getMessage());
                    // without descriptors the next attempt would fail at once
                    LockSupport.parkNanos(PAUSE_NS);
                }
                continue;
            }
            try (reader) {
                answer(reader);
            } catch (IOException e) {
                tell("a reader was lost: " + e.getMessage());
            } catch (RuntimeException e) {
                if (isNew(e.toString())) {
                    log.error("stats port", e);
                }
            }
        }
    }

    private void answer(SocketChannel reader) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.get().getBytes(StandardCharsets.UTF_8));
        reader.configureBlocking(false);
        long startNs = System.nanoTime();
        while (bytes.hasRemaining() && listener.isOpen()) {
            if (reader.write(bytes) == 0) {
                if (System.nanoTime() - startNs > WRITE_NS) {
                    throw new IOException("it does not read");
                }
                LockSupport.parkNanos(WRITE_AGAIN_NS);
            }
        }
    }

    private void tell(String cause) {
        if (isNew(cause)) {
            log.warn("stats port: " + cause);
        }
    }

    /** True the first time: what comes again and again must not fill the disk. */
    private boolean isNew(String cause) {
        return told.size() < CAUSES && told.add(cause);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a reader in. */
    @FunctionalInterface
    interface Door {
        SocketChannel accept(ServerSocketChannel listener) throws IOException;
    }
}
