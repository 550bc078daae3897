package org.millrace.conf;

import static org.millrace.conf.NumberTypes.autoOr;
import static org.millrace.conf.NumberTypes.milliseconds;
import static org.millrace.conf.NumberTypes.size;
import static org.millrace.conf.NumberTypes.smallSize;
import static org.millrace.conf.NumberTypes.whole;

import java.util.ArrayList;
import java.util.List;

/** The keys below {@code millrace: limits:}. */
final class LimitDirectives {
    /** Every key of the section. */
    static final DirectiveTable<LimitsDraft> TABLE;

    private static final int MAX_PAUSE_MS = 3_600_000;
    private static final String LARGEST = "2147483647";

    static {
        final List<Directive<LimitsDraft>> directives = new ArrayList<>(List.of(
            Directive.of("max_memory", autoOr(0L, size("16mb", "16384gb")), "auto", (d, v) -> d.maxMemory = v),
            Directive.optional("max_message", size("64kb", LARGEST), "512mb, or max_memory if that is less",
                (d, v) -> d.maxMessage = v),
            Directive.optional("max_bulk", size("1kb", LARGEST), "512mb, or max_message if that is less",
                (d, v) -> d.maxBulk = v),
            Directive.of("max_arguments", whole(16, 1 << 24), "1048576", (d, v) -> d.maxArguments = v),
            Directive.of("max_reply_depth", whole(1, 1024), "32", (d, v) -> d.maxReplyDepth = v),
            Directive.of("max_inline", smallSize("64", "1mb"), "64kb", (d, v) -> d.maxInline = v),
            Directive.of("client_frames_per_turn", whole(1, 1 << 16), "256", (d, v) -> d.clientFramesPerTurn = v),
            Directive.of("gather_timeout", milliseconds(1, MAX_PAUSE_MS), "10000", (d, v) -> d.gatherTimeoutMs = v),
            Directive.of("stream_window", smallSize("64kb", LARGEST), "1mb", (d, v) -> d.streamWindow = v),
            Directive.of("link_hold_ms", milliseconds(1, MAX_PAUSE_MS), "1000", (d, v) -> d.linkHoldMs = v),
            Directive.of("link_retry_min_ms", milliseconds(1, MAX_PAUSE_MS), "10", (d, v) -> d.linkRetryMinMs = v),
            Directive.optional("link_retry_max_ms", milliseconds(1, MAX_PAUSE_MS),
                "1000, or link_retry_min_ms if that is more", (d, v) -> d.linkRetryMaxMs = v),
            Directive.of("link_silence_ms", milliseconds(1, MAX_PAUSE_MS), "30000", (d, v) -> d.linkSilenceMs = v)));
        directives.addAll(PoolLimitDirectives.ofAllPools(d -> d.pool));
        TABLE = new DirectiveTable<>(directives);
    }

    private LimitDirectives() {
    }
}
