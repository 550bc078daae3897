package org.millrace.engine.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.millrace.codec.resp.RequestView;
import org.millrace.codec.resp.command.Command;
import org.millrace.codec.resp.command.RespErrors;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.client.ClientHalfState;
import org.millrace.engine.client.ClientSession;
import org.millrace.engine.client.Exchange;
import org.millrace.engine.count.ClientHalfCounter;
import org.millrace.engine.ring.RequestSlot;
import org.millrace.io.Segment;

/** One request being answered locally: its words, and ways to answer. Reused; one per lane. */
final class LocalCall {
    /** A scratch that has grown beyond this is not kept. */
    private static final int KEPT_SCRATCH_MAX = 64 << 10;
    private static final int LINE_END = 2;
    private static final DirectBuffer NO_MEMORY = RespErrors.ready("ERR Cannot allocate memory");

    private final ClientHalfState half;
    private ExpandableArrayBuffer scratch = LocalCommands.newScratch();
    private Exchange exchange;
    private Command command;
    private RequestSlot slot;
    private RequestView view;

    LocalCall(ClientHalfState half) {
        this.half = half;
    }

    void begin(Exchange begun, Command called, RequestSlot from, RequestView words) {
        exchange = begun;
        command = called;
        slot = from;
        view = words;
    }

    Command command() {
        return command;
    }

    ClientSession session() {
        return exchange.client().session();
    }

    PoolConfig pool() {
        return half.pool(session().pool());
    }

    int lane() {
        return half.lane();
    }

    long exchangeId() {
        return exchange.id();
    }

    void count(ClientHalfCounter counter) {
        half.counters().increment(counter);
    }

    int words() {
        return slot.argumentCount;
    }

    DirectBuffer head() {
        return slot.buffer;
    }

    RequestView view() {
        return view;
    }

    /** A word as text; for words that are options, names or passwords. */
    String word(int index) {
        return new String(wordBytes(index), StandardCharsets.UTF_8);
    }

    /** A word's bytes; a large value gives an empty array. */
    byte[] wordBytes(int index) {
        view.rewind();
        while (view.next()) {
            if (view.argumentIndex() == index) {
                if (view.isBody()) {
                    return new byte[0];
                }
                byte[] bytes = new byte[(int) view.argumentLength()];
                slot.buffer.getBytes(view.argumentOffset(), bytes);
                return bytes;
            }
        }
        return new byte[0];
    }

    /** All words from this one on; null if one is a large value, or they have more bytes than this. */
    List<byte[]> wordsFrom(int first, int bytesMax) {
        List<byte[]> words = new ArrayList<>();
        long bytes = 0;
        view.rewind();
        while (view.next()) {
            if (view.argumentIndex() < first) {
                continue;
            }
            bytes += view.argumentLength();
            if (view.isBody() || bytes > bytesMax) {
                return null;
            }
            byte[] word = new byte[(int) view.argumentLength()];
            slot.buffer.getBytes(view.argumentOffset(), word);
            words.add(word);
        }
        return words;
    }

    /** Answers with a word of the request, as a bulk string: PING and ECHO. */
    void replyWithWord(int index) {
        view.rewind();
        while (view.next() && view.argumentIndex() < index) {
            continue;
        }
        if (view.isBody()) {
            replyWithBody();
            return;
        }
        int from = view.headerOffset();
        half.order().reply(exchange, slot.buffer, from, view.endOffset() - from);
    }

    /** A body may be hundreds of megabytes: it is counted in the arena, never held by the heap. */
    private void replyWithBody() {
        int header = view.argumentOffset() - view.headerOffset();
        int length = (int) slot.message.bodyLength(view.bodyIndex());
        int total = header + length + LINE_END;
        Segment segment = half.transport().arena().acquire(total);
        if (segment == null) {
            half.counters().increment(ClientHalfCounter.ANSWERS_WITHOUT_MEMORY);
            reply(NO_MEMORY);
            return;
        }
        try {
            UnsafeBuffer answer = segment.buffer();
            answer.putBytes(0, slot.buffer, view.headerOffset(), header);
            slot.message.copyBody(view.bodyIndex(), new UnsafeBuffer(answer, header, length), length);
            answer.putBytes(header + length, slot.buffer, view.argumentOffset(), LINE_END);
            half.order().reply(exchange, answer, 0, total);
        } finally {
            segment.release();
        }
    }

    /** Where a reply may be written from 0 on, before {@link #reply(int)}. */
    ExpandableArrayBuffer scratch() {
        return scratch;
    }

    /** Answers with the scratch's first bytes. */
    void reply(int length) {
        half.order().reply(exchange, scratch, 0, length);
        if (scratch.capacity() > KEPT_SCRATCH_MAX) {
            scratch = LocalCommands.newScratch();
        }
    }

    void reply(DirectBuffer constant) {
        half.order().reply(exchange, constant, 0, constant.capacity());
    }

    /** Answers with an error of which only rare requests need the text made. */
    void error(String text) {
        reply(RespErrors.ready(text));
    }

    /** The client is closed after this answer, and nothing more is taken from it. */
    void closeAfterReply() {
        exchange.closeAfter();
        exchange.client().leave();
        half.life().stopReading(exchange.client());
    }
}
