package org.millrace.perf.pressure;

import org.millrace.perf.client.FramedSocket;
import org.millrace.perf.client.ReplyHandler;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.Mixer;
import org.millrace.perf.load.Schedule;

/** One connection of an open loop. Owned by the loop's thread. */
final class OpenLoopConnection implements ReplyHandler {
    private static final long RECONNECT_PAUSE_NS = 50_000_000L;

    private final OpenLoopOptions options;
    private final RequestSource source;
    private final OpenLoopStats stats;
    private final int index;
    private final Mixer random;
    private final FramedSocket socket;
    private final int mask;
    private final long[] intendedNs;
    private final long[] writtenNs;
    private final long[] endByte;

    private Schedule schedule;
    private long measureFromNs;
    private long endNs;
    private long sent;
    private long head;
    private long stamped;
    private long tail;
    private long appendedBytes;
    private long retryAtNs;
    private boolean connecting;
    private String failure;

    OpenLoopConnection(OpenLoopOptions options, RequestSource source, OpenLoopStats stats, int index, SocketLoop loop) {
        this.options = options;
        this.source = source;
        this.stats = stats;
        this.index = index;
        random = new Mixer(Mixer.mix(options.seed() * 7_919 + index));
        socket = loop.socket(options.target(), this);
        int size = Integer.highestOneBit(Math.max(1, options.inFlight() - 1)) << 1;
        mask = size - 1;
        intendedNs = new long[size];
        writtenNs = new long[size];
        endByte = new long[size];
    }

    void connect() {
        connecting = true;
        socket.connect();
    }

    boolean isOpen() {
        return socket.isOpen();
    }

    /** Why it could not connect, or null. */
    String failure() {
        return failure;
    }

    void begin(Schedule runSchedule, long fromNs, long untilNs) {
        schedule = runSchedule;
        measureFromNs = fromNs;
        endNs = untilNs;
    }

    boolean isIdle() {
        return head == tail;
    }

    /** Sends what is due and may be on the way. */
    void pump(long nowNs) {
        if (!socket.isOpen() || schedule == null) {
            return;
        }
        boolean any = false;
        while (tail - head < options.inFlight()) {
            long dueNs = schedule.dueNs(index, sent);
            if (dueNs - nowNs > 0 || dueNs - endNs >= 0 || nowNs - endNs >= 0) {
                break;
            }
            int before = socket.out().size();
            source.write(socket.out(), random);
            appendedBytes += socket.out().size() - before;
            int i = (int) tail++ & mask;
            intendedNs[i] = dueNs;
            writtenNs[i] = nowNs;
            endByte[i] = appendedBytes;
            sent++;
            any = true;
        }
        if (any) {
            socket.flush();
        }
    }

    /** Housekeeping, every few milliseconds. */
    void tick(long nowNs) {
        if (!socket.isOpen() && !connecting && nowNs - retryAtNs >= 0 && nowNs - endNs < 0) {
            connect();
        }
        pump(nowNs);
    }

    /** After the run: what was due and never left. */
    void countUnsent(long nowNs) {
        for (long dueNs = schedule.dueNs(index, sent); dueNs - endNs < 0; dueNs = schedule.dueNs(index, ++sent)) {
            if (dueNs - measureFromNs >= 0) {
                stats.unsent(nowNs, dueNs, !options.byArrival());
            }
        }
        if (!options.byArrival()) {
            for (; head < tail; head++) {
                stats.lost("no answer until the end of the run");
            }
        }
    }

    @Override
    public void onConnected() {
        connecting = false;
        failure = null;
        pump(System.nanoTime());
    }

    @Override
    public void onWritten() {
        long written = socket.bytesWritten();
        if (stamped < tail && endByte[(int) stamped & mask] <= written) {
            long nowNs = System.nanoTime();
            while (stamped < tail && endByte[(int) stamped & mask] <= written) {
                writtenNs[(int) stamped++ & mask] = nowNs;
            }
        }
    }

    @Override
    public void onReply(byte[] b, int from, int to, long nowNs) {
        if (head == tail) {
            socket.close("a reply to no request");
            return;
        }
        int i = (int) head++ & mask;
        boolean measured = options.byArrival() ? nowNs - measureFromNs >= 0 && nowNs - endNs < 0
            : intendedNs[i] - measureFromNs >= 0;
        if (!measured) {
            return;
        }
        if (b[from] == '-') {
            stats.error(b, from, to, nowNs, intendedNs[i], writtenNs[i]);
        } else {
            stats.good(nowNs, intendedNs[i], writtenNs[i]);
        }
    }

    @Override
    public void onBatchEnd(long nowNs) {
        pump(nowNs);
    }

    @Override
    public void onClosed(String why) {
        connecting = false;
        failure = why;
        retryAtNs = System.nanoTime() + RECONNECT_PAUSE_NS;
        for (; head < tail; head++) {
            if (schedule != null) {
                stats.lost("a connection was lost: " + why);
            }
        }
        stamped = tail;
        appendedBytes = socket.bytesWritten();
    }
}
