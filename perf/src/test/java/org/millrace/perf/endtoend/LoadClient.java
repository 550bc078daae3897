package org.millrace.perf.endtoend;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.millrace.perf.client.FramedSocket;
import org.millrace.perf.client.ReplyCursor;
import org.millrace.perf.client.ReplyHandler;
import org.millrace.perf.client.RequestWriter;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.Mixer;

/** One pipelining client of a {@link FaultLoad}, whose thread owns it. */
final class LoadClient implements ReplyHandler {
    private static final int DEPTH = 16;

    private enum Kind { GET, SET, MGET, MSET, PING }

    /** A request on its way, with what must be known to judge its reply. */
    private record Sent(Kind kind, List<LoadedKey> keys, int[] versions, boolean onVictim, long epoch, long sentNs) {
    }

    private final FaultLoad load;
    private final int number;
    private final List<LoadedKey> keys;
    private final Mixer random;
    private final FramedSocket socket;
    private final ReplyCursor cursor = new ReplyCursor();
    private final Deque<Sent> onTheWay = new ArrayDeque<>();
    private volatile long good;
    private volatile long goodOnVictim;
    private volatile long goodEpoch;
    private long goodInEpoch;
    private volatile boolean done;

    LoadClient(FaultLoad load, int number, List<LoadedKey> keys, SocketLoop loop) {
        this.load = load;
        this.number = number;
        this.keys = keys;
        random = new Mixer(number);
        socket = loop.socket(load.target(), this);
    }

    void connect() {
        socket.connect();
    }

    /** Good replies. */
    long good() {
        return good;
    }

    /** Good replies of the victim. */
    long goodOnVictim() {
        return goodOnVictim;
    }

    /** Whether the victim has answered so many requests well that were sent in this epoch. */
    boolean isServed(long epoch, int count) {
        return goodEpoch == epoch && goodInEpoch >= count;
    }

    boolean isDone() {
        return done;
    }

    String state() {
        return "client " + number + ": " + good + " good, " + goodOnVictim + " of the victim, " + onTheWay.size()
            + " on the way, " + (socket.isOpen() ? "open" : "not open");
    }

    private void fill(long nowNs) {
        while (onTheWay.size() < DEPTH && !load.isStopping()) {
            onTheWay.add(send(socket.out(), nowNs));
        }
        socket.flush();
        done = load.isStopping() && onTheWay.isEmpty();
    }

    private Sent send(RequestWriter out, long nowNs) {
        int dice = random.nextInt(100);
        if (dice < 5) {
            out.array(1).bulk("PING");
            return sent(Kind.PING, List.of(), new int[0], nowNs);
        } else if (dice < 50) {
            LoadedKey key = any();
            out.array(2).bulk("GET").bulk(key.name);
            return sent(Kind.GET, List.of(key), new int[0], nowNs);
        } else if (dice < 80) {
            LoadedKey key = any();
            int version = key.nextVersion();
            out.array(3).bulk("SET").bulk(key.name).bulk(key.value(version));
            return sent(Kind.SET, List.of(key), new int[] {version}, nowNs);
        }
        List<LoadedKey> several = List.of(any(), any(), any());
        if (dice < 92 || several.stream().distinct().count() < several.size()) {
            out.array(1 + several.size()).bulk("MGET");
            several.forEach(key -> out.bulk(key.name));
            return sent(Kind.MGET, several, new int[0], nowNs);
        }
        int[] versions = new int[several.size()];
        out.array(1 + 2 * several.size()).bulk("MSET");
        for (int i = 0; i < versions.length; i++) {
            versions[i] = several.get(i).nextVersion();
            out.bulk(several.get(i).name).bulk(several.get(i).value(versions[i]));
        }
        return sent(Kind.MSET, several, versions, nowNs);
    }

    private Sent sent(Kind kind, List<LoadedKey> of, int[] versions, long nowNs) {
        load.counts().sent();
        return new Sent(kind, of, versions, of.stream().anyMatch(key -> key.onVictim), load.epoch(), nowNs);
    }

    private LoadedKey any() {
        return keys.get(random.nextInt(keys.size()));
    }

    @Override
    public void onConnected() {
        fill(System.nanoTime());
    }

    @Override
    public void onReply(byte[] b, int from, int to, long nowNs) {
        Sent request = onTheWay.poll();
        cursor.wrap(b, from).next();
        if (request == null) {
            load.counts().wrong("client " + number + ": a reply to no request: " + cursor.text());
            return;
        }
        load.counts().answered(nowNs - request.sentNs());
        if (cursor.type() == '-') {
            onError(request, "-" + cursor.text());
        } else {
            String fault = judge(request);
            if (fault != null) {
                load.counts().wrong("client " + number + ": " + request.kind() + ' ' + names(request) + ": " + fault);
            } else {
                onGood(request);
            }
        }
    }

    private void onGood(Sent request) {
        good = good + 1;
        if (request.onVictim()) {
            goodOnVictim = goodOnVictim + 1;
            goodInEpoch = goodEpoch == request.epoch() ? goodInEpoch + 1 : 1;
            goodEpoch = request.epoch();
        }
    }

    private void onError(Sent request, String text) {
        for (int i = 0; i < request.versions().length; i++) {
            request.keys().get(i).onWriteFailed(request.versions()[i]);
        }
        if (request.onVictim()) {
            boolean several = request.keys().stream().mapToInt(key -> key.server).distinct().count() > 1;
            load.onError(text, several, request.epoch());
        } else {
            load.counts().wrong("client " + number + ": " + request.kind() + ' ' + names(request)
                + " of servers that are well: " + text);
        }
    }

    /** What is wrong with a reply that is no error; null if nothing is. */
    private String judge(Sent request) {
        switch (request.kind()) {
            case PING -> {
                return cursor.type() == '+' && cursor.text().equals("PONG") ? null : cursor.text();
            }
            case SET, MSET -> {
                if (cursor.type() != '+' || !cursor.text().equals("OK")) {
                    return cursor.text();
                }
                for (int i = 0; i < request.versions().length; i++) {
                    request.keys().get(i).onWritten(request.versions()[i]);
                }
                return null;
            }
            case GET -> {
                return value(request.keys().getFirst());
            }
            default -> {
                if (cursor.type() != '*' || cursor.number() != request.keys().size()) {
                    return cursor.text();
                }
                for (LoadedKey key : request.keys()) {
                    cursor.next();
                    String fault = value(key);
                    if (fault != null) {
                        return key.name + ": " + fault;
                    }
                }
                return null;
            }
        }
    }

    private String value(LoadedKey key) {
        boolean right = cursor.type() == '$' && key.allows(cursor.isNull() ? null : cursor.text());
        return right ? null : (char) cursor.type() + cursor.text();
    }

    private static String names(Sent request) {
        return String.join(" ", request.keys().stream().map(key -> key.name).toList());
    }

    @Override
    public void onBatchEnd(long nowNs) {
        // the next requests come by the clock, so that the load is steady
    }

    /** Sends what there is room for, each millisecond. */
    void tick(long nowNs) {
        if (socket.isOpen()) {
            fill(nowNs);
        }
    }

    @Override
    public void onClosed(String why) {
        load.counts().wrong("client " + number + " lost its connection: " + why);
    }
}
