package org.millrace.perf.pressure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.millrace.perf.load.Mixer;
import org.millrace.perf.server.FreePort;
import org.millrace.perf.server.LocalServer;

/**
 * Servers that are killed, restarted, and stopped and continued, at random. Several may be away at a time. One thread,
 * but for {@link #deaths}.
 */
final class ServerFaults implements AutoCloseable {
    private static final long MS_NS = 1_000_000;
    private static final int BETWEEN_MAX_MS = 700;
    private static final int AWAY_MAX_MS = 1_500;
    /** Beyond {@code timeout} and beyond {@code link_silence_ms}, and short of them. */
    private static final int STILL_MAX_MS = 2_500;

    /** What happens to a server. */
    enum Kind { KILLED, RESTARTED, STOPPED }

    private final Mixer random;
    private final LocalServer.Starter<?> starter;
    private final List<LocalServer> servers = new ArrayList<>();
    private final Kind[] fault;
    private final long[] healNs;
    private final AtomicLongArray deaths;
    private final long[] counts = new long[Kind.values().length];
    private long nextNs;

    ServerFaults(int count, long seed, LocalServer.Starter<?> starter) throws IOException {
        random = new Mixer(seed);
        this.starter = starter;
        fault = new Kind[count];
        healNs = new long[count];
        deaths = new AtomicLongArray(count);
        try {
            for (int i = 0; i < count; i++) {
                servers.add(starter.startOn(FreePort.find()));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    List<LocalServer> servers() {
        return servers;
    }

    /** How often a server has died, and with it all that it knew. */
    long deaths(int server) {
        return deaths.get(server);
    }

    /** Begins what is due, and ends it. */
    void turn(long nowNs) throws IOException {
        for (int i = 0; i < fault.length; i++) {
            if (fault[i] != null && nowNs - healNs[i] >= 0) {
                heal(i);
            }
        }
        if (nextNs == 0 || nowNs - nextNs >= 0) {
            if (nextNs != 0) {
                int victim = random.nextInt(fault.length);
                if (fault[victim] == null) {
                    harm(victim, Kind.values()[random.nextInt(Kind.values().length)], nowNs);
                }
            }
            nextNs = nowNs + random.nextInt(BETWEEN_MAX_MS) * MS_NS;
        }
    }

    private void harm(int victim, Kind kind, long nowNs) throws IOException {
        LocalServer server = servers.get(victim);
        counts[kind.ordinal()]++;
        fault[victim] = kind;
        if (kind == Kind.STOPPED) {
            Signals.stop(server.pid());
            healNs[victim] = nowNs + random.nextInt(STILL_MAX_MS) * MS_NS;
            return;
        }
        if (kind == Kind.KILLED) {
            server.kill();
        } else {
            server.end();
        }
        // what was acknowledged until now is lost; nobody can find that out before the next one has started
        deaths.incrementAndGet(victim);
        healNs[victim] = nowNs + random.nextInt(AWAY_MAX_MS) * MS_NS;
    }

    private void heal(int index) throws IOException {
        if (fault[index] == Kind.STOPPED) {
            Signals.resume(servers.get(index).pid());
        } else {
            servers.set(index, starter.startOn(servers.get(index).port()));
        }
        fault[index] = null;
    }

    /** All are well again. */
    void healAll() throws IOException {
        for (int i = 0; i < fault.length; i++) {
            if (fault[i] != null) {
                heal(i);
            }
        }
    }

    /** How often each kind happened. */
    String counts() {
        return counts[0] + " killed, " + counts[1] + " restarted, " + counts[2] + " stopped for a while";
    }

    @Override
    public void close() {
        for (int i = 0; i < servers.size(); i++) {
            if (fault[i] == Kind.STOPPED) {
                servers.get(i).kill();
            }
        }
        LocalServer.closeAll(servers);
    }
}
