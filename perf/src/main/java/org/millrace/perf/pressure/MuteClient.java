package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A client that asks for large values without end and never reads; where it is thrown out it comes again. */
final class MuteClient implements Fault {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long COME_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final InetSocketAddress proxy;
    private final byte[] requests;
    private Thread thread;
    private volatile boolean stopped;
    private volatile long sentBytes;
    private volatile int visits;

    /** A client that asks for these keys by turns. */
    MuteClient(InetSocketAddress proxy, List<String> keys) {
        this.proxy = proxy;
        StringBuilder text = new StringBuilder();
        for (String key : keys) {
            text.append("*2\r\n$3\r\nGET\r\n$").append(key.length()).append("\r\n").append(key).append("\r\n");
        }
        requests = text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String name() {
        return "mute-client";
    }

    @Override
    public String title() {
        return "others while one client asks for large values and never reads";
    }

    @Override
    public void begin() {
        stopped = false;
        sentBytes = 0;
        visits = 0;
        thread = Thread.ofPlatform().daemon().name("mute-client").start(this::run);
    }

    private void run() {
        while (!stopped) {
            visits = visits + 1;
            try (SocketChannel channel = SocketChannel.open(proxy)) {
                channel.configureBlocking(false);
                ByteBuffer bytes = ByteBuffer.wrap(requests);
                while (!stopped) {
                    int written = channel.write(bytes);
                    sentBytes = sentBytes + written;
                    if (!bytes.hasRemaining()) {
                        bytes.clear();
                    }
                    if (written == 0) {
                        LockSupport.parkNanos(PAUSE_NS);
                    }
                }
            } catch (IOException e) {
                // Thrown out, as it deserves.
                LockSupport.parkNanos(COME_AGAIN_NS);
            }
        }
    }

    @Override
    public void end() {
        stopped = true;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String traces() {
        return String.format(Locale.ROOT, "sent %,d bytes of requests in %d connections", sentBytes, visits);
    }
}
