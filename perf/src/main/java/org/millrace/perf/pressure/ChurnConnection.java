package org.millrace.perf.pressure;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.millrace.perf.client.FramedSocket;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.ReplyHandler;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.Mixer;
import org.millrace.perf.load.ValuePattern;

/**
 * A place for one connection after the other: each lives for some hundred requests with small and a few large values,
 * verified byte for byte, and then leaves: in good order, abruptly with requests on the way, or in the middle of a
 * value.
 */
final class ChurnConnection implements ReplyHandler {
    private static final byte[] GET = "GET".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SET = "SET".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OK = "OK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEY_HEAD = RequestWriter.keyHead("", "soak:");
    private static final int KEYS = 5_000;
    private static final int IN_FLIGHT = 64;
    private static final int SMALL = 512;
    private static final int LARGE = 256 * 1024;
    private static final long HALF_SENT_NS = 200_000_000L;
    private static final byte[] HALF = ("*3\r\n$3\r\nSET\r\n$9\r\nhalf-sent\r\n$65536\r\n" + "h".repeat(30_000))
        .getBytes(StandardCharsets.US_ASCII);

    private final ChurnStats stats;
    private final Mixer random;
    private final FramedSocket socket;
    private final ReplyCursor cursor = new ReplyCursor();
    /** Key, due time of each request on the way; a SET has its key negated and less one. */
    private final Deque<long[]> onTheWay = new ArrayDeque<>(IN_FLIGHT);
    private int left;
    private boolean connecting;
    private long halfSentNs;

    ChurnConnection(InetSocketAddress target, ChurnStats stats, long seed, SocketLoop loop) {
        this.stats = stats;
        random = new Mixer(seed);
        socket = loop.socket(target, this);
    }

    /** Sends one request; false when this connection cannot take it now. */
    boolean send(long dueNs) {
        if (!socket.isOpen() || left == 0 || onTheWay.size() >= IN_FLIGHT) {
            return false;
        }
        long key = random.nextInt(KEYS);
        // Large values have keys of their own, so that they are asked for as seldom as they are set.
        boolean large = random.chance(1, 200);
        if (random.chance(1, 3)) {
            int size = large ? random.between(SMALL, LARGE) : random.between(1, SMALL);
            long id = large ? KEYS + key % 50 : key;
            socket.out().array(3).bulk(SET).numberedKey(KEY_HEAD, id);
            int at = socket.out().reserveBulk(size);
            ValuePattern.write(socket.out().buffer(), at, size, id, random.nextLong());
            onTheWay.add(new long[] {-id - 1, dueNs});
        } else {
            long id = large ? KEYS + key % 50 : key;
            socket.out().array(2).bulk(GET).numberedKey(KEY_HEAD, id);
            onTheWay.add(new long[] {id, dueNs});
        }
        left--;
        socket.flush();
        if (left == 0) {
            leave();
        }
        return true;
    }

    private void leave() {
        if (random.chance(1, 6)) {
            stats.endedAbruptly();
            socket.quietlyClose();
            onTheWay.clear();
        } else if (random.chance(1, 5)) {
            stats.endedHalfSent();
            socket.out().raw(HALF);
            socket.flush();
            halfSentNs = System.nanoTime();
        }
    }

    /** Housekeeping, every few milliseconds. */
    void tick(long nowNs) {
        if (socket.isOpen()) {
            boolean done = left == 0 && onTheWay.isEmpty();
            if (done && (halfSentNs == 0 || nowNs - halfSentNs > HALF_SENT_NS)) {
                socket.quietlyClose();
            }
        } else if (!connecting) {
            halfSentNs = 0;
            left = random.between(100, 500);
            connecting = true;
            stats.began();
            socket.connect();
        }
    }

    /** Whether every request was answered. */
    boolean isIdle() {
        return onTheWay.isEmpty();
    }

    /** Counts what is still on the way as lost. */
    void end() {
        onTheWay.forEach(each -> stats.error("no answer until the end"));
        socket.quietlyClose();
    }

    @Override
    public void onConnected() {
        connecting = false;
    }

    @Override
    public void onReply(byte[] b, int from, int to, long nowNs) {
        long[] request = onTheWay.poll();
        cursor.wrap(b, from).next();
        if (request == null) {
            stats.error("a reply to no request: " + cursor.text());
            return;
        }
        boolean good = request[0] < 0 ? cursor.is('+', OK) : cursor.isNull() || cursor.isBulk()
            && ValuePattern.matches(b, cursor.bodyFrom(), cursor.bodyLength(), request[0]);
        if (good) {
            stats.answered(nowNs - request[1]);
        } else {
            String text = cursor.text();
            stats.error((request[0] < 0 ? "SET: " : "GET: ") + text.substring(0, Math.min(100, text.length())));
        }
    }

    @Override
    public void onBatchEnd(long nowNs) {
        // The next request comes by the clock.
    }

    @Override
    public void onClosed(String why) {
        connecting = false;
        if (halfSentNs == 0 || !onTheWay.isEmpty()) {
            stats.error("a connection was lost: " + why);
        }
        onTheWay.clear();
    }
}
