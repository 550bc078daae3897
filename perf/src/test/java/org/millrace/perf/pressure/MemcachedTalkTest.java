package org.millrace.perf.pressure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.load.Mixer;

/** Of each kind of request, the right reply is right and each other is wrong. */
class MemcachedTalkTest {
    private static final int TRIES = 100_000;

    private final MemcachedTalk talk = new MemcachedTalk();
    private final Mixer random = new Mixer(7);
    private final RequestWriter out = new RequestWriter();
    private final List<ChaosKey> keys = IntStream.range(0, 4).mapToObj(i -> new ChaosKey("k" + i, () -> 0)).toList();

    @Test
    void shouldTakeNothingButTheLastValueOfItsKey() {
        assertTrue(isRight(ask("get k1\r\n"), "END\r\n"), "never written");
        String first = store("k1");
        String second = store("k1");
        ChaosRequest get = ask("get k1\r\n");
        assertTrue(isRight(get, value("k1", second) + "END\r\n"));
        for (String wrong : List.of("END\r\n", value("k1", first) + "END\r\n", value("k2", second) + "END\r\n",
            value("k1", "k2:1:") + "END\r\n", value("k1", second) + value("k1", second) + "END\r\n",
            value("k1", second) + "SERVER_ERROR unknown\r\n", value("k1", second).replace(" 0 ", " 1 ") + "END\r\n",
            "STORED\r\n", "VA 5\r\nk1:2:\r\n")) {
            assertFalse(isRight(get, wrong), wrong);
        }
    }

    @Test
    void shouldTakeValuesInTheOrderAskedWhateverMisses() {
        String two = value("k2", store("k2"));
        ChaosRequest get = ask("get k2 k0 k2\r\n");
        assertTrue(isRight(get, two + two + "END\r\n"), "k0 was never written");
        String zero = value("k0", store("k0"));
        get = ask("get k2 k0 k2\r\n");
        assertTrue(isRight(get, two + zero + two + "END\r\n"));
        assertFalse(isRight(get, two + two + zero + "END\r\n"));
        assertFalse(isRight(get, two + zero + "END\r\n"));
        assertFalse(isRight(get, two + two + "END\r\n"));
        ChaosRequest gets = ask("gets k0 k2 k0\r\n");
        String unique = zero.replaceFirst("\r\n", " 17\r\n");
        assertTrue(isRight(gets, unique + two.replaceFirst("\r\n", " 18\r\n") + unique + "END\r\n"));
    }

    @Test
    void shouldKnowTheReplyOfAMetaRequestByItsNumber() {
        ChaosRequest set = ask("ms k3 ");
        String value = set.value(0);
        String opaque = opaque();
        assertFalse(isRight(set, "NS O" + opaque + "\r\n"));
        assertFalse(isRight(set, "HD O" + opaque + "1\r\n"), "another's number");
        assertTrue(isRight(set, "HD O" + opaque + "\r\n"));
        ChaosRequest get = ask("mg k3 ");
        String head = "VA " + value.length() + " kk3 O" + opaque();
        assertTrue(isRight(get, head + "\r\n" + value + "\r\n"));
        assertFalse(isRight(get, head + "1\r\n" + value + "\r\n"), "another's number");
        assertFalse(isRight(get, "EN\r\n"), "it has a value");
        ChaosRequest miss = ask("mg k1 ");
        assertTrue(isRight(miss, "EN\r\n"), "never written");
        assertTrue(isRight(miss, "EN kk1 O" + opaque() + "\r\n"));
        assertFalse(isRight(miss, "EN kk1 O" + opaque() + "1\r\n"));
        assertFalse(isRight(miss, "STORED\r\n"));
        assertFalse(isRight(miss, "MN\r\n"));
    }

    @Test
    void shouldNotKnowWhatBecameOfAWriteWithoutReply() {
        out.clear();
        ChaosRequest request = talk.next(keys, random, out, 0);
        for (int i = 0; i < TRIES && request != null; i++) {
            out.clear();
            request = talk.next(keys, random, out, 0);
        }
        assertNull(request, "no request without a reply");
        String[] lines = written().split("\r\n");
        assertTrue(lines[0].endsWith(" noreply"), lines[0]);
        ChaosKey key = keys.get(lines[0].charAt("set k".length()) - '0');
        assertTrue(key.allows(lines[1]), "done");
        assertTrue(key.allows(null), "not done");
        assertFalse(key.allows(key.value(key.nextVersion())), "a version that was not sent");
    }

    @Test
    void shouldTellErrorsFromOtherReplies() {
        assertEquals("SERVER_ERROR Connection refused", error("SERVER_ERROR Connection refused\r\n"));
        assertEquals("ERROR", error("ERROR\r\n"));
        assertEquals("CLIENT_ERROR bad", error("CLIENT_ERROR bad\r\n"));
        assertNull(error("STORED\r\n"));
        assertNull(error("VALUE ERROR 0 0\r\n\r\nEND\r\n"));
        ChaosRequest version = ask("version\r\n");
        assertFalse(version.mayFail(), "no server is asked");
        assertTrue(isRight(version, "VERSION 1.6.18\r\n"));
        assertFalse(isRight(version, "END\r\n"));
    }

    /** Asks at random for the keys that are in {@code start} until the request begins so. */
    private ChaosRequest ask(String start) {
        List<ChaosKey> named = keys.stream().filter(key -> start.contains(key.name())).toList();
        for (int i = 0; i < TRIES; i++) {
            out.clear();
            ChaosRequest request = talk.next(named.isEmpty() ? keys : named, random, out, 0);
            if (request != null && written().startsWith(start)) {
                return request;
            }
        }
        throw new AssertionError("no request like " + start);
    }

    private String store(String key) {
        ChaosRequest set = ask("set " + key + ' ');
        assertTrue(isRight(set, "STORED\r\n"));
        return set.value(0);
    }

    private String written() {
        return new String(out.toArray(), StandardCharsets.ISO_8859_1);
    }

    private String opaque() {
        return written().lines().findFirst().orElseThrow().replaceFirst(".* O([0-9]+).*", "$1");
    }

    private static String value(String key, String value) {
        return "VALUE " + key + " 0 " + value.length() + "\r\n" + value + "\r\n";
    }

    private boolean isRight(ChaosRequest request, String reply) {
        byte[] b = ("xx" + reply + "yy").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(b.length - 2, talk.framing().frame(b, 2, b.length - 2), reply);
        return talk.error(b, 2, b.length - 2) == null && request.judge().isRight(request, b, 2, b.length - 2);
    }

    private String error(String reply) {
        byte[] b = reply.getBytes(StandardCharsets.ISO_8859_1);
        return talk.error(b, 0, b.length);
    }
}
