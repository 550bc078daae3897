package org.millrace.engine.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bytes;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.kit.Resp;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Heads and bodies: what is copied, what is borrowed, who frees. */
class MessageTest {
    private static final int THRESHOLD = 1000;

    private final SegmentArena arena = new SegmentArena(new ArenaConfig(8 << 20, 1 << 20, true));
    private final MessagePool pool = new MessagePool(arena, THRESHOLD);
    private final MessagePool otherHalf = new MessagePool(arena, THRESHOLD);
    private final Output output = new Output(arena);

    @AfterEach
    void nothingIsLeft() {
        output.discard();
        assertEquals(0, pool.inUse());
        assertEquals(0, otherHalf.inUse());
        assertEquals(0, arena.segmentsInUse());
        arena.close();
    }

    @Test
    void shouldCopyASmallHeadToTheOutput() {
        Message message = withHead(pool, "hello");
        assertEquals(Message.COPIED, message.writeTo(output, THRESHOLD, pool));
        pool.release(message);
        assertEquals("hello", Outputs.text(output));
    }

    @Test
    void shouldLendALargeHeadToTheOutput() {
        String text = Resp.value(THRESHOLD);
        Message message = withHead(pool, text);
        assertEquals(Message.BORROWED, message.writeTo(output, THRESHOLD, pool));
        assertSame(message.head(), output.chunkSegment(0).buffer());
        assertEquals(text, Outputs.text(output));
        output.discard();
        pool.release(message);
    }

    @Test
    void shouldPutBodiesWhereTheyBelong() {
        Message message = pool.acquire();
        append(message, "a:");
        body(message, "FIRST");
        append(message, ",b:");
        body(message, "SEC", "OND");
        append(message, ";");
        assertEquals(Message.BORROWED, message.writeTo(output, THRESHOLD, pool));
        assertEquals("a:FIRST,b:SECOND;", Outputs.text(output));
        assertEquals(17, message.length());
        assertEquals(5, message.bodyLength(0));
        assertEquals(6, message.bodyLength(1));
        output.discard();
        pool.release(message);
    }

    @Test
    void shouldSayWhenTheOutputHasNoMemory() {
        SegmentArena small = new SegmentArena(new ArenaConfig(4096, 4096, true));
        Segment all = small.acquire(4096);
        Output poor = new Output(small);
        Message message = withHead(pool, "hello");
        assertEquals(Message.NO_MEMORY, message.writeTo(poor, THRESHOLD, pool));
        pool.release(message);
        all.release();
        small.close();
    }

