package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.millrace.perf.server.LocalMemcached;

/** Real memcached servers and Millrace in front of them, in this process. */
final class MemcachedKit implements AutoCloseable {
    private static final String BARRIER = "MN\r\n";

    private final List<LocalMemcached> servers;
    private final ProxyKit proxy;

    private MemcachedKit(List<LocalMemcached> servers, ProxyKit proxy) {
        this.servers = servers;
        this.proxy = proxy;
    }

    /** With a pool of so many servers that are named m1, m2 and so on; directives of the pool follow in pairs. */
    static MemcachedKit start(LaneKind kind, int count, String... directives) throws IOException {
        return start(builder(kind, directives), count);
    }

    /** The same with a pool that is configured so. */
    static MemcachedKit start(ProxyKit.Builder builder, int count) throws IOException {
        Assumptions.assumeTrue(LocalMemcached.isInstalled(), "no memcached is installed");
        List<LocalMemcached> servers = LocalMemcached.startAll(count);
        try {
            for (int i = 0; i < count; i++) {
                builder.otherServer("127.0.0.1:" + servers.get(i).port() + ":1 m" + (i + 1));
            }
            return new MemcachedKit(servers, builder.start());
        } catch (IOException | RuntimeException e) {
            LocalMemcached.closeAll(servers);
            throw e;
        }
    }

    /** A memcached pool without servers of its own. */
    static ProxyKit.Builder builder(LaneKind kind, String... directives) {
        ProxyKit.Builder builder = ProxyKit.with(kind).servers(0).pool("redis", "false");
        for (int i = 0; i < directives.length; i += 2) {
            builder.pool(directives[i], directives[i + 1]);
        }
        return builder;
    }

    ProxyKit proxy() {
        return proxy;
    }

    LocalMemcached server(int index) {
        return servers.get(index);
    }

    /** Starts a server again that was closed, on its port. */
    void restart(int index) throws IOException {
        servers.set(index, LocalMemcached.startOn(servers.get(index).port()));
    }

    void signal(int index, String name) throws IOException {
        Signal.send(servers.get(index).pid(), name);
    }

    /** Sends bytes as Latin-1 and {@code mn} behind them, and returns all that is answered before its answer. */
    static String talk(RawClient client, String wire) throws IOException {
        client.send(bytes(wire + "mn\r\n"));
        return untilBarrier(client);
    }

    /** True if a value of one byte could be stored. */
    static boolean isStored(RawClient client, String key) {
        try {
            return talk(client, "set " + key + " 0 0 1\r\nv\r\n").equals("STORED\r\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that comes before the answer to {@code mn}. */
    static String untilBarrier(RawClient client) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            byte[] line = client.untilLineEnd();
            if (text(line).equals(BARRIER)) {
                return text(all.toByteArray());
            }
            all.writeBytes(line);
            if (all.size() > 1 << 28) {
                fail("there is no end");
            }
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** One VALUE block. */
    static String value(String key, String data) {
        return "VALUE " + key + " 0 " + data.length() + "\r\n" + data + "\r\n";
    }

    @Override
    public void close() throws IOException {
        try {
            proxy.close();
        } finally {
            LocalMemcached.closeAll(servers);
        }
    }
}
