package org.millrace.engine.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;
import static org.millrace.engine.kit.Resp.bytes;
import static org.millrace.engine.kit.Resp.request;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.Framer;
import org.millrace.codec.resp.ReplyFramer;
import org.millrace.codec.resp.RequestFramer;
import org.millrace.engine.kit.Resp;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** However a stream is cut into segments, the same messages come out, and nothing is kept longer than they are. */
class AssemblerTest {
    private static final int THRESHOLD = 64;

    private final FrameLimits limits = new FrameLimits(1 << 20, 1 << 20, 1024, 8, 256, THRESHOLD);
    private final SegmentArena arena = new SegmentArena(new ArenaConfig(8 << 20, 1 << 20, true));
    private final MessagePool pool = new MessagePool(arena, THRESHOLD);

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, pool.inUse());
        assertEquals(0, arena.segmentsInUse());
        arena.close();
    }

    @Test
    void shouldFindTheSameMessagesHoweverTheStreamIsCutInTwo() {
        List<String> messages = List.of(request("GET", "k"), request("SET", "key", Resp.value(200)),
            request("MSET", "a", Resp.value(100), "b", "short", "c", Resp.value(64)), "PING\r\n", request("DEL", "x"));
        String stream = String.join("", messages);
        for (int cut = 0; cut <= stream.length(); cut++) {
            Feed feed = new Feed(new RequestFramer(limits));
            feed.take(stream.substring(0, cut));
            feed.take(stream.substring(cut));
            assertEquals(messages, feed.messages, "cut at " + cut);
            feed.close();
        }
    }

    @Test
    void shouldFindTheSameMessagesByteByByte() {
        List<String> messages = List.of(request("GET", "k"), request("SET", "key", Resp.value(3_000)), "PING x\r\n");
        Feed feed = new Feed(new RequestFramer(limits));
        for (char c : String.join("", messages).toCharArray()) {
            feed.take(String.valueOf(c));
        }
        assertEquals(messages, feed.messages);
        feed.close();
    }

    @Test
    void shouldFindTheSameRepliesInRandomPieces() {
        List<String> replies = List.of("+OK\r\n", bulk(Resp.value(1_000)), "*3\r\n$-1\r\n" + bulk(Resp.value(90))
            + ":7\r\n", "*-1\r\n", bulk(""), "-ERR no\r\n", "*2\r\n*1\r\n" + bulk(Resp.value(64)) + bulk("x"));
        String stream = String.join("", replies);
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            Feed feed = new Feed(new ReplyFramer(limits));
            int at = 0;
            while (at < stream.length()) {
                int length = Math.min(stream.length() - at, 1 + random.nextInt(random.nextBoolean() ? 5 : 400));
                feed.take(stream.substring(at, at + length));
                at += length;
            }
            assertEquals(replies, feed.messages, "seed " + seed);
            feed.close();
        }
    }

    @Test
    void shouldLeaveAMessageThatIsWholeInASegmentWhereItLies() {
        Assembler assembler = new Assembler(new RequestFramer(limits), pool);
        String text = request("GET", "k");
        Segment segment = segment("\r\n\r\n" + text);
        assertEquals(Assembler.MESSAGE, assembler.advance(segment, 0, text.length() + 4));
        assertNull(assembler.takeMessage());
        assertEquals(4, assembler.residentOffset());
        assertEquals(text.length(), assembler.residentLength());
        assertEquals(text.length() + 4, assembler.position());
        assertEquals(0, pool.bytesCopied());
        segment.release();
    }

    @Test
    void shouldSkipEmptyLinesWhereverSegmentsEnd() {
        String get = request("GET", "k");
        String stream = "\r\n" + get + "\r\n\r\n*0\r\n" + get + "\n*-1\r\n\r\nPING\r\n";
        for (int first = 0; first <= stream.length(); first++) {
            for (int second = first; second <= stream.length(); second++) {
                Feed feed = new Feed(new RequestFramer(limits));
                feed.take(stream.substring(0, first));
                feed.take(stream.substring(first, second));
                feed.take(stream.substring(second));
                assertEquals(List.of(get, get, "PING\r\n"), feed.messages, first + ", " + second);
                assertTrue(feed.assembler.isIdle());
                assertEquals(0, pool.inUse());
                feed.close();
            }
        }
    }

    @Test
    void shouldKeepNothingForAnEmptyLineThatIsCut() {
        Feed feed = new Feed(new RequestFramer(limits));
        feed.take("\r");
        feed.take("\n");
        assertTrue(feed.assembler.isIdle());
        assertEquals(0, arena.segmentsInUse());
        feed.close();
    }

    @Test
    void shouldCopyTheScrapsOfADrippingBodyTogether() {
        Feed feed = new Feed(new RequestFramer(limits));
        String value = Resp.value(5_000);
        feed.take("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5000\r\n");
        for (int i = 0; i < value.length(); i++) {
            feed.take(value.substring(i, i + 1));
        }
        // 16 scraps pin the segment they came in; all others lie together
        assertTrue(arena.segmentsInUse() <= 20, arena.segmentsInUse() + " segments");
        feed.take("\r\n");
        assertEquals(List.of(request("SET", "k", value)), feed.messages);
        feed.close();
    }

    @Test
    void shouldNotCopyTheInsideOfALargeValue() {
        Feed feed = new Feed(new RequestFramer(limits));
        String text = request("SET", "k", Resp.value(100_000));
        feed.take(text.substring(0, 50_000));
        assertTrue(feed.assembler.isGathering());
        feed.take(text.substring(50_000));
        assertTrue(pool.bytesCopied() < 200, pool.bytesCopied() + " bytes copied");
        assertEquals(List.of(text), feed.messages);
        feed.close();
    }

    @Test
    void shouldJoinAValueThatRunsOnInOneSegmentToOneSlice() {
        Assembler assembler = new Assembler(new RequestFramer(limits), pool);
        String text = request("SET", "k", Resp.value(1_000));
        Segment segment = segment(text);
        for (int at = 0; at < text.length() - 1; at += 7) {
            int limit = Math.min(text.length() - 1, at + 7);
            assertEquals(Assembler.NEED_MORE, assembler.advance(segment, at, limit));
        }
        assertEquals(Assembler.MESSAGE, assembler.advance(segment, text.length() - 1, text.length()));
        Message message = assembler.takeMessage();
        assertEquals(2, segment.references());
        assertEquals(1_000, message.bodyLength(0));
        pool.release(message);
        segment.release();
    }

    @Test
    void shouldReserveALongHeadOnce() {
        SegmentArena small = new SegmentArena(new ArenaConfig(1 << 20, 1 << 20, true));
        MessagePool heads = new MessagePool(small, 1 << 19);
        Assembler assembler = new Assembler(new RequestFramer(
            new FrameLimits(1 << 20, 1 << 20, 1024, 8, 256, 1 << 19)), heads);
        String text = request("SET", "k", Resp.value(100_000));
        Segment first = small.acquire(60_000);
        first.buffer().putBytes(0, bytes(text), 0, 60_000);
        assertEquals(Assembler.NEED_MORE, assembler.advance(first, 0, 60_000));
        first.release();
        assertEquals(1, small.segmentsInUse());
        assertTrue(small.bytesInUse() >= text.length(), "room for the whole message is taken at once");
        assembler.close();
        small.close();
    }

    @Test
    void shouldSayWhenThereIsNoMemoryForAHead() {
        SegmentArena small = new SegmentArena(new ArenaConfig(4096, 4096, true));
        MessagePool poor = new MessagePool(small, 1 << 20);
        Assembler assembler = new Assembler(new RequestFramer(limits), poor);
        Segment all = small.acquire(4096);
        String text = "*2\r\n$3\r\nGET\r\n$5\r\nab";
        all.buffer().putBytes(0, bytes(text));
        assertEquals(Assembler.NO_MEMORY, assembler.advance(all, 0, text.length()));
        assembler.close();
        assertEquals(0, poor.inUse());
        all.release();
        small.close();
    }

    @Test
    void shouldSayWhenThereIsNoMemoryForScraps() {
        SegmentArena small = new SegmentArena(new ArenaConfig(8192, 8192, true));
        MessagePool poor = new MessagePool(small, THRESHOLD);
        Assembler assembler = new Assembler(new RequestFramer(limits), poor);
        Segment segment = small.acquire(512);
        String text = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5000\r\n";
        segment.buffer().putBytes(0, bytes(text));
        int status = assembler.advance(segment, 0, text.length());
        int scraps = 0;
        while (status == Assembler.NEED_MORE) {
            // not where the last scrap ended, so that it is one of its own
            status = assembler.advance(segment, scraps++ % 2 == 0 ? 100 : 200, scraps % 2 == 1 ? 101 : 201);
        }
        assertEquals(Assembler.NO_MEMORY, status);
        assembler.close();
        assertEquals(0, poor.inUse());
        segment.release();
        assertEquals(0, small.segmentsInUse());
        small.close();
    }

    @Test
    void shouldSayWhatIsWrongAndKeepNothing() {
        Feed feed = new Feed(new RequestFramer(limits));
        feed.take("*1\r\n$3\r\nG");
        assertEquals(Assembler.ERROR, feed.take("ETxx"));
        assertNotNull(feed.framer.error());
        feed.close();
    }

    @Test
    void shouldDropAHalfReceivedMessage() {
        Feed feed = new Feed(new RequestFramer(limits));
        feed.take("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$500\r\nabcdef");
        assertEquals(1, pool.inUse());
        feed.close();
        assertEquals(0, pool.inUse());
    }

    private Segment segment(String text) {
        Segment segment = arena.acquire(text.length());
        segment.buffer().putBytes(0, bytes(text));
        return segment;
    }

    /** Hands pieces to an assembler, each in a segment of its own, and notes the messages as text. */
    private final class Feed {
        private final Framer framer;
        private final Assembler assembler;
        private final List<String> messages = new ArrayList<>();

        Feed(Framer framer) {
            this.framer = framer;
            this.assembler = new Assembler(framer, pool);
        }

        int take(String text) {
            int offset = 5;
            Segment segment = arena.acquire(text.length() + offset);
            segment.buffer().putBytes(offset, bytes(text));
            int at = offset;
            int limit = offset + text.length();
            int status = Assembler.NEED_MORE;
            while (at < limit && status != Assembler.ERROR) {
                status = assembler.advance(segment, at, limit);
                at = status == Assembler.MESSAGE ? assembler.position() : limit;
                if (status == Assembler.MESSAGE) {
                    note(segment, assembler.takeMessage());
                }
            }
            segment.release();
            return status;
        }

        private void note(Segment segment, Message message) {
            if (message == null) {
                byte[] bytes = new byte[assembler.residentLength()];
                segment.buffer().getBytes(assembler.residentOffset(), bytes);
                messages.add(new String(bytes, StandardCharsets.ISO_8859_1));
                return;
            }
            Output output = new Output(arena);
            message.writeTo(output, THRESHOLD, pool);
            String text = Outputs.text(output);
            assertEquals(message.length(), text.length());
            messages.add(text);
            output.discard();
            pool.release(message);
        }

        void close() {
            assembler.close();
        }
    }
}
