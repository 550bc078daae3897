package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.millrace.codec.Feeder;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;

/** One test for each limit of each framer: at the limit all is well, one beyond is an error. */
final class FramerLimitsTest {
    private static final FrameLimits WIDE = new FrameLimits(1000, 1000, 1000, 10, 100, 1000);

    private static void assertRequest(FrameLimits limits, String good, String bad, String error) {
        assertFramed(new RequestFramer(limits), good, null);
        assertFramed(new RequestFramer(limits), bad, error);
    }

    private static void assertReply(FrameLimits limits, String good, String bad, String error) {
        assertFramed(new ReplyFramer(limits), good, null);
        assertFramed(new ReplyFramer(limits), bad, error);
    }

    private static void assertFramed(Framer framer, String stream, String error) {
        byte[] bytes = Corpus.bytes(stream);
        Feeder whole = Feeder.feed(framer, bytes);
        assertEquals(error, whole.error(), stream);
        framer.reset();
        int[] cuts = new int[bytes.length];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i;
        }
        assertEquals(error, Feeder.feed(framer, bytes, cuts).error(), stream);
        framer.reset();
    }

    private static FrameLimits withMessageLength(long length) {
        return new FrameLimits(length, 1000, 1000, 10, 100, 1000);
    }

    private static FrameLimits withBodies(long messageLength) {
        return new FrameLimits(messageLength, 1000, 1000, 10, 100, 10);
    }

    @Test
    void shouldLimitMessageLengthOfRequests() {
        String request = Corpus.request("SET", "key", "value");
        String longer = Corpus.request("SET", "key", "value!");
        assertRequest(withMessageLength(request.length()), request, longer, "too big request");
    }

    @Test
    void shouldCountBodiesInMessageLengthOfRequests() {
        String request = Corpus.request("SET", "v".repeat(50), "w".repeat(50));
        String longer = Corpus.request("SET", "v".repeat(50), "w".repeat(51));
        assertRequest(withBodies(request.length()), request, longer, "too big request");
    }

    @Test
    void shouldLimitMessageLengthOfReplies() {
        assertReply(withMessageLength(14), "*2\r\n$4\r\nabcd\r\n", "*2\r\n$4\r\nabcd\r\n:1\r\n", "too big reply");
        assertReply(withMessageLength(8), "+abcde\r\n", "+abcdef\r\n", "too big reply");
        assertReply(withMessageLength(12), ":1234567\r\n", "*3\r\n:1\r\n:1\r\n:1\r\n", "too big reply");
    }

    @Test
    void shouldCountBodiesInMessageLengthOfReplies() {
        String bulk = "$20\r\n" + "x".repeat(20) + "\r\n";
        assertReply(withBodies(4 + 27 + 27), "*2\r\n" + bulk + bulk, "*3\r\n" + bulk + bulk + ":1\r\n",
            "too big reply");
    }

    @Test
    void shouldLimitBulkLengthOfRequests() {
        FrameLimits limits = new FrameLimits(1000, 12, 1000, 10, 100, 1000);
        assertRequest(limits, Corpus.request("x".repeat(12)), Corpus.request("x".repeat(13)), "invalid bulk length");
        FrameLimits small = new FrameLimits(1000, 5, 1000, 10, 100, 1000);
        assertRequest(small, Corpus.request("x".repeat(5)), Corpus.request("x".repeat(6)), "invalid bulk length");
    }

    @Test
    void shouldLimitBulkLengthOfReplies() {
        FrameLimits limits = new FrameLimits(1000, 12, 1000, 10, 100, 1000);
        assertReply(limits, "$12\r\n123456789012\r\n", "$13\r\n1234567890123\r\n", "invalid bulk length");
    }

    @Test
    void shouldLimitArgumentsOfRequests() {
        FrameLimits limits = new FrameLimits(1000, 1000, 3, 10, 100, 1000);
        assertRequest(limits, Corpus.request("a", "b", "c"), Corpus.request("a", "b", "c", "d"),
            "invalid multibulk length");
        assertRequest(WIDE, "*1000\r\n", "*1001\r\n", "invalid multibulk length");
    }

    @Test
    void shouldLimitElementsOfReplies() {
        FrameLimits limits = new FrameLimits(1000, 1000, 2, 10, 100, 1000);
        assertReply(limits, "*2\r\n:1\r\n:2\r\n", "*3\r\n", "invalid multibulk length");
        assertReply(limits, "*1\r\n*2\r\n:1\r\n:2\r\n", "*1\r\n*3\r\n", "invalid multibulk length");
    }

    @Test
    void shouldLimitDepthOfReplies() {
        FrameLimits limits = new FrameLimits(1000, 1000, 1000, 3, 100, 1000);
        assertReply(limits, "*1\r\n*1\r\n*1\r\n:1\r\n", "*1\r\n*1\r\n*1\r\n*1\r\n", "too deep nesting");
        FrameLimits flat = new FrameLimits(1000, 1000, 1000, 0, 100, 1000);
        assertReply(flat, ":1\r\n", "*1\r\n", "too deep nesting");
    }

    @Test
    void shouldLimitLineLengthOfInlineCommands() {
        String unfinished = "x".repeat(100);
        assertRequest(WIDE, "x".repeat(98) + "\r\n", unfinished, "too big inline request");
        assertRequest(WIDE, "x".repeat(99), "x".repeat(99) + "\r\n", "too big inline request");
    }

    @Test
    void shouldLimitLineLengthOfRequestHeaders() {
        assertRequest(WIDE, "*" + "1".repeat(98), "*" + "1".repeat(99), "too big mbulk count string");
        assertRequest(WIDE, "*1\r\n$" + "1".repeat(98), "*1\r\n$" + "1".repeat(99), "too big bulk count string");
        assertRequest(WIDE, "*1\r\n" + "x".repeat(99), "*1\r\n" + "x".repeat(100), "too big bulk count string");
    }

    @Test
    void shouldLimitLineLengthOfReplies() {
        assertReply(WIDE, "+" + "a".repeat(97) + "\r\n", "+" + "a".repeat(98) + "\r\n", "too long line");
        assertReply(WIDE, "-" + "a".repeat(98), "-" + "a".repeat(99), "too long line");
        assertReply(WIDE, ":" + "1".repeat(98), ":" + "1".repeat(99), "too long line");
    }

    @Test
    void shouldCutBodiesAtTheThreshold() {
        String value = "x".repeat(9);
        Feeder below = Feeder.feed(new RequestFramer(withBodies(1000)),
            Corpus.bytes(Corpus.request("SET", "k", value)));
        assertEquals(Corpus.request("SET", "k", value), below.frames().getFirst().head());
        Feeder at = Feeder.feed(new RequestFramer(withBodies(1000)),
            Corpus.bytes(Corpus.request("SET", "k", value + "x")));
        assertEquals("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$10\r\n\r\n", at.frames().getFirst().head());
    }

    @Test
    void shouldRefuseLimitsWithoutRoom() {
        assertThrows(IllegalArgumentException.class, () -> new FrameLimits(1000, 1000, 1000, 10, 100, 0));
        assertThrows(IllegalArgumentException.class, () -> new FrameLimits(1000, 1000, 0, 10, 100, 1));
    }
}
