package org.millrace.perf.replay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.millrace.perf.capture.CaptureReader;
import org.millrace.perf.client.MemcachedReplyFramer;
import org.millrace.perf.client.RespReplyFramer;
import org.millrace.perf.client.SocketLoop;
import org.millrace.perf.load.LoadReport;

/** A replay: reads ahead, sends what is due and waits for nothing, judges what comes. One thread. */
public final class Replay {
    /** Read ahead is so much at most, unless nothing else can go on. */
    private static final long HELD_MAX = 64 << 20;
    private static final long AHEAD_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int RECORDS_PER_TURN = 1024;
    private static final int CONNECTS_MAX = 3;
    private static final int TEXT_MAX = 60;
    /** What a memcached answers at once when it is done with all before. */
    private static final byte[] BARRIER = "mn\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BARRIER_REPLY = "MN\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ReplayConfig config;
    private final ReplayListener listener;
    private final SocketLoop loop = SocketLoop.selecting();
    private final KeyOrder order = new KeyOrder();
    private final CaptureSource source;
    private final ReplyJudge judge = new ReplyJudge();
    private final ReplayResult result = new ReplayResult();
    private final ArrayDeque<Talk> toLook = new ArrayDeque<>();
    private final PriorityQueue<Talk> later =
        new PriorityQueue<>(Comparator.comparingLong((Talk talk) -> talk.waiting.peek().epochNs));
    private final Set<Talk> talks = new LinkedHashSet<>();
    private long heldBytes;
    private long inFlight;
    private long startNs;
    private boolean read;
    private IOException broken;
    private volatile boolean stopping;

    /** Opens the capture. */
    public Replay(ReplayConfig config, ReplayListener listener) throws IOException {
        this.config = config;
        this.listener = listener;
        source = new CaptureSource(new CaptureReader(config.from()), this, order);
    }

    /** Ends it soon. Any thread. */
    public void requestStop() {
        stopping = true;
        loop.wakeup();
    }

    /**
     * Runs to its end.
     *
     * @throws IOException if the capture cannot be read, or the target cannot be reached at all
     */
    public ReplayResult run() throws IOException {
        try (loop) {
            startNs = System.nanoTime();
            long tickNs = startNs;
            long secondNs = startNs + SECOND_NS;
            while (!stopping && broken == null && !(read && talks.isEmpty())) {
                long nowNs = System.nanoTime();
                readAhead(nowNs);
                sendDue(nowNs);
                if (nowNs - tickNs >= TICK_NS) {
                    tickNs = nowNs;
                    findLate(nowNs);
                }
                if (nowNs - secondNs >= 0) {
                    secondNs += SECOND_NS;
                    listener.onSecond(source.reader().progress(), result);
                }
                if (toLook.isEmpty() && !mayRead(nowNs)) {
                    loop.await(1);
                } else {
                    loop.poll();
                }
            }
        }
        if (broken != null) {
            throw broken;
        }
        result.stopped = stopping;
        result.elapsedNs = System.nanoTime() - startNs;
        result.joined = source.joined();
        result.damaged = source.damaged();
        result.cutFiles = source.reader().cut();
        result.redacted = source.reader().isRedacted();
        return result;
    }

    private boolean mayRead(long nowNs) {
        if (read) {
            return false;
        }
        boolean stuck = inFlight == 0 && toLook.isEmpty() && later.isEmpty();
        boolean soon = config.speed() == 0 || source.firstNs() == 0
            || dueNs(source.lastNs()) - AHEAD_NS <= nowNs;
        return stuck || heldBytes < HELD_MAX && soon;
    }

    private void readAhead(long nowNs) throws IOException {
        for (int i = 0; i < RECORDS_PER_TURN && mayRead(nowNs); i++) {
            read = !source.read();
        }
    }

    /** When what was recorded at a time is due now. */
    private long dueNs(long epochNs) {
        return config.speed() == 0 ? startNs : startNs + (long) ((epochNs - source.firstNs()) / config.speed());
    }

    private void sendDue(long nowNs) {
        while (!later.isEmpty() && dueNs(later.peek().waiting.peek().epochNs) <= nowNs) {
            Talk talk = later.poll();
            talk.timed = false;
            look(talk);
        }
        for (int i = toLook.size(); i > 0; i--) {
            Talk talk = toLook.poll();
            talk.listed = false;
            pump(talk, nowNs);
        }
    }

    /** Something has changed for a conversation. */
    void look(Talk talk) {
        if (!talk.listed) {
            talk.listed = true;
            toLook.add(talk);
        }
    }

    void onBegun() {
        result.conversations++;
    }

    void onRead(Recorded request) {
        heldBytes += request.heldBytes();
        talks.add(request.talk);
    }

    void onKnown(Recorded request) {
        heldBytes += request.reply.length;
        look(request.talk);
    }

