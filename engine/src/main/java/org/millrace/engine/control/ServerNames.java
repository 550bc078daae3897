package org.millrace.engine.control;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.conf.PoolConfig;
import org.millrace.io.Endpoint;

/**
 * Keeps the addresses of servers that are known by name: resolves a name again while it does not resolve or its server
 * is down, and tells all lanes when it has changed. Has a thread of its own, as resolving may block for long.
 */
public final class ServerNames implements Runnable {
    static final long RETRY_NS = 5_000_000_000L;
    /** After a server has failed its name is looked up sooner, but not for each of many failures. */
    static final long LEAST_NS = 1_000_000_000L;

    private final Lookup lookup;
    private final EventLog log;
    private final ServerName[][] names;
    private final List<ServerName> all = new ArrayList<>();
    private final Thread thread;
    private volatile List<LaneHandle> lanes = List.of();
    private volatile boolean running = true;

    /** Resolves all names for the first time; one that does not resolve is told and tried again later. */
    public ServerNames(MillraceConfig config, Lookup lookup, EventLog log) {
        this.lookup = lookup;
        this.log = log;
        names = new ServerName[config.pools().size()][];
        for (int pool = 0; pool < names.length; pool++) {
            PoolConfig conf = config.pools().get(pool);
            names[pool] = new ServerName[conf.servers().size()];
            for (int server = 0; server < names[pool].length; server++) {
                ServerName name = new ServerName(pool, server, conf.name(), conf.servers().get(server));
                names[pool][server] = name;
                if (!name.fixed) {
                    all.add(name);
                }
                try {
                    name.endpoint = lookup.resolve(name.address);
                } catch (UnknownHostException e) {
                    log.warn(name.text + " does not resolve; its requests get an error, and it is tried again");
                }
            }
        }
        thread = Thread.ofPlatform().name("millrace-resolver").daemon().unstarted(this);
    }

    /** The endpoints by pool and server; null for a name that does not resolve. Before the start. */
    public List<List<Endpoint>> endpoints() {
        List<List<Endpoint>> pools = new ArrayList<>();
        for (ServerName[] pool : names) {
            List<Endpoint> servers = new ArrayList<>();
            for (ServerName name : pool) {
                servers.add(name.endpoint);
            }
            pools.add(servers);
        }
        return pools;
    }

    /** Starts to look after the names, if there are any. */
    public void start(List<LaneHandle> told) {
        watch(told, System.nanoTime());
        if (!all.isEmpty()) {
            thread.start();
        }
    }

    void watch(List<LaneHandle> told, long nowNs) {
        lanes = told;
        all.forEach(name -> name.lookedUpNs = nowNs);
    }

    /** A link to this server stands. Any thread. */
    public void onServerUp(int pool, int server) {
        names[pool][server].down = false;
    }

    /** A server has failed: its name may stand for another address by now. Any thread, never blocks. */
    public void onServerDown(int pool, int server) {
        ServerName name = names[pool][server];
        if (!name.fixed) {
            name.down = true;
            name.failed = true;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        while (running) {
            LockSupport.parkNanos(round(System.nanoTime()));
        }
    }

    /**
     * Looks up the names that are due.
     *
     * @return nanoseconds until the next one may be
     */
    long round(long nowNs) {
        long waitNs = RETRY_NS;
        for (ServerName name : all) {
            if (name.failed || name.down || name.endpoint == null) {
                long leftNs = name.lookedUpNs + (name.failed ? LEAST_NS : RETRY_NS) - nowNs;
                if (leftNs <= 0) {
                    name.failed = false;
                    name.lookedUpNs = nowNs;
                    resolve(name);
                } else {
                    waitNs = Math.min(waitNs, leftNs);
                }
            }
        }
        return waitNs;
    }

    private void resolve(ServerName name) {
        Endpoint found;
        try {
            found = lookup.resolve(name.address);
        } catch (UnknownHostException e) {
            // what was known of it may still be right
            return;
        } catch (RuntimeException e) {
            log.error(name.text + " cannot be looked up", e);
            return;
        }
        if (running && !found.equals(name.endpoint)) {
            name.endpoint = found;
            for (LaneHandle lane : lanes) {
                lane.lane().server().links()[name.pool][name.server].endpoint(found);
            }
            log.info(name.text + " now resolves to " + found.address());
        }
    }

    /** Ends the thread; does not wait for a lookup that hangs. */
    public void stop() {
        running = false;
        LockSupport.unpark(thread);
    }

    /** Turns an address as typed into one to connect to. */
    @FunctionalInterface
    public interface Lookup {
        /**
         * May block for long.
         *
         * @throws UnknownHostException if the name does not resolve
         */
        Endpoint resolve(AddressConfig address) throws UnknownHostException;
    }
}
