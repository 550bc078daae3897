package org.millrace.engine.top;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.millrace.io.SocketAddresses;

/** Where a process tells its counters: reads all that it says, within a limit of time and of bytes. */
public final class StatsSource {
    private static final int BYTES_MAX = 64 << 20;
    private static final long MS_NS = 1_000_000;

    private final String address;
    private final int port;
    private final long timeoutNs;

    /**
     * A source.
     *
     * @param address   a host, or the path of a unix socket
     * @param port      of nothing to a unix socket
     * @param timeoutNs for all of a reading
     */
    public StatsSource(String address, int port, long timeoutNs) {
        this.address = address;
        this.port = port;
        this.timeoutNs = timeoutNs;
    }

    /** As a user knows it. */
    public String name() {
        return isUnix() ? address : address + ':' + port;
    }

    private boolean isUnix() {
        return address.startsWith("/");
    }

    /**
     * What it says now.
     *
     * @throws IOException if nobody is there, or what is said is not whole in time, with a text that tells which
     */
    public Sample read() throws IOException {
        try (SocketChannel channel = isUnix() ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
            Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            String text = new Reading(channel, selector).text();
            return new Sample(System.nanoTime(), JsonReader.read(text));
        } catch (IOException e) {
            throw new IOException("nothing to be read at " + name() + ": " + SocketAddresses.reason(e)
                + "; -s and -a say where a process tells its counters", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("what is said at " + name() + " is " + e.getMessage()
                + "; -s and -a say where a process tells its counters", e);
        }
    }

    private SocketAddress target() throws UnknownHostException {
        InetSocketAddress target = new InetSocketAddress(address, port);
        if (target.isUnresolved()) {
            throw new UnknownHostException("no address for the name " + address);
        }
        return target;
    }

    /** One reading. */
    private final class Reading {
        private final SocketChannel channel;
        private final Selector selector;
        private final long deadlineNs = System.nanoTime() + timeoutNs;

        Reading(SocketChannel channel, Selector selector) {
            this.channel = channel;
            this.selector = selector;
        }

        String text() throws IOException {
            SelectionKey key = channel.register(selector, 0);
            if (!channel.connect(isUnix() ? UnixDomainSocketAddress.of(address) : target())) {
                key.interestOps(SelectionKey.OP_CONNECT);
                while (!channel.finishConnect()) {
                    await();
                }
            }
            key.interestOps(SelectionKey.OP_READ);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            for (int count = 0; count >= 0; count = channel.read(buffer.clear())) {
                if (count == 0) {
                    await();
                }
                text.write(buffer.array(), 0, count);
                if (text.size() > BYTES_MAX) {
                    throw new IOException("more than " + BYTES_MAX + " bytes came");
                }
            }
            return text.toString(StandardCharsets.UTF_8);
        }

        private void await() throws IOException {
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                throw new SocketTimeoutException("no end within " + timeoutNs / MS_NS + " ms");
            }
            selector.select(leftNs / MS_NS + 1);
            selector.selectedKeys().clear();
        }
    }
}
