package org.millrace.engine.control;

import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.millrace.conf.AddressConfig;
import org.millrace.conf.ServerConfig;
import org.millrace.io.Endpoint;
import org.millrace.routing.PoolTopology;
import org.millrace.routing.Topology;
import org.millrace.routing.distribution.ServerNode;

/**
 * Keeps the addresses of servers that are known by name: resolves a name again while it does not resolve or its server
 * is down, and once in a while in any case. Has a thread of its own, which waits for lookups on others.
 */
public final class ServerNames implements Runnable {
    static final long RETRY_NS = 5_000_000_000L;
    /** After a server has failed its name is looked up sooner, but not for each of many failures. */
    static final long LEAST_NS = 1_000_000_000L;
    /** So long a start, a reload and a round wait for names, however many there are. */
    static final long DEADLINE_NS = 5_000_000_000L;

    /** By the indexes of pools and servers, and those of them that have to be looked up. */
    private record Table(ServerName[][] all, List<ServerName> named) {
        ServerName at(int pool, int server) {
            ServerName[] servers = pool < all.length ? all[pool] : null;
            return servers != null && server < servers.length ? servers[server] : null;
        }
    }

    private final Lookup lookup;
    private final NameLookups lookups;
    private final EventLog log;
    private volatile long intervalNs;
    private final Thread thread;
    private final AtomicBoolean begun = new AtomicBoolean();
    /** What was looked up for servers that are to come. */
    private final Map<AddressConfig, Endpoint> prepared = new ConcurrentHashMap<>();
    private volatile Table table = new Table(new ServerName[0][], List.of());
    private volatile Runnable onChange = () -> { };
    private volatile int changes;
    private volatile boolean started;
    private volatile boolean running = true;

    /**
     * Resolves all names for the first time, several at a time; one that does not resolve, or takes too long, is told
     * and tried again later.
     *
     * @param intervalNs how often a name is looked up while all is well, 0 = never
     */
    public ServerNames(Topology topology, Lookup lookup, EventLog log, long intervalNs) {
        this(topology, lookup, log, intervalNs, DEADLINE_NS);
    }

    ServerNames(Topology topology, Lookup lookup, EventLog log, long intervalNs, long deadlineNs) {
        this.lookup = lookup;
        lookups = new NameLookups(lookup, deadlineNs);
        this.log = log;
        this.intervalNs = intervalNs;
        thread = Thread.ofPlatform().name("millrace-resolver").daemon().unstarted(this);
        prepare(topology);
        use(topology, System.nanoTime());
    }

    /**
     * Looks up whatever is new in a topology that is to come, by one step or several. May block, no longer than the
     * deadline.
     */
    public void prepare(Topology next) {
        prepared.clear();
        List<ServerName> wanted = new ArrayList<>();
        for (PoolTopology pool : next.pools()) {
            for (ServerNode server : pool.servers()) {
                if (find(pool.name(), server.config()) == null) {
                    wanted.add(new ServerName(pool.name(), server.config()));
                }
            }
        }
        Map<AddressConfig, NameLookups.Answer> answers = lookUp(wanted);
        for (ServerName name : wanted) {
            NameLookups.Answer answer = answers.get(name.address);
            if (answer == null) {
                log.warn(name.text + " takes long to resolve; its requests get an error until it does");
            } else if (answer.found().isEmpty()) {
                log.warn(name.text + " does not resolve; its requests get an error, and it is tried again");
            } else {
                prepared.put(name.address, answer.found().getFirst());
            }
        }
    }

