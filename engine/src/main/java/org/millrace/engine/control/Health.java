package org.millrace.engine.control;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;
import org.millrace.conf.PoolConfig;
import org.millrace.engine.filter.WallClock;
import org.millrace.io.CloseCause;
import org.millrace.io.Endpoint;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Topology;
import org.millrace.routing.distribution.ServerNode;

/**
 * Which servers are ejected. Counts the failures that lanes tell: those of a tenth of a second are one incident, on
 * however many lanes and links, and a good reply in between sets the count back. At the pool's limit the server is
 * ejected, which is another topology. When its time is over it is asked whether it is there, off the data path, and
 * comes back with its first good answer; until then it is asked again and again, after pauses that differ from proxy to
 * proxy.
 *
 * <p>Control thread, but for what says otherwise.
 */
public final class Health {
    /** Failures of so long are one. */
    static final long INCIDENT_NS = 100_000_000;
    /** The longest pause between two questions. */
    static final long PAUSE_NS = 1_000_000_000;
    /** Whoever has not said by then what a server answers says it never. */
    static final long ANSWER_NS = 5_000_000_000L;
    private static final long LEAST_PAUSE_NS = 50_000_000;
    private static final long IDLE_NS = 500_000_000;

    private final Snapshots snapshots;
    private final Prober prober;
    private final EventLog log;
    private final WallClock clock;
    private final LongUnaryOperator jitter;
    private final Map<Key, ServerHealth> servers = new ConcurrentHashMap<>();
    private GoodReplies goodReplies = (pool, server) -> 0;
    private Topology known;

    /** A server by its names, which it keeps whatever its index. */
    record Key(String pool, String server) {
        @Override
        public String toString() {
            return "pool " + pool + ", server " + server;
        }
    }

    /** Replies of a server that show that it works, on all lanes. */
    @FunctionalInterface
    public interface GoodReplies {
        /** By the indexes of pool and server. */
        long of(int pool, int server);
    }

