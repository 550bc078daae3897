package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that answers GET, SET and PING, first come first served and never more than so many a second, and reads only
 * as fast as it answers: what it has not read waits in the system, and soon in the sender. A thread of its own.
 */
final class RateLimitedServer implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 4096;
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(200);
    /** A server that was idle must not make up for it by a burst; so much of a second may it be behind. */
    private static final long MOST_BEHIND_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final long intervalNs;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final Deque<LimitedConnection> turn = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long answered;

    /** Starts on a free port of 127.0.0.1. */
    RateLimitedServer(double ratePerSecond) throws IOException {
        intervalNs = Math.max(1, Math.round(1e9 / ratePerSecond));
        // Set before bind, it holds for what is accepted.
        listener.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        thread = Thread.ofPlatform().daemon().name("rate-limited-server").start(this::run);
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** Replies so far. */
    long answered() {
        return answered;
    }

    private void run() {
        long dueNs = System.nanoTime();
        try (selector; listener) {
            while (!stopped) {
                selector.selectNow(this::onReady);
                long nowNs = System.nanoTime();
                dueNs = Math.max(dueNs, nowNs - MOST_BEHIND_NS);
                while (dueNs - nowNs <= 0 && answerOne()) {
                    dueNs += intervalNs;
                    answered = answered + 1;
                }
                for (LimitedConnection each : turn) {
                    each.flush();
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the rate-limited server failed", e);
        } finally {
            turn.forEach(LimitedConnection::close);
        }
    }

    private void onReady(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel channel = listener.accept();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectionKey own = channel.register(selector, SelectionKey.OP_READ);
                turn.addLast(new LimitedConnection(channel, own));
                own.attach(turn.getLast());
            } else {
                ((LimitedConnection) key.attachment()).read();
            }
        } catch (IOException e) {
            // A connection that was gone before it was accepted; the sender opens another.
            LockSupport.parkNanos(1);
        }
    }

    /** Answers one request of the connection whose turn it is; false if nobody waits. */
    private boolean answerOne() {
        for (int i = turn.size(); i > 0; i--) {
            LimitedConnection next = turn.pollFirst();
            if (next.isClosed()) {
                continue;
            }
            turn.addLast(next);
            if (next.answer()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
