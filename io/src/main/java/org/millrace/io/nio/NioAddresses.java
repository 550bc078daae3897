package org.millrace.io.nio;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.millrace.io.Endpoint;
import org.millrace.io.ListenOptions;

/** Opening and binding sockets by endpoint, and addresses as text; not on the data path. */
final class NioAddresses {
    /** Of st_mode, the same on every Unix. */
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_SOCKET = 0140000;

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
                unlinkStale(unix);
            } else if (options.reusePort()) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.bind(endpoint.address(), options.backlog());
            if (endpoint.address() instanceof UnixDomainSocketAddress unix && options.fileMode() != 0) {
                Files.setPosixFilePermissions(unix.getPath(), permissions(options.fileMode()));
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("listen on " + endpoint + ": " + reason(e), e);
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

    /** {@code 127.0.0.1:6379}, {@code [::1]:6379}, a path, or {@code unix} for the nameless end of a unix socket. */
    static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress tcp) {
            String host = tcp.isUnresolved() ? tcp.getHostString() : tcp.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + tcp.getPort();
        }
        String path = address == null ? "" : address.toString();
        return path.isEmpty() ? "unix" : path;
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

    /**
     * Removes a socket file that is left from a process that is gone, which is certain only if the system refuses to
     * connect to it. Whatever else stands there is not ours to remove.
     */
    private static void unlinkStale(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE_MASK) != TYPE_SOCKET) {
            throw new IOException("the path exists and is not a socket");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Non-blocking: a living process with a full backlog must not hold us up.
            probe.configureBlocking(false);
            probe.connect(address);
        } catch (ConnectException e) {
            Files.deleteIfExists(path);
            return;
        } catch (IOException e) {
            // it may be alive: its backlog is full, or it is another's
            throw new IOException("the socket exists and may be in use (" + reason(e)
                + "); remove it if no process listens on it", e);
        }
        throw new IOException("Address already in use");
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        EnumSet<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & 1 << all.length - 1 - i) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    private static String reason(Exception error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }
}
