package org.millrace.engine.sim;

import java.util.Random;
import org.millrace.io.sim.SimFaults;

/** What a seed stands for: limits, sizes and the probability of each fault, many of which are 0 in any one run. */
final class Scenario {
    static final String PASSWORD = "open";
    static final int WHOLE_WINDOW = 64 << 10;
    private static final long PLENTY_BYTES = 256L << 20;
    /** Keys of an MGET, values of an MSET. */
    static final int KEYS_MAX = 20;
    static final int VALUES_MAX = 8;

    final long seed;
    final int servers;
    final int serverConnections;
    final int clients;
    final int requestsPerClient;
    final int depth;
    final int keys;
    final int timeoutMs;
    final boolean memcached;
    final boolean auth;
    final boolean db;
    final String distribution;
    final long memoryBytes;
    final boolean shortOfMemory;
    final ScenarioLimits limits;
    /** Longest value that a server may come to hold, and that a client sends in one request. */
    final int storedMax;
    final int valueMax;
    final double large;

    // of the network
    final SimFaults network;
    final int leastWindow;
    final int mostWindow;

    // of servers, for each request
    final double serverClose;
    final double serverReset;
    final double serverStall;
    final double serverGarbage;
    final double serverStray;
    /** An error that the server itself answers with. */
    final double serverError;
    /** What becomes of keys whose server is ejected; null if none ever is. */
    final String eject;
    final int retryTimeoutMs;
    final int failureLimit;
    /** The links are another lane's, which the one under test borrows. */
    final boolean borrows;
    // for each step
    final double serverDown;
    /** A server that does nothing more, not even read, until faults end. */
    final double serverHang;
    final boolean refuseAtAccept;
    /** Some servers accept, then hang up before or after a first reply, again and again until faults end. */
    final boolean flapping;
    /** Set by tests of the simulation itself: a server that answers two requests the wrong way round. */
    double serverSwap;
    /** Likewise: servers come back without being asked. */
    boolean unasked;

    // of clients, for each step
    final double quit;
    final double halfClose;
    final double broken;
    final double clientReset;
    final double slowReader;
    /** Of those that are slow, how many read nothing more until faults end. */
    final double mute;
    /** A client that stops in the middle of what it sends. */
    final double halfSent;
    /** For each turn: another snapshot of pools and servers, of which the servers have other links. */
    final double snapshots;

    Scenario(long seed) {
        this(seed, null);
    }

