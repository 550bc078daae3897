package org.millrace.codec.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Feeder;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.memcached.command.Fault;

/** One test for each limit of each framer: at the limit all is well, one beyond is an error or a refused request. */
final class FramerLimitsTest {
    private static final FrameLimits WIDE = new FrameLimits(100_000, 1000, 1000, 10, 4096, 1000);

    private static void assertFramed(Framer framer, String stream, String error) {
        byte[] bytes = Corpus.bytes(stream);
        assertEquals(error, Feeder.feed(framer, bytes).error(), stream);
        framer.reset();
        int[] cuts = new int[bytes.length];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i;
        }
        assertEquals(error, Feeder.feed(framer, bytes, cuts).error(), stream);
        framer.reset();
    }

    private static void assertRequest(FrameLimits limits, String good, String bad, String error) {
        assertFramed(new RequestFramer(limits), good, null);
        assertFramed(new RequestFramer(limits), bad, error);
    }

    private static void assertReply(FrameLimits limits, String good, String bad, String error) {
        assertFramed(new ReplyFramer(limits), good, null);
        assertFramed(new ReplyFramer(limits), bad, error);
    }

    private static FrameLimits withMessageLength(long length) {
        return new FrameLimits(length, 1000, 1000, 10, 4096, 1000);
    }

    /** The block is skipped, its line is refused, and the stream goes on behind it. */
    private static void assertSkipped(FrameLimits limits, String line, int length) {
        String stream = line + "\r\n" + "x".repeat(length) + "\r\nmn\r\n";
        for (int chunk : new int[] {1, 7, stream.length()}) {
            int[] cuts = new int[(stream.length() - 1) / chunk];
            for (int i = 0; i < cuts.length; i++) {
                cuts[i] = (i + 1) * chunk;
            }
            Feeder feeder = Feeder.feed(new RequestFramer(limits), Corpus.bytes(stream), cuts);
            assertEquals(List.of(line + "\r\n", "mn\r\n"), feeder.frames().stream().map(Feeder.Frame::head).toList());
            assertEquals(Fault.TOO_LARGE, fault(line + "\r\n", limits));
        }
    }

    private static Fault fault(String head, FrameLimits limits) {
        return new RequestView().wrap(new UnsafeBuffer(Corpus.bytes(head)), 0, head.length(), limits.bodyThreshold())
            .fault();
    }

    @Test
    void shouldLimitLineLengthOfRequests() {
        String longest = "touch k " + "0".repeat(RequestFramer.LINE_LENGTH_MAX - 10);
        assertRequest(WIDE, longest + "\r\n", longest + "0\r\n", "line too long");
        assertRequest(WIDE, "x".repeat(2047), "x".repeat(2048), "line too long");
        FrameLimits narrow = new FrameLimits(1000, 1000, 1000, 10, 20, 1000);
        assertRequest(narrow, "touch key 123456789\n", "touch key 1234567890\n", "line too long");
    }

    @Test
    void shouldLimitLinesOfManyKeysByMessageLengthAlone() {
        String keys = "get" + " k".repeat(999);
        assertTrue(keys.length() < RequestFramer.LINE_LENGTH_MAX);
        String longKeys = "gats 10" + (" " + "k".repeat(250)).repeat(300);
        assertRequest(WIDE, longKeys + "\r\n", longKeys + " ".repeat(30_000), "line too long");
        assertRequest(withMessageLength(2500), "get " + "k".repeat(2494) + "\r\n", "get " + "k".repeat(2495) + "\r\n",
            "line too long");
    }

    @Test
    void shouldLimitKeysOfRequests() {
        assertRequest(WIDE, "get" + " k".repeat(999) + "\r\n", "get" + " k".repeat(1000) + "\r\n", "too many keys");
        FrameLimits few = new FrameLimits(1000, 1000, 3, 10, 100, 1000);
        assertRequest(few, "get a b\r\n", "get a b c\r\n", "too many keys");
    }

    @Test
    void shouldLimitBulkLengthOfRequests() {
        FrameLimits limits = new FrameLimits(100_000, 20, 1000, 10, 100, 1000);
        assertRequest(limits, Corpus.store("set k 0 0 20", "x".repeat(20)), "", null);
        assertSkipped(limits, "set k 0 0 21", 21);
        assertSkipped(limits, "ms k 900 q", 900);
        assertSkipped(limits, "cas k 0 0 5000 1 noreply", 5000);
    }

    @Test
    void shouldLimitMessageLengthOfRequests() {
        String request = Corpus.store("set k 0 0 50", "x".repeat(50));
        assertRequest(withMessageLength(request.length()), request, "", null);
        assertSkipped(withMessageLength(request.length() - 1), "set k 0 0 50", 50);
        assertSkipped(new FrameLimits(request.length() - 1, 1000, 1000, 10, 100, 10), "set k 0 0 50", 50);
    }

    @Test
    void shouldLimitLengthsThatAServerMayReadOtherwise() {
        for (String length : List.of("+5", "-1", "-0", "5\t", "\u000b5", "2147483646", "4294967301", "9".repeat(40))) {
            assertRequest(WIDE, "set k 0 0 x" + length + "\r\nmn\r\n", "set k 0 0 " + length + "\r\nmn\r\n",
                "bad command line format");
        }
    }

    @Test
    void shouldLimitLineLengthOfReplies() {
        FrameLimits limits = new FrameLimits(1000, 1000, 1000, 10, 20, 1000);
        assertReply(limits, "VERSION 1.6.1800000", "VERSION 1.6.18000000", "too long line");
        assertReply(limits, "VERSION 1.6.180000\r\n", "VERSION 1.6.1800000\r\n", "too long line");
        assertReply(limits, "x".repeat(19), "x".repeat(20), "too long line");
    }

    @Test
    void shouldLimitMessageLengthOfReplies() {
        String reply = "VALUE a 0 1\r\n1\r\nVALUE b 0 1\r\n2\r\nEND\r\n";
        assertReply(withMessageLength(reply.length()), reply, reply.replace("b 0 1", "bb 0 1"), "too big reply");
        String stats = "STAT a 1\r\nEND\r\n";
        assertReply(withMessageLength(stats.length()), stats, "STAT a 10\r\nEND\r\n", "too big reply");
        FrameLimits bodies = new FrameLimits(59, 1000, 1000, 10, 100, 10);
        assertReply(bodies, "VALUE a 0 38\r\n" + "x".repeat(38) + "\r\nEND\r\n",
            "VALUE a 0 39\r\n" + "x".repeat(39) + "\r\nEND\r\n", "too big reply");
    }

    @Test
    void shouldLimitBulkLengthOfReplies() {
        FrameLimits limits = new FrameLimits(1000, 12, 1000, 10, 100, 1000);
        assertReply(limits, "VALUE a 0 12\r\n123456789012\r\nEND\r\n", "VALUE a 0 13\r\n", "invalid data length");
        assertReply(limits, "VA 12\r\n123456789012\r\n", "VA 13\r\n", "invalid data length");
    }

    @Test
    void shouldLimitLinesOfReplies() {
        FrameLimits limits = new FrameLimits(1000, 1000, 2, 10, 100, 1000);
        assertReply(limits, "STAT a 1\r\n".repeat(2) + "END\r\n", "STAT a 1\r\n".repeat(3), "too many lines");
        assertReply(limits, "VALUE a 0 0\r\n\r\n".repeat(2) + "END\r\n", "VALUE a 0 0\r\n\r\n".repeat(3),
            "too many lines");
    }

    @Test
    void shouldCutBodiesAtTheThreshold() {
        FrameLimits limits = new FrameLimits(1000, 1000, 1000, 10, 100, 10);
        assertEquals("set k 0 0 9\r\n123456789\r\n", head(new RequestFramer(limits), "set k 0 0 9\r\n123456789\r\n"));
        assertEquals("set k 0 0 10\r\n\r\n", head(new RequestFramer(limits), "set k 0 0 10\r\n1234567890\r\n"));
        assertEquals("VALUE k 0 10\r\n\r\nEND\r\n",
            head(new ReplyFramer(limits), "VALUE k 0 10\r\n1234567890\r\nEND\r\n"));
    }

    private static String head(Framer framer, String stream) {
        return Feeder.feed(framer, Corpus.bytes(stream)).frames().getFirst().head();
    }
}
