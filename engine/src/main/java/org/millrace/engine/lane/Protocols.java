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
    private Protocols() {
    }

    static Protocol of(PoolConfig pool) {
        return pool.redis() ? RespProtocol.INSTANCE : MemcachedProtocol.INSTANCE;
    }

    static List<Protocol> of(List<PoolConfig> pools) {
        return pools.stream().map(Protocols::of).toList();
    }

    static RequestParser[] parsers(List<PoolConfig> pools, ClientHalfState half) {
        RequestParser resp = RespProtocol.parser(half);
        RequestParser memcached = MemcachedProtocol.parser(half);
        return pools.stream().map(pool -> pool.redis() ? resp : memcached).toArray(RequestParser[]::new);
    }

    static RequestFilter[] filters(List<PoolConfig> pools, ClientHalfState half, Lane.Outside outside) {
        RequestFilter resp = RespProtocol.filter(half, outside, outside);
        RequestFilter memcached = MemcachedProtocol.filter(half, outside);
        return pools.stream().map(pool -> pool.redis() ? resp : memcached).toArray(RequestFilter[]::new);
    }

    static RequestRoutes[] routes(List<PoolConfig> pools, ServerHalfState half) {
        RequestRoutes resp = RespProtocol.routes(half);
        RequestRoutes memcached = MemcachedProtocol.routes(pools, half);
        return pools.stream().map(pool -> pool.redis() ? resp : memcached).toArray(RequestRoutes[]::new);
    }
}
