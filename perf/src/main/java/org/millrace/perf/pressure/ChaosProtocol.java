package org.millrace.perf.pressure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.millrace.perf.client.MemcachedCall;
import org.millrace.perf.client.SimpleClient;
import org.millrace.perf.server.LocalMemcached;
import org.millrace.perf.server.LocalRedis;
import org.millrace.perf.server.LocalServer;

/** A protocol as the chaos run needs it: its servers, its pool, its words. */
public enum ChaosProtocol {
    /** RESP. */
    REDIS {
        @Override
        LocalServer.Starter<?> starter() {
            return LocalRedis::startOn;
        }

        @Override
        ChaosTalk talk() {
            return new RedisTalk();
        }

        @Override
        List<List<String>> places(InetSocketAddress proxy, List<LocalServer> servers, int count) throws IOException {
            List<List<String>> places = KeyPlaces.fill(proxy, servers, prefix(), count, "none");
            for (LocalServer server : servers) {
                try (SimpleClient client = new SimpleClient(server.address(), CALL_TIMEOUT_MS)) {
                    client.call("FLUSHALL");
                }
            }
            return places;
        }

        @Override
        String figures(InetSocketAddress proxy) throws IOException {
            try (SimpleClient client = new SimpleClient(proxy, CALL_TIMEOUT_MS)) {
                return client.call("INFO");
            }
        }
    },
    /** The text protocol. */
    MEMCACHED {
        @Override
        LocalServer.Starter<?> starter() throws IOException {
            if (!LocalMemcached.isInstalled()) {
                throw new IOException("memcached is missing (apt install memcached); --protocol redis goes without it");
            }
            return LocalMemcached::startOn;
        }

        @Override
        ChaosTalk talk() {
            return new MemcachedTalk();
        }

        @Override
        List<List<String>> places(InetSocketAddress proxy, List<LocalServer> servers, int count) throws IOException {
            return KeyPlaces.findMemcached(proxy, servers, prefix(), count);
        }

        @Override
        String figures(InetSocketAddress proxy) throws IOException {
            return MemcachedCall.call(proxy, "stats proxy", CALL_TIMEOUT_MS);
        }
    };

    private static final int CALL_TIMEOUT_MS = 10_000;

    /** As in the configuration and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What its keys begin with, unlike those of the other. */
    final String prefix() {
        return word() + "-chaos";
    }

    /** Whether {@code redis} of its pool is true. */
    final boolean isRedis() {
        return this == REDIS;
    }

    /**
     * What starts a server.
     *
     * @throws IOException if there is no such program; the message says what to install
     */
    abstract LocalServer.Starter<?> starter() throws IOException;

    /** What a client says and how it judges replies; one for each client. */
    abstract ChaosTalk talk();

    /** Which of the keys {@link #prefix()} + 0, 1, ... are on which server; nobody has a value of any afterwards. */
    abstract List<List<String>> places(InetSocketAddress proxy, List<LocalServer> servers, int count)
        throws IOException;

    /** What the proxy tells of itself, all pools together. */
    abstract String figures(InetSocketAddress proxy) throws IOException;
}
