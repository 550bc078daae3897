package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.code.yanf4j.util.SelectorFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A client library of memcached with its default settings, by the text protocol, in front of three servers. */
@ParameterizedClass
@EnumSource(LaneKind.class)
@Timeout(60)
class XmemcachedTest {
    private static final int KEYS = 2000;
    private static MemcachedKit kit;
    private static MemcachedClient client;

    @Parameter
    LaneKind kind;

    @BeforeParameterizedClassInvocation
    static void start(LaneKind kind) throws IOException {
        // it keeps twenty selectors for the life of the process, which are not the proxy's
        SelectorFactory.returnSelector(SelectorFactory.getSelector());
        kit = MemcachedKit.start(kind, 3);
        XMemcachedClientBuilder builder =
            new XMemcachedClientBuilder(List.of(new InetSocketAddress("127.0.0.1", kit.proxy().port())));
        builder.setConnectionPoolSize(2);
        client = builder.build();
        client.setOpTimeout(20_000);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        client.shutdown();
        kit.close();
    }

    @Test
    void shouldStoreAndFetch() throws Exception {
        assertTrue(client.set("a", 0, "one"));
        assertEquals("one", client.get("a"));
        assertFalse(client.add("a", 0, "two"));
        assertTrue(client.add("b", 0, "two"));
        assertTrue(client.replace("b", 0, "three"));
        assertFalse(client.replace("none", 0, "x"));
        assertTrue(client.append("b", "+"));
        assertTrue(client.prepend("b", "-"));
        assertEquals("-three+", client.get("b"));
        assertTrue(client.touch("b", 100));
        assertTrue(client.delete("b"));
        assertFalse(client.delete("b"));
        assertNull(client.get("b"));
    }

    @Test
    void shouldCompareAndCount() throws Exception {
        client.set("cas", 0, "1");
        GetsResponse<String> before = client.gets("cas");
        assertTrue(client.cas("cas", 0, "2", before.getCas()));
        assertFalse(client.cas("cas", 0, "3", before.getCas()));
        assertEquals("2", client.get("cas"));
        client.delete("n");
        assertEquals(7, client.incr("n", 5, 7));
        assertEquals(12, client.incr("n", 5));
        assertEquals(2, client.decr("n", 10));
        client.set("text", 0, "text");
        assertThrows(Exception.class, () -> client.incr("text", 1));
        assertEquals("text", client.get("text"), "the connection goes on");
    }

    @Test
    void shouldFetchManyFromAllServers() throws Exception {
        Map<String, String> expected = new HashMap<>();
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            asked.add("many:" + i);
            if (i % 3 > 0) {
                expected.put("many:" + i, "value " + i);
                client.setWithNoReply("many:" + i, 0, "value " + i);
            }
        }
        // what wants no reply is behind on its connection only: a reply on each tells that it is done
        Await.until("all are stored", () -> {
            try {
                return client.get(asked, 20_000L).size() == expected.size();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(expected, client.get(asked, 20_000L));
        assertEquals(expected.size(), client.gets(asked).size());
    }

    @Test
    void shouldCarryLargeBinaryValues() throws Exception {
        byte[] value = new byte[900_000];
        new Random(5).nextBytes(value);
        assertTrue(client.set("large", 0, value));
        assertArrayEquals(value, client.<byte[]>get("large"));
    }

    @Test
    void shouldFlushAndTellStats() throws Exception {
        client.set("flushed", 0, "x");
        client.flushAll();
        assertNull(client.get("flushed"));
        Map<InetSocketAddress, Map<String, String>> stats = client.getStats();
        assertTrue(Long.parseLong(stats.values().iterator().next().get("cmd_flush")) >= 3, stats::toString);
        assertTrue(client.getVersions().values().stream().noneMatch(String::isEmpty));
    }
}