    private void pump(Talk talk, long nowNs) {
        boolean any = false;
        while (!talk.timed && !talk.waiting.isEmpty() && talk.inFlight.size() < config.pipeline()) {
            Recorded request = talk.waiting.peek();
            if (!request.isKnown()) {
                break;
            }
            if (request.treatment == Treatment.NOT_SENT) {
                result.notSent++;
                done(talk.waiting.poll());
                continue;
            }
            long lateNs = nowNs - dueNs(request.epochNs);
            if (lateNs < 0) {
                talk.timed = true;
                later.add(talk);
                break;
            }
            if (config.keyOrder() && request.blockers > 0 || !isOpen(talk)) {
                break;
            }
            send(talk.waiting.poll(), nowNs);
            result.worstLagNs = config.speed() == 0 ? 0 : Math.max(result.worstLagNs, lateNs);
            any = true;
        }
        if (any) {
            talk.socket.flush();
        }
        if (talk.isOver() && talks.remove(talk) && talk.socket != null) {
            talk.socket.quietlyClose();
        }
    }

    private boolean isOpen(Talk talk) {
        if (talk.socket == null) {
            talk.socket = loop.socket(config.target(), talk,
                talk.memcached ? new MemcachedReplyFramer() : new RespReplyFramer());
            talk.socket.connect();
        }
        // a connection may fail at once, and take itself away
        return talk.socket != null && talk.socket.isOpen() && talk.loginNs == 0;
    }

    void onConnected(Talk talk) {
        if (config.login() == null || talk.memcached) {
            talk.failedConnects = 0;
            look(talk);
        } else {
            talk.loginNs = System.nanoTime();
            config.login().write(talk.socket.out());
            talk.socket.flush();
        }
    }

    private void onLogin(Talk talk, byte[] b, int from, int to) {
        if (!Login.isTaken(b, from, to)) {
            broken = new IOException("the target refuses the login: " + text(b, from, to));
        }
        talk.loginNs = 0;
        talk.failedConnects = 0;
        look(talk);
    }

    private void send(Recorded request, long nowNs) {
        Talk talk = request.talk;
        talk.socket.out().raw(request.request);
        if (request.isSilent()) {
            talk.socket.out().raw(BARRIER);
        }
        request.sentNs = nowNs;
        talk.inFlight.add(request);
        inFlight++;
        result.sent++;
    }

    void onReply(Talk talk, byte[] b, int from, int to, long nowNs) {
        if (talk.loginNs != 0) {
            onLogin(talk, b, from, to);
            return;
        }
        Recorded request = talk.inFlight.peek();
        if (request == null) {
            talk.socket.close("a reply that nobody asked for");
            return;
        }
        boolean barrier = request.isSilent() && Arrays.equals(BARRIER_REPLY, 0, BARRIER_REPLY.length, b, from, to);
        boolean same = barrier || judge.isSame(request, b, from, to, source.reader().isRedacted());
        if (!same && !request.differs) {
            request.differs = true;
            if (!talk.memcached && Login.isMissing(b, from, to)) {
                broken = new IOException("the target wants a login: give it one by --auth FILE");
            }
            if (request.treatment != Treatment.BY_NATURE) {
                result.differing++;
                tell(request, text(b, from, to));
            }
        }
        if (request.isSilent() && !barrier) {
            // what was not to be answered is answered; the barrier comes behind
            return;
        }
        if (request.treatment == Treatment.BY_NATURE) {
            result.byNature++;
            result.byNatureSame += request.differs ? 0 : 1;
        } else if (!request.differs) {
            result.same++;
        }
        result.latencyUs.recordValue(Math.max(0, (nowNs - request.sentNs) / 1_000));
        inFlight--;
        done(talk.inFlight.poll());
    }

    private void done(Recorded request) {
        heldBytes -= request.heldBytes();
        order.done(request, this::look);
    }

    void onClosed(Talk talk, String why) {
        boolean connected = !talk.inFlight.isEmpty();
        while (!talk.inFlight.isEmpty()) {
            Recorded request = talk.inFlight.poll();
            inFlight--;
            result.failed++;
            tell(request, "no reply: " + why);
            done(request);
        }
        talk.socket = null;
        talk.loginNs = 0;
        if (!connected && ++talk.failedConnects >= CONNECTS_MAX) {
            broken = new IOException("cannot talk to " + config.target().getHostString() + ':'
                + config.target().getPort() + ": " + why);
        }
        look(talk);
    }

    private void findLate(long nowNs) {
        for (Talk talk : new ArrayList<>(talks)) {
            Recorded first = talk.inFlight.peek();
            long sinceNs = first != null ? first.sentNs : talk.loginNs;
            if (sinceNs != 0 && nowNs - sinceNs > config.timeoutNs() && talk.socket != null) {
                talk.socket.close("none in time");
            }
        }
    }

    private void tell(Recorded request, String now) {
        if (result.differences.size() < config.differencesMax()) {
            result.differences.add(new Difference(request.epochNs - source.firstNs(), request.talk.number,
                request.command, request.keys.isEmpty() ? "" : text(request.keys.getFirst().array(),
                request.keys.getFirst().arrayOffset() + request.keys.getFirst().position(),
                request.keys.getFirst().arrayOffset() + request.keys.getFirst().limit()),
                text(request.reply, 0, request.reply.length), now));
        }
    }

    private static String text(byte[] b, int from, int to) {
        String text = new String(b, from, Math.min(to - from, TEXT_MAX), StandardCharsets.ISO_8859_1);
        return LoadReport.printable(text.replace("\r\n", " ").strip()) + (to - from > TEXT_MAX ? "..." : "");
    }
}
