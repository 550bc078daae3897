package org.millrace.engine.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.millrace.engine.kit.Resp.bulk;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.codec.FrameLimits;
import org.millrace.codec.resp.ReplyFramer;
import org.millrace.engine.kit.Resp;
import org.millrace.io.ArenaConfig;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Replies that go on in parts are the same bytes, wherever they are cut; one that has no room is framed, not kept. */
class AssemblerPartsTest {
    private static final int THRESHOLD = 64;
    private static final List<String> REPLIES = List.of(bulk(Resp.value(1_000)),
        "*3\r\n$-1\r\n" + bulk(Resp.value(90)) + ":7\r\n", "+OK\r\n", bulk(""),
        "*2\r\n*1\r\n" + bulk(Resp.value(64)) + bulk("x"), "*40\r\n" + bulk("0123456789").repeat(40));

    private final FrameLimits limits = new FrameLimits(1 << 20, 1 << 20, 1024, 8, 256, THRESHOLD);
    private final SegmentArena arena = new SegmentArena(new ArenaConfig(1 << 20, 1 << 20, true).withReserve(1 << 18));
    private final MessagePool pool = new MessagePool(arena, THRESHOLD);
    private final Assembler assembler = new Assembler(new ReplyFramer(limits), pool, true);

    @AfterEach
    void nothingIsLeft() {
        assembler.close();
        assertEquals(0, pool.inUse());
        assertEquals(0, arena.segmentsInUse());
        arena.close();
    }

    @Test
    void shouldGiveTheSameBytesWithAPartTakenAtEveryPlace() {
        String stream = String.join("", REPLIES);
        for (int cut = 1; cut < stream.length(); cut++) {
            StringBuilder out = new StringBuilder();
            take(stream.substring(0, cut), out, true);
            take(stream.substring(cut), out, true);
            assertEquals(stream, out.toString(), "cut at " + cut);
        }
    }

    @Test
    void shouldGiveTheSameBytesInRandomPiecesAndParts() {
        String stream = String.join("", REPLIES).repeat(3);
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            StringBuilder out = new StringBuilder();
            int at = 0;
            while (at < stream.length()) {
                int length = Math.min(stream.length() - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 300));
                take(stream.substring(at, at + length), out, random.nextBoolean());
                at += length;
            }
            assertEquals(stream, out.toString(), "seed " + seed);
        }
    }

    /** Receives a piece and appends what comes out of it; what is unfinished goes on as a part if {@code parts}. */
    private void take(String piece, StringBuilder out, boolean parts) {
        Segment segment = arena.acquireReserved(piece.length());
        segment.buffer().putBytes(0, piece.getBytes(StandardCharsets.US_ASCII));
        int at = 0;
        while (at < piece.length()) {
            if (assembler.advance(segment, at, piece.length()) == Assembler.MESSAGE) {
                at = assembler.position();
                Message message = assembler.takeMessage();
                if (message == null) {
                    assertFalse(assembler.wasParted());
                    out.append(segment.buffer().getStringWithoutLengthAscii(assembler.residentOffset(),
                        assembler.residentLength()));
                } else {
                    write(message, out);
                }
            } else {
                at = piece.length();
                if (parts && assembler.heldBytes() > 0) {
                    write(assembler.takePart(), out);
                    assertTrue(assembler.isParted());
                }
            }
        }
        segment.release();
    }

    private void write(Message message, StringBuilder out) {
        Output output = new Output(arena);
        assertTrue(message.writeTo(output, THRESHOLD, pool) != Message.NO_MEMORY);
        for (int i = 0; i < output.chunks(); i++) {
            UnsafeBuffer bytes = output.chunkSegment(i).buffer();
            out.append(bytes.getStringWithoutLengthAscii(output.chunkOffset(i), output.chunkLength(i)));
        }
        output.discard();
        pool.release(message);
    }

    @Test
    void shouldDiscardAReplyThatWouldUseUpTheReserve() {
        String value = bulk(Resp.value(900_000));
        String stream = value + "+next\r\n";
        int at = 0;
        boolean discarded = false;
        String next = null;
        while (at < stream.length()) {
            int length = Math.min(50_000, stream.length() - at);
            Segment segment = arena.acquireReserved(length);
            assertTrue(segment != null, "what is discarded holds no memory");
            segment.buffer().putBytes(0, stream.substring(at, at + length).getBytes(StandardCharsets.US_ASCII));
            int offset = 0;
            while (offset < length && assembler.advance(segment, offset, length) == Assembler.MESSAGE) {
                offset = assembler.position();
                assertNull(assembler.takeMessage());
                if (assembler.wasDiscarded()) {
                    discarded = true;
                } else {
                    next = segment.buffer().getStringWithoutLengthAscii(assembler.residentOffset(),
                        assembler.residentLength());
                }
            }
            segment.release();
            at += length;
        }
        assertTrue(discarded);
        assertEquals("+next\r\n", next, "the stream goes on behind it");
    }
}
