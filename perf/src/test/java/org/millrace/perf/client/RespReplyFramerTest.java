package org.millrace.perf.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reply is found at its end and nowhere before. */
class RespReplyFramerTest {
    private final RespReplyFramer framer = new RespReplyFramer();

    @ParameterizedTest
    @ValueSource(strings = {"+OK\r\n", "-ERR no\r\n", ":-12\r\n", "$-1\r\n", "$0\r\n\r\n", "$5\r\na\r\nbc\r\n",
        "*-1\r\n", "*0\r\n", "*2\r\n$1\r\na\r\n$-1\r\n", "*2\r\n*1\r\n:1\r\n*2\r\n+a\r\n$2\r\nbb\r\n"})
    void shouldFindTheEndAtEverySplit(String reply) {
        byte[] b = ("xx" + reply + "+NEXT\r\n").getBytes(StandardCharsets.US_ASCII);
        int end = 2 + reply.length();
        for (int to = 2; to < end; to++) {
            assertEquals(RespReplyFramer.INCOMPLETE, framer.frame(b, 2, to), "cut at " + to);
            assertTrue(framer.neededTo() > to && framer.neededTo() <= end, "cut at " + to);
        }
        assertEquals(end, framer.frame(b, 2, end));
        assertEquals(end, framer.frame(b, 2, b.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OK\r\n", ":12a\r\n", ":\r\n", "$3\r\nabcd\r\n", "$99999999999\r\n", "*99999999999\r\n",
        "+a\rb", "$9999999999999999999\r\n", "$-\r\n", "$1x", ":12345678901234567890", "OK", "$--1\r\n", ":1\rx",
        "+OK\rx", "$-1\rx"})
    void shouldRefuseWhatIsNoReply(String reply) {
        byte[] b = reply.getBytes(StandardCharsets.US_ASCII);
        assertEquals(RespReplyFramer.MALFORMED, framer.frame(b, 0, b.length));
    }

    @Test
    void shouldCapALineThatDoesNotEnd() {
        byte[] b = new byte[70_000];
        b[0] = '+';
        assertEquals(RespReplyFramer.MALFORMED, framer.frame(b, 0, b.length));
    }

    @Test
    void shouldWalkOverNestedReplies() {
        byte[] b = "*3\r\n$2\r\nab\r\n:-7\r\n$-1\r\n".getBytes(StandardCharsets.US_ASCII);
        ReplyCursor cursor = new ReplyCursor().wrap(b, 0).next();
        assertEquals('*', cursor.type());
        assertEquals(3, cursor.number());
        assertEquals("ab", cursor.next().text());
        assertTrue(cursor.isBulk());
        assertEquals(-7, cursor.next().number());
        assertTrue(cursor.next().isNull());
    }

    /** Two replies are told by their first four bytes. */
    @ParameterizedTest
    @CsvSource({"+OK, +, OK", "+OKAY, +, OKAY", "+O, +, O", "+, +, ''", "-OK, -, OK", ":-1, :, -1", "$-1, $, (nil)",
        "*-1, *, (nil)"})
    void shouldTellApartRepliesThatBeginAlike(String reply, char type, String text) {
        byte[] b = (reply + "\r\n").getBytes(StandardCharsets.US_ASCII);
        assertEquals(b.length, framer.frame(b, 0, b.length));
        ReplyCursor cursor = new ReplyCursor().wrap(b, 0).next();
        assertEquals(type, cursor.type());
        assertEquals(text, cursor.isNull() ? "(nil)" : cursor.text());
        assertEquals(text.equals("(nil)"), cursor.isNull());
    }

    @Test
    void shouldWriteRequests() {
        RequestWriter out = new RequestWriter();
        out.array(3).bulk("SET").numberedKey(RequestWriter.keyHead("", "key:"), 42).bulk(1234);
        assertEquals("*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000042\r\n$4\r\n1234\r\n",
            new String(out.toArray(), StandardCharsets.US_ASCII));
        out.taken(4);
        out.bulk(new byte[100_000]);
        assertEquals("$3\r\n", new String(out.toArray(), 0, 4, StandardCharsets.US_ASCII));
    }
}
