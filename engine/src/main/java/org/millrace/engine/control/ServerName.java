package org.millrace.engine.control;

import java.net.InetAddress;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.io.Endpoint;

/** The address of a server as typed, and what is known of it. Resolver's thread, but for the volatile flags. */
final class ServerName {
    final int pool;
    final int server;
    final AddressConfig address;
    /** For the log. */
    final String text;
    /** A literal address or a path: there is nothing to look up. */
    final boolean fixed;
    Endpoint endpoint;
    long lookedUpNs;
    volatile boolean down;
    /** The server has failed since the last lookup. */
    volatile boolean failed;

    ServerName(int pool, int server, String poolName, ServerConfig config) {
        this.pool = pool;
        this.server = server;
        address = config.address();
        fixed = address.isUnix() || isLiteral(address.host());
        text = "pool " + poolName + ", server " + config.ringName() + ": the name '" + address.host() + '\'';
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
