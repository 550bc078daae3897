package org.millrace.engine.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.millrace.io.SocketAddresses;

/**
 * The stats port: whoever connects gets one JSON text in twemproxy's shape, then the end of the stream; who asks by
 * HTTP gets it as an HTTP reply, or another page. One thread serves many readers at a time, so that none waits for
 * another.
 */
public final class StatsPort implements AutoCloseable {
    static final long PAUSE_NS = 100_000_000;
    /** Before the bare JSON is sent a first byte of an HTTP request is waited for so long. */
    static final long SILENT_NS = 250_000_000;
    /** Readers at a time; others wait until the system lets them in. */
    static final int READERS_MAX = 64;

    private static final int BACKLOG = 128;
    private static final long MS_NS = 1_000_000;

    private final ServerSocketChannel listener;
    private final Door door;
    private final StatsPages pages;
    private final EventLog log;
    private final long silentNs;
    private final SocketAddress address;
    private final Selector selector;
    private final SelectionKey listening;
    private final List<StatsReader> readers = new ArrayList<>();
    private final Thread thread;
    private long acceptAgainNs;
    private volatile boolean running = true;

    /**
     * Binds and serves.
     *
     * @param address a host, or the path of a unix socket
     * @param shared  whether other processes may listen there too
     * @throws IOException if the address cannot be bound, with a text that names it
     */
    public StatsPort(String address, int port, StatsPages pages, EventLog log, boolean shared) throws IOException {
        this(bind(address, port, shared), ServerSocketChannel::accept, pages, log, SILENT_NS);
    }

    StatsPort(ServerSocketChannel listener, Door door, StatsPages pages, EventLog log, long silentNs)
        throws IOException {
        this.listener = listener;
        this.door = door;
        this.pages = pages;
        this.log = log;
        this.silentNs = silentNs;
        address = listener.getLocalAddress();
        acceptAgainNs = System.nanoTime();
        try {
            listener.configureBlocking(false);
            selector = Selector.open();
            listening = listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        thread = Thread.ofPlatform().name("millrace-stats").daemon().start(this::serve);
    }

    static ServerSocketChannel bind(String address, int port, boolean shared) throws IOException {
        boolean unix = address.startsWith("/");
        ServerSocketChannel channel = unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            : ServerSocketChannel.open();
        try {
            if (unix) {
                UnixDomainSocketAddress path = UnixDomainSocketAddress.of(address);
                SocketAddresses.unlinkStale(path);
                channel.bind(path, BACKLOG);
            } else {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                if (shared) {
                    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                }
                channel.bind(new InetSocketAddress(InetAddress.getByName(address), port), BACKLOG);
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot listen for stats on " + address + (unix ? "" : ":" + port) + ": "
                + SocketAddresses.reason(e) + "; choose another with -a and -s, or stop what uses it", e);
        }
    }

    /** The bound port, 0 for a unix socket. */
    public int port() {
        return address instanceof InetSocketAddress tcp ? tcp.getPort() : 0;
    }

    /** True if every address of this machine leads to it. */
    public boolean isOpenToAll() {
        return address instanceof InetSocketAddress tcp && tcp.getAddress().isAnyLocalAddress();
    }

    private void serve() {
        while (running) {
            try {
                selector.select(waitMs(System.nanoTime()));
                turn(System.nanoTime());
            } catch (IOException e) {
                log.warn("stats port: " + SocketAddresses.reason(e));
            } catch (RuntimeException e) {
                log.error("stats port", e);
            }
        }
        readers.forEach(StatsReader::close);
    }

    private void turn(long nowNs) {
        List<SelectionKey> ready = List.copyOf(selector.selectedKeys());
        selector.selectedKeys().clear();
        for (SelectionKey key : ready) {
            if (key == listening) {
                accept(nowNs);
            } else {
                ((StatsReader) key.attachment()).onReady(nowNs);
            }
        }
        readers.forEach(reader -> reader.onTime(nowNs));
        readers.removeIf(StatsReader::isGone);
        boolean welcome = readers.size() < READERS_MAX && nowNs - acceptAgainNs >= 0;
        listening.interestOps(welcome ? SelectionKey.OP_ACCEPT : 0);
    }

    private void accept(long nowNs) {
        try {
            SocketChannel channel = door.accept(listener);
            if (channel != null) {
                welcome(channel, nowNs);
            }
        } catch (IOException e) {
            log.warn("stats port: cannot accept: " + SocketAddresses.reason(e));
            // without descriptors the next attempt would fail at once
            acceptAgainNs = nowNs + PAUSE_NS;
        }
    }

    private void welcome(SocketChannel channel, long nowNs) throws IOException {
        try {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            StatsReader reader = new StatsReader(key, pages, log, nowNs, silentNs);
            key.attach(reader);
            readers.add(reader);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Milliseconds until something is due; 0 = nothing is. */
    private long waitMs(long nowNs) {
        long leftNs = Long.MAX_VALUE;
        for (StatsReader reader : readers) {
            leftNs = Math.min(leftNs, reader.deadlineNs() - nowNs);
        }
        if (acceptAgainNs - nowNs > 0) {
            leftNs = Math.min(leftNs, acceptAgainNs - nowNs);
        }
        return leftNs == Long.MAX_VALUE ? 0 : Math.max(1, leftNs / MS_NS + 1);
    }

    @Override
    public void close() throws IOException {
        if (!running) {
            return;
        }
        running = false;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
        listener.close();
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }

    /** Lets a reader in, or returns null if there is none. */
    @FunctionalInterface
    interface Door {
        SocketChannel accept(ServerSocketChannel listener) throws IOException;
    }
}
