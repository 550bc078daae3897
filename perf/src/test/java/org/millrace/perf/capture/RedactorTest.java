package org.millrace.perf.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millrace.engine.tap.TapRecord;

/** Values are overwritten, lengths stay, names and keys too, however a message comes in pieces. */
class RedactorTest {
    private final Redactor values = new Redactor(true);
    private final Redactor passwords = new Redactor(false);

    private static String resp(String words) {
        String[] each = words.split(" ");
        StringBuilder wire = new StringBuilder("*" + each.length + "\r\n");
        for (String word : each) {
            wire.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return wire.toString();
    }

    /** What becomes of a message that comes in pieces of so many bytes. */
    private static String redacted(Redactor redactor, boolean memcached, int type, String wire, int piece) {
        pass(redactor, TapRecord.OPEN, memcached ? TapRecord.MEMCACHED : 0, "alpha");
        StringBuilder out = new StringBuilder();
        for (int from = 0; from < wire.length(); from += piece) {
            int to = Math.min(wire.length(), from + piece);
            out.append(pass(redactor, type, to < wire.length() ? TapRecord.MORE : 0, wire.substring(from, to)));
        }
        pass(redactor, TapRecord.CLOSED, 0, "");
        assertEquals(0, redactor.size());
        return out.toString();
    }

    private static String pass(Redactor redactor, int type, int flags, String text) {
        byte[] bytes = ("before" + text + "after").getBytes(StandardCharsets.ISO_8859_1);
        boolean shown = redactor.shows(type, flags, 3, new UnsafeBuffer(bytes), 6, text.length());
        redactor.redact(type, flags, 3, new UnsafeBuffer(bytes), 6, bytes.length - 5);
        String now = new String(bytes, StandardCharsets.ISO_8859_1);
        assertTrue(!shown || now.equals("before" + text + "after"), "it would have been shown");
        assertEquals("before", now.substring(0, 6));
        assertEquals("after", now.substring(now.length() - 5));
        return now.substring(6, now.length() - 5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SET key secret                    | SET key xxxxxx",
        "SET key 300                       | SET key 111",
        "SET key EX                        | SET key xx",
        "set key secret EX 60 NX           | set key xxxxxx EX 11 NX",
        "MSET a secret b secrets           | MSET a xxxxxx b xxxxxxx",
        "HSET h field value                | HSET h xxxxx xxxxx",
        "ZADD z NX -1.5 member             | ZADD z NX -1.1 xxxxxx",
        "EVAL script 2 a b secret          | EVAL xxxxxx 1 a b xxxxxx",
        "EXPIRE key 90                     | EXPIRE key 11",
        "DEL a b c                         | DEL a b c",
        "CLIENT SETNAME me                 | CLIENT SETNAME xx",
        "NOSUCH word                       | NOSUCH xxxx",
        "SET key                           | SET xxx",
        "AUTH user pass                    | AUTH xxxx xxxx",
        "ECHO secret                       | ECHO xxxxxx"})
    void shouldLeaveNamesKeysAndOptionsOfRespRequests(String words, String left) {
        assertEquals(resp(left), redacted(values, false, TapRecord.REQUEST, resp(words), 10_000));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "SET key secret EX 60      | SET key secret EX 60",
        "auth pass                 | auth xxxx",
        "HELLO 3 AUTH user pass    | HELLO 1 xxxx xxxx xxxx"})
    void shouldOverwritePasswordsAlways(String words, String left) {
        assertEquals(resp(left), redacted(passwords, false, TapRecord.REQUEST, resp(words), 10_000));
        assertEquals("AUTH xxxx\r\n", redacted(passwords, false, TapRecord.REQUEST, "AUTH pass\r\n", 100));
        assertEquals("+OK\r\n", redacted(passwords, false, TapRecord.REPLY, "+OK\r\n", 100));
    }

    @Test
    void shouldOverwriteLinesOfText() {
        assertEquals("SET key xxxxxx xx 60\r\n".replace("60", "xx"),
            redacted(values, false, TapRecord.REQUEST, "SET key secret EX 60\r\n", 100));
        assertEquals("PING\r\n", redacted(values, false, TapRecord.REQUEST, "PING\r\n", 100));
    }

