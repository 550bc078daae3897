package org.millrace.engine.control;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.millrace.engine.filter.AdminQuestion;
import org.millrace.engine.lane.Lane;
import org.millrace.io.CloseCause;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.distribution.ServerNode;

/**
 * What the lanes of a process see of the rest of it: everything is handed to the control thread at once, and what finds
 * its queue full is kept until it comes by, so that no failure of a server is lost.
 */
public final class Outside implements Lane.Outside {
    private final Snapshots snapshots;
    private final Control control;
    private final EventLog log;
    private final ServerNames names;
    private final Health health;
    private final HeldReports held = new HeldReports();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();
    /** By server, what it said last; links that are opened again and again must not repeat it. */
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    /** Of a process whose servers have these names and this health. */
    public Outside(Snapshots snapshots, Control control, EventLog log, ServerNames names, Health health) {
        this.snapshots = snapshots;
        this.health = health;
        this.control = control;
        this.log = log;
        this.names = names;
        control.also(nowNs -> {
            held.tell();
            return Long.MAX_VALUE;
        });
    }

    /** What a report is about: the latest of a kind and subject tells all. */
    private record Subject(String kind, int pool, int server) {
    }

    /** Behind what is held already nothing overtakes it. */
    private void tell(Object subject, Runnable report) {
        if (!held.isEmpty() || !control.offer(report)) {
            held.hold(subject, report);
            control.wakeUp();
        }
    }

    /** Reports that found the control thread's queue full, and were told later. Any thread. */
    public long heldReports() {
        return held.count();
    }

    @Override
    public boolean info(int lane, long exchangeId, String section) {
        return control.offer(() -> control.answerInfo(lane, exchangeId, section));
    }

    @Override
    public boolean stats(int lane, long exchangeId) {
        return control.offer(() -> control.answerStats(lane, exchangeId));
    }

    @Override
    public boolean administer(AdminQuestion question) {
        return control.offer(() -> control.answerAdmin(question));
    }

    @Override
    public void onServerUp(int pool, int server) {
        names.onServerUp(pool, server);
        tell(new Subject("state", pool, server), () -> log.info(name(pool, server) + " is back"));
    }

    @Override
    public void onServerDown(int pool, int server, CloseCause cause) {
        names.onServerDown(pool, server);
        refusals.remove(name(pool, server));
        tell(new Subject("state", pool, server), () -> log.warn(name(pool, server)
            + (cause == CloseCause.PEER_CLOSED ? " closed the connection"
            : " failed: " + cause.text() + " (" + cause + ")")));
    }

    @Override
    public void onServerFailure(int pool, int server, CloseCause cause) {
        // it is counted by when it happened, not by when the control thread comes to it
        long nowNs = System.nanoTime();
        tell(new Subject("failure", pool, server), () -> health.onFailure(pool, server, cause, nowNs));
    }

    @Override
    public void onHandshakeRefused(int pool, int server, String reply) {
        // the reply is the server's, and servers do not repeat passwords
        String name = name(pool, server);
        if (!reply.equals(refusals.put(name, reply))) {
            tell(new Subject("handshake", pool, server),
                () -> log.warn(name + " refused AUTH or SELECT: " + reply.strip()));
        }
    }

    @Override
    public void onFault(String place, RuntimeException fault) {
        // once for each place and kind: a fault that comes with every request must not fill the disk
        // the trace is empty where an exception was made in advance, or by a JVM that leaves it out
        StackTraceElement[] trace = fault.getStackTrace();
        String kind = place + fault.getClass().getName() + (trace.length == 0 ? "" : trace[0]);
        if (reported.add(kind)) {
            tell(kind, () -> log.error("exception in " + place + "; its connection is closed", fault));
        }
    }

    @Override
    public long epochMicros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    private String name(int pool, int server) {
        PoolTopology found = snapshots.topology().pool(pool);
        ServerNode node = found == null ? null : found.server(server);
        return node == null ? "a server that is gone" : "pool " + found.name() + ", server " + node.ringName();
    }
}
