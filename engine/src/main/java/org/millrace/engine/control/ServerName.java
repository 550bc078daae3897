package org.millrace.engine.control;

import java.net.InetAddress;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.io.Endpoint;

/** The address of a server as typed, and what is known of it. Resolver's thread, but for the volatile fields. */
final class ServerName {
    final String poolName;
    final String ringName;
    final AddressConfig address;
    /** For the log. */
    final String text;
    /** A literal address or a path: there is nothing to look up. */
    final boolean fixed;
    /** Null while it does not resolve. The resolver's thread writes it, once it has begun. */
    volatile Endpoint endpoint;
    long lookedUpNs;
    volatile boolean down;
    /** The server has failed since the last lookup. */
    volatile boolean failed;

    ServerName(String poolName, ServerConfig config) {
        this.poolName = poolName;
        ringName = config.ringName();
        address = config.address();
        fixed = address.isUnix() || isLiteral(address.host());
        text = "pool " + poolName + ", server " + ringName + ": the name '" + address.host() + '\'';
    }

    /** True if it stands for that server, at that address. */
    boolean is(String pool, ServerConfig server) {
        return poolName.equals(pool) && ringName.equals(server.ringName()) && address.equals(server.address());
    }

    private static boolean isLiteral(String host) {
        try {
            InetAddress.ofLiteral(host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
