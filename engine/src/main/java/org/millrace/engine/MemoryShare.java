package org.millrace.engine;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.millrace.conf.ConfigError;
import org.millrace.conf.EngineConfig;
import org.millrace.conf.LimitsConfig;
import org.millrace.conf.MillraceConfig;
import org.millrace.io.ArenaConfig;

/**
 * What each arena gets of {@code max_memory}: an equal part for each lane, and for each half where a lane is split. A
 * part that cannot work is refused, one in which the longest message has no room is told.
 */
final class MemoryShare {
    /** Receive segments, output and some waiting requests need so much. */
    static final long LEAST_BYTES = 4 << 20;

    /** What {@code auto} is at least, in bytes, as the least that may be configured. */
    static final long LEAST_TOTAL_BYTES = 16 << 20;

    private static final String LIMITS = "millrace.limits.";

    private MemoryShare() {
    }

    static int lanes(EngineConfig engine) {
        return Math.max(1, engine.lanes());
    }

    /** Bytes of each arena. */
    static long bytes(EngineConfig engine) {
        return total(engine.limits().maxMemory()) / arenas(engine);
    }

    /** An arena of so many bytes; the last quarter is for replies, which free what waits for them. */
    static ArenaConfig arena(long bytes) {
        return ArenaConfig.ofMaxBytes(bytes).withReserve(bytes / 4);
    }

    static void check(MillraceConfig config, List<ConfigError> errors) {
        EngineConfig engine = config.engine();
        LimitsConfig limits = engine.limits();
        long share = bytes(engine);
        if (share < LEAST_BYTES) {
            String memory = Long.toString(total(limits.maxMemory()));
            errors.add(new ConfigError(config.file(), 0, 0, LIMITS + "max_memory", memory, memory + " bytes are "
                + share + " for each of " + parts(engine) + ", and each needs " + LEAST_BYTES
                + "; raise max_memory to " + LEAST_BYTES * arenas(engine) + " or more, or use fewer lanes"));
        } else if (limits.maxMessage() > share && !isDefault(limits)) {
            String message = Long.toString(limits.maxMessage());
            errors.add(new ConfigError(config.file(), 0, 0, LIMITS + "max_message", message, message + " is more than "
                + part(engine, share) + "; allowed: at most " + share + ", or raise max_memory to "
                + limits.maxMessage() * arenas(engine) + " or more, or use fewer lanes"));
        }
    }

    static void warn(MillraceConfig config, List<String> warnings) {
        EngineConfig engine = config.engine();
        LimitsConfig limits = engine.limits();
        long share = bytes(engine);
        if (limits.maxMessage() > share && isDefault(limits)) {
            warnings.add(LIMITS + "max_message is " + limits.maxMessage() + ", its default, and more than "
                + part(engine, share) + ": a message that has no room there ends its connection; set max_message to "
                + share + " or less, or raise max_memory");
        }
    }

    /** True if nobody may have asked for this longest message. */
    private static boolean isDefault(LimitsConfig limits) {
        long byDefault = LimitsConfig.defaults().maxMessage();
        return limits.maxMessage() == (limits.maxMemory() > 0 ? Math.min(byDefault, limits.maxMemory()) : byDefault);
    }

    private static String part(EngineConfig engine, long share) {
        return "the " + share + " bytes of max_memory for each of " + parts(engine);
    }

    private static String parts(EngineConfig engine) {
        return arenas(engine) + (isSplit(engine) ? " halves of lanes" : " lanes");
    }

    private static long arenas(EngineConfig engine) {
        return isSplit(engine) ? lanes(engine) * 2L : lanes(engine);
    }

    private static boolean isSplit(EngineConfig engine) {
        return engine.stageThreads().equals("split");
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
