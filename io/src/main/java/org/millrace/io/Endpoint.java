package org.millrace.io;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * A resolved address of a socket. Nothing on the data path resolves names: the control side does, and hands this over.
 *
 * @param address an {@link InetSocketAddress} (resolved) or a {@link UnixDomainSocketAddress}
 */
public record Endpoint(SocketAddress address) {
    /** A TCP address; the host must be a literal or already resolved. */
    public static Endpoint tcp(String host, int port) {
        return new Endpoint(new InetSocketAddress(host, port));
    }

    /** A unix socket. */
    public static Endpoint unix(String path) {
        return new Endpoint(UnixDomainSocketAddress.of(path));
    }

    public boolean isUnix() {
        return address instanceof UnixDomainSocketAddress;
    }

    /** The port, 0 for a unix socket. */
    public int port() {
        return address instanceof InetSocketAddress tcp ? tcp.getPort() : 0;
    }

    @Override
    public String toString() {
        return address instanceof InetSocketAddress tcp
            ? tcp.getHostString() + ':' + tcp.getPort() : address.toString();
    }
}
