package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Feeder;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;

/** What a broken stream is told, and what is no error. */
final class ProtocolErrorTest {
    private static String requestError(String stream) {
        return Feeder.feed(new RequestFramer(FrameLimits.defaults()), Corpus.bytes(stream)).error();
    }

    private static String replyError(String stream) {
        return Feeder.feed(new ReplyFramer(FrameLimits.defaults()), Corpus.bytes(stream)).error();
    }

    @Test
    void shouldNameWhatIsWrongInRequests() {
        assertEquals("invalid multibulk length", requestError("*x\r\n"));
        assertEquals("invalid multibulk length", requestError("*\r\n"));
        assertEquals("invalid multibulk length", requestError("*01\r\n"));
        assertEquals("invalid multibulk length", requestError("*-0\r\n"));
        assertEquals("invalid multibulk length", requestError("*+1\r\n"));
        assertEquals("invalid multibulk length", requestError("*99999999999999999999\r\n"));
        assertEquals("invalid bulk length", requestError("*1\r\n$-1\r\n"));
        assertEquals("invalid bulk length", requestError("*1\r\n$x\r\n"));
        assertEquals("invalid bulk length", requestError("*1\r\n$536870913\r\n"));
        assertEquals("expected '$', got ':'", requestError("*1\r\n:1\r\n"));
        assertEquals("expected '$', got ' '", requestError("*1\r\n\r\n"));
        assertEquals("expected '$', got '\u00ff'", requestError("*1\r\n\u00ff\r\n"));
        assertEquals("expected CRLF after bulk", requestError("*1\r\n$1\r\nabc"));
        assertEquals("expected CRLF after bulk", requestError("*1\r\n$1\r\na\rb"));
    }

    @Test
    void shouldNameWhatIsWrongInReplies() {
        assertEquals("unknown reply type '%'", replyError("%1\r\n"));
        assertEquals("unknown reply type '_'", replyError("_\r\n"));
        assertEquals("unknown reply type 'H'", replyError("HTTP/1.1"));
        assertEquals("unknown reply type '>'", replyError("*1\r\n>1\r\n"));
        assertEquals("invalid integer", replyError(":1x\r\n"));
        assertEquals("invalid integer", replyError(":9223372036854775808\r\n"));
        assertEquals("invalid bulk length", replyError("$-2\r\n"));
        assertEquals("invalid multibulk length", replyError("*-2\r\n"));
        assertEquals("expected CRLF after bulk", replyError("$1\r\nab\r\n"));
    }

    @Test
    void shouldSkipWhatIsNoRequest() {
        RequestFramer framer = new RequestFramer(FrameLimits.defaults());
        Feeder feeder = Feeder.feed(framer, Corpus.bytes("\r\n\n*0\r\n*-1\r\n*-9223372036854775808\r\n\r\n"));
        assertNull(feeder.error());
        assertTrue(feeder.frames().isEmpty());
        assertTrue(framer.isBetweenMessages());
        assertEquals(0, framer.headLength());
    }

    @Test
    void shouldStayFailedUntilReset() {
        Framer framer = new RequestFramer(FrameLimits.defaults());
        UnsafeBuffer bad = new UnsafeBuffer(Corpus.bytes("*x\r\n"));
        UnsafeBuffer good = new UnsafeBuffer(Corpus.bytes("PING\r\n"));
        assertEquals(Framer.ERROR, framer.scan(bad, 0, bad.capacity()));
        assertEquals(Framer.ERROR, framer.scan(good, 0, good.capacity()));
        assertEquals(0, framer.position());
        assertFalse(framer.isBetweenMessages());
        framer.reset();
        assertNull(framer.error());
        assertEquals(Framer.MESSAGE, framer.scan(good, 0, good.capacity()));
        assertEquals(6, framer.headLength());
    }

    @Test
    void shouldRepeatABodyUntilItIsTaken() {
        RequestFramer framer = new RequestFramer(Feeder.limits(4));
        UnsafeBuffer buffer = new UnsafeBuffer(Corpus.bytes(Corpus.request("SET", "k", "12345")));
        assertEquals(Framer.BODY, framer.scan(buffer, 0, buffer.capacity()));
        int body = framer.position();
        assertEquals(Framer.BODY, framer.scan(buffer, body, buffer.capacity()));
        assertEquals(body, framer.position());
        assertEquals(5, framer.bodyLength());
        assertEquals(2, framer.headBytesAhead());
        framer.bodyTaken();
        assertEquals(Framer.MESSAGE, framer.scan(buffer, body + 5, buffer.capacity()));
        assertEquals(-1 - 1 + body + 4, framer.headLength());
    }

    @Test
    void shouldTellFirstWords() {
        RequestFramer framer = new RequestFramer(Feeder.limits(4));
        UnsafeBuffer buffer = new UnsafeBuffer(Corpus.bytes("\r\n" + Corpus.request("GET", "key")));
        assertEquals(Framer.MESSAGE, framer.scan(buffer, 0, buffer.capacity()));
        assertEquals(2, framer.argumentCount());
        assertEquals(8, framer.nameOffset());
        assertEquals(3, framer.nameLength());
        assertEquals(17, framer.keyOffset());
        assertEquals(3, framer.keyLength());
        assertEquals(22, framer.headLength());
        assertFalse(framer.isInline());
    }
}
