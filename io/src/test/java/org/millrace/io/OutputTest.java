package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The FIFO of chunks, drained as a transport drains it. */
class OutputTest {
    private final SegmentArena arena = new SegmentArena(new ArenaConfig(4 << 20, 1 << 20, true));
    private final Output output = new Output(arena);
    private final ByteArrayOutputStream drained = new ByteArrayOutputStream();

    @AfterEach
    void closeArena() {
        output.discard();
        arena.close();
    }

    @Test
    void shouldHoldNoSegmentWhenAllIsWritten() {
        assertTrue(output.append(new UnsafeBuffer(new byte[10]), 0, 10));
        assertEquals(1, arena.segmentsInUse());
        assertEquals(10, output.unsentBytes());
        drain(4);
        assertEquals(1, arena.segmentsInUse());
        assertEquals(4, output.writtenPosition());
        drain(6);
        assertEquals(0, arena.segmentsInUse());
        assertEquals(10, output.appendedPosition());
        assertEquals(0, output.chunks());
    }

    @Test
    void shouldAppendAllOrNothing() {
        arena.maxBytes(4096);
        assertTrue(output.append(new UnsafeBuffer(new byte[4000]), 0, 4000));
        assertFalse(output.append(new UnsafeBuffer(new byte[200]), 0, 200));
        assertNull(output.reserve(200));
        assertEquals(4000, output.appendedPosition());
        assertTrue(output.append(new UnsafeBuffer(new byte[96]), 0, 96));
        assertEquals(4096, output.unsentBytes());
        assertEquals(1, output.chunks());
    }

    @Test
    void shouldGiveAReservationBackThatIsNotUsed() {
        assertNotNull(output.reserve(100));
        output.commit(0);
        assertEquals(0, arena.segmentsInUse());
        UnsafeBuffer buffer = output.reserve(5000);
        buffer.putByte(output.reservedOffset(), (byte) 42);
        output.commit(1);
        drain(1);
        assertArrayEquals(new byte[] {42}, drained.toByteArray());
    }

    @Test
    void shouldJoinBorrowedBytesThatFollowEachOther() {
        Segment segment = arena.acquire(1000);
        output.appendBorrowed(segment, 0, 100);
        output.appendBorrowed(segment, 100, 100);
        output.appendBorrowed(segment, 300, 100);
        assertEquals(2, output.chunks());
        assertEquals(1, segment.references());
        output.discard();
        assertEquals(0, output.unsentBytes());
        assertEquals(1, segment.references());
        segment.release();
    }

    @Test
    void shouldDeliverAnyMixtureInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<Segment> lent = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? 60_000 : 400)];
            random.nextBytes(bytes);
            switch (random.nextInt(3)) {
                case 0 -> assertTrue(output.append(new UnsafeBuffer(bytes), 0, bytes.length));
                case 1 -> {
                    output.reserve(bytes.length + random.nextInt(100)).putBytes(output.reservedOffset(), bytes);
                    output.commit(bytes.length);
                }
                default -> {
                    Segment segment = arena.acquire(bytes.length);
                    segment.buffer().putBytes(0, bytes);
                    output.appendBorrowed(segment, 0, bytes.length);
                    lent.add(segment);
                }
            }
            expected.writeBytes(bytes);
            if (random.nextInt(3) == 0 || output.unsentBytes() > 1 << 20) {
                drain(random.nextBoolean() ? output.unsentBytes() : random.nextLong(output.unsentBytes() + 1));
            }
            if (output.unsentBytes() == 0) {
                lent.forEach(Segment::release);
                lent.clear();
                assertEquals(0, arena.segmentsInUse(), "seed " + seed);
            }
        }
        drain(output.unsentBytes());
        lent.forEach(Segment::release);
        assertArrayEquals(expected.toByteArray(), drained.toByteArray(), "seed " + seed);
        assertEquals(expected.size(), output.writtenPosition());
    }

    private void drain(long bytes) {
        long left = bytes;
        for (int i = 0; left > 0; i++) {
            int length = (int) Math.min(left, output.chunkLength(i));
            byte[] copy = new byte[length];
            output.chunkSegment(i).buffer().getBytes(output.chunkOffset(i), copy);
            drained.writeBytes(copy);
            left -= length;
        }
        output.advance(bytes);
    }
}
