package org.millrace.engine.sim;

import java.util.Random;

/** The limits of a scenario: many of them so small that a run cannot but reach them. */
final class ScenarioLimits {
    private static final int LENIENCY = 4;

    private final String lenient;
    final int ringSlots;
    final int clientMaxQueue;
    final int framesPerTurn;
    final int serverMaxQueue;
    final int serverMaxUnsentKb;
    final int clientMaxOutputKb;
    final int clientMaxExpectedKb;
    final int clientMaxBytesKb;
    final int maxMessageKb;
    final int maxBulkKb;
    final int silenceMs;
    final int retryMinMs;
    final int queueTimeoutMs;
    final int streamWindowKb;
    final int linkHoldMs;
    final int gatherTimeoutMs;
    final boolean poolLimit;
    /** HARD SOFT SECONDS, 0 0 0 for none. */
    final int hardKb;
    final int softKb;
    final int softSeconds;

    /**
     * Limits by chance.
     *
     * @param lenient name of the one that is larger than the same chance makes it otherwise, or null
     */
    ScenarioLimits(Random random, long memoryBytes, String lenient) {
        this.lenient = lenient;
        ringSlots = 8 << random.nextInt(6);
        clientMaxQueue = limit("client_max_queue", 1 + random.nextInt(random.nextBoolean() ? 8 : 100));
        framesPerTurn = limit("client_frames_per_turn", 1 + random.nextInt(random.nextBoolean() ? 16 : 256));
        serverMaxQueue = limit("server_max_queue", 1 + random.nextInt(random.nextBoolean() ? 4 : 64));
        serverMaxUnsentKb = limit("server_max_unsent", 4 + (random.nextInt(3) == 0 ? 0 : random.nextInt(60)));
        clientMaxOutputKb = limit("client_max_output", 16 + (random.nextInt(3) == 0 ? 0 : random.nextInt(64)));
        clientMaxExpectedKb = limit("client_max_expected", 64 + (random.nextInt(4) == 0 ? 0 : random.nextInt(500)));
        boolean tiny = random.nextInt(4) == 0;
        int memoryKb = (int) (memoryBytes >> 10);
        // what is longer than all memory is refused by the configuration, but must not be fatal either
        maxMessageKb = tiny ? 64 << random.nextInt(4) : random.nextInt(4) == 0 ? Math.min(4096, memoryKb / 2) : 4096;
        maxBulkKb = tiny ? Math.max(4, maxMessageKb >> random.nextInt(5)) : Math.min(256, maxMessageKb);
        clientMaxBytesKb = limit("client_max_bytes",
            random.nextBoolean() ? maxMessageKb : maxMessageKb + random.nextInt(maxMessageKb));
        silenceMs = 50 + random.nextInt(1000);
        retryMinMs = 1 + random.nextInt(20);
        queueTimeoutMs = random.nextInt(5) == 0 ? limit("queue_timeout", 5 + random.nextInt(200)) : 0;
        streamWindowKb = 64 + random.nextInt(200);
        linkHoldMs = 10 + random.nextInt(300);
        gatherTimeoutMs = limit("gather_timeout", 50 + random.nextInt(500));
        poolLimit = random.nextInt(6) == 0;
        int outputLimit = random.nextInt(8);
        hardKb = outputLimit == 0 ? limit("hard", 100 + random.nextInt(400)) : 0;
        softKb = outputLimit == 1 ? limit("soft", 50 + random.nextInt(100)) : 0;
        softSeconds = random.nextInt(2);
    }

    private int limit(String name, int value) {
        return name.equals(lenient) ? value * LENIENCY : value;
    }

    boolean hasOutputLimit() {
        return hardKb + softKb > 0;
    }

    /** Writes the section's values. */
    StringBuilder addTo(StringBuilder yaml) {
        yaml.append("  ring_slots: ").append(ringSlots).append("\n  limits:\n");
        line(yaml, "client_max_queue", clientMaxQueue, "");
        line(yaml, "client_frames_per_turn", framesPerTurn, "");
        line(yaml, "client_max_bytes", clientMaxBytesKb, "kb");
        line(yaml, "client_max_output", clientMaxOutputKb, "kb");
        line(yaml, "client_max_expected", clientMaxExpectedKb, "kb");
        line(yaml, "server_max_queue", serverMaxQueue, "");
        line(yaml, "server_max_unsent", serverMaxUnsentKb, "kb");
        line(yaml, "max_message", maxMessageKb, "kb");
        line(yaml, "max_bulk", maxBulkKb, "kb");
        line(yaml, "queue_timeout", queueTimeoutMs, "");
        line(yaml, "stream_window", streamWindowKb, "kb");
        line(yaml, "link_hold_ms", linkHoldMs, "");
        line(yaml, "gather_timeout", gatherTimeoutMs, "");
        line(yaml, "link_retry_min_ms", retryMinMs, "");
        line(yaml, "link_retry_max_ms", retryMinMs * 10, "");
        line(yaml, "link_silence_ms", silenceMs, "");
        yaml.append("    client_output_limit: ").append(hardKb).append(hardKb > 0 ? "kb " : " ").append(softKb)
            .append(softKb > 0 ? "kb " : " ").append(softKb > 0 ? softSeconds : 0).append('\n');
        return yaml.append("    pool_max_bytes: ").append(poolLimit ? "1mb" : "auto").append('\n');
    }

    private static void line(StringBuilder yaml, String name, int value, String unit) {
        yaml.append("    ").append(name).append(": ").append(value).append(unit).append('\n');
    }
}
