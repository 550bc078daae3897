package org.millrace.io;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** For transports: addresses as text, and the files of listening unix sockets; not on the data path. */
public final class SocketAddresses {
    /** Of st_mode, the same on every Unix. */
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_SOCKET = 0140000;

    private SocketAddresses() {
    }

    /** {@code 127.0.0.1:6379}, {@code [::1]:6379}, a path, or {@code unix} for the nameless end of a unix socket. */
    public static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress tcp) {
            String host = tcp.isUnresolved() ? tcp.getHostString() : tcp.getAddress().getHostAddress();
            return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + tcp.getPort();
        }
        String path = address == null ? "" : address.toString();
        return path.isEmpty() ? "unix" : path;
    }

    /**
     * Removes a socket file that is left from a process that is gone, which is certain only if the system refuses to
     * connect to it. Whatever else stands there is not ours to remove.
     *
     * @throws IOException if something stands there that stays
     */
    public static void unlinkStale(UnixDomainSocketAddress address) throws IOException {
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

    /** Sets the permission bits of a socket file, unless they are 0. */
    public static void setMode(UnixDomainSocketAddress address, int mode) throws IOException {
        if (mode != 0) {
            Files.setPosixFilePermissions(address.getPath(), permissions(mode));
        }
    }

    /** What an exception says, or its name if it says nothing. */
    public static String reason(Exception error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
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
}
