package org.millrace.perf.pressure;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.millrace.perf.client.FramedSocket;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.ReplyHandler;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.Mixer;

/**
 * One pipelining Redis client of a chaos run, with keys of its own, that judges every reply. It leaves now and then, in
 * good order or abruptly, and comes again. Owned by the load's thread.
 */
final class ChaosClient implements ReplyHandler {
    private static final int DEPTH = 8;
    private static final int SHOWN = 80;
    private static final long MS_NS = 1_000_000;

    private enum Kind { GET, SET, MGET, MSET, PING }

    /** A request on its way, with what must be known to judge its reply. */
    private record Sent(Kind kind, List<ChaosKey> keys, int[] versions, long[] deaths, long sentNs) {
        @Override
        public String toString() {
            return kind + " " + String.join(" ", keys.stream().map(ChaosKey::name).toList());
        }
    }

    private final ChaosStats stats;
    private final List<ChaosKey> keys;
    private final long limitNs;
    private final Mixer random;
    private final FramedSocket socket;
    private final ReplyCursor cursor = new ReplyCursor();
    private final Deque<Sent> onTheWay = new ArrayDeque<>();
    private boolean connecting;
    private int left;

    ChaosClient(InetSocketAddress target, ChaosStats stats, List<ChaosKey> keys, ChaosOptions options, long seed,
        SocketLoop loop) {
        this.stats = stats;
        this.keys = keys;
        limitNs = (options.timeoutMs() + options.slackMs()) * MS_NS;
        random = new Mixer(seed);
        socket = loop.socket(target, this);
    }

    /** Sends what there is room for, and leaves or comes when it is time; every few milliseconds. */
    void tick(long nowNs, boolean stopping) {
        if (socket.isOpen()) {
            while (onTheWay.size() < DEPTH && left > 0 && !stopping) {
                onTheWay.add(send(socket.out(), nowNs));
                stats.sent();
                left--;
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
        onTheWay.forEach(ChaosClient::failed);
        onTheWay.clear();
    }

    private static void failed(Sent request) {
        for (int i = 0; i < request.versions.length; i++) {
            request.keys.get(i).onWriteFailed(request.versions[i]);
        }
    }

    private Sent send(RequestWriter out, long nowNs) {
        int dice = random.nextInt(100);
        if (dice < 5) {
            out.array(1).bulk("PING");
            return new Sent(Kind.PING, List.of(), new int[0], new long[0], nowNs);
        } else if (dice < 45) {
            ChaosKey key = any();
            out.array(2).bulk("GET").bulk(key.name());
            return new Sent(Kind.GET, List.of(key), new int[0], new long[0], nowNs);
        } else if (dice < 75) {
            out.array(3).bulk("SET");
            return write(Kind.SET, List.of(any()), out, nowNs);
        }
        List<ChaosKey> several = List.of(any(), any(), any());
        if (dice < 88 || several.stream().distinct().count() < several.size()) {
            out.array(1 + several.size()).bulk("MGET");
            several.forEach(key -> out.bulk(key.name()));
            return new Sent(Kind.MGET, several, new int[0], new long[0], nowNs);
        }
        out.array(1 + 2 * several.size()).bulk("MSET");
        return write(Kind.MSET, several, out, nowNs);
    }

    private static Sent write(Kind kind, List<ChaosKey> several, RequestWriter out, long nowNs) {
        int[] versions = new int[several.size()];
        long[] deaths = new long[several.size()];
        for (int i = 0; i < versions.length; i++) {
            ChaosKey key = several.get(i);
            versions[i] = key.nextVersion();
            deaths[i] = key.deaths();
            out.bulk(key.name()).bulk(key.value(versions[i]));
        }
        return new Sent(kind, several, versions, deaths, nowNs);
    }

    private ChaosKey any() {
        return keys.get(random.nextInt(keys.size()));
    }

    @Override
    public void onConnected() {
        connecting = false;
    }

    @Override
    public void onReply(byte[] b, int from, int to, long nowNs) {
        Sent request = onTheWay.poll();
        cursor.wrap(b, from).next();
        if (request == null) {
            stats.wrong("a reply to no request: " + shown());
            return;
        }
        stats.answered(nowNs - request.sentNs, nowNs - request.sentNs <= limitNs, request.toString());
        if (cursor.type() == '-' && request.kind != Kind.PING) {
            failed(request);
            stats.error(cursor.text());
        } else if (!isRight(request)) {
            stats.wrong(request + ": " + shown());
        }
    }

    private String shown() {
        String text = (char) cursor.type() + (cursor.isNull() ? "nothing" : cursor.text());
        return text.substring(0, Math.min(SHOWN, text.length()));
    }

    private boolean isRight(Sent request) {
        return switch (request.kind) {
            case PING -> cursor.type() == '+' && cursor.text().equals("PONG");
            case GET -> isAllowed(request.keys.getFirst());
            case MGET -> cursor.type() == '*' && cursor.number() == request.keys.size()
                && request.keys.stream().allMatch(key -> isNextAllowed(key));
            case SET, MSET -> {
                for (int i = 0; i < request.versions.length; i++) {
                    request.keys.get(i).onWritten(request.versions[i], request.deaths[i]);
                }
                yield cursor.type() == '+' && cursor.text().equals("OK");
            }
        };
    }

    private boolean isNextAllowed(ChaosKey key) {
        cursor.next();
        return isAllowed(key);
    }

    private boolean isAllowed(ChaosKey key) {
        return cursor.type() == '$' && key.allows(cursor.isNull() ? null : cursor.text());
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
