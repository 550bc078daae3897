package org.millrace.codec.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Feeder;
import org.millrace.codec.Framer;
import org.millrace.codec.GuardedBuffer;

/** The work of a framer is linear in its bytes, values cost nothing, and nothing is allocated. */
final class FramingCostTest {
    private static final int VALUE_LENGTH = 1 << 20;

    @Test
    void shouldReadNothingOfADrippingValue() {
        assertDripReads(new RequestFramer(Feeder.limits(2 * VALUE_LENGTH)), "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n", 0);
        assertDripReads(new ReplyFramer(Feeder.limits(2 * VALUE_LENGTH)), "", 1);
    }

    private static void assertDripReads(Framer framer, String before, int extra) {
        GuardedBuffer buffer = new GuardedBuffer(1, (byte) '7');
        String header = before + "$" + VALUE_LENGTH + "\r\n";
        drip(framer, buffer, header);
        // a byte of a header is read once, and the first of a word or reply once more
        assertTrue(buffer.reads() <= header.length() + extra, "reads of header: " + buffer.reads());
        long reads = buffer.reads();
        for (int i = 0; i < VALUE_LENGTH; i++) {
            assertEquals(Framer.NEED_MORE, dripByte(framer, buffer, 'v'));
        }
        assertEquals(0, buffer.reads() - reads);
        assertEquals(Framer.NEED_MORE, dripByte(framer, buffer, '\r'));
        assertEquals(Framer.MESSAGE, dripByte(framer, buffer, '\n'));
        assertEquals(2, buffer.reads() - reads);
        assertEquals(header.length() + VALUE_LENGTH + 2, framer.headLength());
    }

    private static void drip(Framer framer, GuardedBuffer buffer, String text) {
        for (int i = 0; i < text.length(); i++) {
            assertEquals(Framer.NEED_MORE, dripByte(framer, buffer, text.charAt(i)));
        }
    }

    private static int dripByte(Framer framer, GuardedBuffer buffer, char b) {
        buffer.putByte(GuardedBuffer.MARGIN, (byte) b);
        buffer.allow(GuardedBuffer.MARGIN, GuardedBuffer.MARGIN + 1);
        return framer.scan(buffer, GuardedBuffer.MARGIN, GuardedBuffer.MARGIN + 1);
    }

    @Test
    void shouldReadEachByteOfADrippingLineOnce() {
        GuardedBuffer buffer = new GuardedBuffer(1, (byte) '7');
        RequestFramer request = new RequestFramer(Feeder.limits(16));
        drip(request, buffer, "x".repeat(60_000));
        // the first byte is looked at to tell an inline command from an array
        assertEquals(60_001, buffer.reads());
        ReplyFramer reply = new ReplyFramer(Feeder.limits(16));
        drip(reply, buffer, "+" + "x".repeat(60_000));
        assertTrue(buffer.reads() <= 60_001 + 60_003, "reads " + buffer.reads());
    }

    @Test
    void shouldReadTheSameOfEachPipelinedMessage() {
        assertFlat(new RequestFramer(Feeder.limits(1000)), Corpus.request("SET", "key:000000000012", "v".repeat(30)));
        assertFlat(new RequestFramer(Feeder.limits(1000)), Corpus.request("SET", "k", "v".repeat(500)));
        assertFlat(new RequestFramer(Feeder.limits(1000)), "*0\r\n\r\nPING\r\n");
        assertFlat(new ReplyFramer(Feeder.limits(1000)), "$30\r\n" + "v".repeat(30) + "\r\n");
        assertFlat(new ReplyFramer(Feeder.limits(1000)), "*2\r\n*1\r\n:1\r\n$3\r\nabc\r\n");
    }

    private static void assertFlat(Framer framer, String message) {
        int messages = 10_000;
        byte[] bytes = Corpus.bytes(message.repeat(messages));
        Feeder one = Feeder.feed(framer, Corpus.bytes(message));
        Feeder all = Feeder.feed(framer, bytes);
        assertEquals(messages, all.frames().size());
        // the last message of a buffer may take the slower path
        long most = one.reads() * messages;
        assertTrue(all.reads() <= most, all.reads() + " reads, one message " + one.reads());
        // a short header is peeked at as a whole before it is read byte by byte
        assertTrue(one.reads() <= message.length() * 2L + 4, "reads of one: " + one.reads());
    }

    @Test
    void shouldNotReadLongValues() {
        Feeder feeder = Feeder.feed(new RequestFramer(Feeder.limits(1 << 20)),
            Corpus.bytes(Corpus.request("SET", "k", "v".repeat(100_000))));
        assertTrue(feeder.reads() < 60, "reads " + feeder.reads());
    }

    @Test
    void shouldAllocateNothing() {
        UnsafeBuffer requests = buffer(String.join("", Corpus.requests()));
        UnsafeBuffer replies = buffer(String.join("", Corpus.replies()));
        UnsafeBuffer broken = buffer("*1\r\n\u00ff\r\n");
        Framer requestFramer = new RequestFramer(Feeder.limits(64));
        Framer replyFramer = new ReplyFramer(Feeder.limits(64));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 50 && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200; i++) {
                frameAll(requestFramer, requests);
                frameAll(replyFramer, replies);
                frameAll(requestFramer, broken);
                requestFramer.reset();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes allocated");
    }

    private static UnsafeBuffer buffer(String text) {
        return new UnsafeBuffer(Corpus.bytes(text));
    }

    private static void frameAll(Framer framer, UnsafeBuffer buffer) {
        int at = 0;
        int status = Framer.MESSAGE;
        while (status != Framer.NEED_MORE && status != Framer.ERROR) {
            status = framer.scan(buffer, at, buffer.capacity());
            at = framer.position();
            if (status == Framer.BODY) {
                at += (int) framer.bodyLength();
                framer.bodyTaken();
            }
        }
    }
}
