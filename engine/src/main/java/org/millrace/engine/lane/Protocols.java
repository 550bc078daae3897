package org.millrace.engine.lane;

import java.util.List;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.filter.RequestFilter;
import org.millrace.engine.link.ServerHalfState;
import org.millrace.engine.memcached.MemcachedProtocol;
import org.millrace.engine.parse.RequestParser;
import org.millrace.engine.protocol.Protocol;
import org.millrace.engine.resp.RespProtocol;
import org.millrace.engine.route.RequestRoutes;

/** Which pool speaks what: the one place that knows all protocols. */
final class Protocols {
    /** By their numbers. */
    static final List<Protocol> ALL = List.of(RespProtocol.INSTANCE, MemcachedProtocol.INSTANCE);

    private Protocols() {
    }

    static Protocol of(PoolConfig pool) {
        return pool.redis() ? RespProtocol.INSTANCE : MemcachedProtocol.INSTANCE;
    }

    /** By the number of the protocol. */
    static RequestParser[] parsers(ClientHalfState half) {
        return new RequestParser[] {RespProtocol.parser(half), MemcachedProtocol.parser(half)};
    }

    /** By the number of the protocol. */
    static RequestFilter[] filters(ClientHalfState half, Lane.Outside outside) {
        return new RequestFilter[] {RespProtocol.filter(half, outside, outside),
            MemcachedProtocol.filter(half, outside)};
    }

    /** By the number of the protocol. */
    static RequestRoutes[] routes(ServerHalfState half) {
        return new RequestRoutes[] {RespProtocol.routes(half), MemcachedProtocol.routes(half)};
    }
}
