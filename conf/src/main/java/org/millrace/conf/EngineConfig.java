package org.millrace.conf;

/**
 * What stands under the reserved top-level key {@code millrace:}. Every key has a default: a plain nutcracker.yml needs
 * none of them. {@code conf/millrace.yml} holds each with its unit and a sentence.
 *
 * @param lanes        number of lanes; 0 = auto (as few as can carry the load)
 * @param transport    {@code auto} or {@code nio}
 * @param stageThreads {@code fused} or {@code split}
 * @param waitStrategy {@code blocking}, {@code sleeping}, {@code yielding} or {@code busy_spin}
 * @param moderationUs how long a lane may gather events where that pays; 0 = never
 * @param ringSlots    slots of each ring, a power of two
 * @param drainMs      longest time that a stop waits for what is in flight
 * @param resolveMs    how often names of servers are looked up again while all is well; 0 = only after failures
 * @param hotKeys      whether keys and clients that take most of the traffic are looked for
 * @param histograms   of latency, and where they are written
 * @param adminPort    the port of the dashboard
 * @param limits       the limits of memory, queues and messages
 * @param capture      where and how traffic is captured
 */
public record EngineConfig(
    int lanes,
    String transport,
    String stageThreads,
    String waitStrategy,
    int moderationUs,
    int ringSlots,
    int drainMs,
    int resolveMs,
    boolean hotKeys,
    HistogramsConfig histograms,
    AdminConfig adminPort,
    LimitsConfig limits,
    CaptureConfig capture) {

    /** The same settings with another capture. */
    public EngineConfig withCapture(CaptureConfig value) {
        return new EngineConfig(lanes, transport, stageThreads, waitStrategy, moderationUs, ringSlots, drainMs,
            resolveMs, hotKeys, histograms, adminPort, limits, value);
    }

    /** The values that hold when the file has no {@code millrace:} key. */
    public static EngineConfig defaults() {
        return new EngineConfig(0, "auto", "fused", "blocking", 100, 4096, 5_000, 30_000,
            true, HistogramsConfig.defaults(), AdminConfig.none(), LimitsConfig.defaults(),
            CaptureConfig.defaults());
    }
}
