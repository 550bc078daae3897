package org.millrace.engine;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import org.millrace.conf.ConfigError;
import org.millrace.conf.EngineConfig;
import org.millrace.conf.LimitsConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.io.ArenaConfig;
import org.millrace.io.MemoryBudget;
import org.millrace.io.SegmentArena;

/**
 * How {@code max_memory} is divided: a quarter of an equal part is each arena's own, so that no other can bring it to a
 * standstill; the rest goes to whoever needs it first. There is an arena for each lane, and for each half where a lane
 * is split. Too little for all of them is refused, a longest message that has no room in one is told.
 *
 * @param totalBytes of all arenas together
 * @param arenas     how many there are
 * @param parts      what they belong to
 */
record MemoryShare(long totalBytes, int arenas, String parts) {
    /** Receive segments, output and some waiting requests need so much. */
    static final long LEAST_BYTES = 4 << 20;

    /** What {@code auto} is at least, in bytes, as the least that may be configured. */
    static final long LEAST_TOTAL_BYTES = 16 << 20;

    private static final int OWN_PART = 4;
    private static final String LIMITS = "millrace.limits.";

    static MemoryShare of(EngineConfig engine) {
        return of(engine, LaneCount.of(engine));
    }

    /** With so many lanes. */
    static MemoryShare of(EngineConfig engine, int lanes) {
        boolean split = engine.stageThreads().equals("split");
        int arenas = lanes * (split ? 2 : 1);
        return new MemoryShare(total(engine.limits().maxMemory()), arenas,
            arenas + (split ? " halves of lanes" : " lanes"));
    }

    /** Bytes of each arena that no other can take. */
    long ownBytes() {
        return arenas == 1 ? totalBytes : Math.max(LEAST_BYTES, totalBytes / arenas / OWN_PART);
    }

    /** What one arena can have if the others need no more than their own. */
    long mostBytes() {
        return totalBytes - ownBytes() * (arenas - 1);
    }

    /** The least {@code max_memory} with which one arena can have so many bytes. */
    private long totalFor(long mostBytes) {
        long ofLeast = mostBytes + LEAST_BYTES * (arenas - 1);
        long parts = (long) OWN_PART * arenas;
        return Math.max(ofLeast, Math.ceilDiv(mostBytes * parts, parts - arenas + 1));
    }

    /** Makes an arena at each call. The last quarter of what it holds is for replies: they free what waits for them. */
    Supplier<SegmentArena> newArenas() {
        MemoryBudget budget = new MemoryBudget(totalBytes);
        return () -> new SegmentArena(ArenaConfig.ofMaxBytes(ownBytes()).withReserve(ownBytes() / 4), budget);
    }

    static void check(MillraceConfig config, List<ConfigError> errors) {
        MemoryShare share = of(config.engine());
        LimitsConfig limits = config.engine().limits();
        if (share.totalBytes / share.arenas < LEAST_BYTES) {
            String memory = Long.toString(share.totalBytes);
            errors.add(new ConfigError(config.file(), 0, 0, LIMITS + "max_memory", memory, memory
                + " bytes are too few for " + share.parts + ", each of which needs " + LEAST_BYTES
                + " of its own; raise max_memory to " + LEAST_BYTES * share.arenas + " or more, or use fewer lanes"));
        } else if (limits.maxMessage() > share.mostBytes() && !isDefault(limits)) {
            String message = Long.toString(limits.maxMessage());
            errors.add(new ConfigError(config.file(), 0, 0, LIMITS + "max_message", message, message + " is more than "
                + share.most() + "; allowed: at most " + share.mostBytes() + ", or raise max_memory to "
                + share.totalFor(limits.maxMessage()) + " or more, or use fewer lanes"));
        }
    }

    static void warn(MillraceConfig config, List<String> warnings) {
        MemoryShare share = of(config.engine());
        LimitsConfig limits = config.engine().limits();
        if (limits.maxMessage() > share.mostBytes() && isDefault(limits)) {
            warnings.add(LIMITS + "max_message is " + limits.maxMessage() + ", its default, and more than "
                + share.most() + ": a message that has no room there ends its connection; set max_message to "
                + share.mostBytes() + " or less, or raise max_memory");
        }
    }

    /** True if nobody may have asked for this longest message. */
    private static boolean isDefault(LimitsConfig limits) {
        long byDefault = LimitsConfig.defaults().maxMessage();
        return limits.maxMessage() == (limits.maxMemory() > 0 ? Math.min(byDefault, limits.maxMemory()) : byDefault);
    }

    private String most() {
        return "the " + mostBytes() + " bytes of max_memory that one of " + parts + " can have";
    }

    /** What the configuration says, else what {@link #automatic} makes of the machine or the cgroup. */
    private static long total(long configured) {
        if (configured > 0) {
            return configured;
        }
        return automatic(ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getTotalMemorySize(), Runtime.getRuntime().maxMemory());
    }

    /**
     * Bytes for all arenas on a machine, or in a cgroup, of so many bytes: half of what the largest heap leaves, so
     * that a small container holds both and the system's socket buffers beside them.
     */
    static long automatic(long machineBytes, long heapBytes) {
        return Math.max((machineBytes - heapBytes) / 2, LEAST_TOTAL_BYTES);
    }
}