    /** All servers are well. */
    public Health(Snapshots snapshots, Prober prober, EventLog log, WallClock clock) {
        this(snapshots, prober, log, clock, bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    /**
     * The same with chance of its own, so that a run can be repeated.
     *
     * @param jitter of a bound, which is above 0: a number from 0 to below it
     */
    public Health(Snapshots snapshots, Prober prober, EventLog log, WallClock clock, LongUnaryOperator jitter) {
        this.snapshots = snapshots;
        this.prober = prober;
        this.log = log;
        this.clock = clock;
        this.jitter = jitter;
    }

    /** Before the control thread starts. */
    public void start(GoodReplies replies) {
        goodReplies = replies;
    }

    /** A lane has lost a link to this server, could not open it, or has had no answer in time. */
    public void onFailure(int pool, int server, CloseCause cause, long nowNs) {
        PoolTopology topology = snapshots.topology().pool(pool);
        ServerNode node = topology == null ? null : topology.server(server);
        if (node == null || !topology.config().autoEjectHosts()) {
            return;
        }
        ServerHealth health = servers.computeIfAbsent(new Key(topology.name(), node.ringName()), ServerHealth::new);
        long good = goodReplies.of(pool, server);
        if (good != health.goodReplies) {
            health.goodReplies = good;
            health.failures = 0;
        }
        if (health.ejected || health.failures > 0 && nowNs - health.incidentNs < INCIDENT_NS) {
            return;
        }
        health.incidentNs = nowNs;
        health.failures = health.failures + 1;
        health.why = cause == CloseCause.PEER_CLOSED ? "it closed the connection" : cause.text();
        if (health.failures >= topology.config().serverFailureLimit()) {
            eject(health, topology, node, nowNs);
        }
    }

    private void eject(ServerHealth health, PoolTopology pool, ServerNode node, long nowNs) {
        PoolConfig config = pool.config();
        log.warn(health.key + " is ejected: " + health.why + ", " + health.failures + (health.failures == 1
            ? " failure" : " failures in a row") + "; its keys " + (config.rehashesEjected() ? "go to the others"
            : "fail at once") + ", and it is asked again in " + config.serverRetryTimeoutMs() + " ms");
        health.failures = 0;
        health.ejected = true;
        health.ejections = health.ejections + 1;
        health.ejectedAtMicros = clock.epochMicros();
        health.asking = false;
        due(health, nowNs, config.serverRetryTimeoutMs() * 1_000_000L);
        Set<Integer> out = new HashSet<>(pool.ejected());
        out.add(node.index());
        snapshots.change(snapshots.topology().with(pool.withEjected(out)));
    }

    private void due(ServerHealth health, long nowNs, long pauseNs) {
        health.dueNs = nowNs + pauseNs;
        health.askedAtMicros = clock.epochMicros() + pauseNs / 1_000;
    }

    /**
     * Asks servers whose time has come.
     *
     * @return nanoseconds until the next look
     */
    public long look(long nowNs) {
        if (known != snapshots.topology()) {
            known = snapshots.topology();
            servers.values().removeIf(health -> forget(health));
        }
        long waitNs = IDLE_NS;
        for (ServerHealth health : servers.values()) {
            if (health.ejected) {
                long leftNs = (health.asking ? health.askedNs + ANSWER_NS : health.dueNs) - nowNs;
                if (leftNs > 0) {
                    waitNs = Math.min(waitNs, leftNs);
                } else if (health.asking) {
                    onAnswer(health, "nobody said what it answered", nowNs);
                } else {
                    ask(health, nowNs);
                }
            }
        }
        return waitNs;
    }

    /** A server that has left the topology is forgotten; one at another address, or that may not be out, is live. */
    private boolean forget(ServerHealth health) {
        PoolTopology pool = known.pool(known.poolIndexOf(health.key.pool()));
        ServerNode node = pool == null ? null : pool.serverNamed(health.key.server());
        if (node != null && health.ejected && !pool.isEjected(node.index())) {
            health.ejected = false;
            health.failures = 0;
        }
        return node == null;
    }

    private void ask(ServerHealth health, long nowNs) {
        PoolTopology pool = known.pool(known.poolIndexOf(health.key.pool()));
        ServerNode node = pool.serverNamed(health.key.server());
        Endpoint endpoint = snapshots.current().endpoint(pool.index(), node.index());
        health.asking = true;
        health.askedNs = nowNs;
        if (endpoint == null) {
            onAnswer(health, CloseCause.HOST_DOWN.text(), nowNs);
        } else {
            long round = health.ejections;
            prober.ask(endpoint, pool.config(), node.config(), (why, answeredNs) -> {
                // the answer to a question of an earlier ejection says nothing
                if (health.asking && round == health.ejections) {
                    onAnswer(health, why, answeredNs);
                }
            });
        }
    }

    private void onAnswer(ServerHealth health, String why, long nowNs) {
        health.asking = false;
        PoolTopology pool = snapshots.topology().pool(snapshots.topology().poolIndexOf(health.key.pool()));
        ServerNode node = pool == null ? null : pool.serverNamed(health.key.server());
        if (!health.ejected || node == null) {
            return;
        }
        if (why != null) {
            if (!why.equals(health.why)) {
                health.why = why;
                log.info(health.key + " stays ejected: " + why);
            }
            long longest = Math.clamp(pool.config().serverRetryTimeoutMs() * 1_000_000L, LEAST_PAUSE_NS, PAUSE_NS);
            due(health, nowNs, longest / 2 + jitter.applyAsLong(longest / 2));
            return;
        }
        health.ejected = false;
        health.failures = 0;
        health.why = "";
        // before the change, as an ejection is: whoever sees the effect finds the reason in the log
        log.info(health.key + " answers, and is ejected no longer");
        Set<Integer> out = new HashSet<>(pool.ejected());
        out.remove(node.index());
        snapshots.change(snapshots.topology().with(pool.withEjected(out)));
    }

    /** Ejections in a pool so far. Any thread. */
    public long ejections(String pool) {
        return servers.values().stream().filter(each -> each.key.pool().equals(pool)).mapToLong(each -> each.ejections)
            .sum();
    }

    /** What is known of a server; null if it has never failed. Any thread. */
    ServerHealth of(String pool, String server) {
        return servers.get(new Key(pool, server));
    }
}
