package org.millrace.perf.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.millrace.io.Output;
import org.millrace.io.Segment;
import org.millrace.io.SegmentArena;

/**
 * Answers multi-gets of memcached, one flush at a time, with a value for each key. A request of a length that it has
 * seen before is taken for that one, so that answering costs nothing of what is measured.
 */
final class MultiGetReplies extends PiecewiseReplies {
    private final SegmentArena arena;
    private final String value;
    private Segment segment;
    private long knownLength = -1;
    private int replyLength;

    /**
     * A server.
     *
     * @param value the data for every key
     */
    MultiGetReplies(SegmentArena arena, String value) {
        this.arena = arena;
        this.value = value;
    }

    @Override
    public void onRequests(Output output) {
        mustBeDone();
        long length = output.unsentBytes();
        if (length != knownLength) {
            learn(output);
            knownLength = length;
        }
        answer(0, replyLength);
    }

    private void learn(Output output) {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < output.chunks(); i++) {
            requests.append(output.chunkSegment(i).buffer().getStringWithoutLengthAscii(output.chunkOffset(i),
                output.chunkLength(i)));
        }
        StringBuilder replies = new StringBuilder();
        for (String line : requests.toString().split("\r\n")) {
            String[] words = line.split(" ");
            for (int i = 1; i < words.length; i++) {
                replies.append("VALUE ").append(words[i]).append(" 0 ").append(value.length()).append("\r\n")
                    .append(value).append("\r\n");
            }
            replies.append("END\r\n");
        }
        close();
        replyLength = replies.length();
        segment = arena.acquire(replyLength);
        segment.buffer().putBytes(0, replies.toString().getBytes(US_ASCII));
    }

    @Override
    Segment segment() {
        return segment;
    }

    @Override
    public void close() {
        if (segment != null) {
            segment.release();
            segment = null;
        }
    }
}
