package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.KeyValue;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** Client libraries of today, with their default settings. */
@ParameterizedClass
@EnumSource(LaneKind.class)
@Timeout(60)
class ModernClientsTest {
    private static final int LARGE = 10_000_000;
    private static final int PIPELINE = 10_000;
    private static ProxyKit kit;

    @Parameter
    LaneKind kind;

    @BeforeParameterizedClassInvocation
    static void start(LaneKind kind) throws IOException {
        kit = ProxyKit.with(kind).start();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        kit.close();
    }

    @BeforeEach
    void empty() throws IOException {
        kit.flushAll();
    }

    @AfterEach
    void leaveNothing() throws IOException {
        kit.assertQuiet();
    }

    @Test
    void shouldServeJedis() {
        try (Jedis jedis = new Jedis("127.0.0.1", kit.port())) {
            assertEquals("PONG", jedis.ping());
            assertEquals("OK", jedis.set("k", "v"));
            assertEquals("v", jedis.get("k"));
            assertNull(jedis.get("none"));
            jedis.hset("h", Map.of("f", "1"));
            assertEquals(Map.of("f", "1"), jedis.hgetAll("h"));
            assertEquals("OK", jedis.mset("a", "1", "b", "2", "c", "3"));
            assertEquals(Arrays.asList("3", null, "1"), jedis.mget("c", "none", "a"));
            assertEquals(3, jedis.del("a", "b", "c", "none"));
            assertEquals("PONG", jedis.ping());
            assertThrows(JedisDataException.class, () -> jedis.lpush("k", "x"));
            assertEquals("v", jedis.get("k"));
        }
    }

    @Test
    void shouldServeJedisWithBinaryAndLargeValues() {
        byte[] key = random(256);
        byte[] value = random(LARGE);
        try (Jedis jedis = new Jedis("127.0.0.1", kit.port())) {
            assertEquals("OK", jedis.set(key, value));
            assertArrayEquals(value, jedis.get(key));
            assertEquals(LARGE, jedis.strlen(key));
            assertEquals(1, jedis.del(key));
        }
    }

    @Test
    void shouldServeJedisPipelines() {
        try (Jedis jedis = new Jedis("127.0.0.1", kit.port()); Pipeline pipeline = jedis.pipelined()) {
            List<Response<String>> values = new ArrayList<>();
            for (int i = 0; i < PIPELINE; i++) {
                pipeline.set("k" + i, "v" + i);
                values.add(pipeline.get("k" + i));
            }
            Response<List<String>> some = pipeline.mget("k1", "k2", "none");
            pipeline.sync();
            for (int i = 0; i < PIPELINE; i++) {
                assertEquals("v" + i, values.get(i).get());
            }
            assertEquals(Arrays.asList("v1", "v2", null), some.get());
        }
    }

    @Test
    void shouldServeJedissPool() throws Exception {
        try (RedisClient client = RedisClient.create("127.0.0.1", kit.port());
            ExecutorService users = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> work = new ArrayList<>();
            for (int user = 0; user < 8; user++) {
                String prefix = "u" + user + ":";
                work.add(() -> {
                    int right = 0;
                    for (int i = 0; i < 200; i++) {
                        client.set(prefix + i, prefix + "value");
                        right += (prefix + "value").equals(client.get(prefix + i)) ? 1 : 0;
                    }
                    return right;
                });
            }
            for (Future<Integer> result : users.invokeAll(work)) {
                assertEquals(200, result.get());
            }
        }
    }

    @Test
    void shouldServeLettuce() {
        withLettuce(connection -> {
            RedisCommands<byte[], byte[]> sync = connection.sync();
            assertEquals("PONG", sync.ping());
            byte[] key = random(200);
            assertNull(sync.get(key));
            assertEquals("OK", sync.set(key, key));
            assertArrayEquals(key, sync.get(key));
            byte[] value = random(LARGE);
            assertEquals("OK", sync.set(key, value));
            assertArrayEquals(value, sync.get(key));
            assertEquals("OK", sync.mset(Map.of(bytes("a"), bytes("1"), bytes("b"), bytes("2"))));
            List<KeyValue<byte[], byte[]>> got = sync.mget(bytes("b"), bytes("none"), bytes("a"));
            assertEquals("2", Resp.text(got.get(0).getValue()));
            assertTrue(got.get(1).isEmpty());
            assertEquals("1", Resp.text(got.get(2).getValue()));
            assertEquals(3, sync.del(bytes("a"), bytes("b"), key));
            assertEquals(Set.of(), sync.smembers(key));
        });
    }

    @Test
    void shouldServeLettucesPipelines() {
        withLettuce(connection -> {
            RedisAsyncCommands<byte[], byte[]> async = connection.async();
            Map<Integer, RedisFuture<byte[]>> values = new HashMap<>();
            for (int i = 0; i < PIPELINE; i++) {
                async.set(bytes("k" + i), bytes("v" + i));
                values.put(i, async.get(bytes("k" + i)));
            }
            assertTrue(LettuceFutures.awaitAll(Duration.ofSeconds(20), values.values().toArray(new RedisFuture<?>[0])));
            values.forEach((i, value) -> assertEquals("v" + i, Resp.text(value.toCompletableFuture().join())));
        });
    }

    private interface Work {
        void with(StatefulRedisConnection<byte[], byte[]> connection);
    }

    private static void withLettuce(Work work) {
        io.lettuce.core.RedisClient client = io.lettuce.core.RedisClient.create("redis://127.0.0.1:" + kit.port());
        try (StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            work.with(connection);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }

    private static byte[] bytes(String text) {
        return Resp.bytes(text);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
