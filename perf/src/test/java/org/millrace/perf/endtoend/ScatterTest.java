package org.millrace.perf.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands whose keys live on four servers: one request in, one reply out, in the order of the keys. */
@ParameterizedClass
@EnumSource(LaneKind.class)
@Timeout(60)
class ScatterTest {
    private static final int LARGE = 256 << 10;
    private static ProxyKit kit;

    @Parameter
    LaneKind kind;

    private RawClient client;

    @BeforeParameterizedClassInvocation
    static void start(LaneKind kind) throws IOException {
        kit = ProxyKit.with(kind).start();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        kit.close();
    }

    @BeforeEach
    void connect() throws IOException {
        kit.flushAll();
        client = kit.client();
        // accepted: a kit that a test makes of its own counts descriptors
        client.expect("+PONG\r\n", "PING");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        kit.assertQuiet();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100, 1000, 10_000})
    void shouldTreatAnyNumberOfKeysAsOneServerWould(int keys) throws IOException {
        byte[] mset = command("MSET", keys, true);
        byte[] all = expected(keys, keys);
        assertEquals("+OK\r\n", Resp.text(ask(mset)));
        assertArrayEquals(all, ask(command("MGET", keys, false)));
        assertEquals(":" + keys + "\r\n", Resp.text(ask(command("EXISTS", keys, false))));
        assertEquals(":" + keys + "\r\n", Resp.text(ask(command("TOUCH", keys, false))));
        int half = keys / 2;
        assertEquals(":" + half + "\r\n", half == 0 ? ":0\r\n" : Resp.text(ask(command("DEL", half, false))));
        assertEquals(":" + (keys - half) + "\r\n", Resp.text(ask(command("UNLINK", keys, false))));
        assertArrayEquals(expected(keys, 0), ask(command("MGET", keys, false)));
        assertEquals("+OK\r\n", Resp.text(ask(mset)));
        assertArrayEquals(all, ask(command("MGET", keys, false)));
    }

    @Test
    void shouldUseAllServers() throws IOException {
        ask(command("MSET", 1000, true));
        for (int i = 0; i < 4; i++) {
            int size = Integer.parseInt(kit.server(i).call("DBSIZE"));
            assertTrue(size > 50 && size < 600, "server " + i + " holds " + size);
        }
    }

    @Test
    void shouldKeepRepeatedMissingAndEmpty() throws IOException {
        client.expect("+OK\r\n", "MSET", "a", "1", "b", "", "c", "3", "a", "last", "", "empty key");
        client.expect("*8\r\n$4\r\nlast\r\n$0\r\n\r\n$4\r\nlast\r\n$-1\r\n"
            + "$1\r\n3\r\n$0\r\n\r\n$9\r\nempty key\r\n$-1\r\n", "MGET", "a", "b", "a", "none", "c", "b", "", "none");
        client.expect(":4\r\n", "EXISTS", "a", "a", "b", "none", "c");
        client.expect(":2\r\n", "DEL", "a", "b", "a", "none");
        client.expect(":2\r\n", "UNLINK", "a", "b", "c", "");
    }

    @Test
    void shouldCarryLargeValues() throws IOException {
        Random random = new Random(7);
        List<byte[]> words = new ArrayList<>(List.of(Resp.bytes("MSET")));
        List<byte[]> keys = new ArrayList<>(List.of(Resp.bytes("MGET")));
        List<byte[]> reply = new ArrayList<>(List.of(Resp.bytes("*20\r\n")));
        for (int i = 0; i < 20; i++) {
            byte[] value = new byte[i % 4 == 3 ? i : LARGE - 10 + i];
            random.nextBytes(value);
            words.add(Resp.bytes("large" + i));
            words.add(value);
            keys.add(Resp.bytes("large" + i));
            reply.add(Resp.bulk(value));
        }
        byte[] expected = Resp.concat(reply.toArray(new byte[0][]));
        assertEquals("+OK\r\n", Resp.text(ask(Resp.request(words.toArray(new byte[0][])))));
        byte[] mget = Resp.request(keys.toArray(new byte[0][]));
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(expected, ask(mget));
        }
        byte[] twice = Resp.concat(mget, mget, Resp.request("PING"));
        List<byte[]> replies = client.pipeline(twice, 3);
        assertArrayEquals(expected, replies.get(0));
        assertArrayEquals(expected, replies.get(1));
        assertEquals("+PONG\r\n", Resp.text(replies.get(2)));
        // a key that is itself a large value is routed by all of it
        String longKey = "k".repeat(100_000);
        client.expect("+OK\r\n", "MSET", longKey, "1", "a", "2", longKey + "x", "3");
        client.expect("*3\r\n$1\r\n3\r\n$1\r\n2\r\n$1\r\n1\r\n", "MGET", longKey + "x", "a", longKey);
        client.expect("$1\r\n1\r\n", "GET", longKey);
        client.expect(":3\r\n", "DEL", longKey, "a", longKey + "x");
    }

    @Test
    void shouldTreatAKeyOfAnotherTypeAsRedisDoes() throws IOException {
        client.call("LPUSH", "list", "x");
        client.call("SET", "a", "1");
        client.expect("*2\r\n$1\r\n1\r\n$-1\r\n", "MGET", "a", "list");
        client.expect("+OK\r\n", "MSET", "list", "2", "a", "3", "b", "4");
        client.expect("*2\r\n$1\r\n2\r\n$1\r\n3\r\n", "MGET", "list", "a");
    }

    @Test
    void shouldPipelineWithOtherRequests() throws IOException {
        List<byte[]> requests = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            requests.add(Resp.request("MSET", "a" + i, "1", "b" + i, "2", "c" + i, "3"));
            expected.add("+OK\r\n");
            requests.add(Resp.request("GET", "b" + i));
            expected.add("$1\r\n2\r\n");
            requests.add(Resp.request("MGET", "c" + i, "a" + i));
            expected.add("*2\r\n$1\r\n3\r\n$1\r\n1\r\n");
            requests.add(Resp.request("DEL", "a" + i, "c" + i));
            expected.add(":2\r\n");
            requests.add(Resp.request("EXISTS", "a" + i, "b" + i, "c" + i));
            expected.add(":1\r\n");
        }
        List<byte[]> replies = client.pipeline(Resp.concat(requests.toArray(new byte[0][])), requests.size());
        assertEquals(expected, replies.stream().map(Resp::text).toList());
    }

    @Test
    void shouldTakeTimeInProportionToTheKeys() throws IOException {
        ask(command("MSET", 10_000, true));
        long small = Long.MAX_VALUE;
        long large = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            small = Math.min(small, timeNs(command("MGET", 1000, false)));
            large = Math.min(large, timeNs(command("MGET", 10_000, false)));
        }
        // quadratic would be a hundred times; Redis and the socket have their part of it
        assertTrue(large < small * 40, "1000 keys: " + small + " ns, 10000 keys: " + large + " ns");
    }

    @Test
    @Tag("faults")
    void shouldTellWhenOneServerFailsAndGoOn() throws IOException {
        try (ProxyKit own = ProxyKit.with(kind).start(); RawClient its = own.client()) {
            String[] keys = new String[4];
            for (int i = 0; i < 4; i++) {
                keys[i] = own.keyOn(i, "k", 0);
            }
            its.expect("+OK\r\n", "MSET", keys[0], "0", keys[1], "1", keys[2], "2", keys[3], "3");
            ProxyKit.signal(own.server(2), "KILL");
            Await.until("the server's end", () -> !ProcessHandle.of(own.server(2).pid())
                .map(ProcessHandle::isAlive).orElse(false));
            for (String command : List.of("MGET", "DEL", "EXISTS", "TOUCH", "UNLINK")) {
                String reply = its.call(command, "none", keys[2], "none2", keys[3]);
                String causes = "unknown|Connection refused|Connection reset by peer|Broken pipe";
                assertTrue(reply.matches("-ERR (" + causes + ")\r\n"), reply);
            }
            assertTrue(its.call("MSET", keys[0], "x", keys[2], "y").startsWith("-ERR "));
            its.expect("*3\r\n$1\r\n1\r\n$1\r\nx\r\n$-1\r\n", "MGET", keys[1], keys[0], keys[3]);
        }
    }

    private long timeNs(byte[] request) throws IOException {
        long startNs = System.nanoTime();
        ask(request);
        return System.nanoTime() - startNs;
    }

    private byte[] ask(byte[] request) throws IOException {
        return client.pipeline(request, 1).getFirst();
    }

    private static byte[] command(String name, int keys, boolean values) {
        List<String> words = new ArrayList<>(List.of(name));
        for (int i = 0; i < keys; i++) {
            words.add("key:" + i);
            if (values) {
                words.add("value " + i);
            }
        }
        return Resp.request(words.toArray(new String[0]));
    }

    private static byte[] expected(int keys, int present) {
        byte[][] parts = new byte[keys + 1][];
        parts[0] = Resp.bytes("*" + keys + "\r\n");
        Arrays.setAll(parts, i -> i == 0 ? Resp.bytes("*" + keys + "\r\n")
            : i <= present ? Resp.bulk(Resp.bytes("value " + (i - 1))) : Resp.bytes("$-1\r\n"));
        return Resp.concat(parts);
    }
}
