package org.millrace.perf.pressure;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many connections without threads, some thousands from each source address, which no crowd before has had. A port that
 * was closed stays taken for a minute, and the system tries one after the other of an address until one is free: where
 * most are taken that takes milliseconds for each connection, and crowds that follow each other do not get ready.
 */
final class IdleCrowd implements AutoCloseable {
    /** Of the 28,000 ports that an address usually has. */
    private static final int PER_ADDRESS = 4_000;
    /** Of 127.1.0.0/16. */
    private static final int ADDRESSES = 1 << 16;
    private static final AtomicInteger NEXT_ADDRESS =
        new AtomicInteger(ThreadLocalRandom.current().nextInt(ADDRESSES));
    private static final byte[] REQUESTS = ("*3\r\n$3\r\nSET\r\n$4\r\nidle\r\n$2\r\nno\r\n"
        + "*2\r\n$3\r\nGET\r\n$4\r\nidle\r\n").getBytes(StandardCharsets.US_ASCII);
    private static final int REPLIES = "+OK\r\n$2\r\nno\r\n".length();
    private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PONG = "+PONG\r\n".length();

    private final InetSocketAddress target;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256);

    IdleCrowd(InetSocketAddress target) {
        this.target = target;
    }

    /** Opens connections; if {@code used}, each serves a SET and a GET before the next is opened. */
    void open(int count, boolean used) throws IOException {
        InetAddress source = null;
        for (int i = 0; i < count; i++) {
            if (i % PER_ADDRESS == 0) {
                source = nextAddress();
            }
            SocketChannel channel = SocketChannel.open();
            channels.add(channel);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(source, 0));
            channel.connect(target);
            if (used) {
                exchange(channel, REQUESTS, REPLIES);
            }
            if (i == count - 1) {
                // The last in the queue is served: so all were accepted.
                exchange(channel, PING, PONG);
            }
        }
    }

    private static InetAddress nextAddress() throws IOException {
        int number = Math.floorMod(NEXT_ADDRESS.getAndIncrement(), ADDRESSES);
        return InetAddress.getByAddress(new byte[] {127, 1, (byte) (number >> 8), (byte) number});
    }

    private void exchange(SocketChannel channel, byte[] request, int replyLength) throws IOException {
        channel.write(ByteBuffer.wrap(request));
        buffer.clear().limit(replyLength);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("the proxy closed connection " + channels.size());
            }
        }
    }

    /** How many of them still stand: nothing to read, not even the end. */
    int standing() throws IOException {
        int standing = 0;
        for (SocketChannel channel : channels) {
            channel.configureBlocking(false);
            buffer.clear();
            try {
                standing += channel.read(buffer) == 0 ? 1 : 0;
            } catch (IOException e) {
                // Reset: it does not stand.
                buffer.clear();
            }
        }
        return standing;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        channels.clear();
    }
}
