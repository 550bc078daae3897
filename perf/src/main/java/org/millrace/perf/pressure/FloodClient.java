package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A client that sends what the connection takes and never reads. One thread. */
final class FloodClient implements AutoCloseable {
    private static final int BATCH = FloodKind.KEYS;

    private final FloodKind kind;
    private final long count;
    private final ByteBuffer batch;
    private final SocketChannel channel;
    private long batches;
    private long bytes;
    private String closed;

    /**
     * Connects.
     *
     * @param most at most so many requests, however many the kind has
     */
    FloodClient(InetSocketAddress target, FloodKind kind, long most) throws IOException {
        this.kind = kind;
        count = Math.min(kind.count(), most);
        // Every batch is the same: the keys repeat with it.
        batch = ByteBuffer.allocateDirect(kind.batch(0, BATCH).length).put(kind.batch(0, BATCH)).flip();
        channel = SocketChannel.open(target);
        channel.configureBlocking(false);
    }

    /** Sends what is taken now, one batch at most; false when nothing was taken. */
    boolean send() {
        if (isDone()) {
            return false;
        }
        try {
            int written = channel.write(batch);
            bytes += written;
            if (!batch.hasRemaining()) {
                batch.clear();
                batches++;
            }
            return written > 0;
        } catch (IOException e) {
            closed = e.getMessage();
            return false;
        }
    }

    /** Whether nothing more will be sent. */
    boolean isDone() {
        return closed != null || batches * BATCH >= count;
    }

    /** Why the proxy closed the connection, or null. */
    String closed() {
        return closed;
    }

    /** Whole requests that the system has taken from us. */
    long requests() {
        return batches * BATCH + (long) batch.position() * BATCH / batch.capacity();
    }

    long bytes() {
        return bytes;
    }

    String label() {
        return kind.label();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
