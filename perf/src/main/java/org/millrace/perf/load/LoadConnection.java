package org.millrace.perf.load;

import java.nio.charset.StandardCharsets;
import org.millrace.perf.client.FramedSocket;
import org.millrace.perf.client.ReplyHandler;
import org.millrace.perf.client.SocketLoop;

/** One connection of a worker: decides what it may send now, and judges each reply. Owned by its worker's thread. */
final class LoadConnection implements ReplyHandler {
    private static final int MAX_TEXT = 120;
    private static final long RECONNECT_PAUSE_NS = 100_000_000L;
    /** A connection is tried for at least so long, however short the timeout. */
    private static final long MIN_RETRY_NS = 10 * RECONNECT_PAUSE_NS;
    /** How long an open loop goes on to send what was due before its end. */
    private static final long BACKLOG_GRACE_NS = 1_000_000_000L;

    private final LoadConfig config;
    private final int index;
    private final WorkerStats stats;
    private final Workload workload;
    private final Mixer random;
    private final InFlight inFlight;
    private final FramedSocket socket;
    private final boolean isSequential;

    private RunTimes times;
    private Schedule schedule;
    private long joinNs;
    private long sent;
    private long quota;
    private long position;
    private long downSinceNs;
    private long retryAtNs;
    private boolean connecting;
    private boolean finished;
    private String connectFailure;

    /**
     * @param index    among the connections of its worker
     * @param seed     for its requests
     * @param position the key that it begins with where keys come one after the other
     * @param quota    requests that it sends
     */
    LoadConnection(LoadConfig config, int index, long seed, long position, long quota, Workload workload,
        WorkerStats stats, SocketLoop loop) {
        this.config = config;
        this.index = index;
        this.quota = quota;
        this.position = position;
        isSequential = config.keyDistribution().isSequential();
        this.workload = workload;
        this.stats = stats;
        random = new Mixer(seed);
        inFlight = new InFlight(config.pipeline(), config.protocol().commands());
        socket = loop.socket(config.target(), this, config.protocol().framing());
    }

    /** Opens the connection before the run; {@link #isOpen} and {@link #connectFailure} tell the outcome. */
    void connect() {
        connecting = true;
        socket.connect();
    }

    boolean isOpen() {
        return socket.isOpen();
    }

    String connectFailure() {
        return connectFailure;
    }

    /** The run begins; {@code ownSchedule} is null in closed loop, where the connection joins at {@code fromNs}. */
    void begin(RunTimes runTimes, Schedule ownSchedule, long fromNs) {
        joinNs = fromNs;
        times = runTimes;
        schedule = ownSchedule;
    }

    /** Requests that left or were counted as unsent, warm-up included. */
    long sent() {
        return sent;
    }

    boolean isFinished() {
        return finished;
    }

    /** Sends what may be sent now. */
    void pump(long nowNs) {
        if (!socket.isOpen() || finished || times.isStopped()) {
            return;
        }
        if (schedule == null ? addAll(nowNs) : addDue(nowNs)) {
            socket.flush();
        }
    }

    /** In closed loop: as many as can be in flight. */
    private boolean addAll(long nowNs) {
        if (nowNs - joinNs < 0 || nowNs - times.endNs() >= 0) {
            return false;
        }
        long count = Math.min(inFlight.room(), quota);
        for (long i = 0; i < count; i++) {
            add(nowNs, nowNs);
        }
        added(count, nowNs);
        return count > 0;
    }

    private boolean addDue(long nowNs) {
        boolean any = false;
        while (quota > 0 && inFlight.room() > 0 && mayAddDue(nowNs)) {
            long intendedNs = schedule.dueNs(index, sent);
            add(nowNs, intendedNs);
            added(1, intendedNs);
            any = true;
        }
        return any;
    }

    private void add(long nowNs, long intendedNs) {
        LoadCommand command = config.mix().pick(random);
        long token = nextToken(command);
        command.encode(socket.out(), token, workload);
        inFlight.add(command, token, intendedNs, nowNs);
    }

    private void added(long count, long intendedNs) {
        sent += count;
        quota -= count * times.measured(intendedNs);
    }

    private long nextToken(LoadCommand command) {
        if (!isSequential) {
            return random.nextLong();
        }
        long token = position;
        position += command.keys();
        return token;
    }