    /** Those that are known in time. What needs no looking up is not handed to a thread: most starts need none. */
    private Map<AddressConfig, NameLookups.Answer> lookUp(List<ServerName> wanted) {
        Map<AddressConfig, NameLookups.Answer> answers = new HashMap<>();
        List<AddressConfig> named = new ArrayList<>();
        for (ServerName name : wanted) {
            if (name.fixed) {
                answers.put(name.address, fixed(name));
            } else {
                named.add(name.address);
            }
        }
        try {
            if (!named.isEmpty()) {
                answers.putAll(lookups.all(named));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answers;
    }

    private NameLookups.Answer fixed(ServerName name) {
        try {
            return new NameLookups.Answer(lookup.resolveAll(name.address), null);
        } catch (UnknownHostException e) {
            return new NameLookups.Answer(List.of(), e);
        }
    }

    /** How often a name is looked up while all is well, 0 = never. Any thread. */
    public void interval(long ns) {
        intervalNs = ns;
        LockSupport.unpark(thread);
    }

    private ServerName find(String pool, ServerConfig server) {
        for (ServerName[] names : table.all) {
            for (int i = 0; names != null && i < names.length; i++) {
                if (names[i] != null && names[i].is(pool, server)) {
                    return names[i];
                }
            }
        }
        return null;
    }

    /** From here on looks after the servers of this topology. Never blocks. */
    void use(Topology topology, long nowNs) {
        ServerName[][] all = new ServerName[topology.poolIndexes()][];
        List<ServerName> named = new ArrayList<>();
        for (PoolTopology pool : topology.pools()) {
            all[pool.index()] = new ServerName[pool.serverIndexes()];
            for (ServerNode server : pool.servers()) {
                ServerName name = find(pool.name(), server.config());
                if (name == null) {
                    name = new ServerName(pool.name(), server.config());
                    name.endpoint = prepared.get(name.address);
                    name.lookedUpNs = nowNs;
                }
                all[pool.index()][server.index()] = name;
                if (!name.fixed) {
                    named.add(name);
                }
            }
        }
        table = new Table(all, List.copyOf(named));
        if (started) {
            begin();
        }
    }

    /** The endpoints by pool and server; null for a name that does not resolve. Any thread. */
    public List<List<Endpoint>> endpoints() {
        List<List<Endpoint>> pools = new ArrayList<>();
        for (ServerName[] pool : table.all) {
            List<Endpoint> servers = new ArrayList<>();
            for (int i = 0; pool != null && i < pool.length; i++) {
                servers.add(pool[i] == null ? null : pool[i].endpoint);
            }
            pools.add(servers);
        }
        return pools;
    }

    /**
     * Starts to look after the names, if there are any.
     *
     * @param told run on the resolver's thread whenever an address has changed; must not block
     */
    public void start(Runnable told) {
        watch(told, System.nanoTime());
        started = true;
        begin();
    }

    private void begin() {
        if (!table.named.isEmpty() && begun.compareAndSet(false, true)) {
            thread.start();
        }
        LockSupport.unpark(thread);
    }

    void watch(Runnable told, long nowNs) {
        onChange = told;
        table.named.forEach(name -> name.lookedUpNs = nowNs);
    }

    /** Grows whenever an address has changed. Any thread. */
    int changes() {
        return changes;
    }

    /** A link to this server stands. Any thread. */
    public void onServerUp(int pool, int server) {
        ServerName name = table.at(pool, server);
        if (name != null) {
            name.down = false;
        }
    }

    /** A server has failed: its name may stand for another address by now. Any thread, never blocks. */
    public void onServerDown(int pool, int server) {
        ServerName name = table.at(pool, server);
        if (name != null && !name.fixed) {
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
        long everyNs = intervalNs;
        List<ServerName> due = new ArrayList<>();
        for (ServerName name : table.named) {
            long pauseNs = pauseNs(name, everyNs);
            long leftNs = name.lookedUpNs + pauseNs - nowNs;
            if (leftNs <= 0) {
                name.failed = false;
                // names that are looked up only once in a while do not all come at once, nor do those of other proxies
                boolean well = pauseNs == everyNs;
                name.lookedUpNs = nowNs - (well ? ThreadLocalRandom.current().nextLong(everyNs / 8 + 1) : 0);
                due.add(name);
            } else {
                waitNs = Math.min(waitNs, leftNs);
            }
        }
        Map<AddressConfig, NameLookups.Answer> answers = lookUp(due);
        due.forEach(name -> take(name, answers.get(name.address)));
        return waitNs;
    }

    private static long pauseNs(ServerName name, long everyNs) {
        if (name.failed) {
            return LEAST_NS;
        }
        boolean urgent = name.down || name.endpoint == null;
        return urgent ? RETRY_NS : everyNs > 0 ? everyNs : Long.MAX_VALUE / 2;
    }

    private void take(ServerName name, NameLookups.Answer answer) {
        if (answer == null || answer.isUnknown()) {
            // what was known of it may still be right
            return;
        }
        if (answer.fault() != null) {
            log.error(name.text + " cannot be looked up", answer.fault());
            return;
        }
        Endpoint chosen = choose(name, answer.found());
        if (running && !chosen.equals(name.endpoint)) {
            name.endpoint = chosen;
            int count = changes;
            changes = count + 1;
            onChange.run();
            log.info(name.text + " now resolves to " + chosen.address());
        }
    }

    /** Of several addresses the one that is in use stays, unless nobody answers there: then it is the next one. */
    private static Endpoint choose(ServerName name, List<Endpoint> found) {
        int now = name.endpoint == null ? -1 : found.indexOf(name.endpoint);
        return now < 0 ? found.getFirst() : found.get(name.down ? (now + 1) % found.size() : now);
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

        /**
         * All addresses that a name stands for, at least one. May block for long.
         *
         * @throws UnknownHostException if the name does not resolve
         */
        default List<Endpoint> resolveAll(AddressConfig address) throws UnknownHostException {
            return List.of(resolve(address));
        }
    }
}
