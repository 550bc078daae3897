package org.millrace.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.millrace.codec.resp.ReplyFramer;
import org.millrace.codec.resp.RequestFramer;

/**
 * Feeds a stream to a framer in chunks as an engine does, each chunk alone amid poison, checks what must hold after
 * each scan, and writes down what was framed.
 */
public final class Feeder {
    /** One message: its head, its bytes with the bodies in place, and what the framer told of it. */
    public record Frame(String head, String message, String getters) {
    }

    private final Framer framer;
    private final List<Frame> frames = new ArrayList<>();
    private final StringBuilder getters = new StringBuilder();
    private byte[] head = new byte[64];
    private byte[] message = new byte[64];
    private int headLength;
    private int messageLength;
    private long bodyLeft;
    private String error;
    private long reads;

    private Feeder(Framer framer) {
        this.framer = framer;
    }

    /** Feeds all bytes, cut at the given offsets. */
    public static Feeder feed(Framer framer, byte[] stream, int... cuts) {
        Feeder feeder = new Feeder(framer);
        int from = 0;
        for (int cut : cuts) {
            feeder.chunk(stream, from, cut - from);
            from = cut;
        }
        feeder.chunk(stream, from, stream.length - from);
        return feeder;
    }

    /** Wide limits. */
    public static FrameLimits limits(int bodyThreshold) {
        return new FrameLimits(512L << 20, 512L << 20, 1 << 20, 8, 64 << 10, bodyThreshold);
    }

    private void chunk(byte[] stream, int offset, int length) {
        GuardedBuffer buffer = new GuardedBuffer(length, (byte) (offset % 3 == 0 ? '\n' : '0'));
        buffer.fill(stream, offset, length);
        int at = GuardedBuffer.MARGIN;
        int limit = at + length;
        boolean goOn = error == null;
        while (goOn) {
            if (bodyLeft > 0) {
                int taken = (int) Math.min(bodyLeft, limit - at);
                append(buffer, at, taken);
                at += taken;
                bodyLeft -= taken;
                if (bodyLeft > 0) {
                    break;
                }
                framer.bodyTaken();
            }
            int status = framer.scan(buffer, at, limit);
            int position = framer.position();
            assertTrue(position >= at && position <= limit, "position " + position);
            takeHead(buffer, at, position);
            goOn = taken(status, position - at, position == limit);
            at = position;
        }
        reads += buffer.reads();
    }

    private boolean taken(int status, int progress, boolean all) {
        assertTrue(framer.headBytesAhead() >= 0);
        switch (status) {
            case Framer.NEED_MORE -> {
                assertTrue(all, "must take all bytes");
                return false;
            }
            case Framer.BODY -> {
                bodyLeft = framer.bodyLength();
                assertTrue(bodyLeft > 0);
                getters.append("body at ").append(headLength).append(' ').append(bodyLeft).append(' ')
                    .append(framer.bodyCount()).append('\n');
                return true;
            }
            case Framer.MESSAGE -> {
                assertTrue(progress > 0, "must make progress");
                assertTrue(framer.isBetweenMessages());
                assertEquals(0, framer.headBytesAhead());
                frames.add(new Frame(text(head, headLength),
                    text(message, messageLength), getters + told()));
                getters.setLength(0);
                headLength = 0;
                messageLength = 0;
                return true;
            }
            default -> {
                assertEquals(Framer.ERROR, status);
                assertNotNull(framer.error());
                error = framer.error();
                return false;
            }
        }
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private String told() {
        if (framer instanceof RequestFramer request) {
            return framer.headLength() + " " + framer.bodyCount() + " " + request.isInline() + " "
                + request.argumentCount() + " " + request.nameOffset() + "+" + request.nameLength() + " "
                + request.keyOffset() + "+" + request.keyLength();
        }
        if (framer instanceof org.millrace.codec.memcached.RequestFramer request) {
            return framer.headLength() + " " + framer.bodyCount() + " " + request.command() + " "
                + request.wordCount() + " " + request.keyOffset() + "+" + request.keyLength();
        }
        if (framer instanceof org.millrace.codec.memcached.ReplyFramer reply) {
            return framer.headLength() + " " + framer.bodyCount() + " " + reply.type() + " " + reply.lineCount() + " "
                + reply.endsWithError();
        }
        ReplyFramer reply = (ReplyFramer) framer;
        return framer.headLength() + " " + framer.bodyCount() + " " + (char) reply.type() + reply.elementCount();
    }

    /** Joins the head bytes of a scan as the contract of the framer says. */
    private void takeHead(GuardedBuffer buffer, int from, int position) {
        int fresh = (int) Math.min(framer.headLength(), position - from);
        int kept = (int) framer.headLength() - fresh;
        assertTrue(kept <= headLength, "keeps more than was there");
        messageLength -= headLength - kept;
        headLength = kept;
        if (headLength + fresh > head.length) {
            head = Arrays.copyOf(head, (headLength + fresh) * 2);
        }
        buffer.copy(position - fresh, head, headLength, fresh);
        headLength += fresh;
        append(buffer, position - fresh, fresh);
    }

    private void append(GuardedBuffer buffer, int from, int length) {
        if (messageLength + length > message.length) {
            message = Arrays.copyOf(message, (messageLength + length) * 2);
        }
        buffer.copy(from, message, messageLength, length);
        messageLength += length;
    }

    /** The messages so far. */
    public List<Frame> frames() {
        return frames;
    }

    /** What ended the framing, or null. */
    public String error() {
        return error;
    }

    /** Bytes read by the framer. */
    public long reads() {
        return reads;
    }

    /** All that must not depend on the chunks. */
    public String summary() {
        return frames + " " + error + " " + (error == null
            ? headLength + " " + messageLength + " " + framer.isBetweenMessages() + " " + bodyLeft + getters : "");
    }
}