    private boolean mayAddDue(long nowNs) {
        return isDue(nowNs) && nowNs - times.endNs() < BACKLOG_GRACE_NS;
    }

    private boolean isDue(long nowNs) {
        long dueNs = schedule.dueNs(index, sent);
        return dueNs - nowNs <= 0 && dueNs - times.endNs() < 0;
    }

    @Override
    public void onConnected() {
        connecting = false;
        downSinceNs = 0;
        connectFailure = null;
        if (times != null) {
            pump(System.nanoTime());
        }
    }

    @Override
    public void onReply(byte[] b, int from, int to, long nowNs) {
        if (inFlight.isEmpty()) {
            stats.failed(FailureKind.WRONG, null, 1);
            stats.text("a reply to no request: " + text(b, from, to));
            socket.close("a reply to no request");
            return;
        }
        LoadCommand command = inFlight.command();
        long token = inFlight.token();
        if (!command.isRight(b, from, to, token, workload)) {
            boolean error = config.protocol().isError(b, from, to);
            stats.failed(error ? FailureKind.ERROR_REPLY : FailureKind.WRONG, command, 1);
            if (stats.wantsText()) {
                String what = error ? ": " : " of key " + workload.keyId(token, 0) + ": wrong reply ";
                stats.text(command + what + text(b, error && b[from] == '-' ? from + 1 : from, to));
            }
        }
        complete(nowNs);
    }

    @Override
    public void onBatchEnd(long nowNs) {
        stats.replied(nowNs);
        pump(nowNs);
    }

    @Override
    public void onClosed(String why) {
        long nowNs = System.nanoTime();
        connectFailure = why;
        connecting = false;
        retryAtNs = nowNs + RECONNECT_PAUSE_NS;
        if (downSinceNs == 0) {
            downSinceNs = nowNs;
        }
        failAll(FailureKind.CLOSED, why, nowNs);
    }

    /** Housekeeping, every few milliseconds. */
    void tick(long nowNs) {
        if (finished) {
            return;
        }
        if (!inFlight.isEmpty() && nowNs - inFlight.sentNs() > config.timeoutNs()) {
            failAll(FailureKind.TIMEOUT, "no answer for " + config.timeoutNs() / 1_000_000 + " ms", nowNs);
            socket.close("timed out");
        }
        if (inFlight.isEmpty() && hasNothingToSend(nowNs)) {
            finished = true;
        } else if (!socket.isOpen() && nowNs - downSinceNs > Math.max(config.timeoutNs(), MIN_RETRY_NS)) {
            stats.failed(FailureKind.NOT_CONNECTED, null, 1);
            stats.text("gave up a connection: " + connectFailure);
            finished = true;
        } else if (!socket.isOpen() && !connecting && nowNs >= retryAtNs) {
            connecting = true;
            socket.connect();
        } else {
            pump(nowNs);
        }
    }

    private boolean hasNothingToSend(long nowNs) {
        if (quota <= 0 || times.isStopped()) {
            return true;
        }
        return nowNs - times.endNs() >= 0 && (schedule == null || !mayAddDue(nowNs));
    }

    /** After the run: what was due and never left has waited at least until now, and the percentiles must show it. */
    void countUnsent(long nowNs) {
        if (schedule == null || times.isStopped()) {
            return;
        }
        for (; quota > 0 && isDue(nowNs); sent++, quota--) {
            stats.unsent();
            stats.record(1, config.mix().pick(random), nowNs - schedule.dueNs(index, sent));
        }
    }

    private static String text(byte[] b, int from, int to) {
        return new String(b, from, Math.min(MAX_TEXT, to - from), StandardCharsets.ISO_8859_1).strip();
    }

    private void failAll(FailureKind kind, String why, long nowNs) {
        if (!inFlight.isEmpty()) {
            stats.text(inFlight.command() + ": " + why);
        }
        while (!inFlight.isEmpty()) {
            stats.failed(kind, inFlight.command(), 1);
            complete(nowNs);
        }
    }

    private void complete(long nowNs) {
        long intendedNs = inFlight.intendedNs();
        stats.record(times.measured(intendedNs), inFlight.command(), nowNs - intendedNs);
        inFlight.remove();
    }
}
