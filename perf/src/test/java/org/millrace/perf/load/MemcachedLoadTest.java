package org.millrace.perf.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.perf.client.Framing;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.server.LocalMemcached;

/** The load speaks memcached: a real one answers each command rightly, and no reply of another request passes. */
@Timeout(60)
class MemcachedLoadTest {
    private final LoadConfig config = new LoadConfig().protocol(LoadProtocol.MEMCACHED)
        .mix(Mix.parse(LoadProtocol.MEMCACHED, "get")).keys(100).valueSize(40, 40).requests(1);
    private final Workload workload = new Workload(config);

    @Test
    void shouldFindNothingWrongWithMemcached() throws Exception {
        assumeTrue(LocalMemcached.isInstalled(), "memcached is missing");
        String all = LoadProtocol.MEMCACHED.commands().stream().map(LoadCommand::lowerName)
            .collect(Collectors.joining(","));
        try (LocalMemcached memcached = LocalMemcached.start()) {
            LoadResult result = new LoadGenerator(new LoadConfig().protocol(LoadProtocol.MEMCACHED)
                .target(memcached.address()).connections(7).threads(2).pipeline(16).requests(20_001).keys(200)
                .valueSize(0, 3000).mix(Mix.parse(LoadProtocol.MEMCACHED, all))).run(LoadListener.NONE);
            assertTrue(result.isClean(), result.texts()::toString);
            assertEquals(20_001, result.requests());
            assertEquals(MemcachedCommand.values().length, result.latencyUsByCommand().size());
            assertTrue(result.hits() > 0);
            assertTrue(result.misses() > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(MemcachedCommand.class)
    void shouldWriteWholeRequestsAlone(MemcachedCommand command) {
        RequestWriter out = new RequestWriter();
        command.encode(out, 5, workload);
        String text = new String(out.toArray(), StandardCharsets.ISO_8859_1);
        assertTrue(text.startsWith(command == MemcachedCommand.MGET ? "get key:"
            : command == MemcachedCommand.COUNT ? "ma counter:" : command.lowerName()), text);
        assertTrue(text.endsWith("\r\n"), text);
    }

    @Test
    void shouldTakeNoValueButThatOfTheKey() {
        long token = 17;
        long key = workload.keyId(token, 0);
        String good = value(key, 40, 3);
        assertTrue(isRight(MemcachedCommand.GET, token, good + "END\r\n"));
        assertTrue(isRight(MemcachedCommand.GET, token, "END\r\n"));
        assertTrue(isRight(MemcachedCommand.GETS, token, good.replaceFirst("\r\n", " 17\r\n") + "END\r\n"));
        assertFalse(isRight(MemcachedCommand.GET, token, value(key + 1, 40, 3) + "END\r\n"), "another key");
        assertFalse(isRight(MemcachedCommand.GET, token, good + good + "END\r\n"), "twice");
        assertFalse(isRight(MemcachedCommand.GET, token, good.replaceFirst(" 0 ", " 1 ") + "END\r\n"), "flags");
        assertFalse(isRight(MemcachedCommand.GET, token, value(key, 40, 3).replace(name(key + 1), name(key))
            .replace(hex(key), hex(key + 1)) + "END\r\n"), "the value of another key");
        assertFalse(isRight(MemcachedCommand.GET, token, good + "SERVER_ERROR late\r\n"), "an error at the end");
        assertFalse(isRight(MemcachedCommand.GET, token, "STORED\r\n"));
        assertFalse(isRight(MemcachedCommand.SET, token, "END\r\n"));
        assertFalse(isRight(MemcachedCommand.DELETE, token, "STORED\r\n"));
    }

    @Test
    void shouldTakeValuesOfSeveralKeysInTheOrderAsked() {
        long token = 99;
        StringBuilder all = new StringBuilder();
        StringBuilder reversed = new StringBuilder();
        for (int i = 0; i < Workload.MULTI_KEYS; i++) {
            String value = value(workload.keyId(token, i), 33, i);
            all.append(value);
            reversed.insert(0, value);
        }
        assertTrue(isRight(MemcachedCommand.MGET, token, all + "END\r\n"));
        assertTrue(isRight(MemcachedCommand.MGET, token, value(workload.keyId(token, 4), 30, 1) + "END\r\n"));
        assertFalse(isRight(MemcachedCommand.MGET, token, reversed + "END\r\n"));
    }

    @Test
    void shouldTakeMetaRepliesAboutTheirKey() {
        long token = 8;
        long key = workload.keyId(token, 0);
        String data = value(key, 40, 1).split("\r\n")[1];
        assertTrue(isRight(MemcachedCommand.MG, token, "VA 40 k" + name(key) + "\r\n" + data + "\r\n"));
        assertTrue(isRight(MemcachedCommand.MG, token, "EN\r\n"));
        assertTrue(isRight(MemcachedCommand.MG, token, "EN k" + name(key) + "\r\n"));
        assertFalse(isRight(MemcachedCommand.MG, token, "EN k" + name(key + 1) + "\r\n"));
        assertFalse(isRight(MemcachedCommand.MG, token, "VA 40 k" + name(key + 1) + "\r\n" + data + "\r\n"));
        assertFalse(isRight(MemcachedCommand.MG, token, "VA 40\r\n" + data + "\r\n"));
        assertTrue(isRight(MemcachedCommand.COUNT, token, "VA 2\r\n12\r\n"));
        assertFalse(isRight(MemcachedCommand.COUNT, token, "VA 1\r\n0\r\n"));
        assertTrue(isRight(MemcachedCommand.VERSION, token, "VERSION 1.6\r\n"));
    }

    @Test
    void shouldTellAnErrorFromAWrongReply() {
        for (String error : new String[] {"ERROR\r\n", "SERVER_ERROR no room\r\n",
            value(1, 30, 1) + "SERVER_ERROR late\r\n"}) {
            assertTrue(isError(error), error);
        }
        for (String other : new String[] {"END\r\n", "NOT_STORED\r\n", value(1, 30, 1) + "END\r\n"}) {
            assertFalse(isError(other), other);
        }
    }

    private static boolean isError(String reply) {
        byte[] b = reply.getBytes(StandardCharsets.ISO_8859_1);
        return LoadProtocol.MEMCACHED.isError(b, 0, b.length);
    }

    private boolean isRight(MemcachedCommand command, long token, String reply) {
        byte[] b = ("xx" + reply + "yy").getBytes(StandardCharsets.ISO_8859_1);
        Framing framing = LoadProtocol.MEMCACHED.framing();
        assertEquals(b.length - 2, framing.frame(b, 2, b.length), reply);
        return command.isRight(b, 2, b.length - 2, token, workload);
    }

    private static String value(long key, int length, long version) {
        byte[] data = new byte[length];
        ValuePattern.write(data, 0, length, key, version);
        return "VALUE " + name(key) + " 0 " + length + "\r\n" + new String(data, StandardCharsets.ISO_8859_1) + "\r\n";
    }

    private static String name(long key) {
        return String.format("key:%012d", key);
    }

    private static String hex(long key) {
        return String.format("%08x", key);
    }
}
