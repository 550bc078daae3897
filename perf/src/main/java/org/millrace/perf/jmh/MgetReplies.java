package org.millrace.perf.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/** Answers MGET, one at a time, with an array of as many equal values as it has keys. */
final class MgetReplies extends PiecewiseReplies {
    private static final int HEADER_MAX = 16;

    private final Segment segment;
    private final UnsafeBuffer header = new UnsafeBuffer(new byte[HEADER_MAX]);
    private final int valueLength;

    /**
     * A server.
     *
     * @param keysMax most keys of an MGET
     * @param value   the answer for every key, as a bulk string
     */
    MgetReplies(SegmentArena arena, int keysMax, String value) {
        byte[] bytes = value.getBytes(US_ASCII);
        valueLength = bytes.length;
        segment = arena.acquire(HEADER_MAX + keysMax * valueLength);
        for (int i = 0; i < keysMax; i++) {
            segment.buffer().putBytes(HEADER_MAX + i * valueLength, bytes);
        }
    }

    @Override
    public void onRequests(Output output) {
        mustBeDone();
        int keys = words(output.chunkSegment(0).buffer(), output.chunkOffset(0)) - 1;
        header.putByte(0, (byte) '*');
        int length = 1 + header.putIntAscii(1, keys);
        header.putByte(length++, (byte) '\r');
        header.putByte(length++, (byte) '\n');
        int from = HEADER_MAX - length;
        segment.buffer().putBytes(from, header, 0, length);
        answer(from, HEADER_MAX + keys * valueLength);
    }

    /** The number of an array header. */
    private static int words(DirectBuffer buffer, int offset) {
        int words = 0;
        for (int i = offset + 1; buffer.getByte(i) != '\r'; i++) {
            words = words * 10 + buffer.getByte(i) - '0';
        }
        return words;
    }

    @Override
    Segment segment() {
        return segment;
    }

    @Override
    public void close() {
        segment.release();
    }
}