    @Test
    void shouldOverwriteRequestsInPieces() {
        String wire = resp("SET key " + "secret".repeat(100));
        String left = resp("SET key " + "x".repeat(600));
        for (int piece = 25; piece < wire.length(); piece++) {
            assertEquals(left, redacted(values, false, TapRecord.REQUEST, wire, piece), "pieces of " + piece);
            assertEquals(wire, redacted(passwords, false, TapRecord.REQUEST, wire, piece));
        }
        String many = resp("MSET a secret b secret");
        assertFalse(redacted(values, false, TapRecord.REQUEST, many, 20).contains("e"), "keys that are not found go");
    }

    @Test
    void shouldOverwriteValuesOfReplies() {
        String reply = "*4\r\n$6\r\nsecret\r\n$-1\r\n:42\r\n*2\r\n+OK\r\n$0\r\n\r\n";
        String left = reply.replace("secret", "xxxxxx");
        for (int piece = 1; piece <= reply.length(); piece++) {
            assertEquals(left, redacted(values, false, TapRecord.REPLY, reply, piece), "pieces of " + piece);
        }
        assertEquals("-ERR no such key\r\n", redacted(values, false, TapRecord.REPLY, "-ERR no such key\r\n", 100));
    }

    @Test
    void shouldOverwriteDataOfMemcached() {
        String set = "set key 0 0 6\r\nsecret\r\n";
        String get = "VALUE key 0 6\r\nsecret\r\nVALUE b 1 3\r\nabc\r\nEND\r\n";
        for (int piece = 1; piece <= get.length(); piece++) {
            assertEquals(set.replace("secret", "xxxxxx"), redacted(values, true, TapRecord.REQUEST, set, piece));
            assertEquals(get.replace("secret", "xxxxxx").replace("abc", "xxx"),
                redacted(values, true, TapRecord.REPLY, get, piece), "pieces of " + piece);
        }
        assertEquals(set, redacted(passwords, true, TapRecord.REQUEST, set, 100));
        assertEquals("get a b\r\n", redacted(values, true, TapRecord.REQUEST, "get a b\r\n", 100));
    }

    @Test
    void shouldTellWhatNeedsNoCopy() {
        pass(passwords, TapRecord.OPEN, 0, "alpha");
        assertTrue(shows(passwords, TapRecord.REQUEST, 0, resp("SET key secret")));
        assertTrue(shows(passwords, TapRecord.REQUEST, 0, resp("NOSUCH word")));
        assertTrue(shows(passwords, TapRecord.REQUEST, 0, ""));
        assertTrue(shows(passwords, TapRecord.REPLY, TapRecord.MORE, "$6\r\nsec"));
        assertFalse(shows(passwords, TapRecord.REQUEST, 0, resp("AUTH pass")));
        assertFalse(shows(passwords, TapRecord.REQUEST, 0, resp("hello 3 AUTH user pass")));
        assertFalse(shows(passwords, TapRecord.REQUEST, 0, "AUTH pass\r\n"));
        assertFalse(shows(passwords, TapRecord.REQUEST, 0, "*1\r\nnonsense"));
        assertFalse(shows(passwords, TapRecord.REQUEST, TapRecord.MORE, "*2\r\n$4\r\nAUTH\r\n$4\r\npa"));
        pass(passwords, TapRecord.REQUEST, TapRecord.MORE, "*2\r\n$4\r\nAUTH\r\n$14\r\npa");
        assertFalse(shows(passwords, TapRecord.REQUEST, 0, "*1\r\n$4\r\nPING\r\n"), "the rest of a password");
        assertFalse(shows(passwords, TapRecord.CLOSED, 0, ""));
        pass(values, TapRecord.OPEN, 0, "alpha");
        assertFalse(shows(values, TapRecord.REQUEST, 0, resp("PING")));
        assertFalse(shows(values, TapRecord.REPLY, 0, "$6\r\nsecret\r\n"));
    }

    private static boolean shows(Redactor redactor, int type, int flags, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return redactor.shows(type, flags, 3, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    @Test
    void shouldShowNothingOfAConversationThatItDoesNotKnow() {
        assertEquals("xxxx", pass(values, TapRecord.REQUEST, 0, "PING"));
        assertEquals("xxxx", pass(passwords, TapRecord.REPLY, 0, "PING"));
    }
}
