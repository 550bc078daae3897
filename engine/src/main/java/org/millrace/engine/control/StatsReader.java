package org.millrace.engine.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One reader of the stats port. Who sends nothing at first, or what is no HTTP, gets the bare JSON as from twemproxy;
 * an HTTP request gets an HTTP reply. Belongs to the port's thread.
 */
final class StatsReader {
    /** A request's head may be so long. */
    static final int HEAD_MAX = 8192;
    /** Once it has begun, a head has so long to be whole, a reader to take its answer, and then to close. */
    static final long STEP_NS = 1_000_000_000L;

    private enum State { SILENT, ASKING, READING, LEAVING, GONE }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final StatsPages report;
    private final EventLog log;
    private final ByteBuffer asked = ByteBuffer.allocate(HEAD_MAX);
    private ByteBuffer answer;
    private State state = State.SILENT;
    private long deadlineNs;

    /**
     * A reader that has just come.
     *
     * @param key     of its channel, interested in reading
     * @param report  makes the JSON and other pages
     * @param silentNs a first byte is waited for so long
     */
    StatsReader(SelectionKey key, StatsPages report, EventLog log, long nowNs, long silentNs) {
        this.channel = (SocketChannel) key.channel();
        this.key = key;
        this.report = report;
        this.log = log;
        deadlineNs = nowNs + silentNs;
    }

    boolean isGone() {
        return state == State.GONE;
    }

    /** When {@link #onTime} is to be called. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** The channel can be read or written. */
    void onReady(long nowNs) {
        try {
            switch (state) {
                case SILENT, ASKING -> read(nowNs);
                case READING -> write(nowNs);
                case LEAVING -> drain();
                default -> close();
            }
        } catch (IOException e) {
            log.warn("stats port: a reader was lost: " + e.getMessage());
            close();
        }
    }

    /** Time has passed. */
    void onTime(long nowNs) {
        if (state != State.GONE && nowNs - deadlineNs >= 0) {
            try {
                switch (state) {
                    case SILENT -> answerSilent(nowNs);
                    case ASKING -> answerLate(nowNs);
                    case READING -> throw new IOException("it does not read");
                    default -> close();
                }
            } catch (IOException e) {
                log.warn("stats port: a reader was lost: " + e.getMessage());
                close();
            }
        }
    }

    private void read(long nowNs) throws IOException {
        int count = channel.read(asked);
        if (count < 0) {
            // it has said all that it will
            answerBare(nowNs);
        } else if (count > 0) {
            if (state == State.SILENT) {
                state = State.ASKING;
                deadlineNs = nowNs + STEP_NS;
            }
            look(nowNs);
        }
    }

    private void look(long nowNs) throws IOException {
        HttpHead head = HttpHead.of(asked.array(), asked.position());
        switch (head.stage()) {
            case NOT_HTTP -> answerBare(nowNs);
            case WHOLE -> answer(http(head), nowNs);
            default -> {
                if (!asked.hasRemaining()) {
                    answer(HttpReply.tooLong(), nowNs);
                }
            }
        }
    }

    private ByteBuffer http(HttpHead head) {
        try {
            return HttpReply.to(head, report);
        } catch (RuntimeException e) {
            log.error("stats port", e);
            return HttpReply.failed();
        }
    }

    /** It may have asked while this thread was late itself. */
    private void answerSilent(long nowNs) throws IOException {
        read(nowNs);
        if (state == State.SILENT) {
            answerBare(nowNs);
        }
    }

    private void answerLate(long nowNs) throws IOException {
        if (HttpHead.of(asked.array(), asked.position()).stage() == HttpHead.Stage.BEGUN) {
            answer(HttpReply.tooLate(), nowNs);
        } else {
            answerBare(nowNs);
        }
    }

    private void answerBare(long nowNs) throws IOException {
        ByteBuffer json;
        try {
            json = ByteBuffer.wrap(report.json().getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            log.error("stats port", e);
            close();
            return;
        }
        answer(json, nowNs);
    }

    private void answer(ByteBuffer bytes, long nowNs) throws IOException {
        answer = bytes;
        state = State.READING;
        deadlineNs = nowNs + STEP_NS;
        key.interestOps(SelectionKey.OP_WRITE);
        write(nowNs);
    }

    private void write(long nowNs) throws IOException {
        channel.write(answer);
        if (answer.hasRemaining()) {
            return;
        }
        if (asked.position() == 0) {
            close();
            return;
        }
        // closing while something of the reader's lies unread would reset the connection, and lose the answer
        channel.shutdownOutput();
        state = State.LEAVING;
        deadlineNs = nowNs + STEP_NS;
        key.interestOps(SelectionKey.OP_READ);
    }

    private void drain() throws IOException {
        asked.clear();
        if (channel.read(asked) < 0) {
            close();
        }
    }

    void close() {
        state = State.GONE;
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is gone all the same
            log.warn("stats port: while closing: " + e.getMessage());
        }
    }
}
