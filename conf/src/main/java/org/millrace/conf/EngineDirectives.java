package org.millrace.conf;

import static org.millrace.conf.NumberTypes.autoOr;
import static org.millrace.conf.NumberTypes.milliseconds;
import static org.millrace.conf.NumberTypes.powerOfTwo;
import static org.millrace.conf.NumberTypes.size;
import static org.millrace.conf.NumberTypes.whole;
import static org.millrace.conf.WordTypes.oneOf;

import java.util.List;

/** The keys below the reserved top-level key {@code millrace:}. */
final class EngineDirectives {
    /** The reserved key. */
    static final String SECTION = "millrace";

    /** Every key of the section. */
    static final DirectiveTable<EngineDraft> TABLE;

    private static final int MAX_LANES = 256;
    private static final int MAX_MODERATION_US = 5_000;
    private static final int MAX_DRAIN_MS = 3_600_000;
    private static final int MIN_LOG_INTERVAL_MS = 1_000;
    private static final int MAX_RESOLVE_MS = 86_400_000;
    private static final int MAX_SLOWER_THAN_US = 60_000_000;
    private static final int MAX_SLOWLOG_LEN = 4_096;

    static {
        TABLE = new DirectiveTable<EngineDraft>(List.of(
            Directive.of("lanes", autoOr(0, whole(1, MAX_LANES)), "auto", (d, v) -> d.lanes = v),
            Directive.of("transport", oneOf(Directives.TRANSPORTS), "auto", (d, v) -> d.transport = v),
            Directive.of("stage_threads", oneOf(Directives.STAGE_THREADS), "fused", (d, v) -> d.stageThreads = v),
            Directive.of("wait_strategy", oneOf(Directives.WAIT_STRATEGIES), "blocking", (d, v) -> d.waitStrategy = v),
            Directive.of("moderation_us", whole(0, MAX_MODERATION_US), "100", (d, v) -> d.moderationUs = v),
            Directive.of("ring_slots", powerOfTwo(8, 1 << 20), "4096", (d, v) -> d.ringSlots = v),
            Directive.of("drain_ms", milliseconds(0, MAX_DRAIN_MS), "5000", (d, v) -> d.drainMs = v),
            Directive.of("resolve_interval", milliseconds(0, MAX_RESOLVE_MS), "30000", (d, v) -> d.resolveMs = v),
            Directive.of("hot_keys", WordTypes.BOOL, "true", (d, v) -> d.hotKeys = v),
            Directive.of("latency", WordTypes.BOOL, "true", (d, v) -> d.histograms.latency = v),
            Directive.optional("latency_log", WordTypes.TEXT, "none", (d, v) -> d.histograms.latencyLog = v),
            Directive.of("latency_log_interval", milliseconds(MIN_LOG_INTERVAL_MS, MAX_DRAIN_MS), "10000",
                (d, v) -> d.histograms.latencyLogIntervalMs = v),
            Directive.of("latency_log_max_bytes", size("64kb", "16gb"), "64mb",
                (d, v) -> d.histograms.latencyLogMaxBytes = v),
            Directive.of("slowlog_log_slower_than_us", whole(0, MAX_SLOWER_THAN_US), "10000",
                (d, v) -> d.histograms.slowlogLogSlowerThanUs = v),
            Directive.of("slowlog_max_len", whole(0, MAX_SLOWLOG_LEN), "128",
                (d, v) -> d.histograms.slowlogMaxLen = v),
            Directive.optional("admin", AdminType.ADMIN, "none", (d, v) -> d.admin = v),
            Directive.optional("admin_token", SecretType.SECRET, "none", (d, v) -> d.adminToken = v),
            Directive.section("limits", LimitDirectives.TABLE, d -> d.limits),
            Directive.section("capture", CaptureDirectives.TABLE, d -> d.capture)))
            .hint(CaptureDirectives.TABLE.names(), "one level deeper, in capture:")
            .hint(LimitDirectives.TABLE.names(), "one level deeper, in limits:");
    }

    private EngineDirectives() {
    }
}
