package org.millrace.perf.pressure;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.millrace.perf.client.FramedSocket;
import org.millrace.perf.client.ReplyHandler;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.Mixer;

/**
 * One pipelining client of a chaos run, with keys of its own, that judges every reply. It leaves now and then, in good
 * order or abruptly, and comes again. Owned by the load's thread.
 */
final class ChaosClient implements ReplyHandler {
    private static final int DEPTH = 8;
    private static final int SHOWN = 80;
    private static final long MS_NS = 1_000_000;

    private final ChaosStats stats;
    private final List<ChaosKey> keys;
    private final ChaosTalk talk;
    private final long limitNs;
    private final Mixer random;
    private final FramedSocket socket;
    private final Deque<ChaosRequest> onTheWay = new ArrayDeque<>();
    private boolean connecting;
    private int left;

    ChaosClient(InetSocketAddress target, ChaosTalk talk, ChaosStats stats, List<ChaosKey> keys, ChaosOptions options,
        long seed, SocketLoop loop) {
        this.talk = talk;
        this.stats = stats;
        this.keys = keys;
        limitNs = (options.timeoutMs() + options.slackMs()) * MS_NS;
        random = new Mixer(seed);
        socket = loop.socket(target, this, talk.framing());
    }

    /** Sends what there is room for, and leaves or comes when it is time; every few milliseconds. */
    void tick(long nowNs, boolean stopping) {
        if (socket.isOpen()) {
            while (onTheWay.size() < DEPTH && left > 0 && !stopping) {
                send(nowNs);
            }
            socket.flush();
            if (stopping && onTheWay.isEmpty() || left == 0 && (onTheWay.isEmpty() || random.chance(1, 4))) {
                leave();
            }
        } else if (!connecting && !stopping) {
            connecting = true;
            left = random.between(200, 2_000);
            stats.began();
            socket.connect();
        }
    }

    private void send(long nowNs) {
        ChaosRequest request = talk.next(keys, random, socket.out(), nowNs);
        if (request != null) {
            onTheWay.add(request);
            stats.sent();
        }
        left--;
    }

    /** Whether it has left, and nothing is on the way. */
    boolean isGone() {
        return !socket.isOpen() && !connecting && onTheWay.isEmpty();
    }

    private void leave() {
        stats.abandoned(onTheWay.size());
        forget();
        socket.quietlyClose();
    }

    /** Whether what was on the way was done will never be known. */
    private void forget() {
        onTheWay.forEach(ChaosRequest::onFailed);
        onTheWay.clear();
    }

    @Override
    public void onConnected() {
        connecting = false;
    }

    @Override
    public void onReply(byte[] b, int from, int to, long nowNs) {
        ChaosRequest request = onTheWay.poll();
        if (request == null) {
            stats.wrong("a reply to no request: " + shown(b, from, to));
            return;
        }
        stats.answered(nowNs - request.sentNs(), nowNs - request.sentNs() <= limitNs, request.toString());
        String error = talk.error(b, from, to);
        if (error != null && request.mayFail()) {
            request.onFailed();
            stats.error(error);
        } else if (!request.judge().isRight(request, b, from, to)) {
            stats.wrong(request + ": " + shown(b, from, to));
        }
    }

    private static String shown(byte[] b, int from, int to) {
        return new String(b, from, Math.min(SHOWN, to - from), StandardCharsets.ISO_8859_1).replace("\r\n", "|");
    }

    @Override
    public void onBatchEnd(long nowNs) {
        // the next requests come by the clock
    }

    @Override
    public void onClosed(String why) {
        connecting = false;
        stats.wrong("a connection was lost: " + why + ", with " + onTheWay.size() + " requests on the way");
        forget();
    }
}