    /**
     * A scenario.
     *
     * @param lenient name of a limit that is larger than the same seed makes it otherwise: for tests of the checks
     */
    Scenario(long seed, String lenient) {
        this.seed = seed;
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L);
        servers = random.nextInt(10) == 0 ? 1 + random.nextInt(12) : 1 + random.nextInt(5);
        serverConnections = 1 + random.nextInt(4);
        clients = 1 + random.nextInt(random.nextInt(4) == 0 ? 24 : 8);
        requestsPerClient = 20 + random.nextInt(120);
        depth = 1 + random.nextInt(random.nextBoolean() ? 6 : 60);
        keys = 1 + random.nextInt(20);
        timeoutMs = random.nextBoolean() ? 0 : 20 + random.nextInt(300);
        // what has come later is drawn apart, so that seeds stay what they are
        Random later = new Random(seed * 0xD1342543DE82EF95L + 0x2545F4914F6CDD1DL);
        memcached = later.nextInt(5) < 2;
        auth = random.nextInt(8) == 0 && !memcached;
        db = random.nextInt(8) == 0 && !memcached;
        distribution = random.nextBoolean() ^ "distribution".equals(lenient) ? "ketama" : "modula";
        memoryBytes = random.nextInt(3) == 0 ? 1L << 19 + random.nextInt(random.nextBoolean() ? 2 : 5) : PLENTY_BYTES;
        shortOfMemory = memoryBytes < PLENTY_BYTES;
        limits = new ScenarioLimits(random, memoryBytes, lenient);
        storedMax = Math.min(limits.maxBulkKb << 10, (limits.maxMessageKb << 10) / (KEYS_MAX + 1)) - 200;
        // memory does not run short by itself
        boolean wants = shortOfMemory && random.nextInt(4) != 0;
        large = wants ? 0.1 + random.nextDouble() * 0.5 : draw(random, 0.3);
        network = new SimFaults(draw(random, 1), draw(random, 1), draw(random, 1),
            random.nextInt(5) == 0 ? draw(random, 0.02) : 0, random.nextInt(5) == 0 ? draw(random, 0.3) : 0,
            draw(random, 0.01), draw(random, 1), 1 + random.nextInt(1_000_000), 1 + random.nextInt(50_000_000));
        int windows = random.nextInt(8);
        leastWindow = windows < 5 ? WHOLE_WINDOW : windows == 6 ? 2_000 + random.nextInt(6_000)
            : 300 + random.nextInt(1_000);
        mostWindow = windows == 5 ? leastWindow + random.nextInt(2_000) : windows == 6 ? leastWindow * 2
            : WHOLE_WINDOW;
        valueMax = Math.min(Math.min(storedMax / 2, wants || random.nextInt(4) == 0 ? 100_000 : 40_000),
            // a value must not take for ever
            mostWindow * 32);
        serverClose = draw(random, 0.02);
        serverReset = draw(random, 0.02);
        serverStall = draw(random, 0.02);
        serverGarbage = random.nextInt(6) == 0 ? draw(random, 0.02) : 0;
        serverStray = random.nextInt(8) == 0 ? draw(random, 0.02) : 0;
        serverDown = draw(random, 0.002);
        serverHang = random.nextInt(6) == 0 ? 0.0002 + random.nextDouble() * 0.005 : 0;
        refuseAtAccept = random.nextInt(14) == 0;
        flapping = random.nextInt(8) == 0;
        quit = draw(random, 0.003);
        halfClose = draw(random, 0.003);
        broken = draw(random, 0.003);
        clientReset = draw(random, 0.003);
        slowReader = wants && random.nextBoolean() ? 0.02 : draw(random, 0.01);
        mute = random.nextInt(4) == 0 ? 0.2 : 0;
        halfSent = draw(random, 0.003);
        snapshots = draw(random, 0.02);
        serverError = serversFail() && later.nextInt(4) == 0 ? later.nextDouble() * 0.05 : 0;
        int ejects = serversFail() ? later.nextInt(10) : 9;
        eject = ejects < 3 || ejects < 6 && "eject".equals(lenient) ? "rehash" : ejects < 6 ? "fail_fast" : null;
        retryTimeoutMs = 1 + later.nextInt(150);
        failureLimit = 1 + later.nextInt(3) / 2;
        // a borrowed link takes more memory than such a lane has
        borrows = new Random(seed * 0x9FB21C651E98DF25L + 7).nextInt(4) == 0 && !shortOfMemory;
    }

    /** 0 in most runs. */
    private static double draw(Random random, double most) {
        double value = random.nextDouble() * most;
        return random.nextInt(5) < 3 ? 0 : value;
    }

    /** Whether requests may fail through no fault of the proxy. */
    boolean serversFail() {
        return serverClose + serverReset + serverGarbage + serverStray + serverDown > 0 || refuseAtAccept || flapping
            || shortOfMemory || timeoutMs > 0 || limits.queueTimeoutMs > 0 || network.reset() > 0
            || network.refuse() > 0;
    }

    /** Whether bytes may be long under way although both ends do what they can. */
    boolean isNetworkSlow() {
        return leastWindow < WHOLE_WINDOW || network.stall() > 0 || network.delayed() > 0
            || network.partialWrite() > 0 || network.chunked() > 0;
    }

    /** The configuration file. */
    String yaml() {
        return yaml(borrows ? 1 : serverConnections, false);
    }

    /** The same with so many links to each server, and perhaps one pool more. */
    String yaml(int connections, boolean more) {
        StringBuilder yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n  hash: fnv1a_64\n  redis: ")
            .append(!memcached).append('\n')
            .append("  distribution: ").append(distribution).append("\n  timeout: ").append(timeoutMs)
            .append("\n  server_connections: ").append(connections).append('\n');
        if (borrows && connections < 3) {
            // over two lanes: one borrows, both have one, or, without this line, as many as they want
            yaml.append("  server_connections_total: ").append(connections).append('\n');
        }
        if (auth) {
            yaml.append("  redis_auth: ").append(PASSWORD).append('\n');
        }
        if (db) {
            yaml.append("  redis_db: 3\n");
        }
        if (eject != null) {
            yaml.append("  auto_eject_hosts: true\n  eject: ").append(eject).append("\n  server_retry_timeout: ")
                .append(retryTimeoutMs).append("\n  server_failure_limit: ").append(failureLimit).append('\n');
        }
        yaml.append("  servers:\n");
        for (int i = 0; i < servers; i++) {
            yaml.append("    - 127.0.0.1:").append(port(i)).append(":1\n");
        }
        if (more) {
            yaml.append("beta:\n  listen: 127.0.0.1:22122\n  redis: ").append(!memcached)
                .append("\n  servers:\n    - 127.0.0.1:").append(port(0)).append(":1\n");
        }
        // what drains is not given up: a client may read slowly
        return limits.addTo(yaml.append("millrace:\n  drain_ms: 3600000\n")).toString();
    }

    static int port(int server) {
        return 7000 + server;
    }
}
