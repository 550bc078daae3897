package org.millrace.engine.lane;

import org.millrace.conf.PoolConfig;
import org.millrace.conf.PoolLimits;
import org.millrace.conf.ServerConfig;
import org.millrace.engine.link.LinkOptions;
import org.millrace.engine.protocol.Handshake;
import org.millrace.engine.protocol.Protocol;

/** What a pool's links are to be like. */
final class LinkSetup {
    private LinkSetup() {
    }

    static LinkOptions linkOptions(PoolConfig pool, ServerConfig server) {
        Protocol protocol = Protocols.of(pool);
        Handshake handshake = protocol.handshake(pool, server);
        PoolLimits limits = pool.limits();
        return new LinkOptions(protocol, pool.serverConnections(), pool.serverConnectionsTotal(),
            timeNs(pool.timeoutMs()), limits.serverMaxQueue(), limits.serverMaxUnsent(),
            limits.clientMaxBytes(), timeNs(limits.queueTimeoutMs()), handshake.bytes(), handshake.replies(),
            handshake.decides());
    }

    private static long timeNs(int ms) {
        return ms > 0 ? ms * 1_000_000L : Long.MAX_VALUE;
    }
}
