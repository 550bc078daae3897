package org.millrace.perf.endtoend;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalMemcached;
import org.millrace.perf.server.LocalRedis;

/** Real servers of either protocol that can be killed and started again where they were. */
final class CacheServers implements AutoCloseable {
    private final CacheProtocol protocol;
    private final List<Integer> ports = new ArrayList<>();
    private final List<LocalRedis> redis = new ArrayList<>();
    private final List<LocalMemcached> memcached = new ArrayList<>();

    private CacheServers(CacheProtocol protocol) {
        this.protocol = protocol;
    }

    /** Starts so many; a test is aborted where there is no such program. */
    static CacheServers start(CacheProtocol protocol, int count) throws IOException {
        Assumptions.assumeTrue(protocol == CacheProtocol.REDIS || LocalMemcached.isInstalled(),
            "no memcached is installed");
        CacheServers servers = new CacheServers(protocol);
        try {
            for (int i = 0; i < count; i++) {
                servers.ports.add(FreePort.find());
                if (protocol == CacheProtocol.REDIS) {
                    servers.redis.add(LocalRedis.startOn(servers.ports.get(i)));
                } else {
                    servers.memcached.add(LocalMemcached.startOn(servers.ports.get(i)));
                }
            }
        } catch (IOException e) {
            servers.close();
            throw e;
        }
        return servers;
    }

    List<Integer> ports() {
        return ports;
    }

    /** With SIGKILL; returns when it is gone. */
    void kill(int index) {
        if (protocol == CacheProtocol.REDIS) {
            redis.get(index).kill();
        } else {
            memcached.get(index).close();
        }
    }

    /** Starts one that was killed. */
    void restart(int index) throws IOException {
        if (protocol == CacheProtocol.REDIS) {
            redis.set(index, LocalRedis.startOn(ports.get(index)));
        } else {
            memcached.set(index, LocalMemcached.startOn(ports.get(index)));
        }
    }

    @Override
    public void close() {
        LocalRedis.closeAll(redis);
        LocalMemcached.closeAll(memcached);
    }
}
