package org.millrace.perf.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.millrace.engine.tap.TapRecord;
import org.millrace.perf.capture.CaptureReader;

/** Makes requests with their replies of the records of a capture, a record at a time. */
final class CaptureSource {
    private final CaptureReader reader;
    private final Replay replay;
    private final KeyOrder order;
    private final Map<Long, Talk> open = new HashMap<>();
    private final RequestReader resp = new RespRequests();
    private final RequestReader memcached = new MemcachedRequests();
    private byte[] copy = new byte[1 << 10];
    private long captures;
    private long firstNs;
    private long lastNs;
    private long joined;
    private long damaged;

    CaptureSource(CaptureReader reader, Replay replay, KeyOrder order) {
        this.reader = reader;
        this.replay = replay;
        this.order = order;
    }

    /** Reads a record; false if there is none. */
    boolean read() throws IOException {
        if (!reader.next()) {
            endAll();
            return false;
        }
        if (reader.captures() != captures) {
            captures = reader.captures();
            endAll();
        }
        lastNs = reader.epochNs();
        firstNs = firstNs == 0 ? lastNs : firstNs;
        if (reader.type() == TapRecord.OPEN) {
            joined += (reader.flags() & TapRecord.JOINED) != 0 ? 1 : 0;
            Talk talk = new Talk(reader.conversation(), (reader.flags() & TapRecord.MEMCACHED) != 0, replay);
            open.put(reader.conversation(), talk);
            replay.onBegun();
            return true;
        }
        Talk talk = open.get(reader.conversation());
        if (talk == null) {
            // its beginning was in a file that is deleted
            return true;
        }
        boolean more = (reader.flags() & TapRecord.MORE) != 0;
        switch (reader.type()) {
            case TapRecord.REQUEST -> request(talk, more, (reader.flags() & TapRecord.BROKEN) != 0);
            case TapRecord.REPLY -> reply(talk, more);
            case TapRecord.CLOSED, TapRecord.DAMAGED -> {
                damaged += reader.type() == TapRecord.DAMAGED ? 1 : 0;
                end(open.remove(talk.number));
            }
            default -> throw new IOException("a record of type " + reader.type()
                + ", which this program does not know");
        }
        return true;
    }

    private byte[] take(ByteArrayOutputStream pieces, boolean more) {
        int length = reader.length();
        if (!more && pieces.size() == 0) {
            byte[] whole = new byte[length];
            reader.buffer().getBytes(reader.offset(), whole);
            return whole;
        }
        if (copy.length < length) {
            copy = new byte[length];
        }
        reader.buffer().getBytes(reader.offset(), copy, 0, length);
        pieces.write(copy, 0, length);
        if (more) {
            return null;
        }
        byte[] whole = pieces.toByteArray();
        pieces.reset();
        return whole;
    }

    private void request(Talk talk, boolean more, boolean broken) {
        byte[] bytes = take(talk.request, more);
        if (bytes == null) {
            return;
        }
        Recorded request = new Recorded(talk, bytes, lastNs);
        if (broken || bytes.length == 0) {
            request.treatment = Treatment.NOT_SENT;
            request.command = "(no request)";
        } else {
            try {
                (talk.memcached ? memcached : resp).read(request);
            } catch (IllegalStateException e) {
                // the proxy has refused what is longer than its line says: it is asked again as it was
                request.command = "(malformed)";
            }
        }
        talk.waiting.add(request);
        talk.unanswered.add(request);
        order.add(request);
        replay.onRead(request);
    }

    private void reply(Talk talk, boolean more) {
        byte[] bytes = take(talk.reply, more);
        Recorded request = bytes == null ? null : talk.unanswered.poll();
        if (request == null) {
            return;
        }
        request.reply = bytes;
        if (bytes.length == 0 && !talk.memcached) {
            request.treatment = Treatment.NOT_SENT;
        }
        replay.onKnown(request);
    }

    private void end(Talk talk) {
        for (Recorded request : talk.unanswered) {
            request.treatment = Treatment.NOT_SENT;
        }
        talk.unanswered.clear();
        talk.ended = true;
        replay.look(talk);
    }

    private void endAll() {
        new ArrayList<>(open.values()).forEach(this::end);
        open.clear();
    }

    /** When the first record was made. */
    long firstNs() {
        return firstNs;
    }

    /** When the record that was read last was made. */
    long lastNs() {
        return lastNs;
    }

    CaptureReader reader() {
        return reader;
    }

    /** Conversations that had begun before the capture, or again after something was dropped. */
    long joined() {
        return joined;
    }

    /** Conversations that lack something. */
    long damaged() {
        return damaged;
    }
}
