package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.conf.ConfigReader;
import org.millrace.engine.Millrace;
import org.millrace.engine.StartOptions;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalMemcached;
import org.millrace.perf.server.LocalRedis;

/**
 * nutcracker and Millrace with the same file before the same servers: what is written through one is read through the
 * other, whatever hash, distribution, tag and weights the pool has.
 */
@Timeout(120)
class SideBySideTest {
    private static final int KEYS = 20_000;
    private static final int PIPELINE = 1_000;
    private static final List<String> HASHES = List.of("one_at_a_time", "md5", "crc16", "crc32", "crc32a", "fnv1_64",
        "fnv1a_64", "fnv1_32", "fnv1a_32", "hsieh", "murmur", "jenkins");
    private static final int[] WEIGHTS = {1, 3, 2, 10, 1};

    @TempDir
    private Path folder;

    /** A pool, without where it listens. */
    private record Pool(String name, String directives, int nutcracker, int millrace) {
        String yaml(int port) {
            return name + ":\n  listen: 127.0.0.1:" + port + '\n' + directives;
        }
    }

    @Test
    void shouldFindEachOthersKeysInRedis() throws IOException {
        List<LocalRedis> servers = LocalRedis.startAll(WEIGHTS.length);
        try {
            compare(CacheProtocol.REDIS, servers.stream().map(LocalRedis::port).toList());
        } finally {
            LocalRedis.closeAll(servers);
        }
    }

    @Test
    void shouldFindEachOthersKeysInMemcached() throws IOException {
        Assumptions.assumeTrue(LocalMemcached.isInstalled(), "no memcached is installed");
        List<LocalMemcached> servers = LocalMemcached.startAll(WEIGHTS.length);
        try {
            compare(CacheProtocol.MEMCACHED, servers.stream().map(LocalMemcached::port).toList());
        } finally {
            LocalMemcached.closeAll(servers);
        }
    }

    private void compare(CacheProtocol protocol, List<Integer> servers) throws IOException {
        List<Pool> pools = pools(protocol, servers);
        StringBuilder theirs = new StringBuilder();
        StringBuilder ours = new StringBuilder();
        pools.forEach(pool -> theirs.append(pool.yaml(pool.nutcracker)));
        pools.forEach(pool -> ours.append(pool.yaml(pool.millrace)));
        List<String> keys = keys();
        try (NutcrackerChild nutcracker = new NutcrackerChild(folder, theirs.toString(),
                pools.getFirst().nutcracker);
            Millrace millrace = Millrace.start(ConfigReader.read("ours.yml", ours.toString()),
                new StartOptions("127.0.0.1", 0, new PrintStream(new ByteArrayOutputStream())))) {
            for (Pool pool : pools) {
                // what other pools have written may be there, and is another value
                write(protocol, pool.nutcracker, keys.subList(0, KEYS / 2), pool.name);
                write(protocol, pool.millrace, keys.subList(KEYS / 2, KEYS), pool.name);
                read(protocol, pool.millrace, keys.subList(0, KEYS / 2), pool.name);
                read(protocol, pool.nutcracker, keys.subList(KEYS / 2, KEYS), pool.name);
            }
            assertEquals(0, millrace.errors());
            assertTrue(nutcracker.isAlive());
        }
    }

    private static List<Pool> pools(CacheProtocol protocol, List<Integer> servers) throws IOException {
        List<Pool> pools = new ArrayList<>();
        for (String distribution : List.of("ketama", "modula")) {
            for (String hash : HASHES) {
                for (String tag : List.of("", "  hash_tag: \"{}\"\n")) {
                    for (boolean weighted : List.of(false, true)) {
                        StringBuilder text = new StringBuilder("  redis: ").append(protocol.redis())
                            .append("\n  hash: ").append(hash).append("\n  distribution: ").append(distribution)
                            .append('\n').append(tag).append("  servers:\n");
                        for (int i = 0; i < servers.size(); i++) {
                            text.append("    - 127.0.0.1:").append(servers.get(i)).append(':')
                                .append(weighted ? WEIGHTS[i] + " server" + i : "1").append('\n');
                        }
                        pools.add(new Pool(distribution + '_' + hash + (tag.isEmpty() ? "" : "_tag")
                            + (weighted ? "_weights" : ""), text.toString(), FreePort.find(), FreePort.find()));
                    }
                }
            }
        }
        return pools;
    }

    /** Short and long, with tags whole, empty and cut off, and with bytes beyond ASCII. */
    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            keys.add(switch (i % 8) {
                case 0 -> Integer.toString(i);
                case 1 -> "user:{" + i + "}:name";
                case 2 -> "user:" + i + ":{}";
                case 3 -> "{" + i;
                case 4 -> "}" + i + "{a}{" + i + "}";
                case 5 -> "\u00c3\u00a9\u00ff" + i + "\u00b5";
                case 6 -> "a-rather-long-key-that-fills-more-than-one-block-of-a-hash-function:" + i;
                default -> i + "{" + i / 80 + "}";
            });
        }
        return keys;
    }

    private static String value(String key, String pool) {
        return pool + " of " + key;
    }

    private static void write(CacheProtocol protocol, int port, List<String> keys, String pool) throws IOException {
        exchange(port, keys, key -> protocol.set(key, value(key, pool)), key -> protocol.stored(), pool);
    }

    private static void read(CacheProtocol protocol, int port, List<String> keys, String pool) throws IOException {
        exchange(port, keys, protocol::get, key -> protocol.found(key, value(key, pool)), pool);
    }

    /** What is sent for a key. */
    private interface Sent {
        byte[] of(String key);
    }

    /** What comes for it. */
    private interface Reply {
        String to(String key);
    }

    private static void exchange(int port, List<String> keys, Sent request, Reply reply, String pool)
        throws IOException {
        try (RawClient client = new RawClient(port)) {
            for (int from = 0; from < keys.size(); from += PIPELINE) {
                List<String> part = keys.subList(from, Math.min(keys.size(), from + PIPELINE));
                ByteArrayOutputStream requests = new ByteArrayOutputStream();
                part.forEach(key -> requests.writeBytes(request.of(key)));
                CompletableFuture<Void> sent = client.sendAside(requests.toByteArray());
                for (String key : part) {
                    String wanted = reply.to(key);
                    String got = Resp.text(client.exactly(wanted.length()));
                    if (!wanted.equals(got)) {
                        assertEquals(wanted, got, () -> pool + ", key " + key);
                    }
                }
                sent.join();
            }
        }
    }
}
