package org.millrace.engine.sim;

import java.util.Random;
import org.millrace.io.sim.SimFaults;

/** What a seed stands for: limits, sizes and the probability of each fault, many of which are 0 in any one run. */
final class Scenario {
    static final String PASSWORD = "open";

    final long seed;
    final int servers;
    final int serverConnections;
    final int clients;
    final int requestsPerClient;
    final int depth;
    final int keys;
    final int ringSlots;
    final int clientMaxQueue;
    final int framesPerTurn;
    final int serverMaxQueue;
    final int serverMaxUnsentKb;
    final int clientMaxOutputKb;
    final int timeoutMs;
    final int silenceMs;
    final int retryMinMs;
    final boolean auth;
    final boolean db;
    final String distribution;
    final long memoryBytes;
    final boolean shortOfMemory;
    final int queueTimeoutMs;
    final int clientMaxExpectedKb;
    final int streamWindowKb;
    final int linkHoldMs;
    final int gatherTimeoutMs;
    /** HARD SOFT SECONDS, or null. */
    final String outputLimit;
    final boolean poolLimit;
    /** Characters of the largest values. */
    final int valueMax;
    /** A client that stops in the middle of what it sends, for each step. */
    final double halfSent;
    final double large;
    // of the network
    final SimFaults network;
    // of servers, for each request
    final double serverClose;
    final double serverReset;
    final double serverStall;
    final double serverGarbage;
    final double serverStray;
    final double serverDown;
    final boolean refuseAtAccept;
    /** Set by tests of the simulation itself: a server that answers two requests the wrong way round. */
    double serverSwap;
    // of clients, for each step
    final double quit;
    final double halfClose;
    final double broken;
    final double clientReset;
    final double slowReader;

    Scenario(long seed) {
        this.seed = seed;
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L);
        servers = random.nextInt(10) == 0 ? 1 + random.nextInt(12) : 1 + random.nextInt(5);
        serverConnections = 1 + random.nextInt(4);
        clients = 1 + random.nextInt(random.nextInt(4) == 0 ? 24 : 8);
        requestsPerClient = 20 + random.nextInt(120);
        depth = 1 + random.nextInt(random.nextBoolean() ? 6 : 60);
        keys = 1 + random.nextInt(20);
        ringSlots = 8 << random.nextInt(6);
        clientMaxQueue = 1 + random.nextInt(random.nextBoolean() ? 8 : 100);
        framesPerTurn = 1 + random.nextInt(random.nextBoolean() ? 16 : 256);
        serverMaxQueue = 1 + random.nextInt(random.nextBoolean() ? 4 : 64);
        serverMaxUnsentKb = 4 + random.nextInt(60);
        clientMaxOutputKb = 16 + random.nextInt(64);
        timeoutMs = random.nextBoolean() ? 0 : 20 + random.nextInt(300);
        silenceMs = 50 + random.nextInt(1000);
        retryMinMs = 1 + random.nextInt(20);
        auth = random.nextInt(8) == 0;
        db = random.nextInt(8) == 0;
        distribution = random.nextBoolean() ? "ketama" : "modula";
        memoryBytes = random.nextInt(8) == 0 ? 1L << 19 + random.nextInt(5) : 256L << 20;
        shortOfMemory = memoryBytes < 256L << 20;
        large = draw(random, 0.3);
        network = new SimFaults(draw(random, 1), draw(random, 1), draw(random, 1),
            random.nextInt(10) == 0 ? draw(random, 0.02) : 0, random.nextInt(10) == 0 ? draw(random, 0.3) : 0,
            draw(random, 0.01), draw(random, 1), 1 + random.nextInt(1_000_000), 1 + random.nextInt(50_000_000));
        serverClose = draw(random, 0.02);
        serverReset = draw(random, 0.02);
        serverStall = draw(random, 0.02);
        serverGarbage = random.nextInt(4) == 0 ? draw(random, 0.02) : 0;
        serverStray = random.nextInt(10) == 0 ? draw(random, 0.02) : 0;
        serverDown = draw(random, 0.002);
        refuseAtAccept = random.nextInt(12) == 0;
        quit = draw(random, 0.003);
        halfClose = draw(random, 0.003);
        broken = draw(random, 0.003);
        clientReset = draw(random, 0.003);
        slowReader = draw(random, 0.01);
        queueTimeoutMs = random.nextInt(5) == 0 ? 5 + random.nextInt(200) : 0;
        clientMaxExpectedKb = 64 + random.nextInt(500);
        streamWindowKb = 64 + random.nextInt(200);
        linkHoldMs = 10 + random.nextInt(300);
        gatherTimeoutMs = 50 + random.nextInt(500);
        outputLimit = random.nextInt(8) != 0 ? null : random.nextBoolean() ? 100 + random.nextInt(400) + "kb 0 0"
            : "0 " + (50 + random.nextInt(100)) + "kb " + random.nextInt(2);
        poolLimit = random.nextInt(6) == 0;
        valueMax = random.nextInt(4) == 0 ? 100_000 : 40_000;
        halfSent = draw(random, 0.003);
    }

    /** 0 in most runs. */
    private static double draw(Random random, double most) {
        double value = random.nextDouble() * most;
        return random.nextInt(5) < 3 ? 0 : value;
    }

    /** Whether requests may fail through no fault of the proxy. */
    boolean serversFail() {
        return serverClose + serverReset + serverGarbage + serverStray + serverDown > 0 || refuseAtAccept
            || shortOfMemory || timeoutMs > 0 || queueTimeoutMs > 0 || network.reset() > 0 || network.refuse() > 0;
    }

    /** The configuration file. */
    String yaml() {
        StringBuilder yaml = new StringBuilder("alpha:\n  listen: 127.0.0.1:22121\n  hash: fnv1a_64\n  redis: true\n")
            .append("  distribution: ").append(distribution).append("\n  timeout: ").append(timeoutMs)
            .append("\n  server_connections: ").append(serverConnections).append('\n');
        if (auth) {
            yaml.append("  redis_auth: ").append(PASSWORD).append('\n');
        }
        if (db) {
            yaml.append("  redis_db: 3\n");
        }
        yaml.append("  servers:\n");
        for (int i = 0; i < servers; i++) {
            yaml.append("    - 127.0.0.1:").append(port(i)).append(":1\n");
        }
        return yaml.append("millrace:\n  ring_slots: ").append(ringSlots).append("\n  limits:\n    client_max_queue: ")
            .append(clientMaxQueue).append("\n    client_frames_per_turn: ").append(framesPerTurn)
            .append("\n    server_max_queue: ").append(serverMaxQueue).append("\n    server_max_unsent: ")
            .append(serverMaxUnsentKb).append("kb\n    client_max_output: ").append(clientMaxOutputKb)
            .append("kb\n    queue_timeout: ").append(queueTimeoutMs).append("\n    client_max_expected: ")
            .append(clientMaxExpectedKb).append("kb\n    stream_window: ").append(streamWindowKb)
            .append("kb\n    link_hold_ms: ").append(linkHoldMs).append("\n    gather_timeout: ")
            .append(gatherTimeoutMs).append("\n    client_output_limit: ")
            .append(outputLimit == null ? "0 0 0" : outputLimit).append("\n    pool_max_bytes: ")
            .append(poolLimit ? "1mb" : "auto")
            .append("\n    max_bulk: 256kb\n    link_retry_min_ms: ").append(retryMinMs)
            .append("\n    link_retry_max_ms: ").append(retryMinMs * 10).append("\n    link_silence_ms: ")
            .append(silenceMs).append('\n').toString();
    }

    static int port(int server) {
        return 7000 + server;
    }
}
