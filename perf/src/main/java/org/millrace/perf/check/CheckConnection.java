package org.millrace.perf.check;

import java.util.ArrayDeque;
import org.millrace.perf.client.FramedSocket;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.ReplyHandler;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.Mixer;

/**
 * One connection of the check. It fills its pipeline to a random depth, waits until a random part of it is answered and
 * fills it again, and now and then sends a request in two pieces. Owned by its worker's thread.
 */
final class CheckConnection implements ReplyHandler {
    private static final long MAX_BYTES_IN_FLIGHT = 4 * 1024 * 1024;
    private static final int SHOWN = 80;

    private final CheckConfig config;
    private final int index;
    private final CheckStats stats;
    private final RequestSource source;
    private final Mixer random;
    private final FramedSocket socket;
    private final ReplyCursor cursor = new ReplyCursor();
    private final ArrayDeque<Expected> inFlight = new ArrayDeque<>();

    private long left;
    private long number;
    private long bytesInFlight;
    private int lowWater;
    private boolean begun;
    private boolean tidied;
    private boolean finished;
    private String closed;

    CheckConnection(CheckConfig config, int index, long requests, CheckStats stats, SocketLoop loop) {
        this.config = config;
        this.index = index;
        this.left = requests;
        this.stats = stats;
        source = new RequestSource(config, index);
        random = new Mixer(config.seed() * 31 + index);
        socket = loop.socket(config.target(), this);
    }

    void connect() {
        socket.connect();
    }

    boolean isOpen() {
        return socket.isOpen();
    }

    /** Why it was closed, or null. */
    String closed() {
        return closed;
    }

    boolean isFinished() {
        return finished;
    }

    /** Sends no more but the removal of its keys, and waits for what is in flight. */
    void stop() {
        left = 0;
    }

    /** Starts, and goes on when the random low-water mark is reached. */
    void pump(long nowNs) {
        if (finished || !socket.isOpen() || inFlight.size() > lowWater) {
            return;
        }
        if (!begun) {
            begun = true;
            sent(source.clear(socket.out()), nowNs);
            left++;
        }
        int depth = random.between(1, config.maxPipeline());
        while (left > 0 && inFlight.size() < depth && bytesInFlight < MAX_BYTES_IN_FLIGHT) {
            sent(source.next(socket.out()), nowNs);
        }
        if (left <= 0 && !tidied) {
            tidied = true;
            sent(source.tidy(socket.out()), nowNs);
        }
        lowWater = random.nextInt(depth);
        if (random.chance(1, 8) && socket.out().size() > 1) {
            socket.flush(random.between(1, socket.out().size() - 1));
        } else {
            socket.flush();
        }
    }

    private void sent(Expected expected, long nowNs) {
        expected.sentAt(nowNs);
        bytesInFlight += expected.bytes();
        inFlight.add(expected);
        left--;
        stats.sent();
    }

    @Override
    public void onConnected() {
        // The worker starts all connections together.
    }

    @Override
    public void onReply(byte[] b, int from, int to, long nowNs) {
        Expected expected = inFlight.poll();
        if (expected == null) {
            stats.wrong();
            stats.text("connection " + index + ": a reply to no request: " + shown(b, from));
            socket.close("a reply to no request");
            return;
        }
        number++;
        bytesInFlight -= expected.bytes();
        stats.answered();
        if (!expected.matches(cursor.wrap(b, from))) {
            stats.wrong();
            if (stats.wantsText()) {
                stats.text("connection " + index + ", request " + number + ", " + expected.request() + ": expected "
                    + expected.describe() + ", got " + shown(b, from));
            }
        }
    }

    @Override
    public void onBatchEnd(long nowNs) {
        pump(nowNs);
    }

    @Override
    public void onClosed(String why) {
        closed = why;
        if (!finished) {
            finished = true;
            stats.text("connection " + index + ": " + why + " with " + inFlight.size() + " requests in flight and "
                + Math.max(0, left) + " not sent");
        }
    }

    /** Housekeeping, every few milliseconds. */
    void tick(long nowNs) {
        if (finished) {
            return;
        }
        if (inFlight.isEmpty() && tidied) {
            finished = true;
        } else if (!inFlight.isEmpty() && nowNs - inFlight.peek().sentNs() > config.timeoutNs()) {
            socket.close("no answer to " + inFlight.peek().request() + " for " + config.timeoutNs() / 1_000_000
                + " ms");
        } else {
            pump(nowNs);
        }
    }

    private String shown(byte[] b, int from) {
        cursor.wrap(b, from).next();
        String text = (char) cursor.type() + (cursor.type() == '$' ? cursor.number() + " " : "") + cursor.text();
        return text.substring(0, Math.min(SHOWN, text.length()));
    }
}
