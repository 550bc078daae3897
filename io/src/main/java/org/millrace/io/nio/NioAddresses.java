package org.millrace.io.nio;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;
import org.millrace.io.SocketAddresses;

/** Opening and binding channels by endpoint; not on the data path. */
final class NioAddresses {
    private NioAddresses() {
    }

    static SocketChannel open(Endpoint endpoint) throws IOException {
        return endpoint.isUnix() ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    }

    static ServerSocketChannel listen(Endpoint endpoint, ListenOptions options) throws IOException {
        ServerSocketChannel channel = endpoint.isUnix()
            ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            if (endpoint.address() instanceof UnixDomainSocketAddress unix) {
                SocketAddresses.unlinkStale(unix);
            } else if (options.reusePort()) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.bind(endpoint.address(), options.backlog());
            if (endpoint.address() instanceof UnixDomainSocketAddress unix) {
                SocketAddresses.setMode(unix, options.fileMode());
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("listen on " + endpoint + ": " + SocketAddresses.reason(e), e);
        }
    }

    static void setUp(SocketChannel channel, boolean keepAlive) throws IOException {
        channel.configureBlocking(false);
        if (!isUnix(channel)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (keepAlive) {
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
        }
    }

    static void closeQuietly(NetworkChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone all the same, and there is nobody to tell.
            return;
        }
    }

    /** Also of a channel that has no address yet. */
    private static boolean isUnix(SocketChannel channel) {
        return !channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
    }
}