    @Test
    void shouldGrowTheHeadAndKeepItsBytes() {
        Message message = pool.acquire();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            String piece = "piece " + i + ';';
            append(message, piece);
            expected.append(piece);
        }
        assertEquals(expected.toString(), head(message));
        assertEquals(1, arena.segmentsInUse());
        pool.release(message);
    }

    @Test
    void shouldForgetTheEndOfTheHead() {
        Message message = withHead(pool, "\r\n*1");
        message.keepHead(2);
        message.keepHead(10);
        assertEquals("\r\n", head(message));
        pool.release(message);
    }

    @Test
    void shouldForgetHeadAndBodiesButKeepTheMemory() {
        Message message = withHead(pool, "head");
        body(message, "body");
        message.truncateHead();
        assertEquals(0, message.length());
        assertEquals(0, message.bodyCount());
        assertEquals(1, arena.segmentsInUse());
        append(message, "new");
        assertEquals(Message.COPIED, message.writeTo(output, THRESHOLD, pool));
        assertEquals("new", Outputs.text(output));
        pool.release(message);
    }

    @Test
    void shouldWeavePartsWithTheirBodies() {
        Message source = pool.acquire();
        append(source, "0<");
        body(source, "AAA");
        append(source, ">1<");
        body(source, "BBB");
        append(source, ">2");
        Message woven = pool.acquire();
        assertTrue(woven.appendWithBodies(source, 3, 6, 1, 1));
        assertTrue(woven.appendWithBodies(source, 0, 3, 0, 1));
        pool.release(source);
        assertEquals(Message.BORROWED, woven.writeTo(output, THRESHOLD, pool));
        assertEquals("1<BBB>0<AAA>", Outputs.text(output));
        output.discard();
        pool.release(woven);
    }

    @Test
    void shouldBorrowBodiesOfTheOtherHalfWithoutCountingTheirSegments() {
        Message parent = pool.acquire();
        append(parent, "x");
        Segment segment = body(parent, "BODY");
        int references = segment.references();
        Message first = otherHalf.acquire();
        append(first, "1:");
        first.borrowBodyOf(parent, 0);
        Message second = otherHalf.acquire();
        append(second, "2:");
        second.borrowBodyOf(parent, 0);
        parent.adopt(first);
        parent.adopt(second);
        assertEquals(references, segment.references());
        assertEquals(Message.BORROWED, first.writeTo(output, THRESHOLD, pool));
        assertEquals(Message.BORROWED, second.writeTo(output, THRESHOLD, pool));
        assertEquals("1:BODY2:BODY", Outputs.text(output));
        output.discard();
        assertSame(parent, first.parent());
        otherHalf.release(first);
        assertFalse(parent.dropChild());
        otherHalf.release(second);
        assertTrue(parent.dropChild());
        assertEquals(references, segment.references());
        pool.release(parent);
    }

    @Test
    void shouldForgetItsPastWhenUsedAgain() {
        Message parent = withHead(pool, "p");
        body(parent, "BODY");
        Message child = otherHalf.acquire();
        append(child, "c");
        child.borrowBodyOf(parent, 0);
        parent.adopt(child);
        otherHalf.release(child);
        pool.release(parent);
        Message again = otherHalf.acquire();
        assertSame(child, again);
        assertNull(again.parent());
        assertEquals(0, again.length());
        Segment segment = arena.acquire(10);
        again.beginBody();
        assertTrue(again.addSlice(segment, 0, 10));
        assertEquals(2, segment.references(), "it holds its own slices again");
        segment.release();
        otherHalf.release(again);
    }

    @Test
    void shouldCopyABodyForAKey() {
        Message message = pool.acquire();
        append(message, "k");
        body(message, "abc", "def", "ghi");
        UnsafeBuffer target = new UnsafeBuffer(new byte[16]);
        assertEquals(7, message.copyBody(0, target, 7));
        assertEquals("abcdefg", target.getStringWithoutLengthAscii(0, 7));
        assertEquals(9, message.copyBody(0, target, 16));
        pool.release(message);
    }

    @Test
    void shouldTakeMoreBodiesAndSlicesThanItHasRoomFor() {
        Message message = pool.acquire();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            append(message, "<");
            body(message, "A" + i, "B" + i);
            expected.append("<A").append(i).append('B').append(i);
        }
        append(message, ".");
        message.writeTo(output, THRESHOLD, pool);
        assertEquals(expected + ".", Outputs.text(output));
        output.discard();
        pool.release(message);
    }

    @Test
    void shouldBeFreedByItsOwnerAlone() {
        Message message = pool.acquire();
        assertThrows(IllegalStateException.class, () -> otherHalf.release(message));
        pool.release(message);
    }

    private static Message withHead(MessagePool owner, String text) {
        Message message = owner.acquire();
        append(message, text);
        return message;
    }

    private static void append(Message message, String text) {
        assertTrue(message.appendHead(new UnsafeBuffer(bytes(text)), 0, text.length()));
    }

    /** Adds a body in slices of segments of their own, each far enough from the next; returns the last segment. */
    private Segment body(Message message, String... slices) {
        message.beginBody();
        Segment segment = null;
        for (String slice : slices) {
            segment = arena.acquire(slice.length() + 9);
            segment.buffer().putBytes(9, bytes(slice));
            assertTrue(message.addSlice(segment, 9, slice.length()));
            segment.release();
        }
        return segment;
    }

    private static String head(Message message) {
        byte[] bytes = new byte[message.headLength()];
        message.head().getBytes(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
