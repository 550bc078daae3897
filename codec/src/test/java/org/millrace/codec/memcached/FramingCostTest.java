package org.millrace.codec.memcached;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.millrace.codec.Allocation;
import org.millrace.codec.Feeder;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.GuardedBuffer;

/** The work of a framer is linear in its bytes, data costs nothing, and nothing is allocated. */
final class FramingCostTest {
    private static final int VALUE_LENGTH = 1 << 20;

    @Test
    void shouldReadNothingOfADrippingValue() {
        assertDripReads(new RequestFramer(Feeder.limits(2 * VALUE_LENGTH)), "set k 0 0 " + VALUE_LENGTH + "\r\n",
            Framer.MESSAGE);
        assertDripReads(new ReplyFramer(Feeder.limits(2 * VALUE_LENGTH)), "VALUE k 0 " + VALUE_LENGTH + "\r\n",
            Framer.NEED_MORE);
    }

    private static void assertDripReads(Framer framer, String header, int last) {
        GuardedBuffer buffer = new GuardedBuffer(1, (byte) '7');
        drip(framer, buffer, header);
        // the first byte of a request is looked at before its line begins
        assertTrue(buffer.reads() <= header.length() + 1, "reads of header: " + buffer.reads());
        long reads = buffer.reads();
        for (int i = 0; i < VALUE_LENGTH; i++) {
            assertEquals(Framer.NEED_MORE, dripByte(framer, buffer, 'v'));
        }
        assertEquals(0, buffer.reads() - reads);
        assertEquals(Framer.NEED_MORE, dripByte(framer, buffer, '\r'));
        assertEquals(last, dripByte(framer, buffer, '\n'));
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
        drip(new RequestFramer(Feeder.limits(16)), buffer, "get" + " key".repeat(20_000));
        assertEquals(80_003 + 1, buffer.reads());
        GuardedBuffer replies = new GuardedBuffer(1, (byte) '7');
        drip(new ReplyFramer(Feeder.limits(16)), replies, "VERSION " + "x".repeat(60_000));
        assertEquals(60_008, replies.reads());
    }

    @Test
    void shouldReadNothingOfASkippedBlock() {
        Feeder feeder = Feeder.feed(new RequestFramer(new FrameLimits(1000, 100, 10, 1, 100, 10)),
            Corpus.bytes(Corpus.store("set k 0 0 100000", "v".repeat(100_000)) + "mn\r\n"));
        assertEquals(2, feeder.frames().size());
        assertTrue(feeder.reads() < 40, "reads " + feeder.reads());
    }

    @Test
    void shouldReadTheSameOfEachPipelinedMessage() {
        assertFlat(new RequestFramer(Feeder.limits(1000)), "get key:000000000012\r\n");
        assertFlat(new RequestFramer(Feeder.limits(1000)), Corpus.store("set k 0 0 500", "v".repeat(500)));
        assertFlat(new RequestFramer(Feeder.limits(1000)), "\r\n");
        assertFlat(new ReplyFramer(Feeder.limits(1000)), "VALUE k 0 30\r\n" + "v".repeat(30) + "\r\nEND\r\n");
        assertFlat(new ReplyFramer(Feeder.limits(1000)), "STORED\r\n");
    }

    private static void assertFlat(Framer framer, String message) {
        int messages = 10_000;
        Feeder all = Feeder.feed(framer, Corpus.bytes(message.repeat(messages)));
        assertEquals(messages, all.frames().size());
        // words are looked at eight bytes at a time, and what lies behind them again; a value never is
        int line = message.length() > 100 ? message.indexOf('\n') + 3 : message.length();
        assertTrue(all.reads() <= messages * (2L * line + 8), all.reads() + " reads of " + messages + " " + message);
    }

    @Test
    void shouldAllocateNothing() {
        UnsafeBuffer requests = buffer(String.join("", Corpus.requests()));
        UnsafeBuffer replies = buffer(String.join("", Corpus.replies()));
        UnsafeBuffer broken = buffer("set k 0 0 +1\r\n");
        Framer requestFramer = new RequestFramer(Feeder.limits(64));
        Framer replyFramer = new ReplyFramer(Feeder.limits(64));
        RequestView requestView = new RequestView();
        ReplyView replyView = new ReplyView();
        Allocation.assertNone(() -> {
            for (int i = 0; i < 200; i++) {
                frameAll(requestFramer, requests, requestView, null);
                frameAll(replyFramer, replies, null, replyView);
                frameAll(requestFramer, broken, requestView, null);
                requestFramer.reset();
            }
        });
    }

    private static UnsafeBuffer buffer(String text) {
        return new UnsafeBuffer(Corpus.bytes(text));
    }

    /** Frames and reads everything; no value is as long as the threshold, so heads lie where they were framed. */
    private static void frameAll(Framer framer, UnsafeBuffer buffer, RequestView requests, ReplyView replies) {
        int at = 0;
        int status = Framer.MESSAGE;
        while (status == Framer.MESSAGE) {
            status = framer.scan(buffer, at, buffer.capacity());
            at = framer.position();
            int length = (int) framer.headLength();
            if (status == Framer.MESSAGE && requests != null) {
                read(requests.wrap(buffer, at - length, length, 64));
            } else if (status == Framer.MESSAGE) {
                replies.wrap(buffer, at - length, length, 64);
                while (replies.next()) {
                    replies.keyLength();
                }
                replies.findFlag('O');
            }
        }
    }

    private static void read(RequestView view) {
        while (view.nextKey()) {
            view.keyLength();
        }
        view.refusal();
        view.findFlag('O');
        view.isQuiet();
    }
}
